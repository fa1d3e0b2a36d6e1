"""What goes out to be filled in: workbooks, XLSForm for Kobo and ODK, sheets of paper. It knows no record."""

"""Workbooks of Excel and LibreOffice, read part by part as a stream: what each cell holds, nothing computed."""

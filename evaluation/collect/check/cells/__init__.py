"""The cells of a sheet, each as its column says: codes, words, days, months, numbers, free text."""

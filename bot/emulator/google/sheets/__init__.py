"""Sheets v4: spreadsheets with values, formulas, formats, dimensions and developer metadata."""

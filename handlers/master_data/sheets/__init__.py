"""Spreadsheets: Excel and CSV files in and out."""

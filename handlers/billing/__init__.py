"""Paid service: prices, quotations, payments."""

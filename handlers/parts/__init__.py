"""Spare parts: ledger, loans, returns and the parts centre."""

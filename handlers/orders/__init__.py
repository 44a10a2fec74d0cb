"""Matters, orders, slips, repair forms and custody."""

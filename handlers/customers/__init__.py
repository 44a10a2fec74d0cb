"""Customers, their devices and contracts."""

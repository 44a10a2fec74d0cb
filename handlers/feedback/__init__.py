"""Callbacks, surveys, improvements."""

"""Measures what a completed task costs: `make bench`."""

"""Deadlines, promises and breaches."""

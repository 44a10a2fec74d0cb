"""Planned maintenance: what contracts promise, visit by visit."""

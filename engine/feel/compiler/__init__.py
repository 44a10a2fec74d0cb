"""Turns the parts of an expression into closures, once."""

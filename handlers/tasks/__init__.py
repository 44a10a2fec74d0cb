"""User tasks of the case."""

"""Papers: rendering, completeness, archive."""

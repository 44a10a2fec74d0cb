"""The manuals: their clauses, where the procedures keep to them, and the parameters."""

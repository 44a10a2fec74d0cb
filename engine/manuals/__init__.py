"""The manuals behind the diagrams: their clauses, the parameters, and where the procedures keep to them."""

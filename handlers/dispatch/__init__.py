"""Engineers, areas, assignments and appointments."""

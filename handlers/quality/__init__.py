"""Quality problems: from the first note to the lasting cure."""

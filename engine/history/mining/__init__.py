"""Process mining: what many cases of one process have in common, computed from their histories."""

"""The append-only events of every instance."""

"""The other units of the group."""

"""The work of service tasks, by subject; `handlers.registry` has the table of all of them."""

"""Process instances: finding them, their variables, what is alive in them, suspending and ending them."""

from web.rest.resources.process_instance import activities, commands, modification, query, variables

__all__ = ["activities", "commands", "modification", "query", "variables"]

"""User tasks: finding them, having them, completing them, and what belongs to them."""

from web.rest.resources.task import belongings, commands, forms, query, report, variables

__all__ = ["belongings", "commands", "forms", "query", "report", "variables"]

"""DMN decisions: what is deployed, and evaluating one without a case."""

from web.rest.resources.decision_definition import evaluating, query

__all__ = ["evaluating", "query"]

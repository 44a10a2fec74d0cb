"""Deployments: making them, as the desktop Modeler does, and reading what was deployed."""

from web.rest.resources.deployment import create, query

__all__ = ["create", "query"]

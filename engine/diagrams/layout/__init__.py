"""Whether people can read a diagram as it is drawn: shapes, flows and labels that get in each other's way."""

from engine.diagrams.layout.rules import check_layout

__all__ = ["check_layout"]

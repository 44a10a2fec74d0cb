"""The built-in functions of FEEL, by group. Importing the package fills the registry."""

from engine.feel.builtins import contexts, conversion, lists, numeric, ordering, ranges, statistics, strings, temporal, working_time
from engine.feel.builtins.registry import BUILTINS

__all__ = [
    "BUILTINS",
    "contexts",
    "conversion",
    "lists",
    "numeric",
    "ordering",
    "ranges",
    "statistics",
    "strings",
    "temporal",
    "working_time",
]

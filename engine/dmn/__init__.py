"""DMN: decision tables, boxed expressions and decision requirements graphs on top of FEEL."""

from engine.dmn.model import DecisionError, DecisionResult, Model
from engine.dmn.reader import namespace_of, read_dmn

__all__ = ["DecisionError", "DecisionResult", "Model", "namespace_of", "read_dmn"]

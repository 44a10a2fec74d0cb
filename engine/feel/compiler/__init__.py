"""Turns the parts of an expression into closures, once. Importing the package fills the table of compilers."""

from engine.feel.compiler import access, building, control, operators
from engine.feel.compiler.base import Compiler, Evaluate
from engine.feel.compiler.tests import Test, cell_test

__all__ = ["Compiler", "Evaluate", "Test", "access", "building", "cell_test", "control", "operators"]

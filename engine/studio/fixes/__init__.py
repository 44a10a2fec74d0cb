"""One-click mending of diagrams, forms and decision tables: findings for which one change is the obvious one."""

from engine.errors import Problem
from engine.studio.fixes import diagrams, forms, tables
from engine.studio.fixes.fix import Around, Fix

__all__ = ["Around", "Fix", "fix_for"]


def fix_for(problem: Problem, around: Around) -> Fix | None:
    """The change that mends a problem of a file; None where people have to decide."""
    if around.key in around.package.diagrams:
        return diagrams.fix_for(problem, around)
    if around.key in around.package.forms:
        return forms.fix_for(problem, around)
    if around.key in around.package.models:
        return tables.fix_for(problem, around)
    return None

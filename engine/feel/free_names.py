"""Which variables an expression needs."""

from engine.feel import ast
from engine.feel.builtins.registry import BUILTINS


def free_names(tree: ast.Node) -> tuple[frozenset[str], frozenset[str]]:
    """The names that neither the expression nor FEEL defines.

    Returns:
        those that must be variables, together with the second; and those that may be entries of a filtered list's elements instead.
    """
    finder = _Finder()
    finder.visit(tree, frozenset(["?"]), in_filter=False)
    return frozenset(finder.certain | finder.possible), frozenset(finder.possible - finder.certain)


class _Finder:
    def __init__(self) -> None:
        self.certain: set[str] = set()
        self.possible: set[str] = set()

    def visit(self, node: ast.Node, bound: frozenset[str], *, in_filter: bool) -> None:
        if isinstance(node, ast.Name):
            if node.name not in bound and node.name not in BUILTINS:
                (self.possible if in_filter else self.certain).add(node.name)
        elif isinstance(node, ast.Call) and isinstance(node.function, ast.Name) and node.function.name not in bound:
            for argument in node.arguments:
                self.visit(argument, bound, in_filter=in_filter)
        elif isinstance(node, ast.Filter):
            self.visit(node.target, bound, in_filter=in_filter)
            self.visit(node.condition, bound | {"item"}, in_filter=True)
        elif isinstance(node, ast.For | ast.Quantified):
            self._iteration(node, bound, in_filter=in_filter)
        elif isinstance(node, ast.ContextOf):
            for key, value in node.entries:
                self.visit(value, bound, in_filter=in_filter)
                bound = bound | {key}
        elif isinstance(node, ast.FunctionOf):
            if not node.external:
                self.visit(node.body, bound | {name for name, _ in node.parameters}, in_filter=in_filter)
        else:
            for child in ast.children(node):
                self.visit(child, bound, in_filter=in_filter)

    def _iteration(self, node: ast.For | ast.Quantified, bound: frozenset[str], *, in_filter: bool) -> None:
        inner = bound | {"partial"} if isinstance(node, ast.For) else bound
        for iterator in node.iterators:
            for source in (iterator.source, iterator.end):
                if source is not None:
                    self.visit(source, inner, in_filter=in_filter)
            inner = inner | {iterator.name}
        self.visit(node.body if isinstance(node, ast.For) else node.condition, inner, in_filter=in_filter)

"""Compiles the FEEL texts of a model and collects what is wrong with them."""

from collections.abc import Iterable

from engine.dmn.elements import Element, name_of
from engine.errors import Problem
from engine.feel import CompiledExpression, CompiledTests, FeelSyntaxError, compile_expression, compile_unary_tests
from engine.feel.check import unknown_functions
from engine.feel.compiler.base import Evaluate
from engine.feel.parse_types import Types
from engine.feel.scope import Frame

NEVER = "? != ?"  # a cell that accepts nothing


class Texts:
    """The FEEL texts of one model; all its names are known, so names may contain signs and keywords."""

    def __init__(self, names: Iterable[str], types: Types, resource: str) -> None:
        """Args: names: every name of the model; types: its types; resource: the file's name, for messages."""
        self.names = frozenset(names)
        self.types = types
        self.resource = resource
        self.problems: list[Problem] = []

    def expression(self, element: Element, text: str) -> Evaluate:
        """The closure of an expression; a mistake becomes a problem and the closure gives null."""
        self._check_language(element)
        try:
            compiled = compile_expression(text, self.names, self.types)
        except FeelSyntaxError as error:
            self.refuse(element, error)
            return _null_because(text, error)
        self._check_functions(element, compiled)
        return compiled.run_frame

    def tests(self, element: Element, text: str) -> CompiledTests:
        """A cell; a mistake becomes a problem and the cell accepts nothing."""
        self._check_language(element)
        try:
            compiled = compile_unary_tests(text, self.names, self.types)
        except FeelSyntaxError as error:
            self.refuse(element, error)
            return compile_unary_tests(NEVER)
        self._check_functions(element, compiled)
        return compiled

    def _check_language(self, element: Element) -> None:
        language = element.get("expressionLanguage") or ""
        if language and "feel" not in language.lower():
            self.problem(
                element,
                "dmn-language",
                f"表达式语言 {language} 不受支持，请改写为 FEEL 并删除该属性。",
                f"the expression language {language} is not supported; write FEEL and remove the attribute.",
            )

    def _check_functions(self, element: Element, compiled: CompiledExpression | CompiledTests) -> None:
        for finding in unknown_functions(compiled, self.names):
            self.problem(element, finding.code, finding.zh, finding.en)

    def refuse(self, element: Element, error: FeelSyntaxError) -> None:
        """Note a mistake in a FEEL text."""
        self.problem(element, "feel-syntax", error.zh, error.en)

    def problem(self, element: Element, code: str, zh: str, en: str, severity: str = "error") -> None:
        """Note a problem with its place."""
        owner = _named_owner(element)
        self.problems.append(Problem(code, zh, en, self.resource, owner.get("id") or "", name_of(owner), element.sourceline or 0, severity))


def _null_because(text: str, error: FeelSyntaxError) -> Evaluate:
    def evaluate(frame: Frame) -> None:
        frame.run.null((text, int(str(error.details["position"]))), lambda: (error.zh, error.en))

    return evaluate


def _named_owner(element: Element) -> Element:
    """The nearest element around that people know by name."""
    owner = element
    while owner.get("name") is None and owner.getparent() is not None:
        parent = owner.getparent()
        if parent is None:
            break
        owner = parent
    return owner

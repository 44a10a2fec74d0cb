"""What mends a finding of a decision model."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from lxml import etree

from engine.dmn.coverage import Coverage
from engine.dmn.elements import Element, children, kind, text, type_name
from engine.dmn.graph import Decision
from engine.dmn.hit_policies import AGGREGATIONS, POLICIES
from engine.errors import Problem
from engine.feel import FeelSyntaxError, compile_expression, compile_unary_tests
from engine.forms.names import is_name
from engine.runtime.deployment_checks import inputs_of
from engine.studio.fixes import table_names
from engine.studio.fixes.fix import Around, Change, Fix, in_xml, instead
from engine.studio.labels import Words
from engine.xml import read_xml

_POLICIES = sorted(set(POLICIES.values()))


@dataclass(frozen=True)
class Place:
    """Where a finding is: the elements of its line, since the parts of a table need no ids."""

    nodes: tuple[Element, ...]
    decision_id: str
    around: Around

    def only(self, name: str) -> Element | None:
        """The element of a kind, if the line has one of it."""
        found = [node for node in self.nodes if kind(node) == name]
        return found[0] if len(found) == 1 else None


def fix_for(problem: Problem, around: Around) -> Fix | None:
    """The change that mends a problem of a decision model; None where people have to decide."""
    make = _MAKERS.get(problem.code)
    if make is None or not problem.line:
        return None
    root = read_xml(around.content)
    nodes = tuple(node for node in root.iter() if isinstance(node.tag, str) and node.sourceline == problem.line)
    made = make(Place(nodes, problem.element_id, around))
    if made is None:
        return None
    label, node, change = made
    path = root.getroottree().getpath(node)
    return Fix(f"{problem.code}:{problem.element_id}:{problem.line}", label, in_xml(lambda fresh: _at(fresh, path, change)))


def _at(root: Element, path: str, change: Change) -> None:
    found = root.getroottree().xpath(path)
    if isinstance(found, list) and found and isinstance(found[0], Element):
        change(found[0])


def _hit_policy(place: Place) -> "Made":
    return _attribute(place.only("decisionTable"), "hitPolicy", _POLICIES)


def _aggregation(place: Place) -> "Made":
    return _attribute(place.only("decisionTable"), "aggregation", [*AGGREGATIONS, "COUNT"])


def _attribute(node: Element | None, name: str, known: list[str]) -> "Made":
    written = "" if node is None else node.get(name, "")
    found = get_close_matches(written.upper(), known, 1)
    return (instead(written, found[0]), node, lambda fresh: fresh.set(name, found[0])) if node is not None and found else None


def _language(place: Place) -> "Made":
    """What is FEEL already loses the wrong mark."""
    for node in place.nodes:
        if node.get("expressionLanguage"):
            compiled = compile_unary_tests if kind(node) in ("inputEntry", "inputValues", "outputValues") else compile_expression
            try:
                compiled(text(node))
            except FeelSyntaxError:
                return None
            return {"zh": "按 FEEL 处理", "en": "Take it as FEEL"}, node, lambda fresh: fresh.attrib.pop("expressionLanguage", None)
    return None


def _rule_width(place: Place) -> "Made":
    """Missing cells say nothing, surplus ones go if they are empty."""
    rule = place.only("rule")
    if rule is None:
        return None
    widths = {name: len(list(children(_table(rule), column))) for name, column in (("inputEntry", "input"), ("outputEntry", "output"))}
    surplus = [entry for name, width in widths.items() for entry in list(children(rule, name))[width:]]
    if any(text(entry).strip() not in ("", "-") for entry in surplus):
        return None

    def change(fresh: Element) -> None:
        for name, width in widths.items():
            entries = list(children(fresh, name))
            for entry in entries[width:]:
                fresh.remove(entry)
            for _ in range(width - len(entries)):
                _add_entry(fresh, name, "-" if name == "inputEntry" else "")

    return {"zh": "补齐或删去空的单元格", "en": "Add the missing cells, remove the surplus empty ones"}, rule, change


def _add_entry(rule: Element, name: str, written: str) -> None:
    """A cell behind the last of its kind; conditions stand before results."""
    namespace = etree.QName(rule).namespace
    entry = etree.Element(f"{{{namespace}}}{name}")
    etree.SubElement(entry, f"{{{namespace}}}text").text = written
    before = [
        *children(rule, "description"),
        *children(rule, "inputEntry"),
        *(children(rule, "outputEntry") if name == "outputEntry" else ()),
    ]
    rule.insert(rule.index(before[-1]) + 1 if before else 0, entry)


def _hidden_rule(place: Place) -> "Made":
    return _without(place.only("rule"))


def _overlap(place: Place) -> "Made":
    """A rule that is there twice goes; rules that all conclude the same may match together."""
    rule, node = place.only("rule"), place.around.package.models[place.around.key].graph.nodes.get(place.decision_id)
    if rule is None or not isinstance(node, Decision) or node.table is None:
        return None
    table = node.table
    above = list(children(_table(rule), "rule"))[: _number(rule) - 1]
    if any(_cells(other) == _cells(rule) for other in above):
        return _without(rule)
    width = len(table.inputs)
    if any(table.rules[first].texts[width:] != table.rules[second].texts[width:] for first, second in Coverage(table).overlaps()):
        return None
    label = {
        "zh": "命中策略改为 ANY（结果相同的规则可以同时命中）",
        "en": "Change the hit policy to ANY (rules that conclude the same may match together)",
    }
    return label, _table(rule), lambda fresh: fresh.set("hitPolicy", "ANY")


def _without(rule: Element | None) -> "Made":
    if rule is None:
        return None
    number = _number(rule)
    return {"zh": f"删除规则 {number}", "en": f"Delete rule {number}"}, rule, lambda fresh: _table(fresh).remove(fresh)


def _input(place: Place) -> "Made":
    """A column without an expression asks for the variable that it is called by."""
    column = place.only("input")
    label = "" if column is None else " ".join(column.get("label", "").split())
    if column is None or not is_name(label) or label not in _variables(place.around):
        return None

    def change(fresh: Element) -> None:
        namespace = etree.QName(fresh).namespace
        for old in list(children(fresh, "inputExpression")):
            fresh.remove(old)
        made = etree.Element(f"{{{namespace}}}inputExpression", {"typeRef": type_name(column)} if type_name(column) else {})
        etree.SubElement(made, f"{{{namespace}}}text").text = label
        fresh.insert(0, made)

    return instead("", label), column, change


def _names(place: Place) -> "Made":
    """Names that nothing has become the nearest that something has, or the text that the column has elsewhere."""
    known = _variables(place.around)
    found = ((node, table_names.meant(node, known)) for node in place.nodes if kind(node) in ("rule", "decision", *table_names.CELLS))
    node, meant = next(((node, meant) for node, meant in found if meant), (None, {}))
    if node is None:
        return None
    return instead(", ".join(meant), ", ".join(meant.values())), node, lambda fresh: table_names.write(fresh, meant)


def _variables(around: Around) -> set[str]:
    """What those who ask the model have, and what its decisions give one another."""
    model = around.package.models[around.key]
    return (inputs_of(model, around.package, around.known.providers) or set()) | {node.name for node in model.graph.nodes.values()}


def _table(node: Element) -> Element:
    """The table of a rule."""
    return next(node.iterancestors())


def _number(rule: Element) -> int:
    """Which rule of its table it is, counted from 1."""
    return list(children(_table(rule), "rule")).index(rule) + 1


def _cells(rule: Element) -> list[str]:
    return [" ".join(text(cell).split()) for cell in _entries(rule)]


def _entries(rule: Element) -> Iterator[Element]:
    for name in ("inputEntry", "outputEntry"):
        yield from children(rule, name)


Made = tuple[Words, Element, Change] | None
_MAKERS: Mapping[str, Callable[[Place], Made]] = {
    "dmn-hit-policy": _hit_policy,
    "dmn-aggregation": _aggregation,
    "dmn-language": _language,
    "dmn-rule-width": _rule_width,
    "dmn-hidden-rule": _hidden_rule,
    "dmn-overlap": _overlap,
    "dmn-empty": _input,
    "feel-unknown-variable": _names,
    "feel-unknown-function": _names,
}

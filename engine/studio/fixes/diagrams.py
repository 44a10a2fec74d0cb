"""What mends a finding of a diagram."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from lxml import etree

from engine.diagrams.checks import Known
from engine.diagrams.checks.dialect import ATTRIBUTES, EVERY_ACTIVITY, HARMLESS, PROPERTIES
from engine.diagrams.model import ACTIVITY_TYPES, Process
from engine.diagrams.reader import BPMN, CAMUNDA, local
from engine.diagrams.variables import Variables
from engine.errors import Problem
from engine.studio.fixes.clauses import likely_clauses, titles
from engine.studio.fixes.fix import Around, Change, Fix, in_xml, instead
from engine.studio.labels import Words
from engine.studio.renaming import rename, unknown_names

#: The property that cites clauses.
CLAUSE = "opsbook:clause"


@dataclass(frozen=True)
class Place:
    """An element with a finding."""

    node: etree._Element
    process: Process
    around: Around

    @property
    def known(self) -> Known:
        """What the diagram may name."""
        return self.around.known


def fix_for(problem: Problem, around: Around) -> Fix | None:
    """The change that mends a problem of a diagram; None where people have to decide."""
    diagram = around.package.diagrams[around.key]
    if diagram.root is None:
        return None
    make, node = _MAKERS.get(problem.code), _node(diagram.root, problem.element_id)
    process = next((item for item in diagram.processes if problem.element_id in item.elements), None)
    if make is None or node is None or process is None:
        return None
    made = make(Place(node, process, around))
    if made is None:
        return None
    label, change = made
    identity = problem.element_id
    return Fix(f"{problem.code}:{identity}", label, in_xml(lambda fresh: _at(fresh, identity, change)))


def _at(root: etree._Element, identity: str, change: Change) -> None:
    node = _node(root, identity)
    if node is not None:
        change(node)


def _node(root: etree._Element, identity: str) -> etree._Element | None:
    return next((node for node in root.iter(f"{{{BPMN}}}*") if identity and node.get("id") == identity), None)


def _attribute(name: str, known: Callable[[Known], Iterable[str]]) -> "Maker":
    """An attribute that names nothing gets the name that is nearest."""

    def make(place: Place) -> Made:
        written = place.node.get(name, "")
        found = get_close_matches(written, list(known(place.known)), 1)
        return (instead(written, found[0]), lambda node: node.set(name, found[0])) if found else None

    return make


def _default_flow(place: Place) -> "Made":
    flows = [flow for flow in place.process.outgoing.get(place.node.get("id", ""), []) if not flow.condition]
    if len(flows) != 1 or place.node.get("default"):
        return None
    name = place.process.label_of(flows[0])
    label = {"zh": f"把“{name}”设为默认出线", "en": f"Make “{name}” the default flow"}
    return label, lambda node: node.set("default", flows[0].id)


def _unconditioned_default(place: Place) -> "Made":
    default = place.node.get("default", "")

    def change(node: etree._Element) -> None:
        for flow in node.getroottree().getroot().iter(f"{{{BPMN}}}sequenceFlow"):
            if flow.get("id") == default:
                for condition in flow.findall(f"{{{BPMN}}}conditionExpression"):
                    flow.remove(condition)

    return {"zh": "去掉默认出线的条件", "en": "Take the condition off the default flow"}, change


def _missing_inputs(place: Place) -> "Made":
    topic = place.known.topics.get(place.node.get(f"{{{CAMUNDA}}}topic", ""))
    given = {item.get("name") for item in _inputs(place.node)}
    missing = sorted(topic.required - given) if topic is not None else []

    def change(node: etree._Element) -> None:
        holder = _child(_child(node, f"{{{BPMN}}}extensionElements", first=True), f"{{{CAMUNDA}}}inputOutput")
        for name in missing:
            added = etree.SubElement(holder, f"{{{CAMUNDA}}}inputParameter", name=name)
            added.text = f"={name}"

    names = ", ".join(missing)
    label = {"zh": f"补上输入 {names}（取同名变量）", "en": f"Add the inputs {names} (variables of the same names)"}
    return (label, change) if missing else None


def _unknown_inputs(place: Place) -> "Made":
    topic = place.known.topics.get(place.node.get(f"{{{CAMUNDA}}}topic", ""))
    given = [item.get("name", "") for item in _inputs(place.node)]
    return _renamed_children(given, topic.inputs - set(given) if topic else (), lambda node: list(_inputs(node)))


def _unknown_properties(place: Place) -> "Made":
    given = [item.get("name", "") for item in _properties(place.node)]
    wrong = [name for name in given if name.startswith("opsbook:")]
    return _renamed_children(wrong, PROPERTIES, lambda node: list(_properties(node)))


def _renamed_children(given: Iterable[str], known: Iterable[str], children: Callable[[etree._Element], list[etree._Element]]) -> "Made":
    allowed = set(known)
    meant = {name: found[0] for name in given if name not in allowed and (found := get_close_matches(name, sorted(allowed), 1))}

    def change(node: etree._Element) -> None:
        for child in children(node):
            child.set("name", meant.get(child.get("name", ""), child.get("name", "")))

    return (instead(", ".join(meant), ", ".join(meant.values())), change) if meant else None


def _useless_attributes(place: Place) -> "Made":
    def useless(node: etree._Element) -> list[str]:
        kind = local(node)
        allowed = ATTRIBUTES.get(kind, EVERY_ACTIVITY if kind in ACTIVITY_TYPES else frozenset()) | HARMLESS
        names = [etree.QName(str(name)) for name in node.attrib]
        return [name.text for name in names if name.namespace == CAMUNDA and name.localname not in allowed]

    def change(node: etree._Element) -> None:
        for name in useless(node):
            del node.attrib[name]

    found = [etree.QName(name).localname for name in useless(place.node)]
    label = {"zh": f"删除属性 {', '.join(found)}", "en": f"Remove the attributes {', '.join(found)}"}
    return (label, change) if found else None


def _latest(_place: Place) -> "Made":
    names = [f"{{{CAMUNDA}}}{name}" for name in ("formRefBinding", "decisionRefBinding", "calledElementBinding")]

    def change(node: etree._Element) -> None:
        for name in names:
            if name in node.attrib:
                node.set(name, "latest")

    return {"zh": "用最新版本", "en": "Use the latest version"}, change


def _names_in_expressions(place: Place) -> "Made":
    element = place.process.elements[place.node.get("id", "")]
    visible = Variables(place.process, place.known.providers).at(element)
    meant = unknown_names(place.node, visible)
    return (instead(", ".join(meant), ", ".join(meant.values())), lambda node: rename(node, meant)) if meant else None


def _no_clause(place: Place) -> "Made":
    clauses = likely_clauses(place.process.elements[place.node.get("id", "")], place.process, place.around)
    if not clauses:
        return None
    named = titles(clauses, place.around)

    def change(node: etree._Element) -> None:
        holder = _child(_child(node, f"{{{BPMN}}}extensionElements", first=True), f"{{{CAMUNDA}}}properties")
        cited = next(iter(_citing(node)), None)
        if cited is None:
            cited = etree.SubElement(holder, f"{{{CAMUNDA}}}property", name=CLAUSE)
        cited.set("value", ",".join(clauses))

    return {"zh": f"写上条款 {named['zh']}", "en": f"Cite {named['en']}"}, change


def _unknown_clause(place: Place) -> "Made":
    return _in_list(place.node, _citing, "value", place.known.clauses)


def _unknown_group(place: Place) -> "Made":
    return _in_list(place.node, lambda node: [node], f"{{{CAMUNDA}}}candidateGroups", place.known.groups or ())


def _citing(node: etree._Element) -> list[etree._Element]:
    return [item for item in _properties(node) if item.get("name") == CLAUSE]


def _in_list(node: etree._Element, holders: Callable[[etree._Element], list[etree._Element]], name: str, known: Collection[str]) -> "Made":
    """In a list with commas, names of nothing get the names that are nearest."""
    written = [part.strip() for holder in holders(node) for part in holder.get(name, "").split(",")]
    meant = {part: found[0] for part in written if part not in known and (found := get_close_matches(part, sorted(known), 1))}

    def change(node: etree._Element) -> None:
        for holder in holders(node):
            parts = [part.strip() for part in holder.get(name, "").split(",")]
            holder.set(name, ",".join(meant.get(part, part) for part in parts))

    return (instead(", ".join(meant), ", ".join(meant.values())), change) if meant else None


def _inputs(node: etree._Element) -> Iterator[etree._Element]:
    yield from node.iterfind(f"{{{BPMN}}}extensionElements/{{{CAMUNDA}}}inputOutput/{{{CAMUNDA}}}inputParameter")


def _properties(node: etree._Element) -> Iterator[etree._Element]:
    yield from node.iterfind(f"{{{BPMN}}}extensionElements/{{{CAMUNDA}}}properties/{{{CAMUNDA}}}property")


def _child(node: etree._Element, tag: str, *, first: bool = False) -> etree._Element:
    """The child of a tag, made when it is missing; extension elements stand before everything else but the documentation."""
    found = node.find(tag)
    if found is None:
        found = etree.Element(tag)
        place = len(node.findall(f"{{{BPMN}}}documentation")) if first else len(node)
        node.insert(place, found)
    return found


Made = tuple[Words, Change] | None
Maker = Callable[[Place], Made]
_MAKERS: Mapping[str, Maker] = {
    "unknown-handler": _attribute(f"{{{CAMUNDA}}}topic", lambda known: known.topics),
    "unknown-form": _attribute(f"{{{CAMUNDA}}}formRef", lambda known: known.forms),
    "unknown-decision": _attribute(f"{{{CAMUNDA}}}decisionRef", lambda known: known.decisions),
    "unknown-process": _attribute("calledElement", lambda known: known.processes),
    "missing-condition": _default_flow,
    "default-condition": _unconditioned_default,
    "missing-input": _missing_inputs,
    "unknown-input": _unknown_inputs,
    "unknown-property": _unknown_properties,
    "unsupported-attribute": _useless_attributes,
    "unknown-binding": _latest,
    "feel-unknown-variable": _names_in_expressions,
    "bad-expression": _names_in_expressions,
    "unknown-group": _unknown_group,
    "unknown-clause": _unknown_clause,
    "no-clause": _no_clause,
}

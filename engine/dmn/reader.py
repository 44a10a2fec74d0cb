"""Reads DMN 1.1 to 1.6 files."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from lxml import etree

from engine.dmn.boxed import Boxes, typed
from engine.dmn.elements import DMN_NAMESPACES, Element, child, children, kind, name_of, type_name
from engine.dmn.graph import Decision, Graph, InputData, Knowledge, Node, Reference, Service
from engine.dmn.item_types import ItemTypes
from engine.dmn.model import Model
from engine.dmn.texts import Texts
from engine.errors import DiagramUnreadable, Problem
from engine.feel.closures import Closure
from engine.feel.compiler.base import Evaluate
from engine.feel.scope import Frame
from engine.feel.types import ANY, FunctionType
from engine.xml import read_xml

Imports = Mapping[str, bytes]  #: namespace of a model to its file
_LINKS = ("requiredInput", "requiredDecision", "requiredKnowledge")


def read_dmn(content: bytes, imports: Imports | None = None, resource: str = "") -> Model:
    """The model in a DMN file; what is wrong with it is in `model.problems`. Files without imports are remembered by their bytes.

    Args:
        content: the file.
        imports: the files it may import, by their namespace.
        resource: the file's name, for messages.

    Raises:
        DiagramUnreadable: not XML, not safe to read, or not DMN.
    """
    return _remembered(content, resource) if not imports else _Reader(content, imports, resource, {}).model()


@lru_cache(maxsize=256)
def _remembered(content: bytes, resource: str) -> Model:
    return _Reader(content, {}, resource, {}).model()


def namespace_of(content: bytes) -> str:
    """The namespace under which other models import this file; raises as `read_dmn`."""
    return read_xml(content).get("namespace") or ""


class _Reader:
    def __init__(self, content: bytes, imports: Imports, resource: str, known: "dict[str, _Reader]") -> None:
        self.root = read_xml(content)
        if kind(self.root) != "definitions" or etree.QName(self.root).namespace not in DMN_NAMESPACES:
            raise DiagramUnreadable(
                "这不是 DMN 文件（根元素应为 DMN 的 definitions）。", "This is no DMN file (its root should be DMN's definitions).", line=1
            )
        self.namespace = self.root.get("namespace") or ""
        known[self.namespace] = self
        self.types = ItemTypes(self.root)
        self.import_problems: list[Problem] = []
        self.imported = self._imports(imports, resource, known)
        names: set[str] = {name_of(item) for item in self.root.iter() if isinstance(item.tag, str) and item.get("name")}
        self.names: set[str] = names.union(*(reader.names for reader, _ in self.imported))
        self.texts = Texts(self.names, self.types.find, resource)
        self.boxes = Boxes(self.types, self.texts)
        self.graph = self._graph()

    def model(self) -> Model:
        return Model(self.graph, [*self.import_problems, *self.texts.problems])

    def _imports(self, files: Imports, resource: str, known: "dict[str, _Reader]") -> "list[tuple[_Reader, str]]":
        found = []
        for item in children(self.root, "import"):
            namespace, name = item.get("namespace") or "", name_of(item)
            if (item.get("importType") or "") not in DMN_NAMESPACES:
                continue
            if namespace not in known and namespace in files:
                _Reader(files[namespace], files, resource, known)
            if namespace in known and hasattr(known[namespace], "graph"):
                found.append((known[namespace], name))
                self.types.imported[name] = known[namespace].types
            else:
                self.import_problems.append(
                    Problem(
                        "dmn-import",
                        f"找不到引入的模型 {namespace}。",
                        f"the imported model {namespace} is not there.",
                        resource,
                        line=item.sourceline or 0,
                    )
                )
        return found

    def _graph(self) -> Graph:
        nodes: dict[str, Node] = {}
        for element in children(self.root):
            maker = _MAKERS.get(kind(element))
            if maker is not None:
                node = maker(self, element)
                nodes[node.id] = node
        return Graph(
            self.namespace,
            name_of(self.root),
            nodes,
            {reader.namespace: reader.graph for reader, _ in self.imported},
            {reader.namespace: name for reader, name in self.imported},
        )

    def input_data(self, element: Element) -> InputData:
        return InputData(_id(element), self._variable(element), self.types.resolve(type_name(child(element, "variable"))))

    def decision(self, element: Element) -> Decision:
        name = self._variable(element)
        declared = self.types.resolve(type_name(child(element, "variable")))
        evaluate = self.boxes.inside(element)
        if evaluate is None:
            self.texts.problem(element, "dmn-empty", f"决策 {name} 没有内容。", f"the decision {name} has no logic.", "warning")
            evaluate = _nothing
        logic = child(element, "decisionTable")
        table = None if logic is None else self.boxes.tables[logic]
        return Decision(_id(element), name, declared, self._requirements(element), evaluate, table, element.sourceline or 0)

    def knowledge(self, element: Element) -> Knowledge:
        name = self._variable(element)
        logic = child(element, "encapsulatedLogic")
        function = self._function(element if logic is None else logic, name)
        declared = self.types.resolve(type_name(child(element, "variable")))
        return Knowledge(
            _id(element),
            name,
            ANY,
            self._requirements(element),
            typed(function, declared, name) if isinstance(declared, FunctionType) else _with_result(function, declared),
        )

    def _function(self, logic: Element, name: str) -> Evaluate:
        """The closure of encapsulated logic: formal parameters and a body, as a function that can call itself."""
        make = self.boxes.function(logic)

        def evaluate(frame: Frame) -> Closure:
            itself: dict[str, object] = {}
            made = make(frame.inner(itself))
            itself[name] = made
            assert isinstance(made, Closure)
            return Closure(made.parameters, made.body, name, made.result)

        return evaluate

    def service(self, element: Element) -> Service:
        declared = self.types.resolve(type_name(child(element, "variable")))
        result = declared.result if isinstance(declared, FunctionType) else declared
        inputs = [self._reference(item) for part in ("inputData", "inputDecision") for item in children(element, part)]
        outputs = [self._reference(item) for item in children(element, "outputDecision")]
        return Service(_id(element), self._variable(element), result, [], outputs, inputs)

    def _requirements(self, element: Element) -> list[Reference]:
        return [
            self._reference(link)
            for requirement in children(element)
            if kind(requirement) in ("informationRequirement", "knowledgeRequirement")
            for link in children(requirement)
            if kind(link) in _LINKS
        ]

    def _reference(self, link: Element) -> Reference:
        namespace, _, identifier = (link.get("href") or "").rpartition("#")
        return Reference(namespace, identifier)

    def _variable(self, element: Element) -> str:
        variable = child(element, "variable")
        return name_of(variable) if variable is not None and variable.get("name") else name_of(element)


def _with_result(function: Evaluate, declared: object) -> Evaluate:
    """A function whose result is also checked against the type that its variable declares."""
    if declared is ANY:
        return function

    def evaluate(frame: Frame) -> Closure:
        made = function(frame)
        return Closure(made.parameters, made.body, made.name, declared if made.result is ANY else made.result)  # type: ignore[arg-type]

    return evaluate


def _id(element: Element) -> str:
    return element.get("id") or name_of(element)


def _nothing(_: Frame) -> None:
    return None


_MAKERS: dict[str, Callable[[_Reader, Element], Node]] = {
    "inputData": _Reader.input_data,
    "decision": _Reader.decision,
    "businessKnowledgeModel": _Reader.knowledge,
    "decisionService": _Reader.service,
}

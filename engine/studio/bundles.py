"""A process with the forms and decision tables that it uses, in one file to take away."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from engine.dmn.graph import Decision
from engine.runtime.package import Package

#: ZIP knows no time before this; the same content gives the same file.
_WHEN = (1980, 1, 1, 0, 0, 0)


def used_by(package: Package, key: str) -> list[str]:
    """Names of a diagram and of the forms and decision tables that its elements refer to."""
    diagram = package.diagrams.get(key)
    elements = [element for process in diagram.processes for element in process.elements.values()] if diagram is not None else []
    forms = {element.camunda["formRef"] for element in elements if element.camunda.get("formRef")}
    decisions = {element.camunda["decisionRef"] for element in elements if element.camunda.get("decisionRef")}
    found = [name for name, schema in package.forms.items() if str(schema["id"]) in forms]
    for name, model in package.models.items():
        if any(isinstance(node, Decision) and node.id in decisions for node in model.graph.nodes.values()):
            found.append(name)
    return [key, *sorted(found)]


def bundle(package: Package, key: str) -> bytes:
    """A ZIP file of a diagram with its forms and decision tables, under their names."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in used_by(package, key):
            archive.writestr(ZipInfo(name, _WHEN), package.files[name], ZIP_DEFLATED)
    return out.getvalue()

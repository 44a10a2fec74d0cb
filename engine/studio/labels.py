"""What people call things in the files: names drawn in diagrams and labels of forms, in both languages."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.diagrams.model import Element
from engine.runtime.package import Package

#: A text in both languages, by `zh` and `en`.
Words = dict[str, str]
_LABELS = ("label", "dateLabel", "timeLabel")


def in_both(text: str, english: Mapping[str, str]) -> Words:
    """A label with the English that its folder's catalogue gives; without one it stays as drawn."""
    return {"zh": text, "en": english.get(text) or text}


def form_fields(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The components of a form that have a value, at every depth."""
    for component in schema.get("components", ()):
        if component.get("type") != "button" and (component.get("key") or component.get("path")):
            yield component
        yield from form_fields(component)


def label_of(component: Mapping[str, Any]) -> str:
    """What a form calls a field."""
    given = (component.get(name) for name in _LABELS)
    return str(next((text for text in given if text), component.get("key") or component.get("path") or ""))


def field_labels(package: Package) -> dict[str, Words]:
    """What the forms call each variable."""
    found: dict[str, Words] = {}
    for name, schema in package.forms.items():
        english = package.english_of(name)
        for component in form_fields(schema):
            if component.get("key"):
                found.setdefault(str(component["key"]), in_both(label_of(component), english))
    return found


def form_titles(package: Package) -> dict[str, Words]:
    """What a form is for: the first task that shows it, by the form's id."""
    found: dict[str, Words] = {}
    for name, element in elements(package):
        form = element.camunda.get("formRef")
        if form and element.name:
            found.setdefault(form, in_both(element.name, package.english_of(name)))
    return found


def error_titles(package: Package) -> dict[str, Words]:
    """What the boundary events that catch an error are called, by its code."""
    found: dict[str, Words] = {}
    for name, element in elements(package):
        if element.event is not None and element.event.kind == "error" and element.event.name and element.name:
            found.setdefault(element.event.name, in_both(element.name, package.english_of(name)))
    return found


def elements(package: Package) -> Iterator[tuple[str, Element]]:
    """Every element of every diagram with its file's name."""
    for name, diagram in package.diagrams.items():
        for process in diagram.processes:
            for element in process.elements.values():
                yield name, element

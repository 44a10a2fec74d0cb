"""One finding about a form component, on its way to a `Problem`."""

from dataclasses import dataclass

from engine.errors import Problem
from engine.forms.components import Component


@dataclass(frozen=True)
class Finding:
    """What is wrong with a component, not yet with a file."""

    component: Component
    code: str
    zh: str
    en: str
    severity: str

    def at(self, resource: str) -> Problem:
        """The problem of a file."""
        name = str(self.component.get("label") or self.component.get("dateLabel") or self.component.get("timeLabel") or "")
        identity = str(self.component.get("id") or self.component.get("key") or "")
        return Problem(self.code, self.zh, self.en, resource=resource, element_id=identity, element_name=name, severity=self.severity)


def finding(component: Component, code: str, zh: str, en: str, *, severity: str = "error") -> Finding:
    """A finding; an error unless said otherwise."""
    return Finding(component, code, zh, en, severity)

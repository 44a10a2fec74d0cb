"""A survey as the map island draws it."""

from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.history.mining.samples import Samples
from engine.history.mining.survey import ElementFigures, FlowFigures, Survey
from engine.storage.tables import ProcessDefinition
from web.definitions import Definition, definition
from web.language import locale
from web.mining.asking import Asked


def versions_of(session: Session, key: str) -> list[ProcessDefinition]:
    """Every version of a process, the newest first.

    Raises:
        NotFound: it was never deployed.
    """
    found = list(session.scalars(select(ProcessDefinition).where(ProcessDefinition.key == key).order_by(ProcessDefinition.version.desc())))
    if not found:
        raise NotFound("没有这个流程。", "There is no such process.")
    return found


def drawn_version(session: Session, asked: Asked) -> Definition:
    """The version whose diagram is the map: that asked for, else the one that is live.

    Raises:
        NotFound: there is none.
    """
    versions = versions_of(session, asked.key)
    if asked.version is not None:
        return definition(session, f"{asked.key}:{asked.version}")
    return definition(session, next((version.id for version in versions if version.state == "live"), versions[0].id))


def map_props(drawn: Definition, found: Survey, asked: Asked, measure: str) -> dict[str, Any]:
    """Properties of the map island."""
    shown = drawn.process
    return {
        "xmlUrl": url_for("mining.diagram", key=asked.key, version=drawn.version),
        "locale": locale(),
        "labels": dict(drawn.english) if locale() == "en" else {},
        "measure": measure,
        "elements": {name: _of_element(figures) for name, figures in found.elements.items() if name in shown.elements},
        "flows": {name: _of_flow(figures) for name, figures in found.flows.items() if name in shown.flows},
        "figuresUrl": url_for("mining.figures", key=asked.key, element_id="-", **asked.query()),
        "dayUrl": url_for("mining.day", key=asked.key, **asked.query()),
        "calls": {
            element.id: url_for("mining.show", key=element.called_element)
            for element in shown.elements.values()
            if element.called_element and not element.called_element.startswith(("=", "$"))
        },
    }


def unshown(drawn: Definition, found: Survey) -> list[tuple[str, int]]:
    """Elements that cases came to and that this version no longer has, with how often."""
    return sorted((name, len(figures.entered)) for name, figures in found.elements.items() if name not in drawn.process.elements)


def _of_element(figures: ElementFigures) -> dict[str, Any]:
    entered = len(figures.entered)
    return {
        "count": entered,
        "median": _rounded(figures.total, 0.5),
        "p90": _rounded(figures.total, 0.9),
        "waiting": _rounded(figures.waiting, 0.5),
        "handling": _rounded(figures.handling, 0.5),
        "again": len(figures.again) / entered if entered else None,
        "breached": len(figures.breached),
        "standing": len(figures.standing),
    }


def _of_flow(figures: FlowFigures) -> dict[str, Any]:
    return {"count": len(figures.taken), "waiting": _rounded(figures.waiting, 0.5), "p90": _rounded(figures.waiting, 0.9)}


def _rounded(samples: Samples, share: float) -> float | None:
    seconds = samples.quantile(share)
    return None if seconds is None else round(seconds, 1)

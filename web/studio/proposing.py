"""Proposing drafts: what changes, what the checks say, why, from when on, and whom it concerns."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.difference import Change, changes
from engine.errors import InvalidInput, OpsbookError, Problem
from engine.runtime import publishing
from engine.runtime.package import Package
from engine.runtime.publishing import Proposal
from engine.runtime.publishing.proposal import live_content
from engine.storage.tables import Group
from engine.studio.bundles import used_by
from engine.studio.drafts import drafts_of, hand_in
from engine.studio.findings import gravity, problems_of, shown
from engine.studio.names import names_of
from engine.studio.together import live_package, with_drafts
from web.auth.person import Person
from web.current import database, engine
from web.studio.access import require_may_edit, require_studio
from web.studio.routes import blueprint

_PRODUCT = "opsbook-"


@blueprint.route("/studio/propose", methods=["GET", "POST"])
def propose() -> str | Response:
    """The person's drafts, and the way to everybody's work."""
    me = require_studio()
    if request.method == "POST":
        return _propose(me)
    with database().session() as session:
        drafts = drafts_of(session, me.id)
        package = with_drafts(live_package(engine(), session), drafts)
        wanted = _wanted(package, drafts)
        names = names_of(engine(), session, package)
        told = {key: _changes(session, key, drafts[key], names) for key in wanted}
        problems = sorted(problems_of(engine(), session, package, wanted), key=gravity)
        findings = [(problem.resource, _place(package, problem), shown(problem, package)) for problem in problems]
        groups = list(session.scalars(select(Group).where(~Group.id.startswith(_PRODUCT)).order_by(Group.id)))
    return render_template(
        "studio/propose.html",
        drafts=sorted(drafts),
        wanted=wanted,
        told=told,
        findings=findings,
        groups=groups,
        concerned=_concerned(package, told),
        demanded=any(change.aspect == "property opsbook:clause" for items in told.values() for change in items or ()),
        blocked=any(problem.severity == "error" for problem in problems) or not wanted,
    )


def _propose(me: Person) -> Response:
    with database().session() as session:
        drafts = drafts_of(session, me.id)
        wanted = {key: drafts[key] for key in request.form.getlist("file") if key in drafts}
        if not wanted:
            raise InvalidInput("请至少选择一个草稿。", "Choose at least one draft.")
        for key in wanted:
            require_may_edit(session, me, key)
        names = names_of(engine(), session, live_package(engine(), session))
    proposal = Proposal(
        title=request.form.get("title", "").strip()[:200] or "、".join(key.rpartition("/")[2] for key in wanted)[:200],
        note=request.form.get("note", ""),
        effective_at=_effective(request.form.get("effective_at", "")),
        groups=tuple(request.form.getlist("group")),
        must_read="must_read" in request.form,
    )
    made = publishing.propose(engine(), wanted, proposal, actor=me.id, names=names)
    hand_in(engine(), wanted, actor=me.id, note=proposal.note)
    flash(gettext("已提交发布申请。"), "good")
    return redirect(url_for("studio.proposal", publication_id=made))


def _wanted(package: Package, drafts: Mapping[str, bytes]) -> list[str]:
    """The drafts to propose: those of the address with the drafts that they use, or all."""
    asked = [key for key in request.args.getlist("file") if key in drafts]
    together = {used for key in asked for used in used_by(package, key) if used in drafts}
    return sorted(together or drafts)


def _place(package: Package, problem: Problem) -> str:
    """What people call the element that a finding is about."""
    diagram = package.diagrams.get(problem.resource)
    elements = [process.elements.get(problem.element_id) for process in diagram.processes] if diagram is not None else []
    return next((element.label for element in elements if element is not None), "")


def _changes(session: Session, key: str, content: bytes, names: Any) -> list[Change] | None:
    """The change list of a draft; None for a new file, or one that cannot be read."""
    before = live_content(session, key)
    if before is None:
        return None
    try:
        return changes(key, before, content, names)
    except OpsbookError:
        return None


def _concerned(package: Package, told: Mapping[str, Iterable[Change] | None]) -> set[str]:
    """Groups that do a task which changed or is new."""
    found: set[str] = set()
    for key, items in told.items():
        diagram = package.diagrams.get(key)
        touched = None if items is None else {identifier for change in items for identifier in (change.part_id, *change.along)}
        for process in diagram.processes if diagram is not None else ():
            for element in process.elements.values():
                if element.type == "userTask" and (touched is None or element.id in touched):
                    found |= {group.strip() for group in element.camunda.get("candidateGroups", "").split(",") if group.strip()}
    return found


def _effective(text: str) -> datetime | None:
    """The date and time of the office that somebody typed."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(engine().settings.time_zone))
    except ValueError:
        raise InvalidInput("生效时间写得不对。", "The effective date is not a date and time.", field="effective_at") from None

"""The update log: what was proposed, by whom, what it means for running cases, who let it go live, and who has read of it (M3-upd-2)."""

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.errors import NotFound
from engine.runtime import publishing
from engine.runtime.publishing import SORTS, MigrationChoice, VersionConsequences
from engine.storage.tables import MigrationItem, Publication, PublicationBatch, PublicationReader, Resource
from engine.studio.changes import record
from engine.studio.drafts import find_draft, save_draft
from engine.studio.hindsights import counts_of, diagram_for, newest_of
from engine.studio.live import KINDS, Kind
from engine.studio.together import live_package
from web.current import database, engine
from web.directory import people_names
from web.permissions import may_publish, require_may_publish
from web.studio.access import require_studio
from web.studio.mapping import element_names, homeless
from web.studio.routes import blueprint

_MOST = 100


@blueprint.get("/studio/proposals")
def proposals() -> str:
    """The log, newest first, what waits for a decision before everything else."""
    require_studio()
    with database().session() as session:
        waiting_first = Publication.state.not_in(("proposed", "approved"))
        found = session.scalars(select(Publication).order_by(waiting_first, Publication.proposed_at.desc()).limit(_MOST)).all()
        names = people_names(session, [user for row in found for user in (row.proposed_by, row.decided_by)])
    return render_template("studio/proposals.html", found=found, names=names)


@blueprint.get("/studio/proposals/<publication_id>")
def proposal(publication_id: str) -> str:
    """One proposal: its changes, its consequences, and the decision."""
    me = require_studio()
    with database().session() as session:
        found = _find(session, publication_id)
        files = _files(session, found)
        readers = session.scalars(
            select(PublicationReader).where(PublicationReader.publication_id == found.id).order_by(PublicationReader.user_id)
        ).all()
        people = [found.proposed_by, found.decided_by, *(reader.user_id for reader in readers)]
        view: dict[str, Any] = {"names": people_names(session, people), "batches": _batches(session, found)}
    choices = {choice.source_definition_id: choice for choice in map(MigrationChoice.from_json, found.migrations)}
    undecided = found.state in ("proposed", "approved")
    versions = publishing.consequences(engine(), found.id, choices.values()) if undecided else []
    with database().session() as session:
        view["homeless"] = {seen.source_definition_id: homeless(session, seen) for seen in versions}
        view["element_names"] = {seen.source_definition_id: element_names(session, seen) for seen in versions}
        view |= _tried(session, files)
    return render_template(
        "studio/proposal.html",
        found=found,
        files=files,
        readers=readers,
        versions=versions,
        choices=choices,
        undecided=undecided,
        may_decide=may_publish(me) and not (engine().settings.four_eyes and found.proposed_by == me.id),
        may_withdraw=undecided and (found.proposed_by == me.id or may_publish(me)),
        needs_another=engine().settings.four_eyes and found.proposed_by == me.id,
        **view,
    )


@blueprint.post("/studio/proposals/<publication_id>/migrations")
def choose_migrations(publication_id: str) -> Response:
    """Keep which running cases move along."""
    me = require_studio()
    publishing.choose_migrations(engine(), publication_id, _choices(publication_id), actor=me.id)
    flash(gettext("在办案例的去向已保存。"), "good")
    return redirect(url_for("studio.proposal", publication_id=publication_id) + "#cases")


@blueprint.post("/studio/proposals/<publication_id>/approve")
def approve(publication_id: str) -> Response:
    """Let it go live, now or on its date."""
    me = require_studio()
    require_may_publish(me)
    publishing.approve(engine(), publication_id, actor=me.id, decision=request.form.get("decision", ""))
    with database().session() as session:
        found = _find(session, publication_id)
        files = _files(session, found)
    if found.state == "live":
        _note_published(files, found, me.id)
        flash(gettext("已发布，新案例按新版本办理。"), "good")
    else:
        flash(gettext("已批准，到生效时间自动发布。"), "good")
    return redirect(url_for("studio.proposal", publication_id=publication_id))


@blueprint.post("/studio/proposals/<publication_id>/reject")
def reject(publication_id: str) -> Response:
    """Send it back with a reason."""
    me = require_studio()
    require_may_publish(me)
    publishing.reject(engine(), publication_id, actor=me.id, decision=request.form.get("decision", ""))
    flash(gettext("已退回。"), "good")
    return redirect(url_for("studio.proposal", publication_id=publication_id))


@blueprint.post("/studio/proposals/<publication_id>/withdraw")
def withdraw(publication_id: str) -> Response:
    """Take it back; its files become the author's drafts again."""
    me = require_studio()
    with database().session() as session:
        found = _find(session, publication_id)
        if found.proposed_by != me.id:
            require_may_publish(me)
    publishing.withdraw(engine(), publication_id, actor=me.id)
    return resume(publication_id)


@blueprint.post("/studio/proposals/<publication_id>/resume")
def resume(publication_id: str) -> Response:
    """Go on with what was rejected or withdrawn: its files become drafts, where there is none already."""
    me = require_studio()
    with database().session() as session:
        files = _files(session, _find(session, publication_id))
        free = {key: content for key, content in files.items() if find_draft(session, key, me.id) is None and _kind(key) is not None}
    for key, content in free.items():
        save_draft(engine(), _kind(key) or "bpmn", key, content, actor=me.id, seen=0, source="restored")
    flash(gettext("可以在草稿里继续修改。"), "good")
    return redirect(url_for("studio.index", state="draft"))


def _find(session: Session, publication_id: str) -> Publication:
    found = session.get(Publication, publication_id)
    if found is None:
        raise NotFound("没有这个发布申请。", "There is no such proposal.")
    return found


def _files(session: Session, found: Publication) -> dict[str, bytes]:
    rows = session.execute(
        select(Resource.name, Resource.content).where(Resource.deployment_id == found.deployment_id).order_by(Resource.name)
    )
    return {row.name: bytes(row.content) for row in rows}


def _tried(session: Session, files: dict[str, bytes]) -> dict[str, Any]:
    """What the files would have made of finished cases, when somebody last tried them; the live diagram on whose cases they can be tried."""
    tried = newest_of(session, files)
    return {
        "tried": tried,
        "tried_counts": counts_of(session, tried.id) if tried is not None else {},
        "tried_key": diagram_for(live_package(engine(), session), files),
    }


def _kind(key: str) -> Kind | None:
    return next((kind for kind in KINDS if key.endswith(f".{kind}")), None)


def _note_published(files: Iterable[str], found: Publication, actor: str) -> None:
    """Write down that it was published."""
    with database().transaction() as session:
        for key in files:
            record(
                session,
                engine().clock.now(),
                kind=_kind(key) or "",
                key=key,
                action="published",
                actor=actor,
                deployment_id=found.live_deployment_id,
                note=found.note,
            )


def _choices(publication_id: str) -> list[MigrationChoice]:
    """What the form says of each old version."""
    found: list[MigrationChoice] = []
    for seen in publishing.consequences(engine(), publication_id):
        source, given = seen.source_definition_id, request.form
        elements = {old: new for old, new in _asked_elements(seen) if new}
        named = {"mapping"} if elements else set()  # whoever says where a case goes on lets it go
        sorts = tuple(sort for sort in SORTS if f"{source}/{sort}" in given or sort in named)
        if sorts:
            keep_forms = given.get(f"{source}/forms") == "keep"
            found.append(
                MigrationChoice(
                    source,
                    sorts=sorts,
                    elements=elements,
                    update_triggers=given.get(f"{source}/triggers") == "anew",
                    forms="keep" if keep_forms else "target",
                )
            )
    return found


def _asked_elements(seen: VersionConsequences) -> list[tuple[str, str]]:
    prefix = f"{seen.source_definition_id}/element/"
    return [(name.removeprefix(prefix), value) for name, value in request.form.items() if name.startswith(prefix)]


def _batches(session: Session, found: Publication) -> list[tuple[str, dict[str, int]]]:
    """The migrations that it ordered, and how far each is."""
    ids = session.scalars(select(PublicationBatch.batch_id).where(PublicationBatch.publication_id == found.id)).all()
    counted = select(MigrationItem.state, func.count().label("there")).group_by(MigrationItem.state)
    return [(batch, {row.state: row.there for row in session.execute(counted.where(MigrationItem.batch_id == batch))}) for batch in ids]

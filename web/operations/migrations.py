"""The pages of migrating many cases to another version: choose versions, map, look at each case, run in the background, watch."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer
from werkzeug.wrappers import Response

from engine.errors import InvalidInput, NotFound, OpsbookError
from engine.runtime import operations
from engine.runtime.operations import migration
from engine.runtime.operations.migration import Migrate, MigrationPlan
from engine.storage.tables import MigrationBatch, MigrationItem, ProcessInstance
from web.cases.queries import known_processes
from web.current import database, engine, person
from web.definitions import definition
from web.directory import people_names
from web.language import locale
from web.operations import words
from web.operations.mapping_rows import asked_plan, rows
from web.operations.routes import blueprint
from web.operations.versions import versions_of
from web.permissions import require_steering_page

#: How many cases one page offers; the rest is migrated by another batch.
_MOST_CASES = 500
_MOST_BATCHES = 50


@blueprint.get("/migrations")
def migrations() -> str:
    """Batches, newest first, and the choice of versions for a new one."""
    require_steering_page(person())
    key = request.args.get("process", "")
    with database().session() as session:
        processes = {name: definition(session, newest).title for name, newest in known_processes(session).items()}
        batches = session.scalars(select(MigrationBatch).order_by(MigrationBatch.created_at.desc()).limit(_MOST_BATCHES)).all()
        view = {
            "processes": dict(sorted(processes.items(), key=lambda item: item[1])),
            "versions": versions_of(session, key) if key in processes else [],
            "titles": {batch.id: definition(session, batch.plan["target_definition_id"]).title for batch in batches},
            "counts": {batch.id: _counts(session, batch.id) for batch in batches},
            "names": people_names(session, (batch.created_by for batch in batches)),
        }
    return render_template("operations/migrations.html", key=key, batches=batches, **view)


@blueprint.route("/migrations/new", methods=["GET", "POST"])
def new_migration() -> str | Response:
    """The mapping between two versions, what speaks against it, and what becomes of each case; a POST only looks again."""
    require_steering_page(person())
    if not request.values.get("source"):
        return redirect(url_for("operations.migrations"))
    plan = _plan()
    with database().session() as session:
        source, target = definition(session, plan.source_definition_id), definition(session, plan.target_definition_id)
        cases = _cases(session, plan)
        surveyed = migration.survey(engine(), plan, [case.id for case in cases])
        chosen = set(request.form.getlist("case")) or {case.id for case in cases if not surveyed[case.id].problems}
        view = {
            "rows": rows(plan, source, target, surveyed.values(), migration.validate(engine(), plan)),
            "example": _example(session, plan, [case for case in cases if case.id in chosen and not surveyed[case.id].problems]),
        }
    return render_template(
        "operations/migrate.html", plan=plan, source=source, target=target, cases=cases, surveyed=surveyed, chosen=chosen, **view
    )


@blueprint.post("/migrations")
def start_migration() -> Response:
    """Run it in the background."""
    me = person()
    require_steering_page(me)
    batch_id = migration.start_batch(engine(), _plan(), request.form.getlist("case"), actor=me.id, reason=request.form.get("reason", ""))
    flash(gettext("迁移已开始，在后台进行。"), "good")
    return redirect(url_for("operations.show_migration", batch_id=batch_id))


@blueprint.get("/migrations/<batch_id>")
def show_migration(batch_id: str) -> str:
    """How far a batch is, and what became of each case."""
    require_steering_page(person())
    return render_template("operations/batch.html", **_batch(batch_id))


@blueprint.get("/migrations/<batch_id>/progress")
def migration_progress(batch_id: str) -> str:
    """The same alone, for live refresh."""
    require_steering_page(person())
    return render_template("operations/progress.html", **_batch(batch_id))


@blueprint.post("/migrations/<batch_id>/cancel")
def stop_migration(batch_id: str) -> Response:
    """Leave the cases that still wait as they are."""
    me = person()
    require_steering_page(me)
    left = migration.cancel_batch(engine(), batch_id, me.id)
    flash(gettext("已停止，%(number)d 个案例保持原版本。", number=left), "good")
    return redirect(url_for("operations.show_migration", batch_id=batch_id))


def _plan() -> MigrationPlan:
    """The plan of the form, or the generated one for the two versions of the address."""
    given = request.form if request.method == "POST" else request.args
    source, target = given.get("source", ""), given.get("target", "")
    if not source or not target or source == target:
        raise InvalidInput("请选择两个不同的版本。", "Choose two different versions.")
    return asked_plan(engine(), source, target, request.form if request.method == "POST" else None)


def _cases(session: Session, plan: MigrationPlan) -> list[ProcessInstance]:
    return list(
        session.scalars(
            select(ProcessInstance)
            .options(defer(ProcessInstance.runtime_state, raiseload=True))
            .where(ProcessInstance.process_definition_id == plan.source_definition_id, ProcessInstance.ended_at.is_(None))
            .order_by(ProcessInstance.started_at, ProcessInstance.id)
            .limit(_MOST_CASES)
        )
    )


def _example(session: Session, plan: MigrationPlan, cases: list[ProcessInstance]) -> dict[str, Any] | None:
    """The whole preview of the first case that can go."""
    for case in cases[:1]:
        try:
            outcome = operations.plan(engine(), Migrate(case.id, plan), person().id)
        except OpsbookError:
            return None  # it has changed this very moment; its row says why it cannot go
        return {"case": case, "preview": words.preview(session, outcome)}
    return None


def _batch(batch_id: str) -> dict[str, Any]:
    with database().session() as session:
        batch = session.get(MigrationBatch, batch_id)
        if batch is None:
            raise NotFound("没有这次迁移。", "There is no such migration.")
        found = session.execute(
            select(MigrationItem, ProcessInstance.business_key)
            .join(ProcessInstance, ProcessInstance.id == MigrationItem.instance_id)
            .where(MigrationItem.batch_id == batch_id)
            .order_by(MigrationItem.state != "refused", MigrationItem.id)
            .limit(_MOST_CASES)
        ).all()
        return {
            "batch": batch,
            "source": definition(session, batch.plan["source_definition_id"]),
            "target": definition(session, batch.plan["target_definition_id"]),
            "items": [(item, key, [problem[locale()] for problem in item.problems]) for item, key in found],
            "counts": _counts(session, batch_id),
            "names": people_names(session, [batch.created_by]),
        }


def _counts(session: Session, batch_id: str) -> dict[str, int]:
    query = select(MigrationItem.state, func.count()).where(MigrationItem.batch_id == batch_id).group_by(MigrationItem.state)
    counts: dict[str, int] = {row[0]: row[1] for row in session.execute(query)}
    return counts | {"all": sum(counts.values())}

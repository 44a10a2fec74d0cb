"""Migrating many cases in the background: one job per case, each in a step of its own, so that one that cannot does not hold up the others."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import null, select, update

from engine.errors import Conflict, InvalidInput, NotFound, OpsbookError
from engine.ids import new_id
from engine.runtime import case_batches
from engine.runtime.engine import Engine
from engine.runtime.operations.migration.mapping import MigrationPlan
from engine.runtime.operations.migration.migrate import Migrate
from engine.runtime.operations.migration.validation import MigrationRefused, validate
from engine.runtime.step import Step
from engine.storage.tables import MigrationBatch, MigrationItem, ProcessInstance

BATCHES = MigrationBatch.__table__
ITEMS = MigrationItem.__table__


def start_batch(engine: Engine, plan: MigrationPlan, instance_ids: Iterable[str], *, actor: str | None, reason: str) -> str:
    """Migrate these instances in the background; returns the batch's id. Rows of `migration_item` say what became of each.

    Raises:
        MigrationRefused: the plan itself is wrong.
        InvalidInput: no reason, or no instance.
        NotFound: one of the instances does not exist.
    """
    wanted, reason = list(dict.fromkeys(instance_ids)), reason.strip()
    if not reason or not wanted:
        raise InvalidInput("请写明原因，并选择至少一个案例。", "Please give a reason and choose at least one case.", instances=len(wanted))
    if problems := validate(engine, plan):
        raise MigrationRefused(problems)
    with engine.step(actor) as step:
        return start_batch_within(step, plan, wanted, reason=reason)


def start_batch_within(step: Step, plan: MigrationPlan, instance_ids: Collection[str], *, reason: str) -> str:
    """The same as part of a step that does more, for a plan that is sound.

    Raises:
        NotFound: one of the instances does not exist.
    """
    batch_id, now, actor = new_id(), step.surroundings.now, step.surroundings.actor
    instances = ProcessInstance.__table__
    place = (instances.c.id.label("instance_id"), instances.c.root_id, null().label("element_id"))
    found = step.session.execute(select(*place).where(instances.c.id.in_(instance_ids))).all()
    if missing := set(instance_ids) - {row.instance_id for row in found}:
        raise NotFound(f"没有流程实例 {'、'.join(sorted(missing))}。", f"There is no process instance {', '.join(sorted(missing))}.")
    batch = {"id": batch_id, "plan": plan.to_json(), "reason": reason, "created_at": now, "created_by": actor, "cancelled_at": None}
    items = [{"id": new_id(), "batch_id": batch_id, "instance_id": row.instance_id, "state": "waiting", "problems": []} for row in found]
    jobs = [case_batches.new_job(step, "migrate", {"item_id": item["id"]}, row) for item, row in zip(items, found, strict=True)]
    case_batches.add(step, BATCHES, batch, ITEMS, items, jobs)
    return batch_id


def cancel_batch(engine: Engine, batch_id: str, actor: str | None) -> int:
    """Leave the cases that still wait as they are; returns how many.

    Raises:
        NotFound, Conflict: no such batch, or nothing of it waits.
    """
    with engine.step(actor) as step:
        step.session.execute(select(BATCHES.c.id).where(BATCHES.c.id == batch_id).with_for_update())
        known = step.session.execute(select(ITEMS.c.state).where(ITEMS.c.batch_id == batch_id)).all()
        if not known:
            raise NotFound(f"没有迁移批次 {batch_id}。", f"There is no migration batch {batch_id}.", id=batch_id)
        left = case_batches.leave_waiting(step, ITEMS, ITEMS.c.batch_id == batch_id)
        if not left:
            raise Conflict("这个批次已经全部处理完。", "Nothing of this batch waits any more.", id=batch_id)
        step.session.execute(update(BATCHES).where(BATCHES.c.id == batch_id).values(cancelled_at=step.surroundings.now))
        return left


def migrate_item(step: Step, job: Any) -> None:
    """Migrate one case of a batch, and write down what became of it; a case that cannot be migrated stays as it is."""
    item = step.session.execute(select(ITEMS).where(ITEMS.c.id == job.input["item_id"]).with_for_update()).one()
    if item.state != "waiting":
        return
    batch = step.session.execute(select(BATCHES).where(BATCHES.c.id == item.batch_id)).one()
    state, problems = "migrated", []
    try:
        Migrate(item.instance_id, MigrationPlan.from_json(batch.plan), batch.id).carry_out(step, batch.reason)
    except OpsbookError as error:  # raised before anything is written
        step.forget()
        state = "refused"
        found = error.problems if isinstance(error, MigrationRefused) else (error,)
        problems = [{"zh": problem.zh, "en": problem.en} for problem in found]
    step.session.execute(update(ITEMS).where(ITEMS.c.id == item.id).values(state=state, problems=problems, done_at=step.surroundings.now))

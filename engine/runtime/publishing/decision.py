"""The second pair of eyes: a proposal is approved, rejected or taken back; approved, it goes live at once or on its date."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select

from engine.errors import Conflict, Forbidden, NotFound
from engine.runtime import deployments, writing
from engine.runtime.engine import Engine
from engine.runtime.operations.migration.batches import start_batch_within
from engine.runtime.publishing import readers
from engine.runtime.publishing.consequences import of_version
from engine.runtime.publishing.migrations import MigrationChoice
from engine.runtime.step import Step
from engine.storage.tables import Deployment, ProcessDefinition, Publication, PublicationBatch


class SecondPersonNeeded(Forbidden):
    """Whoever proposed a change may not be the one who lets it go live."""

    code = "OPS-310"


def approve(engine: Engine, publication_id: str, *, actor: str, decision: str = "") -> None:
    """Let a proposal go live: now, or at its effective date.

    Raises:
        NotFound, Conflict: no such proposal, or it has been decided on.
        SecondPersonNeeded: the author approves it, and the setting asks for two people.
        DeploymentRefused: it does not fit any more to what is live; nothing has happened.
    """
    with engine.step(actor) as step:
        found = _proposed(step, publication_id)
        if engine.settings.four_eyes and found.proposed_by == actor:
            raise SecondPersonNeeded(
                "按四眼原则，提出人不能自己批准，请让另一位流程负责人批准。",
                "Two people are needed: whoever proposed a change may not approve it; ask another process owner.",
            )
        now = step.surroundings.now
        found.decided_at, found.decided_by, found.decision = now, actor, decision.strip() or None
        if found.effective_at is not None and found.effective_at > now:
            found.state = "approved"
            writing.add_job(step.session, step.surroundings, "publish", {"publication_id": found.id}, available_at=found.effective_at)
            step.makes_work = True
        else:
            _go_live(engine, step, found)


def choose_migrations(engine: Engine, publication_id: str, choices: Iterable[MigrationChoice], *, actor: str) -> None:
    """Say which running cases move along; before the proposal is approved.

    Raises:
        NotFound, Conflict: no such proposal, or it has been decided on.
    """
    with engine.step(actor) as step:
        _proposed(step, publication_id).migrations = [choice.to_json() for choice in choices]


def reject(engine: Engine, publication_id: str, *, actor: str, decision: str) -> None:
    """Send a proposal back with a reason; nothing that runs changes.

    Raises:
        NotFound, Conflict: no such proposal, or it has been decided on.
    """
    _end(engine, publication_id, actor, "rejected", decision)


def withdraw(engine: Engine, publication_id: str, *, actor: str) -> None:
    """Take a proposal back, also one that is approved and waits for its date.

    Raises:
        NotFound, Conflict: no such proposal, or it is live.
    """
    _end(engine, publication_id, actor, "withdrawn", "")


def go_live_on_date(engine: Engine, step: Step, content: dict[str, Any]) -> None:
    """The job of an approved proposal whose date has come; one that was withdrawn meanwhile stays withdrawn.

    Raises:
        DeploymentRefused: it does not fit any more; the job fails, and an incident says so.
    """
    found = step.session.get(Publication, content["publication_id"], with_for_update=True)
    if found is not None and found.state == "approved":
        _go_live(engine, step, found)


def begin_migrations(engine: Engine, step: Step, content: dict[str, Any]) -> None:
    """The job that moves running cases along: one batch for each old version, with the cases of the sorts that the owner chose."""
    found = step.session.get_one(Publication, content["publication_id"])
    targets = {
        row.key: row.id
        for row in step.session.execute(
            select(ProcessDefinition.key, ProcessDefinition.id).where(ProcessDefinition.deployment_id == found.live_deployment_id)
        )
    }
    for choice in map(MigrationChoice.from_json, found.migrations):
        source = step.session.get_one(ProcessDefinition, choice.source_definition_id)
        seen = of_version(engine, choice, targets[source.key], source.version)
        chosen = [case.instance_id for case in seen.cases if case.sort in choice.sorts and not case.problems]
        if chosen:
            batch_id = start_batch_within(step, seen.plan, chosen, reason=found.note)
            step.session.execute(insert(PublicationBatch.__table__), {"publication_id": found.id, "batch_id": batch_id})


def _go_live(engine: Engine, step: Step, found: Publication) -> None:
    deployed = deployments.publish_within(engine, step, found.deployment_id)
    found.state, found.live_at, found.live_deployment_id = "live", step.surroundings.now, deployed.deployment_id
    readers.tell(step, found)
    if found.migrations:
        writing.add_job(step.session, step.surroundings, "begin_migrations", {"publication_id": found.id})
        step.makes_work = True


def _end(engine: Engine, publication_id: str, actor: str, state: str, decision: str) -> None:
    with engine.step(actor) as step:
        found = _proposed(step, publication_id, also=("approved",))
        found.state, found.decided_at, found.decided_by = state, step.surroundings.now, actor
        found.decision = decision.strip() or found.decision
        deployments.retire_candidate(step, step.session.get_one(Deployment, found.deployment_id), "withdrawn")


def _proposed(step: Step, publication_id: str, also: tuple[str, ...] = ()) -> Publication:
    found = step.session.get(Publication, publication_id, with_for_update=True)
    if found is None:
        raise NotFound("没有这个发布申请。", "There is no such proposal.", id=publication_id)
    if found.state not in ("proposed", *also):
        raise Conflict("这个发布申请已经处理过。", "This proposal has been decided on already.", id=publication_id, state=found.state)
    return found

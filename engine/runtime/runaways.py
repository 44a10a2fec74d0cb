"""What is left of a step that ran away and was rolled back: an incident that says where."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import StepBudgetExceeded
from engine.ids import new_id
from engine.runtime.step import Step
from engine.storage.tables import Incident


def record_runaway(session: Session, step: Step, error: StepBudgetExceeded) -> None:
    """After a rolled-back step: an incident on the case that was there before the step."""
    table = Incident.__table__
    element_id = str(error.details.get("element_id", "")) or None
    for instance in step.instances.values():
        known = select(table.c.id).where(
            table.c.instance_id == instance.row["id"], table.c.element_id == element_id, table.c.kind == "step", table.c.state == "open"
        )
        if instance.is_new or session.scalars(known).first() is not None:
            continue
        session.add(
            Incident(
                id=new_id(),
                kind="step",
                instance_id=instance.row["id"],
                root_id=instance.row["root_id"],
                element_id=element_id,
                state="open",
                message=error.zh,
                message_en=error.en,
                detail=error.en,
                opened_at=step.surroundings.now,
            )
        )
        return

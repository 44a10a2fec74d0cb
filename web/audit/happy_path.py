"""The happy path of a version: the way that most of its finished cases went, by the example of the newest of them."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.tables import ElementInstance, ProcessInstance

#: The newest finished runs of a version that are looked at.
MOST = 500


@dataclass(frozen=True)
class HappyPath:
    """How many of the finished runs went the most frequent way, and one that did."""

    example: str  #: id of the newest instance that went so, another than the one it is for when there is one
    followed: int
    looked_at: int


def happy_path(session: Session, instance: ProcessInstance) -> HappyPath | None:
    """The happy path of the version that an instance runs on; None while nothing has been finished on it."""
    same = (ProcessInstance.process_definition_id == instance.process_definition_id, ProcessInstance.state == "completed")
    finished = session.scalars(
        select(ProcessInstance.id).where(*same).order_by(ProcessInstance.ended_at.desc(), ProcessInstance.id.desc()).limit(MOST)
    ).all()
    if not finished:
        return None
    ways = _ways(session, list(finished))
    followed = Counter(ways[run] for run in finished)
    way, times = followed.most_common(1)[0]  # of equally frequent ones the one that the newest run took
    examples = [run for run in finished if ways[run] == way]
    return HappyPath(next((run for run in examples if run != instance.id), examples[0]), times, len(finished))


def _ways(session: Session, runs: list[str]) -> dict[str, tuple[str, ...]]:
    """The elements of each run in the order in which they began; parallel ones by id, so that their order makes no other way."""
    rows = session.execute(
        select(ElementInstance.instance_id, ElementInstance.element_id, ElementInstance.entered_at)
        .where(ElementInstance.instance_id.in_(runs))
        .order_by(ElementInstance.instance_id, ElementInstance.entered_at, ElementInstance.element_id)
    )
    ways: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        ways[row.instance_id].append(row.element_id)
    return {run: tuple(ways[run]) for run in runs}

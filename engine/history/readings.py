"""Reading history is recorded itself: who played, verified or exported which cases, when."""

from datetime import datetime
from typing import Any

from engine.ids import new_id
from engine.storage.database import Database
from engine.storage.tables import HistoryReading

#: The ways of reading that are no export: playing a case, doing it again to compare, looking at the cases of an indicator
#: or behind a figure of a map, trying a draft on finished cases, making a report.
REPLAY = "replay"
VERIFICATION = "verification"
KPI = "kpi"
MAP = "map"
HINDSIGHT = "hindsight"
REPORT = "report"


def note_reading(
    database: Database, now: datetime, user_id: str | None, way: str, *, root_id: str | None, cases: int = 1, **selection: Any
) -> None:
    """Keep that somebody reads, in a transaction of its own, before anything is shown.

    Args:
        database: where it is kept.
        now: the present instant.
        user_id: who reads; None from the command line, when nobody is named.
        way: REPLAY, VERIFICATION, KPI, MAP, HINDSIGHT, REPORT or the format of an export.
        root_id: the case, if it is one.
        cases: how many they are.
        selection: what was asked for, as JSON.
    """
    with database.transaction() as session:
        session.add(HistoryReading(id=new_id(), user_id=user_id, way=way, root_id=root_id, selection=selection, cases=cases, read_at=now))

"""Searches that a person keeps, and samples that were drawn."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.errors import Conflict, InvalidInput, NotFound
from engine.ids import new_id
from engine.storage.database import Database
from engine.storage.tables import CaseSample, ProcessInstance, SavedSearch
from web.audit.finding import Reader
from web.audit.search import Search

#: Most cases of a sample.
LARGEST = 500
_LONGEST_NAME = 100
_LONGEST_SEED = 64


def saved_searches(session: Session, user_id: str) -> Sequence[SavedSearch]:
    """A person's own, by name."""
    return session.scalars(select(SavedSearch).where(SavedSearch.user_id == user_id).order_by(SavedSearch.name)).all()


def saved_search(session: Session, search_id: str) -> SavedSearch:
    """Anybody's: whoever has its address may open it.

    Raises:
        NotFound: there is none, or no longer.
    """
    found = session.get(SavedSearch, search_id)
    if found is None:
        raise NotFound("没有这个保存的查找。", "There is no such saved search.")
    return found


def save_search(database: Database, user_id: str, name: str, search: Search, now: datetime) -> str:
    """Keep a search under a name; returns its id.

    Raises:
        InvalidInput, Conflict: no name; the person has one of this name.
    """
    row = SavedSearch(id=new_id(), user_id=user_id, name=_name(name), asked=search.asked(), saved_at=now)
    try:
        with database.transaction() as session:
            session.add(row)
    except IntegrityError as error:
        raise _taken() from error
    return row.id


def rename_search(database: Database, user_id: str, search_id: str, name: str) -> None:
    """Give one's own search another name.

    Raises:
        NotFound, InvalidInput, Conflict: it is not the person's; no name; the person has one of this name.
    """
    try:
        with database.transaction() as session:
            _own(session, user_id, search_id).name = _name(name)
    except IntegrityError as error:
        raise _taken() from error


def delete_search(database: Database, user_id: str, search_id: str) -> None:
    """Keep one's own search no longer.

    Raises:
        NotFound: it is not the person's.
    """
    with database.transaction() as session:
        session.execute(delete(SavedSearch).where(SavedSearch.id == _own(session, user_id, search_id).id))


def draw_sample(database: Database, reader: Reader, search: Search, size: int, seed: str) -> str:
    """Draw a sample of what a search finds now and keep it; returns its id.

    Args:
        database: where it is kept.
        reader: who draws, when.
        search: among which cases.
        size: how many, 1 to LARGEST; all when fewer are found.
        seed: the same seed draws the same of the same cases; a new one when empty.

    Raises:
        InvalidInput: a size that is none; nothing was found.
    """
    if not 1 <= size <= LARGEST:
        raise InvalidInput(f"样本要在 1 到 {LARGEST} 个之间。", f"A sample has 1 to {LARGEST} cases.")
    with database.session() as session:
        ids = session.scalars(select(ProcessInstance.id).where(*reader.wanted(session, search)).order_by(ProcessInstance.id)).all()
    if not ids:
        raise InvalidInput("没有找到案例，无法抽样。", "No case was found, so there is nothing to draw from.")
    chosen = seed.strip()[:_LONGEST_SEED] or new_id()[-12:]
    row = CaseSample(
        id=new_id(),
        seed=chosen,
        asked=search.asked(),
        found=len(ids),
        found_sha256=sha256("\n".join(ids).encode()).hexdigest(),
        root_ids=drawn(ids, size, chosen),
        drawn_by=reader.person.id,
        drawn_at=reader.now,
    )
    with database.transaction() as session:
        session.add(row)
    return row.id


def drawn(ids: Sequence[str], size: int, seed: str) -> list[str]:
    """Those for which SHA-256 of `seed:id` is smallest, in this order."""
    return sorted(ids, key=lambda case_id: sha256(f"{seed}:{case_id}".encode()).digest())[:size]


def sample(session: Session, sample_id: str) -> CaseSample:
    """A sample that was drawn.

    Raises:
        NotFound: there is none.
    """
    found = session.get(CaseSample, sample_id)
    if found is None:
        raise NotFound("没有这个样本。", "There is no such sample.")
    return found


def _own(session: Session, user_id: str, search_id: str) -> SavedSearch:
    found = saved_search(session, search_id)
    if found.user_id != user_id:
        raise NotFound("这个保存的查找不是您的。", "This saved search is not yours.")
    return found


def _name(text: str) -> str:
    name = text.strip()[:_LONGEST_NAME]
    if not name:
        raise InvalidInput("请填写名称。", "Please give it a name.")
    return name


def _taken() -> Conflict:
    return Conflict("您已有同名的查找。", "You have a search of this name already.")

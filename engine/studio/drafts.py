"""Drafts: one for each file and person, saved by themselves; nothing that was saved or refused is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from engine.errors import Conflict, NotFound
from engine.ids import new_id
from engine.runtime.engine import Engine
from engine.storage.tables import Draft, DraftRevision
from engine.studio.changes import record
from engine.studio.live import Kind

#: Revisions kept of one person's work on one file, and refused states beside them.
KEPT, KEPT_REFUSED = 50, 10


@dataclass(frozen=True)
class Saved:
    """Where a draft stands after it was saved."""

    revision: int
    saved_at: datetime


class DraftConflict(Conflict):
    """Another tab had saved before; `copy_id` is the revision in which the refused content is kept, `revision` the one that is saved."""

    code = "OPS-406"

    def __init__(self, copy_id: str, revision: int) -> None:
        """Say that nothing is lost."""
        super().__init__(
            "另一个窗口已先保存。这里的内容没有丢失，已另存一份。",
            "Another window has saved before. What you have here is not lost: it was kept as a copy.",
            copy=copy_id,
            revision=revision,
        )
        self.copy_id = copy_id
        self.revision = revision


def find_draft(session: Session, key: str, user_id: str) -> Draft | None:
    """A person's draft of a file."""
    return session.scalar(select(Draft).where(Draft.key == key, Draft.user_id == user_id))


def drafts_of(session: Session, user_id: str) -> dict[str, bytes]:
    """What a person's drafts say, by file name."""
    rows = session.execute(select(Draft.key, DraftRevision.content).join(DraftRevision, _current()).where(Draft.user_id == user_id))
    return {row.key: row.content for row in rows}


def content_of_draft(session: Session, draft: Draft) -> bytes:
    """What a draft says now."""
    return session.scalars(select(DraftRevision.content).join(Draft, _current()).where(Draft.id == draft.id)).one()


def drafts_by_others(session: Session, key: str, user_id: str) -> Sequence[Draft]:
    """Who else has a draft of a file, the oldest first."""
    return session.scalars(select(Draft).where(Draft.key == key, Draft.user_id != user_id).order_by(Draft.begun_at)).all()


def revisions_of(session: Session, key: str, user_id: str) -> Sequence[DraftRevision]:
    """What is kept of a person's work on a file, the newest first."""
    return session.scalars(
        select(DraftRevision).where(DraftRevision.key == key, DraftRevision.user_id == user_id).order_by(DraftRevision.id.desc())
    ).all()


def own_revision(session: Session, revision_id: str, user_id: str) -> DraftRevision:
    """A revision of the person's own.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = session.get(DraftRevision, revision_id)
    if found is None or found.user_id != user_id:
        raise NotFound("没有这份内容。", "There is no such content.", id=revision_id)
    return found


def save_draft(
    engine: Engine,
    kind: Kind,
    key: str,
    content: bytes,
    *,
    actor: str,
    seen: int,
    base_resource_id: str | None = None,
    source: str = "saved",
) -> Saved:
    """Save a draft; the first time begins it.

    Args:
        engine: whose database keeps it.
        kind: of the file.
        key: name of the file.
        content: whatever it is: saving judges nothing.
        actor: whose draft it is.
        seen: the revision that the content was made from; 0 for the live file. The same content again is no conflict, so an answer
            that was lost on the way does no harm.
        base_resource_id: the live file that a draft is begun from.
        source: how the content came about, see `DraftRevision.source`.

    Raises:
        DraftConflict: the draft has another revision by now; the content is kept.
    """
    with engine.database.transaction() as session:
        engine.database.one_at_a_time(session, f"draft {actor} {key}")
        draft, now = find_draft(session, key, actor), engine.clock.now()
        if draft is not None and content_of_draft(session, draft) == content:
            return Saved(draft.revision, draft.updated_at)
        standing = draft.revision if draft is not None else 0
        if seen == standing:
            revision = _next_revision(session, key, actor)
            if draft is None:
                draft = Draft(id=new_id(), kind=kind, key=key, user_id=actor, base_resource_id=base_resource_id, begun_at=now)
                session.add(draft)
                record(session, now, kind=kind, key=key, action="begun", actor=actor)
            draft.revision, draft.updated_at = revision, now
            session.add(_revision(draft, content, source=source))
            _forget_old(session, key, actor)
            return Saved(revision, now)
        whose = Draft(
            kind=kind, key=key, user_id=actor, revision=seen, base_resource_id=draft.base_resource_id if draft else base_resource_id
        )
        whose.updated_at = now
        refused = _revision(whose, content, source=source, refused=True)
        session.add(refused)
        _forget_old(session, key, actor)
    raise DraftConflict(refused.id, standing)  # after the transaction: the copy is kept


def restore_revision(engine: Engine, revision_id: str, *, actor: str) -> Saved:
    """Make an earlier state of the person's own the newest revision of their draft, which is begun anew if it is gone.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    with engine.database.session() as session:
        found = own_revision(session, revision_id, actor)
        draft = find_draft(session, found.key, actor)
    kind: Kind = found.kind  # type: ignore[assignment]  # the column holds nothing else
    seen = draft.revision if draft is not None else 0
    base = found.base_resource_id
    return save_draft(engine, kind, found.key, found.content, actor=actor, seen=seen, base_resource_id=base, source="restored")


def discard_draft(engine: Engine, key: str, *, actor: str) -> None:
    """Give a draft up; its revisions are kept for a while.

    Raises:
        NotFound: the person has no draft of the file.
    """
    with engine.database.transaction() as session:
        draft = find_draft(session, key, actor)
        if draft is None:
            raise NotFound("您没有这个文件的草稿。", "You have no draft of this file.", key=key)
        session.delete(draft)
        record(session, engine.clock.now(), kind=draft.kind, key=key, action="discarded", actor=actor)


def hand_in(engine: Engine, contents: Mapping[str, bytes], *, actor: str, note: str) -> None:
    """What was proposed is no draft any more, unless the person changed it meanwhile; rejected, it comes back from the proposal."""
    with engine.database.transaction() as session:
        for key, content in contents.items():
            draft = find_draft(session, key, actor)
            if draft is not None and content_of_draft(session, draft) == content:
                session.delete(draft)
            record(session, engine.clock.now(), kind=key.rpartition(".")[2], key=key, action="proposed", actor=actor, note=note)


def _current() -> ColumnElement[bool]:
    return (
        (DraftRevision.key == Draft.key)
        & (DraftRevision.user_id == Draft.user_id)
        & (DraftRevision.revision == Draft.revision)
        & ~DraftRevision.refused
    )


def _next_revision(session: Session, key: str, user_id: str) -> int:
    """Numbers go on after a draft was discarded, so that an old tab never matches by chance."""
    kept = select(func.max(DraftRevision.revision)).where(DraftRevision.key == key, DraftRevision.user_id == user_id)
    return (session.scalar(kept) or 0) + 1


def _revision(draft: Draft, content: bytes, *, source: str, refused: bool = False) -> DraftRevision:
    return DraftRevision(
        id=new_id(),
        kind=draft.kind,
        key=draft.key,
        user_id=draft.user_id,
        revision=draft.revision,
        refused=refused,
        content=content,
        saved_at=draft.updated_at,
        base_resource_id=draft.base_resource_id,
        source=source,
    )


def _forget_old(session: Session, key: str, user_id: str) -> None:
    session.flush()
    for refused, most in ((False, KEPT), (True, KEPT_REFUSED)):
        whose = (DraftRevision.key == key, DraftRevision.user_id == user_id, DraftRevision.refused.is_(refused))
        old = select(DraftRevision.id).where(*whose).order_by(DraftRevision.id.desc()).offset(most)
        session.execute(delete(DraftRevision).where(DraftRevision.id.in_(session.scalars(old).all())))

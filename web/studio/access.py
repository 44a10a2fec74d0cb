"""Who sees the studio, and who may change which file."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.errors import Forbidden, NotFound
from engine.storage.tables import Draft
from engine.studio.drafts import find_draft
from engine.studio.live import KINDS, Kind, LiveFile, live_files
from engine.studio.owners import owners, owners_of_file
from web.auth.person import Person
from web.current import person

#: Largest file that may be saved, in bytes; what the readers of diagrams take.
MOST_BYTES = 2_000_000


def require_studio() -> Person:
    """The person signed in, if they own processes or administer.

    Raises:
        NotFound: for everybody else, because the pages are none of theirs.
    """
    me = person()
    if not (me.is_admin or me.is_owner):
        raise NotFound("没有这个页面，或者您无权查看。", "There is no such page, or you may not see it.")
    return me


@dataclass(frozen=True)
class Opened:
    """A file of the studio as one person meets it."""

    kind: Kind
    key: str
    live: LiveFile | None
    draft: Draft | None
    owners: tuple[str, ...]  #: empty: every owner may edit it
    may_edit: bool

    @property
    def title(self) -> str:
        """What it is called: the process, the decision, or the form's id; of a new one the file."""
        return self.live.name if self.live is not None else self.key.rpartition("/")[2].partition(".")[0]


def open_file(session: Session, me: Person, kind: str, key: str) -> Opened:
    """A live file, or a new one that the person has begun.

    Raises:
        NotFound: there is none, or it is of another kind.
    """
    live = live_files(session)
    found, draft = live.get(key), find_draft(session, key, me.id)
    known: str | None = found.kind if found is not None else draft.kind if draft is not None else None
    if kind not in KINDS or kind != known:
        raise NotFound("没有这个文件。", "There is no such file.", key=key)
    owned = owners_of_file(key, live.values(), owners(session))
    return Opened(kind, key, found, draft, owned, may_edit(me, owned))


def may_edit(me: Person, owned_by: tuple[str, ...]) -> bool:
    """Administrators edit everything, owners what is theirs or nobody's."""
    return me.is_admin or (me.is_owner and (not owned_by or me.id in owned_by))


def require_may_edit(session: Session, me: Person, key: str) -> None:
    """Let only those pass who may change the file.

    Raises:
        Forbidden: it belongs to other owners.
    """
    if not may_edit(me, owners_of_file(key, live_files(session).values(), owners(session))):
        raise Forbidden("这个流程由别的负责人管理，您只能查看。", "This process belongs to other owners; you may only look at it.")

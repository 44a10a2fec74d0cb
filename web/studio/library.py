"""What the library lists: live files and the person's own new ones, with their state."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.runtime.engine import Engine
from engine.storage.tables import Deployment, Draft, ProcessInstance, Resource
from engine.studio.changes import newest_changes
from engine.studio.folder import changed_files
from engine.studio.labels import form_titles, in_both
from engine.studio.live import KINDS, LiveFile, live_files
from engine.studio.owners import owners, owners_of_file
from engine.studio.together import live_package
from web.auth.person import Person
from web.language import locale
from web.studio.access import may_edit

STATES = ("draft", "others", "candidate", "folder")
PAGE_SIZE = 50


@dataclass(frozen=True)
class Wanted:
    """What the reader of the library asked for."""

    text: str = ""
    kind: str = "bpmn"
    state: str = ""
    page: int = 1

    @classmethod
    def from_request(cls) -> "Wanted":
        """As the address says it; a search without a kind looks through all."""
        text, kind, state = request.args.get("q", "").strip()[:100], request.args.get("kind", ""), request.args.get("state", "")
        return cls(
            text,
            kind if kind in (*KINDS, "all") else "all" if text or state else "bpmn",
            state if state in STATES else "",
            max(1, request.args.get("page", 1, type=int)),
        )


@dataclass(frozen=True)
class Entry:
    """One file of the library."""

    kind: str
    key: str
    title: str
    version: int | None  #: None: it is not live yet
    draft: Draft | None  #: the reader's own
    others: tuple[str, ...]  #: who else drafts it
    candidates: int
    in_folder: bool  #: whether the file on disk says something else
    owners: tuple[str, ...]
    may_edit: bool
    running: int
    changed_at: datetime
    changed_by: str | None

    @property
    def states(self) -> frozenset[str]:
        """Which filters it passes."""
        has = (self.draft is not None, bool(self.others), bool(self.candidates), self.in_folder)
        return frozenset(state for state, there in zip(STATES, has, strict=True) if there)


@dataclass(frozen=True)
class Library:
    """One page of the library, and how many files of each kind fit the search."""

    entries: list[Entry]
    counted: Mapping[str, int]
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE_SIZE))


def library(engine: Engine, session: Session, me: Person, wanted: Wanted) -> Library:
    """The files that fit, drafts of the reader first."""
    found = [entry for entry in _entries(engine, session, me) if _fits(entry, wanted)]
    counted = Counter(entry.kind for entry in found)
    shown = [entry for entry in found if wanted.kind in ("all", entry.kind)]
    shown.sort(key=lambda entry: (entry.draft is None, KINDS.index(entry.kind), entry.title))
    first = (wanted.page - 1) * PAGE_SIZE
    return Library(shown[first : first + PAGE_SIZE], counted | {"all": len(found)}, len(shown))


def title_of(session: Session, engine: Engine, live: LiveFile | None, key: str) -> str:
    """What a file is called in the reader's language; a form by the task that shows it."""
    if live is None:
        return key.rpartition("/")[2].partition(".")[0]
    if live.kind == "form":
        titles = form_titles(live_package(engine, session))
        return titles.get(live.name, in_both(live.name, {}))[locale()]
    english = live_package(engine, session).english_of(key)
    return in_both(live.name, english)[locale()]


def _entries(engine: Engine, session: Session, me: Person) -> list[Entry]:
    live, package = live_files(session), live_package(engine, session)
    drafts: dict[str, list[Draft]] = {}
    for draft in session.scalars(select(Draft)):
        drafts.setdefault(draft.key, []).append(draft)
    own_new = [draft for items in drafts.values() for draft in items if draft.user_id == me.id and draft.key not in live]
    owned, candidates, changes = owners(session), _candidates(session), newest_changes(session)
    running, folder, titles = _running(session), changed_files(engine, session), form_titles(package)

    def entry(kind: str, key: str, file: LiveFile | None) -> Entry:
        own = next((draft for draft in drafts.get(key, ()) if draft.user_id == me.id), None)
        owned_by, change = owners_of_file(key, live.values(), owned), changes.get(key)
        when: list[tuple[datetime, str | None]] = [(own.updated_at, me.id)] if own is not None else []
        when += [(change.happened_at, change.user_id)] if change is not None else []
        when += [(file.deployed_at, file.deployed_by)] if file is not None else []
        changed_at, changed_by = max(when, key=lambda item: item[0])
        return Entry(
            kind=kind,
            key=key,
            title=_title(file, key, package.english_of(key), titles),
            version=file.version if file is not None else None,
            draft=own,
            others=tuple(draft.user_id for draft in drafts.get(key, ()) if draft.user_id != me.id),
            candidates=candidates.get(key, 0),
            in_folder=key in folder,
            owners=owned_by,
            may_edit=may_edit(me, owned_by),
            running=sum(running.get(process, 0) for process in file.definitions) if file is not None and kind == "bpmn" else 0,
            changed_at=changed_at,
            changed_by=changed_by,
        )

    return [entry(file.kind, key, file) for key, file in live.items()] + [entry(draft.kind, draft.key, None) for draft in own_new]


def _title(file: LiveFile | None, key: str, english: Mapping[str, str], form_names: Mapping[str, Mapping[str, str]]) -> str:
    if file is None:
        return key.rpartition("/")[2].partition(".")[0]
    if file.kind == "form":
        return form_names.get(file.name, {}).get(locale(), file.name)
    return in_both(file.name, english)[locale()]


def _fits(entry: Entry, wanted: Wanted) -> bool:
    text = wanted.text.casefold()
    return (not wanted.state or wanted.state in entry.states) and (text in entry.title.casefold() or text in entry.key.casefold())


def _candidates(session: Session) -> dict[str, int]:
    """Proposals that wait for publishing, by file."""
    query = (
        select(Resource.name, func.count().label("there")).join(Deployment).where(Deployment.state == "candidate").group_by(Resource.name)
    )
    return {row.name: row.there for row in session.execute(query)}


def _running(session: Session) -> dict[str, int]:
    """Instances that are not over, by process."""
    query = (
        select(ProcessInstance.process_key, func.count().label("there"))
        .where(ProcessInstance.state.in_(("active", "suspended")))
        .group_by(ProcessInstance.process_key)
    )
    return {row.process_key: row.there for row in session.execute(query)}

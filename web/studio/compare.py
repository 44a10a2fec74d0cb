"""Two versions of a file side by side, with what changed in words."""

from typing import Any

from flask import render_template, request

from engine.difference import Change, changes
from engine.errors import OpsbookError
from engine.studio.names import names_of
from engine.studio.together import live_package
from web.current import database, engine
from web.language import locale
from web.studio.access import Opened, open_file, require_studio
from web.studio.library import title_of
from web.studio.routes import blueprint
from web.studio.table_view import CompareTable, compared_tables
from web.studio.versions import Version, address_of, content_at, version, versions_of


@blueprint.get("/studio/compare/<kind>/<path:key>")
def compare(kind: str, key: str) -> str:
    """What is different between two versions; without a choice between what is live and what is newest."""
    me = require_studio()
    with database().session() as session:
        opened = open_file(session, me, kind, key)
        offered = versions_of(session, opened)
        after = version(session, opened, request.args.get("after") or offered[0].ref)
        before = version(session, opened, request.args.get("before") or _stands_before(opened, offered, after))
        contents = content_at(session, opened, before), content_at(session, opened, after)
        package = live_package(engine(), session)
        title = title_of(session, engine(), opened.live, key)
        found, unreadable = _changes(key, contents, names_of(engine(), session, package))
        labels = {zh: str(en) for zh, en in package.english_of(key).items()}
    shown: dict[str, Any] = {}
    if kind == "bpmn" or (kind == "form" and unreadable is None):
        shown["props"] = _sides(opened, before, after, found) | {"labels": labels, "locale": locale()}
    elif kind == "dmn" and unreadable is None:
        tables: list[CompareTable] = compared_tables(*contents)
        shown["tables"] = tables
    return render_template(
        "studio/compare.html",
        opened=opened,
        title=title,
        offered=offered,
        before=before,
        after=after,
        changes=found,
        unreadable=unreadable,
        **shown,
    )


def _stands_before(opened: Opened, offered: list[Version], after: Version) -> str:
    """What a version is compared with if nobody says: what is live, or the one before it."""
    live = opened.live.resource_id if opened.live is not None else offered[-1].ref
    refs = [item.ref for item in offered]
    return live if after.ref != live else refs[min(refs.index(after.ref) + 1, len(refs) - 1)]


def _changes(key: str, contents: tuple[bytes, bytes], names: Any) -> tuple[list[Change], OpsbookError | None]:
    """The change list; a version that cannot be read is no reason not to show the page."""
    try:
        return changes(key, *contents, names), None
    except OpsbookError as error:
        return [], error


def _sides(opened: Opened, before: Version, after: Version, found: list[Change]) -> dict[str, Any]:
    """Both versions, each with the marks of its elements or fields that differ."""
    old: dict[str, str] = {}
    new: dict[str, str] = {}
    for change in found:
        ids = (change.part_id, *change.along)
        mark = {"redrawn": "moved"}.get(change.kind, change.kind)
        for identifier in ids:
            if mark != "added":
                old.setdefault(identifier, mark)
            if mark != "removed":
                new.setdefault(identifier, mark)
    return {
        "before": {"url": address_of(opened, before), "title": before.title, "marks": old},
        "after": {"url": address_of(opened, after), "title": after.title, "marks": new},
    }

"""The inbox page, its list alone for live refresh, and claiming several tasks at once."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from engine.errors import Conflict, Forbidden, InvalidInput
from engine.runtime import assignment
from web.current import database, engine, now, office_zone, person
from web.customers import customer_names
from web.definitions import Definition, definition
from web.directory import candidate_names, people_names
from web.inbox import queries
from web.inbox.queries import MOST_COUNTED, MOST_PAGES, PAGE_SIZE, SORTS, TABS, Filter, Reader
from web.inbox.queues import open_queues
from web.labels import label
from web.language import locale

blueprint = Blueprint("inbox", __name__, template_folder="templates")

#: Most tasks claimed by one press of the button.
_MOST_CLAIMED = 50


@blueprint.get("/")
def home() -> Response:
    """The front door leads to the inbox."""
    return redirect(url_for("inbox.index"))


@blueprint.get("/inbox")
def index() -> str:
    """The inbox."""
    return render_template("inbox/index.html", **_view(_filter()))


@blueprint.get("/inbox/list")
def rows() -> Response:
    """Tabs and rows alone, with an ETag so that nothing moves on the page when nothing changed."""
    response = make_response(render_template("inbox/list.html", **_view(_filter())))
    response.set_etag(sha256(response.get_data()).hexdigest()[:32])
    return response.make_conditional(request)


@blueprint.post("/inbox/claim")
def claim() -> Response:
    """Claim the ticked tasks, each on its own: one that is gone does not stop the others."""
    chosen = list(dict.fromkeys(request.form.getlist("task")))
    if not chosen or len(chosen) > _MOST_CLAIMED:
        raise InvalidInput(f"请勾选 1–{_MOST_CLAIMED} 个任务。", f"Tick 1–{_MOST_CLAIMED} tasks.")
    me = person()
    with database().session() as session:
        known = queries.claimable(session, me, chosen)
    claimed = 0
    for task_id in known:
        try:
            assignment.claim(engine(), task_id, me.id)
            claimed += 1
        except (Conflict, Forbidden):
            continue  # counted below as taken by somebody else
    lost = len(chosen) - claimed
    if claimed:
        flash(ngettext("已认领 %(num)d 个任务。", "已认领 %(num)d 个任务。", claimed), "good")
    if lost:
        flash(ngettext("%(num)d 个任务已被他人认领或已结束。", "%(num)d 个任务已被他人认领或已结束。", lost), "warn")
    return redirect(url_for("inbox.index", tab="mine" if claimed else "groups"))


def _filter() -> Filter:
    wanted = request.args
    return Filter(
        tab=wanted.get("tab", "") if wanted.get("tab") in TABS else "mine",
        text=wanted.get("q", "").strip()[:100],
        process_key=wanted.get("process", "")[:255],
        sort=wanted.get("sort", "") if wanted.get("sort") in SORTS else "due",
        page=min(max(1, wanted.get("page", 1, type=int)), MOST_PAGES),
    )


def _view(wanted: Filter) -> dict[str, Any]:
    me, present = person(), now()
    with database().session() as session:
        queues = open_queues(session, me)
        own = tuple(queue for queue in queues if queue.is_own)
        reader = Reader(me, own, present, queries.end_of_day(present, office_zone()))
        counts = queries.counts(session, reader)
        seen = queries.processes_in_inbox(session, me, queues if me.sees_everything else own)
        processes = {key: definition(session, newest) for key, newest in seen.items()}
        meant = replace(wanted, names=_names_in_english(wanted.text, processes.values())) if locale() == "en" else wanted
        found, total = queries.page(session, reader, meant, counts)
        definitions = {row.process_definition_id: definition(session, row.process_definition_id) for row in found}
        customers = customer_names(session, (row.business_key or row.case_key for row in found))
        names = people_names(session, (user for row in found for user in (row.assignee, row.started_by)))
        candidates = candidate_names(session, (row.id for row in found if row.assignee is None))
    titles = {row.id: label(row.name, definitions[row.process_definition_id].english) for row in found}
    return {
        "wanted": wanted,
        "counts": counts,
        "rows": found,
        "total": total if total <= MOST_COUNTED else None,
        "pages": max(1, -(-total // PAGE_SIZE)) if total <= MOST_COUNTED else MOST_PAGES,
        "most": MOST_COUNTED,
        "titles": titles,
        "definitions": definitions,
        "processes": dict(sorted(((key, drawn.title) for key, drawn in processes.items()), key=lambda item: item[1])),
        "present": present,
        "customers": customers,
        "names": names,
        "candidates": candidates,
        "tab_names": tab_names(),
        "sort_names": sort_names(),
    }


def _names_in_english(text: str, processes: Iterable[Definition]) -> tuple[str, ...]:
    """The drawn names of everything whose English name contains the text."""
    wanted = text.casefold()
    return tuple(
        {chinese for drawn in processes for chinese, english in drawn.english.items() if wanted and wanted in str(english).casefold()}
    )


def tab_names() -> dict[str, str]:
    """The tabs in order."""
    return {
        "mine": gettext("我的"),
        "groups": gettext("我的组"),
        "due": gettext("今天到期"),
        "overdue": gettext("已逾期"),
        "all": gettext("全部"),
    }


def sort_names() -> dict[str, str]:
    """The orders a list may have."""
    return {
        "due": gettext("按期限"),
        "priority": gettext("按优先级"),
        "newest": gettext("最新在前"),
        "oldest": gettext("最早在前"),
        "name": gettext("按名称"),
    }

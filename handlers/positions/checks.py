"""One check: what is looked at, what was seen, and what the person says to it."""

from typing import Any

from sqlalchemy import select

from engine.errors import InvalidInput, NotFound
from engine.runtime.handlers import JobContext, handler
from engine.storage.tables import Group
from handlers.dispatch.tables import Employee
from handlers.fields import Instant, Line, Request, Result
from handlers.parameters import parameter
from handlers.positions.norms import norm_of
from handlers.positions.tables import PositionCheck

_SEEN = {True: {"result": "合格", "result_en": "In order"}, False: {"result": "不合格", "result_en": "Not in order"}}


class InstantiateChecklist(Request):
    """Of which check."""

    check_id: str


class ChecklistInstantiated(Result):
    """Whom to look at, by which version of the norm, and at what."""

    employee_id: str
    employee_name: str
    post: str
    post_name: str
    post_name_en: str
    norm_version: int
    items: list[dict[str, Any]]


@handler("positions.instantiate_checklist", title="按岗位开检查表", title_en="Open the checklist of a post")
def instantiate_checklist(ctx: JobContext, request: InstantiateChecklist) -> ChecklistInstantiated:
    """Take items of the norm in force: first what was not in order the last time, then what was not looked at for longest.

    Raises:
        NotFound: there is no such check.
    """
    check = _check(ctx, request.check_id)
    if not check.rows:
        norm = norm_of(ctx, check.post)
        check.norm_version = norm.version
        check.rows = _chosen(norm.items, _earlier(ctx, check), int(parameter(ctx, "position_check_items")))
    person = ctx.session.get_one(Employee, check.employee_id)
    group = ctx.session.get_one(Group, check.post)
    return ChecklistInstantiated(
        employee_id=person.user_id,
        employee_name=person.name,
        post=check.post,
        post_name=group.name,
        post_name_en=group.name_en,
        norm_version=check.norm_version,
        items=check.rows,
    )


def _earlier(ctx: JobContext, check: PositionCheck) -> list[PositionCheck]:
    """Earlier checks of the person in this post, the first one first."""
    same = (PositionCheck.employee_id == check.employee_id, PositionCheck.post == check.post, PositionCheck.checked_at.is_not(None))
    return list(ctx.session.scalars(select(PositionCheck).where(*same).order_by(PositionCheck.checked_at, PositionCheck.id)))


def _chosen(items: list[dict[str, Any]], earlier: list[PositionCheck], most: int) -> list[dict[str, Any]]:
    """The items that are due, in the manual's order."""
    seen = {row["clause"]: (number, row["ok"]) for number, check in enumerate(earlier, 1) for row in check.rows}
    places = range(len(items))
    ranked = sorted(places, key=lambda place: (_waited(seen.get(items[place]["clause"])), place))
    return [items[place] for place in sorted(ranked[:most])]


def _waited(last: tuple[int, bool] | None) -> int:
    """The lower, the sooner an item is looked at again: number of the check that saw it in order last, less than any when it was not."""
    if last is None:
        return 0
    number, was_ok = last
    return number if was_ok else -1


class Answer(Line):
    """What was seen of an item."""

    ok: bool
    note: str | None = None


class SaveChecklist(Request):
    """What was seen of each item, in the order of the list."""

    check_id: str
    answers: list[Answer]
    checked_by: str | None = None
    checker_sig: str | None = None


class ChecklistSaved(Result):
    """How much was in order, and what was not."""

    score: float
    """Per cent of the items."""
    failed: list[dict[str, Any]]
    failed_text: str
    failed_text_en: str
    checked_rows: list[dict[str, Any]]
    """Every item with its result in words."""


@handler("positions.save_checklist", title="存检查结果", title_en="Save what was seen")
def save_checklist(ctx: JobContext, request: SaveChecklist) -> ChecklistSaved:
    """Keep what was seen; saved again, the later word stands.

    Raises:
        InvalidInput: an item was left out.
        NotFound: there is no such check.
    """
    check = _check(ctx, request.check_id)
    if not check.rows or len(request.answers) != len(check.rows):
        raise InvalidInput(
            f"岗位检查 {check.id} 共 {len(check.rows)} 项，填了 {len(request.answers)} 项。",
            f"The position check {check.id} has {len(check.rows)} items; {len(request.answers)} were answered.",
            check_id=check.id,
        )
    check.rows = [row | answer.model_dump() for row, answer in zip(check.rows, request.answers, strict=True)]
    failed = [row for row in check.rows if not row["ok"]]
    check.score = 1 - len(failed) / len(check.rows)
    check.checked_at = check.checked_at or ctx.now()
    check.checked_by = request.checked_by or ctx.actor
    check.checker_sig = request.checker_sig
    return ChecklistSaved(
        score=round(check.score * 100, 1),
        failed=failed,
        failed_text="；".join(_told(row["item"], row["note"]) for row in failed),
        failed_text_en="; ".join(_told(row["item_en"], row["note"]) for row in failed),
        checked_rows=[row | _SEEN[row["ok"]] for row in check.rows],
    )


def _told(item: str, note: str | None) -> str:
    return f"{item}（{note}）" if note else item


class ConfirmCheck(Request):
    """What the person says to it."""

    check_id: str
    agreed: bool
    comment: str | None = None
    employee_sig: str | None = None


class CheckConfirmed(Result):
    """When the person first confirmed."""

    confirmed_at: Instant


@handler("positions.confirm_check", title="存本人确认", title_en="Save the person's confirmation")
def confirm_check(ctx: JobContext, request: ConfirmCheck) -> CheckConfirmed:
    """Keep the person's word and signature with the check; the assessment of performance reads both.

    Raises:
        NotFound: there is no such check.
    """
    check = _check(ctx, request.check_id)
    check.agreed = request.agreed
    check.comment = request.comment
    check.employee_sig = request.employee_sig
    check.confirmed_at = check.confirmed_at or ctx.now()
    return CheckConfirmed(confirmed_at=check.confirmed_at)


def _check(ctx: JobContext, check_id: str) -> PositionCheck:
    check = ctx.session.get(PositionCheck, check_id)
    if check is None:
        raise NotFound(f"没有岗位检查 {check_id}。", f"There is no position check {check_id}.", check_id=check_id)
    return check

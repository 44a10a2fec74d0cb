"""Quality problems: noted first, closed only with a cure and a prevention."""

from typing import Literal

from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Instant, Request, Result, in_utc
from handlers.numbers import daily_number
from handlers.orders.case import order_of
from handlers.quality.tables import QualityIssue
from handlers.refusals import refusal


class OpenIssue(Request):
    """What was found, at which device, on the occasion of which order."""

    order_id: str | None = None
    device_serial: str | None = None
    device_model: str | None = None
    part: str | None = None
    symptom: str
    severity: Literal["low", "medium", "high"] = "medium"
    found_at: Instant | None = None


class IssueOpened(Result):
    """The number of the issue."""

    quality_issue_id: str


@handler("quality.open_issue", title="立质量问题", title_en="Register a quality problem")
def open_issue(ctx: JobContext, request: OpenIssue) -> IssueOpened:
    """Register a quality problem, once per order, device and symptom."""
    order = order_of(ctx, request.order_id)
    known = select(QualityIssue).where(
        QualityIssue.order_id == order.id, QualityIssue.device_serial == request.device_serial, QualityIssue.symptom == request.symptom
    )
    issue = ctx.session.scalars(known).first()
    if issue is None:
        issue = QualityIssue(
            id=daily_number(ctx, "ZL"),
            order_id=order.id,
            device_serial=request.device_serial,
            device_model=request.device_model,
            symptom=request.symptom,
            found_at=in_utc(ctx, request.found_at) or ctx.now(),
            found_by=ctx.actor,
        )
        ctx.session.add(issue)
    issue.part = request.part
    issue.severity = request.severity
    return IssueOpened(quality_issue_id=issue.id)


class CloseIssue(Request):
    """How the problem was cured and how it is kept from coming back; or that it was none."""

    quality_issue_id: str
    is_defect: bool = True
    solved_on_site: bool = False
    solution: str | None = None
    prevention: str | None = None


class IssueClosed(Result):
    """How it ended."""

    quality_result: Literal["closed", "not_a_defect"]


@handler("quality.close_issue", title="关闭质量问题", title_en="Close a quality problem", errors=("PREVENTION_MISSING",))
def close_issue(ctx: JobContext, request: CloseIssue) -> IssueClosed:
    """Close a quality problem (manual M1, clause 25): a defect leaves its solution and its prevention behind.

    Raises:
        BpmnError: PREVENTION_MISSING, a defect without solution or prevention.
    """
    issue = issue_of(ctx, request.quality_issue_id)
    if request.is_defect and not (request.solution and request.prevention):
        raise refusal(
            "PREVENTION_MISSING",
            f"质量问题 {issue.id} 要写明方案和预防措施才能关闭。",
            f"The quality problem {issue.id} is closed only with a solution and a prevention.",
        )
    issue.is_defect = request.is_defect
    issue.solved_on_site = request.solved_on_site
    issue.solution = request.solution
    issue.prevention = request.prevention
    if issue.closed_at is None:
        issue.closed_at = ctx.now()
        issue.closed_by = ctx.actor
    return IssueClosed(quality_result="closed" if request.is_defect else "not_a_defect")


def issue_of(ctx: JobContext, quality_issue_id: str) -> QualityIssue:
    """The issue of that number.

    Raises:
        NotFound: there is none.
    """
    issue = ctx.session.get(QualityIssue, quality_issue_id)
    if issue is None:
        raise NotFound(
            f"没有质量问题 {quality_issue_id}。", f"There is no quality problem {quality_issue_id}.", quality_issue_id=quality_issue_id
        )
    return issue

"""8D reports: how a department gets to the bottom of a quality problem."""

from sqlalchemy import select

from engine.runtime.handlers import JobContext, handler
from handlers.fields import Request, Result
from handlers.numbers import daily_number
from handlers.quality.issues import issue_of
from handlers.quality.tables import Report8D


class BeginReport(Request):
    """Of which issue."""

    quality_issue_id: str


class ReportWritten(Result):
    """The number of the report."""

    report_8d_no: str


@handler("quality.begin_report", title="建 8D 报告", title_en="Begin an 8D report")
def begin_report(ctx: JobContext, request: BeginReport) -> ReportWritten:
    """Begin the 8D report of an issue, which has one."""
    return ReportWritten(report_8d_no=_report(ctx, request.quality_issue_id).no)


class SaveReport(Request):
    """The eight disciplines, as far as they were worked on."""

    quality_issue_id: str
    d1_team: str | None = None
    d2_description: str
    d3_containment: str | None = None
    d4_root_cause: str
    d5_corrective: str | None = None
    d6_implemented: str | None = None
    d7_prevention: str | None = None
    d8_closure: str | None = None


@handler("quality.save_report", title="存 8D 报告", title_en="Save an 8D report")
def save_report(ctx: JobContext, request: SaveReport) -> ReportWritten:
    """Write the disciplines into the report; what is said later takes the place of what was said before."""
    report = _report(ctx, request.quality_issue_id)
    for name, value in request.model_dump(exclude={"quality_issue_id"}).items():
        setattr(report, name, value)
    report.saved_at = ctx.now()
    report.saved_by = ctx.actor
    return ReportWritten(report_8d_no=report.no)


def _report(ctx: JobContext, quality_issue_id: str) -> Report8D:
    issue = issue_of(ctx, quality_issue_id)
    report = ctx.session.scalars(select(Report8D).where(Report8D.quality_issue_id == issue.id)).first()
    if report is None:
        report = Report8D(no=daily_number(ctx, "8D"), quality_issue_id=issue.id, opened_at=ctx.now())
        ctx.session.add(report)
        ctx.session.flush()
    return report

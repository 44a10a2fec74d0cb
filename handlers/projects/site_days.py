"""A day on site: signed in, reported, signed out."""

from datetime import date
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import func, select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.dispatch.places import Place, distance_km, find_area
from handlers.fields import Request, Result, local_day, local_text
from handlers.notify.notices import Notice, put_notice, recipients
from handlers.projects.projects import project_of
from handlers.projects.tables import DailyReport, FieldProject, SiteCheckIn
from handlers.refusals import refusal

_MOMENTS = {"start": ("开工", "at the start"), "end": ("收工", "at the end")}


class CheckIn(Request):
    """Who, when, where: a place in words, and its coordinates if the phone knows them."""

    order_id: str | None = None
    user_id: str | None = None
    moment: Literal["start", "end"]
    place: str
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


class CheckedIn(Result):
    """The entry, and how far from the site it was made; None when the place is not on our map."""

    checkin_id: str
    distance_from_site_m: int | None
    distance_text: str
    distance_text_en: str


@handler("projects.check_in", title="现场签到", title_en="Sign in on site", errors=("DUPLICATE_CHECKIN",))
def check_in(ctx: JobContext, request: CheckIn) -> CheckedIn:
    """Sign somebody in or out at a project's site, so that the company knows where its people are.

    Raises:
        BpmnError: DUPLICATE_CHECKIN, this person has done so today.
    """
    project = project_of(ctx, request.order_id)
    user_id = request.user_id or ctx.actor or ""
    day = local_day(ctx, None)
    known = select(SiteCheckIn).where(
        SiteCheckIn.order_id == project.order_id,
        SiteCheckIn.user_id == user_id,
        SiteCheckIn.on_day == day,
        SiteCheckIn.moment == request.moment,
    )
    entry = ctx.session.scalars(known).first()
    if entry is not None and entry.id != ctx.job_id:
        zh, en = _MOMENTS[request.moment]
        raise refusal("DUPLICATE_CHECKIN", f"今天的{zh}签到已经有了。", f"There is a sign-in {en} of today already.")
    if entry is None:
        entry = SiteCheckIn(
            id=ctx.job_id,
            order_id=project.order_id,
            user_id=user_id,
            on_day=day,
            moment=request.moment,
            place=request.place,
            latitude=request.latitude,
            longitude=request.longitude,
            distance_from_site_m=_distance(ctx, project, request),
            at=ctx.now(),
        )
        ctx.session.add(entry)
    zh, en = _far(entry.distance_from_site_m)
    return CheckedIn(checkin_id=entry.id, distance_from_site_m=entry.distance_from_site_m, distance_text=zh, distance_text_en=en)


def _distance(ctx: JobContext, project: FieldProject, request: CheckIn) -> int | None:
    """Metres between the sign-in and the site, as the crow flies; both by district where there are no coordinates."""
    site = _where(ctx, project.address)
    here = _where(ctx, request.place)
    if request.latitude is not None and request.longitude is not None:
        here = Place(request.latitude, request.longitude)
    return round(distance_km(site, here) * 1000) if site and here else None


def _where(ctx: JobContext, address: str) -> Place | None:
    area = find_area(ctx, address)
    return Place(area.latitude, area.longitude) if area else None


def _far(metres: int | None) -> tuple[str, str]:
    if metres is None:
        return "地点不在地图上", "The place is not on the map"
    return f"距现场 {metres / 1000:.1f} 公里", f"{metres / 1000:.1f} km from the site"


class SubmitDailyReport(Request):
    """What was done, how far it is, what is in the way."""

    order_id: str | None = None
    on_day: date | None = None
    content: str
    progress: str
    problems: list[dict[str, Any]] = Field(default_factory=list)


class DailyReportSubmitted(Result):
    """The report, and how many the project has."""

    report_id: str
    report_count: int


@handler("projects.submit_daily_report", title="交每日工作日志", title_en="Submit the daily report")
def submit_daily_report(ctx: JobContext, request: SubmitDailyReport) -> DailyReportSubmitted:
    """Keep the report of a day, one per project and day, and tell the service department so that it can prepare."""
    project = project_of(ctx, request.order_id)
    day = local_day(ctx, request.on_day)
    report = ctx.session.scalars(select(DailyReport).where(DailyReport.order_id == project.order_id, DailyReport.on_day == day)).first()
    if report is None:
        report = DailyReport(id=new_id(), order_id=project.order_id, on_day=day)
        ctx.session.add(report)
    report.content = request.content
    report.progress = request.progress
    report.problems = request.problems
    report.reported_at = ctx.now()
    report.reported_by = ctx.actor
    ctx.session.flush()
    help_needed = [problem for problem in request.problems if problem.get("help_needed")]
    notice = Notice(
        subject=f"现场日志 {day}：{project.order_id}",
        text=f"{request.progress}　{local_text(ctx, report.reported_at)}",
        severity="warning" if help_needed else "info",
        subject_en=f"Daily report {day}: {project.order_id}",
        text_en=f"{request.progress} {local_text(ctx, report.reported_at)}",
    )
    for user_id in recipients(ctx, ["service_department"], []):
        put_notice(ctx, user_id, notice, project.order_id)
    count = ctx.session.scalar(select(func.count()).select_from(DailyReport).where(DailyReport.order_id == project.order_id)) or 0
    return DailyReportSubmitted(report_id=report.id, report_count=count)

"""Projects on site: signed in, reported, done right at the first time; customers trained; product faults cured."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select

from engine.storage.many import is_one_of
from engine.storage.tables import ProcessInstance, UserTask
from handlers.projects.tables import DailyReport, FieldProject, SiteCheckIn
from handlers.quality.tables import QualityIssue
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import Observation, Scope
from handlers.training.tables import Training, TrainingEvaluation


@measure("checkin_compliance", Kind.RATE, Unit.PERCENT)
def signed_in_and_out(scope: Scope) -> Iterator[Observation]:
    """Days on which somebody of a project's team was to be on site, today left out; complete with a sign-in at the start and at the end."""
    signed = select(SiteCheckIn.order_id, SiteCheckIn.user_id, SiteCheckIn.on_day).where(scope.on_days(SiteCheckIn.on_day))
    signed = signed.group_by(SiteCheckIn.order_id, SiteCheckIn.user_id, SiteCheckIn.on_day).having(func.count() == 2)
    complete = {tuple(row) for row in scope.rows(signed)}
    for site_day in _site_days(scope):
        order_id, member, day = site_day
        whole = site_day in complete
        yield Observation(order_id, scope.noon(day), float(whole), missed=not whole, person=member)


@measure("daily_report_compliance", Kind.RATE, Unit.PERCENT)
def reported(scope: Scope) -> Iterator[Observation]:
    """Days of projects on site, today left out; reported when there is a report of the day."""
    reports = select(DailyReport.order_id, DailyReport.on_day).where(scope.on_days(DailyReport.on_day))
    there = {tuple(row) for row in scope.rows(reports)}
    heads = dict(scope.session.execute(select(FieldProject.order_id, FieldProject.pm_id)).all())
    for order_id, day in sorted({(order_id, day) for order_id, _, day in _site_days(scope)}):
        is_there = (order_id, day) in there
        yield Observation(order_id, scope.noon(day), float(is_there), missed=not is_there, person=heads.get(order_id))


def _site_days(scope: Scope) -> list[tuple[str, str, date]]:
    """Order, person and day of everybody who was asked to sign in on site."""
    query = (
        select(ProcessInstance.business_key, UserTask.assignee, UserTask.created_at)
        .join(UserTask, UserTask.instance_id == ProcessInstance.id)
        .where(
            ProcessInstance.process_key == "field_project",
            ProcessInstance.business_key.is_not(None),
            UserTask.element_id == "sign_in",
            UserTask.assignee.is_not(None),
            scope.within(UserTask.created_at),
        )
    )
    days = {(row.business_key, row.assignee, scope.day(row.created_at)) for row in scope.rows(query)}
    return sorted(found for found in days if found[2] < scope.day(scope.now))


@measure("first_time_right", Kind.RATE, Unit.PERCENT)
def right_at_once(scope: Scope) -> Iterator[Observation]:
    """Projects closed in the month that came to their self-check; right when neither it nor the cross-check sent them back to another day."""
    closed = select(FieldProject.order_id, FieldProject.closed_at, FieldProject.pm_id).where(scope.within(FieldProject.closed_at))
    projects = {row.order_id: row for row in scope.rows(closed)}
    checks = (
        select(ProcessInstance.business_key, UserTask.state)
        .join(UserTask, UserTask.instance_id == ProcessInstance.id)
        .where(is_one_of(scope.session, ProcessInstance.business_key, sorted(projects)), ProcessInstance.process_key == "field_project")
        .where(UserTask.element_id == "self_check")
    )
    done = Counter(row.business_key for row in scope.rows(checks) if row.state == "completed")
    for order_id, times in sorted(done.items()):
        project, right = projects[order_id], times == 1
        yield Observation(order_id, project.closed_at, float(right), missed=not right, person=project.pm_id)


@measure("quality_closure", Kind.RATE, Unit.PERCENT)
def cured(scope: Scope) -> Iterator[Observation]:
    """Product faults that were open at some time of the month; cured when closed with solution and prevention by its end. What was none is left out."""
    open_then = and_(QualityIssue.found_at < scope.end, or_(QualityIssue.closed_at.is_(None), QualityIssue.closed_at >= scope.begin))
    for issue in scope.session.scalars(select(QualityIssue).where(open_then).order_by(QualityIssue.found_at)):
        closed = issue.closed_at is not None and issue.closed_at < scope.end
        if closed and issue.is_defect is False:
            continue
        is_cured = closed and bool(issue.solution and issue.prevention)
        yield Observation(issue.order_id, issue.found_at, float(is_cured), missed=not is_cured, person=issue.found_by)


@measure("quality_closure", Kind.MEAN, Unit.DAYS, part="duration", title=("关闭用时", "Time to closure"))
def days_to_cure(scope: Scope) -> Iterator[Observation]:
    """Product faults closed in the month: days since they were found."""
    query = select(QualityIssue.order_id, QualityIssue.found_at, QualityIssue.closed_at, QualityIssue.found_by)
    for row in scope.rows(query.where(scope.within(QualityIssue.closed_at), QualityIssue.is_defect.is_not(False))):
        yield Observation(row.order_id, row.closed_at, (row.closed_at - row.found_at) / timedelta(days=1), person=row.found_by)


@measure("training_rating", Kind.MEAN, Unit.POINTS)
def rated(scope: Scope) -> Iterator[Observation]:
    """The evaluation forms of trainings held in the month, each the mean of its three marks."""
    marks = TrainingEvaluation
    query = select(Training.order_id, Training.held_on, Training.trainer, marks.content, marks.delivery, marks.usefulness)
    for row in scope.rows(query.join(marks, marks.training_id == Training.id).where(scope.on_days(Training.held_on))):
        mean = (row.content + row.delivery + row.usefulness) / 3
        yield Observation(row.order_id, scope.noon(row.held_on), mean, person=row.trainer)

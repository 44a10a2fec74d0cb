"""The survey of staff as internal customers: how to help each other better, and how one works together (manual M3, 2.4.1)."""

from statistics import fmean

from pydantic import Field
from sqlalchemy import select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Request, Result
from handlers.improvement.tables import StaffSurvey


class SaveStaffAnswers(Request):
    """One employee's answers; the score is how satisfied they are, 1 to 5."""

    user_id: str
    staff_score: int = Field(ge=1, le=5)
    internal_customers: str
    help_answer: str
    cooperation_answer: str
    proposal: str | None = None


class StaffAnswersSaved(Result):
    """The answers."""

    staff_survey_id: str


@handler("improvement.save_staff_answers", title="存员工问卷", title_en="Save the answers of an employee")
def save_staff_answers(ctx: JobContext, request: SaveStaffAnswers) -> StaffAnswersSaved:
    """Keep what an employee answered, once per survey; answered again, the newer answers stand."""
    known = select(StaffSurvey).where(StaffSurvey.case_id == ctx.instance_id, StaffSurvey.user_id == request.user_id)
    answers = ctx.session.scalars(known).first()
    if answers is None:
        answers = StaffSurvey(id=new_id(), case_id=ctx.instance_id, user_id=request.user_id)
        ctx.session.add(answers)
    answers.case_key = ctx.business_key or ctx.instance_id
    answers.score = request.staff_score
    answers.internal_customers = request.internal_customers
    answers.help_answer = request.help_answer
    answers.cooperation_answer = request.cooperation_answer
    answers.proposal = request.proposal
    answers.answered_at = ctx.now()
    return StaffAnswersSaved(staff_survey_id=answers.id)


class SumUpStaffAnswers(Request):
    """Nothing to say."""


class StaffAnswersSummedUp(Result):
    """The mean, how many answered, and what they said, without their names."""

    mean_score: float | None
    answered_count: int
    answers_text: str


@handler("improvement.sum_up_staff_answers", title="汇总员工问卷", title_en="Sum up the answers of staff")
def sum_up_staff_answers(ctx: JobContext, _request: SumUpStaffAnswers) -> StaffAnswersSummedUp:
    """What the staff answered in this case; who said what is not told."""
    answers = list(ctx.session.scalars(select(StaffSurvey).where(StaffSurvey.case_id == ctx.instance_id).order_by(StaffSurvey.id)))
    said = ("；".join(filter(None, (item.help_answer, item.cooperation_answer, item.proposal))) for item in answers)
    return StaffAnswersSummedUp(
        mean_score=round(fmean(item.score for item in answers), 2) if answers else None,
        answered_count=len(answers),
        answers_text="\n".join(f"· {text}" for text in said),
    )

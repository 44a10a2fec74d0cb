"""Trainings that were held, and their evaluation forms."""

from datetime import date
from statistics import fmean
from typing import Any

from pydantic import Field
from sqlalchemy import select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Line, Names, Request, Result, local_day
from handlers.orders.case import order_of
from handlers.training.tables import Training, TrainingEvaluation


class Trainee(Line):
    """Somebody who was taught."""

    trainee: str


class RecordTraining(Request):
    """Who was taught what, from which material."""

    order_id: str | None = None
    held_on: date | None = None
    trainer: str | None = None
    topics: Names
    trainees: list[Trainee]
    materials: list[dict[str, Any]] = Field(default_factory=list)


class TrainingRecorded(Result):
    """The training."""

    training_id: str
    trainee_count: int


@handler("training.record", title="登记培训", title_en="Record a training")
def record(ctx: JobContext, request: RecordTraining) -> TrainingRecorded:
    """Keep a training, one per case, with the versions of its material; told again, it is brought up to date."""
    order = order_of(ctx, request.order_id)
    training = ctx.session.get(Training, ctx.instance_id)
    if training is None:
        training = Training(id=ctx.instance_id, order_id=order.id)
        ctx.session.add(training)
    training.held_on = local_day(ctx, request.held_on)
    training.trainer = request.trainer
    training.topics = request.topics
    training.trainees = [line.trainee for line in request.trainees]
    training.materials = [{name: item.get(name) for name in ("material_no", "version")} for item in request.materials]
    return TrainingRecorded(training_id=training.id, trainee_count=len(training.trainees))


class Evaluation(Line):
    """One evaluation form."""

    trainee: str
    content: int = Field(ge=1, le=5)
    delivery: int = Field(ge=1, le=5)
    usefulness: int = Field(ge=1, le=5)
    suggestion: str | None = None


class SaveEvaluations(Request):
    """The forms that came back."""

    training_id: str
    evaluations: list[Evaluation]


class EvaluationsSaved(Result):
    """How many, and the mean of all marks, 1 to 5."""

    evaluation_count: int
    training_score: float


@handler("training.save_evaluations", title="存培训评价", title_en="Save training evaluations")
def save_evaluations(ctx: JobContext, request: SaveEvaluations) -> EvaluationsSaved:
    """Keep the evaluation forms of a training, one per trainee; a later form of the same person replaces the earlier."""
    for form in request.evaluations:
        known = select(TrainingEvaluation).where(
            TrainingEvaluation.training_id == request.training_id, TrainingEvaluation.trainee == form.trainee
        )
        row = ctx.session.scalars(known).first()
        if row is None:
            row = TrainingEvaluation(id=new_id(), training_id=request.training_id, trainee=form.trainee)
            ctx.session.add(row)
        row.content, row.delivery, row.usefulness, row.suggestion = form.content, form.delivery, form.usefulness, form.suggestion
        ctx.session.flush()
    rows = ctx.session.scalars(select(TrainingEvaluation).where(TrainingEvaluation.training_id == request.training_id)).all()
    marks = [mark for row in rows for mark in (row.content, row.delivery, row.usefulness)]
    return EvaluationsSaved(evaluation_count=len(rows), training_score=round(fmean(marks), 2) if marks else 0)

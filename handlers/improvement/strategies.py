"""The service strategy: made anew from the last one, kept when it is settled."""

from pydantic import BaseModel
from sqlalchemy import select

from engine.runtime.handlers import JobContext, handler
from handlers.fields import Line, Request, Result
from handlers.improvement.tables import ServiceStrategy

_PARTS = ("standards", "education", "obstacles", "recovery_system", "rewards", "measuring", "empowerment")


class Goal(Line):
    """One goal."""

    goal: str


class LastStrategy(Request):
    """Nothing to say."""


class Strategy(BaseModel):
    """Goals, and how they are reached."""

    goals: list[Goal]
    standards: str | None = None
    education: str | None = None
    obstacles: str | None = None
    recovery_system: str | None = None
    rewards: str | None = None
    measuring: str | None = None
    empowerment: str | None = None


class StrategyFound(Strategy, Result):
    """The strategy that holds; all empty when there is none yet."""


@handler("improvement.last_strategy", title="查现行策略", title_en="Look up the strategy that holds")
def last_strategy(ctx: JobContext, _request: LastStrategy) -> StrategyFound:
    """The strategy that was decided last: the next one starts from it."""
    newest = select(ServiceStrategy).order_by(ServiceStrategy.decided_at.desc(), ServiceStrategy.id.desc()).limit(1)
    found = ctx.session.scalars(newest).first()
    if found is None:
        return StrategyFound(goals=[])
    return StrategyFound(goals=[Goal(goal=goal) for goal in found.goals], **{name: getattr(found, name) for name in _PARTS})


class SaveStrategy(Strategy, Request):
    """The strategy that was settled, and by whom."""

    decided_by: str | None = None


class StrategySaved(Result):
    """The strategy in words, for those it is told to."""

    strategy_text: str


@handler("improvement.save_strategy", title="存服务策略", title_en="Save the service strategy")
def save_strategy(ctx: JobContext, request: SaveStrategy) -> StrategySaved:
    """Keep the strategy that was settled, one per case."""
    strategy = ctx.session.get(ServiceStrategy, ctx.instance_id)
    if strategy is None:
        strategy = ServiceStrategy(id=ctx.instance_id, decided_at=ctx.now())
        ctx.session.add(strategy)
    strategy.goals = [line.goal for line in request.goals]
    for name in _PARTS:
        setattr(strategy, name, getattr(request, name))
    strategy.decided_by = request.decided_by or ctx.actor
    chosen = [*strategy.goals, *(text for name in _PARTS if (text := getattr(request, name)))]
    return StrategySaved(strategy_text="\n".join(f"{number}. {text}" for number, text in enumerate(chosen, 1)))

"""How a period went, in the figures of the indicators: what meetings look at first."""

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from pydantic import Field

from engine.runtime.handlers import JobContext, handler
from handlers.fields import Request, Result
from handlers.reports import kpis
from handlers.reports.figures import catalogue
from handlers.reports.formats import kpi_title, value_text
from handlers.reports.measures import MEASURES, Kind, Measure
from handlers.reports.observations import Observation, Scope

assert kpis.__all__  # importing it registers the measures

#: Satisfaction, complaints, breaches: the indicators a meeting looks at, in this order.
_LOOKED_AT = ("satisfaction", "complaint_count", "deadline_breaches")


class ComputeKpis(Request):
    """So many days up to now."""

    days: int = Field(gt=0)


class KpisComputed(Result):
    """The figures in words, one a line."""

    figures_text: str
    figures_text_en: str


@handler("improvement.compute_kpis", title="算本期指标", title_en="Compute the figures of the period")
def compute_kpis(ctx: JobContext, request: ComputeKpis) -> KpisComputed:
    """Satisfaction, complaints and breaches of the last days, counted as the indicators count a month."""
    scope = _scope(ctx, timedelta(days=request.days))
    known = catalogue(ctx.session)
    found = [
        (known[name], MEASURES[name], list(MEASURES[name].observe(scope))) for name in _LOOKED_AT if name in MEASURES and name in known
    ]
    return KpisComputed(
        figures_text="\n".join(f"{kpi_title(kpi, 'zh')}：{value_text(_value(how, seen), how.unit, 'zh')}" for kpi, how, seen in found),
        figures_text_en="\n".join(f"{kpi_title(kpi, 'en')}: {value_text(_value(how, seen), how.unit, 'en')}" for kpi, how, seen in found),
    )


def _scope(ctx: JobContext, length: timedelta) -> Scope:
    return Scope(
        session=ctx.session,
        begin=ctx.now() - length,
        end=ctx.now(),
        now=ctx.now(),
        zone=ZoneInfo(ctx.settings.time_zone),
        calendar=ctx.calendars.get(),
        parameters=ctx.parameters,
        processes={},
    )


def _value(how: Measure, seen: Iterable[Observation]) -> float | None:
    """What the observations sum up to; None where nothing happened that could be judged."""
    values = [(found.value, found.weight) for found in seen]
    total = sum(value for value, _ in values)
    if how.kind is Kind.TOTAL:
        return total
    weight = sum(weight for _, weight in values)
    return total / weight if weight else None

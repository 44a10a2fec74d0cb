"""The figures of one element, one flow or the whole process, and the cases behind them."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.history.mining.samples import Samples
from engine.history.mining.survey import ElementFigures, FlowFigures, Survey
from engine.storage.tables import ProcessInstance
from web.customers import customer_names
from web.definitions import Definition
from web.mining.words import cases_text, share_text, worked_text

#: Upper edges of the columns of a histogram, in working seconds: a column is a span that people have a word for.
_EDGES = (0, 60, 300, 900, 1800, 3600, 7200, 14400, 28800, 57600, 144000, 288000)
#: Cases on one page.
PAGE_SIZE = 10


@dataclass(frozen=True)
class Column:
    """One column of a histogram."""

    count: int
    share: float  #: of the highest
    edge: str  #: what stands below it
    text: str  #: what it says


@dataclass(frozen=True)
class Ranked:
    """Cases in an order, each with what ranks it."""

    name: str  #: as the address has it
    title: str
    cases: list[tuple[int, float]]  #: place in the survey, figure
    tell: Callable[[float], str]


@dataclass(frozen=True)
class Panel:
    """Everything said of one thing on the map."""

    title: str
    facts: list[tuple[str, str]]
    columns: list[Column] = field(default_factory=list)
    histogram_of: str = ""
    lists: list[Ranked] = field(default_factory=list)


@dataclass(frozen=True)
class CaseLine:
    """One case behind a figure."""

    id: str
    business_key: str | None
    customer: str
    state: str
    started_at: datetime
    text: str


def panel(found: Survey, drawn: Definition, element_id: str) -> Panel:
    """What is said of an element or a flow; of all cases when it is neither."""
    flow = drawn.process.flows.get(element_id)
    if flow is not None:
        ends = f"{drawn.element_title(flow.source)} → {drawn.element_title(flow.target)}"
        return _of_flow(found.flows.get(element_id) or FlowFigures(), ends, found)
    if drawn.element(element_id) is not None:
        return _of_element(found.elements.get(element_id) or ElementFigures(), drawn.element_title(element_id))
    return _of_all(found)


def case_lines(session: Session, found: Survey, ranked: Ranked, page: int) -> list[CaseLine]:
    """One page of the cases of a list."""
    chosen = [(found.ids[number], figure) for number, figure in ranked.cases[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]]
    columns = (ProcessInstance.id, ProcessInstance.business_key, ProcessInstance.state, ProcessInstance.started_at)
    rows = {row.id: row for row in session.execute(select(*columns).where(ProcessInstance.id.in_([case for case, _ in chosen])))}
    customers = customer_names(session, (row.business_key for row in rows.values()))
    return [
        CaseLine(
            case,
            rows[case].business_key,
            customers.get(rows[case].business_key or "", ""),
            rows[case].state,
            rows[case].started_at,
            ranked.tell(figure),
        )
        for case, figure in chosen
    ]


def _of_element(figures: ElementFigures, title: str) -> Panel:
    entered = len(figures.entered)
    facts = [
        (gettext("进入"), gettext("%(times)d 次，%(cases)s", times=entered, cases=cases_text(figures.entered.case_count))),
        *_durations(gettext("用时"), figures.total),
    ]
    if len(figures.waiting):
        facts += [*_durations(gettext("等待"), figures.waiting), *_durations(gettext("办理"), figures.handling)]
        facts.append((gettext("等待占比"), share_text(figures.waiting.total, figures.total.total)))
    facts += [
        (gettext("返工"), _of(len(figures.again), entered, figures.again.case_count)),
        (gettext("超时"), _of(len(figures.breached), entered, figures.breached.case_count)),
    ]
    if figures.cancelled:
        facts.append((gettext("中途取消"), str(figures.cancelled)))
    if len(figures.standing):
        facts.append((gettext("现在停在这里"), cases_text(figures.standing.case_count)))
    lists = [
        _slowest(figures.total.by_case()),
        _often("again", gettext("返工"), figures.again),
        _often("breached", gettext("超时"), figures.breached),
        _often("standing", gettext("停在这里"), figures.standing),
    ]
    return Panel(title, facts, _columns(figures.total), gettext("用时分布"), _not_empty(lists, figures.entered))


def _of_flow(figures: FlowFigures, title: str, found: Survey) -> Panel:
    facts = [
        (gettext("经过"), gettext("%(times)d 次，%(cases)s", times=len(figures.taken), cases=cases_text(figures.taken.case_count))),
        (gettext("占全部案例"), share_text(figures.taken.case_count, len(found.ids))),
        *_durations(gettext("之后等待"), figures.waiting),
    ]
    return Panel(
        title, facts, _columns(figures.waiting), gettext("等待分布"), _not_empty([_slowest(figures.waiting.by_case())], figures.taken)
    )


def _of_all(found: Survey) -> Panel:
    everything = Ranked("all", gettext("全部"), [(number, 0) for number in reversed(range(len(found.ids)))], lambda _: "")
    breached = Ranked("breached", gettext("超时"), [(number, 0) for number in sorted(found.breached, reverse=True)], lambda _: "")
    lists = [everything, _slowest(found.durations.by_case()), breached]
    return Panel(gettext("全部案例"), [], _columns(found.durations), gettext("案例用时分布"), [item for item in lists if item.cases])


def _durations(name: str, samples: Samples) -> list[tuple[str, str]]:
    if not len(samples):
        return []
    middle, most = worked_text(samples.quantile(0.5)), worked_text(samples.quantile(0.9))
    return [(name, gettext("中位 %(median)s，90%% 不超过 %(most)s", median=middle, most=most))]


def _of(times: int, whole: int, cases: int) -> str:
    if not times:
        return "0"
    return str(gettext("%(times)d 次（%(share)s），%(cases)s", times=times, share=share_text(times, whole), cases=cases_text(cases)))


def _columns(samples: Samples) -> list[Column]:
    counts = samples.histogram(_EDGES)
    used = [place for place, count in enumerate(counts) if count]
    if used in ([], [0]):  # nothing, or no time at all
        return []
    highest = max(counts)
    columns = []
    for place in range(used[0], used[-1] + 1):
        over = place == len(_EDGES)
        edge = worked_text(_EDGES[-1] if over else _EDGES[place])
        says = gettext("超过 %(time)s", time=edge) if over else gettext("不超过 %(time)s", time=edge) if place else gettext("立即")
        columns.append(Column(counts[place], counts[place] / highest, _edge(_EDGES[min(place, len(_EDGES) - 1)], over=over), says))
    return columns


def _edge(seconds: int, *, over: bool) -> str:
    """An edge in as few characters as a column is wide."""
    text = f"{seconds // 3600}h" if seconds >= 3600 else f"{seconds // 60}m"
    return f">{text}" if over else text if seconds else "0"


def _slowest(by_case: Iterable[tuple[int, float]]) -> Ranked:
    return Ranked("slow", gettext("最慢"), sorted(by_case, key=lambda item: -item[1]), worked_text)


def _often(name: str, title: str, marks: Iterable[int]) -> Ranked:
    counted: Any = Counter(marks)
    return Ranked(name, title, counted.most_common(), lambda times: f"×{times:.0f}" if times > 1 else "")


def _not_empty(lists: list[Ranked], entered: Iterable[int]) -> list[Ranked]:
    everything = Ranked("all", gettext("全部"), [(number, 0) for number in sorted(set(entered), reverse=True)], lambda _: "")
    return [item for item in [everything, *lists] if item.cases]

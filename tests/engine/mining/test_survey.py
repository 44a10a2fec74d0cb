"""Figures of many cases against those counted straight from their events, and what they mean."""

import math

import pytest

from engine.history.mining.survey import Survey, survey
from engine.history.mining.traces import cases
from engine.history.mining.variants import happy_path
from engine.runtime.tracing import keep_traces
from engine.storage.tables import ProcessInstance
from engine.working_time.worked import WorkedTime
from tests.engine.conftest import Play
from tests.engine.mining.office import HOSTS, Dice, simulate
from tests.engine.mining.oracle import History, Oracle, path


def figures(play: Play, version: str | None = None, *wanted: object) -> Survey:
    """The survey of process p."""
    engine = play.engine
    keep_traces(engine)
    with engine.database.session() as session:
        began = min(instance.started_at for instance in play.instances("p"))
        worked = WorkedTime(engine.calendars.get(), began, play.clock.now())
        return survey(cases(session, "p", wanted), worked, play.clock.now(), version)  # type: ignore[arg-type]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(3))
def test_figures_are_those_of_the_events(once: Play, seed: int) -> None:
    """Random cases with returns, rounds, claims, deadlines and migrations, then all and each version count and last what their events say."""
    ids = simulate(once, 8, Dice(seed))
    histories = [History(once.events(case), HOSTS) for case in ids]
    for version in (None, "p:1", "p:2"):
        found = figures(once, version)
        told = Oracle(histories, once.engine.calendars.get(), once.clock.now(), version)
        elements = found.elements.items()
        assert told.again.total(), "nothing to be told apart"
        assert {name: len(item.entered) for name, item in elements if len(item.entered)} == told.entered
        assert {name: len(item.again) for name, item in elements if len(item.again)} == +told.again
        assert {name: len(item.breached) for name, item in elements if len(item.breached)} == +told.breached
        assert {name: len(item.standing) for name, item in elements if len(item.standing)} == told.standing
        assert {name: len(item.taken) for name, item in found.flows.items()} == told.taken
        for name, item in elements:
            for measured, counted in ((item.total, told.total), (item.waiting, told.waiting), (item.handling, told.handling)):
                same(measured, counted[name])
            if len(item.waiting):
                assert item.waiting.total + item.handling.total == pytest.approx(item.total.total)
        for flow, passed in found.flows.items():
            same(passed.waiting, told.flow_waiting[flow])


def same(measured: object, counted: list[float]) -> None:
    """The same durations, by number, sum, median and 90 percent."""
    assert len(measured) == len(counted)  # type: ignore[arg-type]
    assert measured.total == pytest.approx(sum(counted))  # type: ignore[attr-defined]
    for share in (0.5, 0.9) if counted else ():
        rank = max(1, math.ceil(share * len(counted)))
        assert measured.quantile(share) == pytest.approx(sorted(counted)[rank - 1])  # type: ignore[attr-defined]


def test_every_case_is_of_one_variant(once: Play) -> None:
    """Random cases, then variants are the cases with the same path, the most frequent first, and together all cases."""
    ids = simulate(once, 9, Dice(7))
    by_path: dict[object, set[str]] = {}
    for case in ids:
        by_path.setdefault(path(History(once.events(case), HOSTS)), set()).add(case)
    found = figures(once)

    assert sum(len(variant.cases) for variant in found.variants) == len(ids)
    assert {frozenset(found.ids[number] for number in variant.cases) for variant in found.variants} == set(map(frozenset, by_path.values()))
    sizes = [len(variant.cases) for variant in found.variants]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) > 3
    finished = sum(variant.finished for variant in found.variants)
    assert finished == found.finished == len(found.durations)


def test_the_order_of_branches_and_the_number_of_rounds_are_no_variants(once: Play) -> None:
    """Given two cases that did parallel steps in another order, and two that went back once and twice, then each pair is one variant."""
    once.deploy("start fork a join\nfork b join\njoin c choose [more = true] c\nchoose / end")
    for steps, rounds in (("ab", 0), ("ba", 0), ("ab", 1), ("ab", 2)):
        case = once.start("p")
        for step in steps:
            once.complete(step, instance=case)
        for left in range(rounds, -1, -1):
            once.set(case, more=left > 0)
            once.complete("c", instance=case)
    straight, looped = figures(once).variants

    assert [len(straight.cases), len(looped.cases)] == [2, 2]
    assert (looped.steps["c"].fewest, looped.steps["c"].most) == (2, 3)
    assert happy_path([looped, straight]) is looped
    assert list(straight.steps) == ["a", "b", "c", "end"]


def test_rounds_are_no_rework_and_returns_are(once: Play) -> None:
    """Given a step for each of three parts inside of a sub-process that is gone through twice, then only the second time is rework."""
    once.deploy("""start sub choose [again = true] sub
      choose / end
      <subProcess id="sub">start_s part end_s<userTask id="part" times="3"/></subProcess>""")
    case = once.start("p")
    for again in (True, True, True, False, False, False):
        once.set(case, again=again)
        once.complete_any("part")
    found = figures(once).elements

    assert once.state(case)[0] == "completed"
    assert (len(found["part"].entered), len(found["part"].again), found["part"].again.case_count) == (6, 3, 1)
    assert (len(found["sub"].entered), len(found["sub"].again)) == (2, 1)


def test_a_flow_waits_until_what_it_leads_to_is_taken_up(once: Play) -> None:
    """Given a task nobody takes for an hour, and a branch that waits two hours at a join, then these are the waits of the flows."""
    once.clock.set(once.clock.now().replace(hour=2, minute=0, second=0))  # ten in the morning
    once.deploy("start fork a join\nfork b join\njoin end")
    once.start("p")
    once.advance(minutes=60)
    once.complete("a")
    once.advance(minutes=180)  # an hour of it is the midday break
    once.complete("b")
    flows = figures(once).flows
    waits = {name: flow.waiting.quantile(0.5) for name, flow in flows.items()}

    assert sorted(wait for wait in waits.values() if wait) == [3600, 7200, 10800]


def test_conditions_choose_cases(once: Play) -> None:
    """Given a finished and a running case, then a condition on the state leaves one of them."""
    once.deploy("start a end")
    done, open_ = once.start("p"), once.start("p")
    once.complete("a", instance=done)

    assert figures(once, None, ProcessInstance.state == "active").ids == [open_]
    assert figures(once).states == ["completed", "active"]

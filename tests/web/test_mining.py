"""The map of a process: figures, filters, variants, the cases behind them, and a day."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.runtime import deployments, instances, operations
from engine.runtime.operations import migration
from engine.runtime.operations.migration import Migrate
from engine.storage.tables import ProcessInstance
from tests.web.conftest import PROCEDURES, Site
from tests.web.test_cases import visited

MAP = "/processes/site_visit/map"


def props(site: Site, query: str = "", who: str = "auditor") -> dict[str, Any]:
    """What the page gives its island."""
    found: dict[str, Any] = json.loads(site.as_(who).text(MAP + query).split('id="map-props">')[1].split("</script>", maxsplit=1)[0])
    return found


def counted(site: Site, query: str = "") -> dict[str, int]:
    """How often each element was entered."""
    return {name: figures["count"] for name, figures in props(site, query)["elements"].items() if figures["count"]}


def cases_in(fragment: str) -> list[str]:
    """The cases that a list has, in its order."""
    return re.findall(r'/cases/(\w+)/replay"', fragment)


def three_cases(site: Site) -> tuple[str, str, str]:
    """One answered on the phone, one visited with a part, one visited without."""
    site.start("华东仪表厂")
    site.record(on_site=False)
    with site.engine.database.session() as session:
        answered = session.scalars(select(ProcessInstance.id)).one()
    return answered, visited(site, part=True), visited(site, part=False)


def test_the_map_counts_cases_per_element_and_flow(site_on_each: Site) -> None:
    """Given three cases on three ways, then elements and flows have their counts, and waiting and handling make up the time of a task."""
    three_cases(site_on_each)
    found = props(site_on_each)

    assert {name: flow["count"] for name, flow in found["flows"].items()} == {
        "f1": 3, "f2": 3, "f3": 2, "f4": 1, "f5": 2, "f6": 1, "f7": 1, "f9": 1,
    }  # fmt: skip
    assert {name: found["elements"][name]["count"] for name in ("record", "visit", "get_part", "callback")} == {
        "record": 3, "visit": 2, "get_part": 1, "callback": 1,
    }  # fmt: skip
    assert found["elements"]["get_part"]["standing"] == 1
    assert found["calls"] == {"get_part": "/processes/part_request/map"}
    assert site_on_each.as_("auditor").text(found["calls"]["get_part"]).count("<h1>备件领用：统计</h1>") == 1


def test_waiting_ends_and_handling_begins_when_somebody_claims(site: Site) -> None:
    """Given a task that waits an hour and takes ten minutes, then these are its times, and both together its whole time."""
    site.clock.set(site.clock.now().replace(hour=2, minute=0))  # ten in the morning
    site.start()
    task = site.task("登记需求")
    site.clock.advance(timedelta(minutes=60))
    site.as_("hotline1").send(f"/tasks/{task.id}/claim")
    site.clock.advance(timedelta(minutes=10))
    answer = site.as_("hotline1").send_json(f"/tasks/{task.id}/complete", {"customer_name": "甲", "fault": "不开机", "on_site": False})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found = props(site)["elements"]["record"]

    assert (found["median"], found["breached"]) == (4200, 1)
    assert (found["waiting"] + found["handling"], found["handling"]) in ((4200, 600), (4200, 4200))


@pytest.mark.parametrize(
    ("query", "expected"),
    [("?state=finished", 1), ("?state=running", 2), ("?q=nothing", 0), ("?since=2999-01-01", 0), ("?until=2999-01-01", 3), ("?since=x", 3)],
)
def test_filters_are_in_the_address(site: Site, query: str, expected: int) -> None:
    """Given three cases, then a filter leaves those that it names; one without sense is none; without any case the page says so."""
    three_cases(site)
    page = site.as_("owner").text(MAP + query)

    if expected:
        assert counted(site, query)["called"] == expected
    else:
        assert "没有符合条件的案例" in page
        assert "清除条件" in page


def test_figures_name_the_cases_behind_them(site: Site) -> None:
    """Given the figures of a step, a flow and everything, then their lists lead to the player of exactly these cases."""
    answered, with_part, without = three_cases(site)
    auditor = site.as_("auditor")

    assert cases_in(auditor.text(f"{MAP}/figures/answered")) == [answered]
    assert set(cases_in(auditor.text(f"{MAP}/figures/f3"))) == {with_part, without}
    assert set(cases_in(auditor.text(f"{MAP}/figures/-"))) == {answered, with_part, without}
    assert cases_in(auditor.text(f"{MAP}/figures/get_part?of=standing")) == [with_part]
    assert auditor.text("/exports/readings").count("流程地图") == 4  # each list that showed cases, and no other
    assert "没有案例到过这里" in auditor.text(f"{MAP}/figures/warn")
    assert "/processes/part_request/map" in auditor.text(f"{MAP}/figures/get_part")


def test_a_variant_is_chosen_and_shown_alone(site: Site) -> None:
    """Given two cases on one way and one on another, then the frequent way is first and happy, and chosen it is all that the map has."""
    for _ in range(2):
        site.start()
        site.record(on_site=False)
    visited(site, part=False)
    page = site.as_("auditor").text(MAP)
    first, *_ = re.findall(r'class="variant-head" href="[^"]*path=(\w+)', page)

    assert page.count('class="variant "') == 2
    assert page.index("常走路径</span>") < page.index('<span class="variant-number">2</span>')
    assert counted(site, f"?path={first}") == {"called": 2, "record": 2, "needs_visit": 2, "answered": 2}
    assert "只看第 1 条路径：2 个案例，占 67%" in site.as_("auditor").text(f"{MAP}?path={first}")


def test_a_migrated_case_counts_on_the_version_of_each_event(site: Site) -> None:
    """Given a case that was migrated after its first step, then each version counts what happened on it."""
    site.start()
    site.record()
    folder = PROCEDURES / "site_visit"
    files = {f"site_visit/{path.name}": path.read_bytes() for path in folder.iterdir()}
    files["site_visit/site_visit.bpmn"] = files["site_visit/site_visit.bpmn"].replace("两小时未到".encode(), "两小时还未到".encode())
    deployments.deploy(site.engine, files, name="newer")
    case = site.task("上门检查").instance_id
    operations.apply(
        site.engine, Migrate(case, migration.generate(site.engine, "site_visit:1", "site_visit:2")), actor="owner", reason="新"
    )
    instances.cancel(site.engine, case, "owner", "撤回")

    assert counted(site, "?version=1") == {"called": 1, "record": 1, "needs_visit": 1, "visit": 1}
    assert counted(site, "?version=2") == {}
    assert "中途取消" in site.as_("auditor").text(f"{MAP}/figures/visit?version=2")
    assert "中途取消" not in site.as_("auditor").text(f"{MAP}/figures/visit?version=1")


def test_a_day_has_the_moves_of_its_cases(site: Site) -> None:
    """Given cases of today, then the last day with cases is told by itself, and a day before has nothing."""
    three_cases(site)
    found = site.as_("auditor").get(f"{MAP}/day.json").get_json()
    flows = sorted(flow for _, flow in found["moves"])

    assert flows == sorted(["f1"] * 3 + ["f2"] * 3 + ["f3"] * 2 + ["f4"] + ["f5"] * 2 + ["f6", "f7", "f9"])
    assert found["cases"] == 3
    assert {element for element, _, _ in found["stays"]} == {"get_part", "callback"}
    before = site.as_("auditor").get(f"{MAP}/day.json?day=2020-01-01").get_json()
    assert (before["cases"], before["moves"], before["after"]) == (0, [], found["day"])


def test_new_events_are_on_the_map_at_once(site: Site) -> None:
    """Given a map that was looked at, when a case goes on, then the next look has it."""
    site.start()
    assert counted(site) == {"called": 1, "record": 1}
    site.record()
    assert counted(site) == {"called": 1, "record": 1, "needs_visit": 1, "visit": 1}


def test_only_those_from_whom_nothing_is_hidden_see_maps(site: Site) -> None:
    """Given an engineer, then there is no map and no way to it; owners, auditors and administrators have both."""
    visited(site, part=False)
    for who in ("owner", "auditor", "admin"):
        assert MAP in site.as_(who).text("/processes/site_visit")
        assert site.as_(who).get(MAP).status_code == 200
    assert MAP not in site.as_("engineer1").text("/processes/site_visit")
    for address in (MAP, f"{MAP}/figures/-", f"{MAP}/day.json", f"{MAP}/diagram.bpmn"):
        assert site.as_("engineer1").get(address).status_code == 404
    assert site.as_("owner").get("/processes/nothing/map").status_code == 404

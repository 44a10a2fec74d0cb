"""Two runs side by side: two cases, a case and the happy path, a case on two versions."""

import json
import re
from typing import Any

from sqlalchemy import select

from engine.storage.tables import HistoryReading
from tests.web.conftest import Site
from tests.web.test_audit import migrated
from tests.web.test_cases import root_of, visited
from web.audit.alignment import Step, align, parting


def step(element: str, who: str = "") -> Step:
    """A step of an element."""
    return Step(element, element.upper(), "completed", 0, 0, who)


def rows(page: str) -> list[tuple[str, str]]:
    """The titles of each row's steps; a dash where a side has none."""
    cells = re.findall(r'<div class="audit-step ([^"]*)">\s*(?:<a [^>]*>([^<]*)</a>|—)', page)
    titles = ["—" if kind == "audit-none" else title for kind, title in cells]
    return list(zip(titles[::2], titles[1::2], strict=True))


def diagram(page: str, side: int) -> dict[str, Any]:
    """What the page gives the diagram of a side."""
    found: dict[str, Any] = json.loads(page.split(f'id="diagram-props-{side}">')[1].split("</script>", maxsplit=1)[0])
    return found


def finished(site: Site, *, part: bool = False) -> str:
    """A case that was done to its end, without or until the part is there."""
    case = visited(site, part=part)
    if not part:
        task, callback = site.task("电话回访"), site.as_("callback1")
        callback.send(f"/tasks/{task.id}/claim")
        assert callback.send_json(f"/tasks/{task.id}/complete", {"satisfied": True}).status_code == 200
        site.run()
    return case


def test_steps_are_aligned_and_the_first_parting_is_found() -> None:
    """Given a detour on one side, equal elements stand beside each other, and the parting is the first that does not; equal runs never part."""
    left, right = [step(name) for name in "abcd"], [step(name) for name in "abxcd"]

    pairs = align(left, right)

    assert [(pair.left and pair.left.element_id, pair.right and pair.right.element_id) for pair in pairs] == [
        ("a", "a"), ("b", "b"), (None, "x"), ("c", "c"), ("d", "d"),
    ]  # fmt: skip
    assert parting(pairs) == 2
    assert parting(align(left, left)) is None
    assert align([step("a", "li")], [step("a", "wu")])[0].differences == {"who"}


def test_two_cases_are_shown_side_by_side_with_what_differs(site_on_each: Site) -> None:
    """Given one visit without a part and one with, the page has both diagrams, the step where they part, who, results and data that differ."""
    site = site_on_each
    plain, with_part = visited(site, part=False), visited(site, part=True)

    page = site.as_("owner").text(f"/audit/compare?left={plain}&right={with_part}")

    assert "两次办理在“要备件吗？”之后分开" in page
    found = rows(page)
    assert found[:4] == [("客户来电", "客户来电"), ("登记需求", "登记需求"), ("要上门吗？", "要上门吗？"), ("上门检查", "上门检查")]
    assert ("—", "领用备件") in found
    assert ("归档", "—") in found
    assert diagram(page, 0)["flowsTaken"]["f7"] == 1
    assert [mark["elementId"] for mark in diagram(page, 1)["overlays"] if mark["text"] == "仅此"] == ["get_part"]
    variables = page.split("不同的资料")[1]
    assert "part_needed" in variables or "需要备件" in variables
    assert "findings" not in variables, "the same on both sides"
    assert site.as_("owner").get(f"/audit/compare?case={plain}&case={with_part}").headers["Location"] == (
        f"/audit/compare?left={plain}&right={with_part}"
    )
    assert site.as_("owner").get(f"/audit/compare?case={plain}").status_code == 400


def test_the_happy_path_is_the_most_frequent_one(site: Site) -> None:
    """Given three finished visits of one way and a case of another, the page compares with the newest of the three and says how many went so."""
    done = [finished(site) for _ in range(3)]
    other = visited(site, part=True)

    page = site.as_("auditor").text(f"/audit/compare?left={other}")

    assert "最近完成的 3 次办理中有 3 次这样走" in page
    assert f"/cases/{done[-1]}/replay" in page
    assert "两次办理走的路径相同" in site.as_("auditor").text(f"/audit/compare?left={done[-1]}")
    assert f"/audit/compare?left={other}" in site.as_("auditor").text(f"/cases/{other}/replay")


def test_without_a_finished_run_there_is_no_happy_path(site: Site) -> None:
    """Given no finished case of the version, the comparison is not there."""
    site.start()
    site.as_("auditor").text(f"/audit/compare?left={root_of(site, '登记需求')}", status=404)


def test_a_case_is_shown_on_two_versions(site_on_each: Site) -> None:
    """Given a case that went on in a second version, the difference of both versions is marked and told; with one version there is nothing to compare."""
    site = site_on_each
    case = visited(site, part=False)
    auditor = site.as_("auditor")
    assert "这个流程没有别的版本" in auditor.text(f"/audit/compare/{case}/versions")
    migrated(site, case)

    page = auditor.text(f"/audit/compare/{case}/versions?version=1")

    props = json.loads(page.split('id="compare-props">')[1].split("</script>", maxsplit=1)[0])
    assert (props["before"]["title"], props["after"]["title"]) == ("v1", "v2")
    assert props["after"]["marks"] == {"answered": "changed"}
    assert "电话里已解决" in page
    assert "这个案例经过的节点在两个版本里相同" in page
    assert "电话里已解决" in auditor.text("/audit/diagrams/site_visit:2.bpmn")


def test_comparing_is_for_readers_and_recorded_for_both_cases(site: Site) -> None:
    """Given two cases, a comparison is in the record for each; people with a part in them do not get it."""
    first, second = visited(site, part=False), visited(site, part=True)
    address = f"/audit/compare?left={first}&right={second}"
    site.as_("auditor").text(address)
    site.as_("engineer1").text(address, status=404)
    site.as_("engineer1").text(f"/audit/compare/{first}/versions", status=404)

    with site.engine.database.session() as session:
        readings = session.scalars(select(HistoryReading)).all()
    assert {(item.way, item.root_id, item.user_id) for item in readings} == {("compare", case, "auditor") for case in (first, second)}

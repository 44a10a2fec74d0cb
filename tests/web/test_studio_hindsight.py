"""Trying a draft on finished cases in the studio: which go another way, where, on the diagram and case by case."""

import json
import re
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from engine.storage.tables import Event, HistoryReading
from tests.web.conftest import Site
from tests.web.studio_pages import DIAGRAM, FORM, open_editor
from tests.web.test_cases import visited
from tests.web.test_studio_publishing import proposed

_ASK = '<bpmn:userTask id="check" name="核对地址" camunda:candidateGroups="hotline" camunda:formRef="f_visit"/><bpmn:sequenceFlow id="f2b" sourceRef="check" targetRef="needs_visit"/>'


def finished(site: Site, *, part: bool = False) -> str:
    """A visit, up to its end; returns the case's id."""
    case = visited(site, part=part)
    for user, name, values in (
        (("parts1", "发放备件", {"issued": True}), ("callback1", "电话回访", {})) if part else (("callback1", "电话回访", {}),)
    ):
        task = site.task(name)
        site.as_(user).send(f"/tasks/{task.id}/claim")
        answer = site.as_(user).send_json(f"/tasks/{task.id}/complete", values)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        site.run()
    return case


def answered(site: Site) -> str:
    """A case that needed no visit."""
    site.start()
    case: str = site.task("登记需求").root_id
    site.record(on_site=False)
    return case


def tried(site: Site, user: str = "owner", **asked: str) -> str:
    """The owner tries the drafts on the last cases; the address of what came of it."""
    answer = site.as_(user).send(f"/studio/hindsight/{DIAGRAM}", {"most": "20", **asked})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    site.run()
    return str(answer.headers["Location"])


def counts(page: str) -> dict[str, int]:
    """The tiles."""
    found = re.findall(r"state=(\w+)\"[^>]*>[^<]+</a></dt><dd>(\d+) ", page)
    return {state: int(number) for state, number in found if number != "0"}


def props(page: str) -> dict[str, Any]:
    """What the island draws."""
    found: dict[str, Any] = json.loads(page.split('id="hindsight-props">')[1].split("</script>", maxsplit=1)[0])
    return found


def test_a_changed_condition_parts_the_cases_it_concerns(site_on_each: Site) -> None:
    """Given two visits and a call, and a draft that visits nobody, the visits part behind the gateway, on the page and on the diagram."""
    site = site_on_each
    visits, call = [finished(site), finished(site)], answered(site)
    open_editor(site, "owner").change("on_site = true", "on_site = false")
    with site.engine.database.session() as session:
        before = session.scalar(select(func.count()).select_from(Event))

    page = site.as_("owner").text(tried(site))

    assert counts(page) == {"other": 3}
    assert "在“要上门吗？”之后去了“电话已解决”，而不是“上门检查”" in page
    assert all(f"/cases/{case}/replay" in page for case in (*visits, call))
    assert props(page)["places"]["needs_visit"] == 3
    assert (props(page)["flows"]["f3"], props(page)["flows"]["f4"]) == ([2, 1], [1, 2])
    with site.engine.database.session() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == before, "no case is touched"
        reading = session.scalars(select(HistoryReading).where(HistoryReading.way == "hindsight")).one()
    assert (reading.user_id, reading.cases, reading.selection) == ("owner", 3, {"process": "site_visit"})
    assert "用历史案例试草稿" in site.as_("auditor").text("/exports/readings")


def test_what_is_live_goes_the_same_way(site: Site) -> None:
    """Given a visit with a part from another procedure and no draft, it goes the same way, and the page says that what is live was tried."""
    finished(site, part=True)

    page = site.as_("owner").text(tried(site))

    assert counts(page) == {"same": 1}
    assert "用现行版本" in page


def test_an_element_chosen_on_the_diagram_shows_its_cases(site: Site) -> None:
    """Given a visit and a call, and a draft in which a new task needs an input behind the call, choosing that task shows the case that stops there."""
    call, visit = answered(site), finished(site)
    editor = open_editor(site, "owner")
    editor.change(
        '<bpmn:sequenceFlow id="f4" sourceRef="needs_visit" targetRef="answered"',
        _ASK.replace('targetRef="needs_visit"', 'targetRef="answered"')
        + '<bpmn:sequenceFlow id="f4" sourceRef="needs_visit" targetRef="check"',
    )
    editor.change(
        "<bpmn:flowNodeRef>answered</bpmn:flowNodeRef>",
        "<bpmn:flowNodeRef>answered</bpmn:flowNodeRef><bpmn:flowNodeRef>check</bpmn:flowNodeRef>",
    )

    address = tried(site)
    page, only = site.as_("owner").text(address), site.as_("owner").text(f"{address}/progress?element=check")

    assert counts(page) == {"same": 1, "stuck": 1}
    assert f"/cases/{call}/replay" in only
    assert f"/cases/{visit}/replay" not in only
    assert "“核对地址”要填写过去没有的内容" in only
    assert f"/cases/{visit}/replay" in site.as_("owner").text(f"{address}?state=same")


def test_it_is_the_owners_own_until_it_is_proposed(site_on_each: Site) -> None:
    """Given a draft that was tried, nobody else sees it; once it is proposed, the proposal shows what came of it, also to who decides."""
    site = site_on_each
    finished(site)
    open_editor(site, "owner").change("on_site = true", "on_site = false")
    address = tried(site)

    assert site.as_("admin").get(address).status_code == 404
    assert site.as_("engineer1").get(f"/studio/hindsight/{DIAGRAM}").status_code == 404
    proposal = proposed(site)

    page = site.as_("admin").text(proposal)
    assert address in page
    assert "走别的路 1" in page
    assert counts(site.as_("admin").text(address)) == {"other": 1}


def test_a_proposal_is_tried_where_nobody_did(site: Site) -> None:
    """Given a proposal that was not tried, whoever decides tries its files from its page."""
    finished(site)
    open_editor(site, "owner").change("on_site = true", "on_site = false")
    proposal = proposed(site)
    assert "用最近 100 个案例试" in site.as_("admin").text(proposal)

    address = tried(site, "admin", most="100", proposal=proposal.rpartition("/")[2])

    assert counts(site.as_("admin").text(address)) == {"other": 1}
    assert address in site.as_("admin").text(proposal)


def test_a_form_is_tried_on_the_cases_of_the_diagram_that_shows_it(site: Site) -> None:
    """Given a draft of a form whose field must be filled longer than it was, its page leads to the diagram's, and the proposal of it tells, too."""
    finished(site)
    editor = open_editor(site, "owner", FORM)
    assert f'href="/studio/hindsight/{DIAGRAM}"' in editor.page()
    tag, content = editor.load()
    form = json.loads(content)
    findings = next(field for field in form["components"] if field.get("key") == "findings")
    findings["validate"] = {"required": True, "minLength": 40}
    assert editor.save(json.dumps(form).encode(), tag).status_code == 200

    address = tried(site)

    page = site.as_("owner").text(address)
    assert counts(page) == {"refused": 1}
    assert "“上门检查”的表单不接受当时填写的内容：findings" in page
    assert address in site.as_("admin").text(proposed(site))


def test_a_figure_is_tried_with_another_value(site: Site) -> None:
    """Given a need recorded after five minutes, and a draft whose due date is a figure, with one minute for it the task would have been late."""
    site.start()
    site.clock.advance(timedelta(minutes=5))
    site.record(on_site=False)
    owner = site.as_("owner")
    assert 'name="figure"' not in owner.text(f"/studio/hindsight/{DIAGRAM}"), "it reads none"
    open_editor(site, "owner").change("duration(&quot;PT30M&quot;)", "duration(parameters.record_due)")
    assert '<option value="record_due">登记需求：30 分钟（工作时间）</option>' in owner.text(f"/studio/hindsight/{DIAGRAM}")

    page = owner.text(tried(site, figure="record_due", value="1", unit="minutes"))

    assert counts(page) == {"same": 1}
    assert "登记需求：1 分钟（工作时间）" in page
    assert "<td>登记需求</td><td>0</td><td>1</td>" in page
    assert "超过期限的任务" not in owner.text(tried(site))
    assert owner.send(f"/studio/hindsight/{DIAGRAM}", {"figure": "record_due", "value": "x", "unit": "minutes"}).status_code == 400


def test_progress_and_stop(site: Site) -> None:
    """Given three cases that wait, the page says how far it is; stopped, none is done, and a second stop is refused."""
    for _ in range(3):
        answered(site)
    owner = site.as_("owner")
    address = str(owner.send(f"/studio/hindsight/{DIAGRAM}", {"most": "20"}).headers["Location"])

    assert '<progress max="3" value="0"' in owner.text(address)
    assert "data-live" in owner.text(address)
    assert owner.send(f"{address}/cancel").status_code == 302
    site.run()

    assert counts(owner.text(address)) == {}
    assert owner.send(f"{address}/cancel").status_code == 409


def test_what_cannot_be_tried_is_said(site: Site) -> None:
    """Given no finished case there is nothing to try; with one, wrong days and a draft that could not go live are refused in words."""
    owner = site.as_("owner")
    assert "还没有办完的案例" in owner.text(f"/studio/hindsight/{DIAGRAM}")
    answered(site)

    assert "不能早于" in owner.send(f"/studio/hindsight/{DIAGRAM}", {"since": "2026-02-02", "until": "2026-02-01"}).get_data(as_text=True)
    assert "没有符合条件的已结束案例" in owner.send(f"/studio/hindsight/{DIAGRAM}", {"until": "2020-01-01"}).get_data(as_text=True)
    open_editor(site, "owner").change('targetRef="answered"', 'targetRef="nowhere"')
    refused = owner.send(f"/studio/hindsight/{DIAGRAM}", {"most": "20"})
    assert refused.status_code == 400
    assert "连线“电话解决”有一端没有接上" in refused.get_data(as_text=True)

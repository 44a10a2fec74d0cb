"""From a draft to everybody's work on the pages: compare, propose, decide, move running cases, confirm."""

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from engine.runtime import publishing
from engine.storage.tables import ProcessInstance, Publication
from tests.web.conftest import Site
from tests.web.studio_pages import DIAGRAM, FORM, Editor, open_editor


@pytest.fixture
def site(site_on_each: Site) -> Site:
    """Proposals and migrations on SQLite and on PostgreSQL."""
    return site_on_each


@pytest.fixture
def editor(site: Site) -> Editor:
    """A process owner whose draft calls the inspection by another name."""
    editor = open_editor(site, "owner")
    editor.change("上门检查", "现场检查")
    return editor


def proposed(site: Site, user: str = "owner", **fields: object) -> str:
    """The owner proposes all drafts; the proposal's address."""
    page = site.as_(user).text("/studio/propose")
    files = re.findall(r'name="file" value="([^"]+)"', page)
    answer = site.as_(user).send("/studio/propose", {"file": files, "note": "客户的说法", "group": ["onsite"], **fields})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def test_two_versions_are_compared_in_words_and_in_the_diagram(editor: Editor) -> None:
    """Given a draft with a new name, the page lists that one change and marks the element in both diagrams."""
    page = editor.client.text(f"/studio/compare/bpmn/{DIAGRAM}")

    assert "“上门检查”改名为 “现场检查”" in page
    assert page.count("change-changed") == 1
    assert '"marks": {"visit": "changed"}' in page


def test_versions_are_read_only_by_owners(site: Site, editor: Editor) -> None:
    """Given a draft, nobody else reads it, and staff do not reach the studio; an unknown version is not found."""
    address = f"/studio/version/draft/bpmn/{DIAGRAM}"

    assert "现场检查" in editor.client.text(address)
    assert site.as_("admin").get(address).status_code == 404
    assert site.as_("engineer1").get(f"/studio/compare/bpmn/{DIAGRAM}").status_code == 404
    assert editor.client.get(f"/studio/compare/bpmn/{DIAGRAM}?before=nothing").status_code == 404


def test_a_proposal_tells_what_changes_and_needs_a_reason(site: Site, editor: Editor) -> None:
    """Given a draft, the page to publish tells its change; without a reason nothing is proposed; with one the log has a line, and the draft is gone."""
    page = editor.client.text("/studio/propose")
    assert "现场检查" in page

    refused = editor.client.send("/studio/propose", {"file": DIAGRAM, "note": " "})
    assert refused.status_code == 400
    address = proposed(site)

    told = editor.client.text(address)
    assert "客户的说法" in told
    assert "待批准" in told
    assert "“上门检查”改名为 “现场检查”" in told
    assert "客户的说法" in editor.client.text("/studio/proposals")
    assert "我的草稿</span>" not in editor.client.text("/studio")


def test_what_is_drawn_while_a_draft_is_proposed_stays_a_draft(site: Site, editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given another window that saves just when the draft is proposed, then the proposal says what was proposed, and the newer state is a draft still."""
    propose = publishing.propose

    def propose_and_draw_on(*told: Any, **more: Any) -> str:
        made = propose(*told, **more)
        editor.change("现场检查", "到场检查")
        return made

    monkeypatch.setattr(publishing, "propose", propose_and_draw_on)
    address = proposed(site)

    assert "现场检查" in editor.client.text(address)
    assert "到场检查" in open_editor(site, "owner").load()[1].decode()


def test_an_approved_change_is_live_and_in_the_folder(site: Site, editor: Editor) -> None:
    """Given a proposal, when it is approved, then new cases have the new task, and the folder's file says the same."""
    address = proposed(site)

    assert editor.client.send(f"{address}/approve", {"decision": "同意"}).status_code == 302

    assert "已发布" in editor.client.text(address)
    assert "同意" in editor.client.text(address)
    assert "现场检查" in (site.engine.settings.processes_dir / DIAGRAM).read_text("utf-8")
    assert "现场检查" in open_editor(site, "admin").load()[1].decode()


def test_four_eyes_on_the_page(site: Site, editor: Editor) -> None:
    """Given the rule of four eyes, the author finds no way to approve, and a forged request is refused; a second person approves."""
    site.engine.settings = replace(site.engine.settings, four_eyes=True)
    address = proposed(site)

    assert "须由另一位流程负责人批准" in editor.client.text(address)
    assert "/approve" not in editor.client.text(address)
    assert editor.client.send(f"{address}/approve").status_code == 403
    assert site.as_("admin").send(f"{address}/approve").status_code == 302
    assert "已发布" in editor.client.text(address)


def test_running_cases_are_shown_and_move_as_chosen(site: Site, editor: Editor) -> None:
    """Given running cases, the proposal counts them by what they need; those that were chosen go on in the new version."""
    for number in range(3):
        site.start(f"customer {number}")
    address = proposed(site)
    page = editor.client.text(address)
    assert "3 个在办" in page
    source = re.search(r'name="(site_visit:\d+)/safe"', page)
    assert source is not None

    editor.client.send(f"{address}/migrations", {f"{source[1]}/safe": "on"})
    editor.client.send(f"{address}/approve")
    site.run()

    with site.engine.database.session() as session:
        versions = set(session.scalars(select(ProcessInstance.process_definition_id)))
        live = session.scalars(select(Publication)).one()
    assert live.state == "live"
    assert len(versions) == 1
    assert versions != {source[1]}
    assert "已迁移 3" in re.sub(r"<[^>]+>", "", editor.client.text(address))


def test_rejected_work_is_not_lost(site: Site, editor: Editor) -> None:
    """Given a rejected proposal, its author goes on with it as a draft."""
    address = proposed(site)
    site.as_("admin").send(f"{address}/reject", {"decision": "再想想"})

    page = editor.client.text(address)
    assert "已退回" in page
    assert "再想想" in page
    editor.client.send(f"{address}/resume")
    assert "现场检查" in open_editor(site, "owner").load()[1].decode()


def test_a_faulty_draft_is_not_proposed(site: Site) -> None:
    """Given a draft that cannot run, the page says why and has no way on; a forged request is refused and changes nothing."""
    editor = open_editor(site, "owner")
    editor.change('targetRef="visit"', 'targetRef="nowhere"')

    page = editor.client.text("/studio/propose")
    assert "有错误，改正后才能发布" in page
    assert editor.client.send("/studio/propose", {"file": DIAGRAM, "note": "x"}).status_code == 400
    assert editor.client.text("/studio/proposals").count("stretched-link") == 0


def test_a_finding_leads_to_its_element(site: Site) -> None:
    """Given a draft with a mistake in an expression, the page to publish names the element, says which flow, and leads there."""
    editor = open_editor(site, "owner")
    editor.change(">part_needed = true<", ">part_needed ＝ true<")

    page = editor.client.text("/studio/propose")

    assert f'href="/studio/edit/bpmn/{DIAGRAM}#needs_part"' in page
    assert "全角符号" in page


def test_drafts_that_belong_together_are_proposed_together(site: Site, editor: Editor) -> None:
    """Given drafts of a process, of a form it uses and of something else, from the process both are ticked, the third is not."""
    open_editor(site, "owner", FORM).change("检查结果", "故障描述")
    open_editor(site, "owner", "part_request/part_request.bpmn").change("备件领用", "领用备件")

    page = editor.client.text(f"/studio/propose?file={DIAGRAM}")

    ticked = {key: "checked" in rest for key, rest in re.findall(r'name="file" value="([^"]+)"([^>]*)>', page)}
    assert ticked == {DIAGRAM: True, FORM: True, "part_request/part_request.bpmn": False}


def test_naming_a_place_lets_the_cases_go_there(site: Site) -> None:
    """Given cases at a task that the new version calls otherwise, naming the new task is enough for them to move."""
    editor = open_editor(site, "owner")
    site.start()
    editor.change('"record"', '"record_need"')
    address = proposed(site)
    source = re.search(r'name="(site_visit:\d+)/mapping"', editor.client.text(address))
    assert source is not None

    editor.client.send(f"{address}/migrations", {f"{source[1]}/element/record": "record_need"})
    page = editor.client.text(address)
    assert re.search(rf'name="{source[1]}/mapping" checked', page)
    editor.client.send(f"{address}/approve")
    site.run()

    assert site.task("登记需求").element_id == "record_need"


def test_those_concerned_confirm_that_they_read_it(site: Site, editor: Editor) -> None:
    """Given a change for the engineers that is live, each finds it among the notices, with its changes, and confirms; the owner sees who did."""
    address = proposed(site, must_read="on")
    editor.client.send(f"{address}/approve")
    engineer = site.as_("engineer1")

    notices = engineer.text("/notices")
    assert "我已阅读并确认" in notices
    assert "“上门检查”改名为 “现场检查”" in notices
    confirm = re.search(r'action="(/notices/updates/[^"]+)"', notices)
    assert confirm is not None
    engineer.send(confirm[1])

    assert "我已阅读并确认" not in engineer.text("/notices")
    assert site.as_("callback1").send(confirm[1]).status_code == 404
    assert "未确认" in editor.client.text(address)


def test_a_form_is_published_alone(site: Site) -> None:
    """Given a changed form, its list of changes names the field, and approved it is what new tasks show."""
    editor = open_editor(site, "owner", FORM)
    editor.change("检查结果", "故障描述")

    address = proposed(site)
    assert "改为 “故障描述”" in editor.client.text(address)
    editor.client.send(f"{address}/approve")

    assert "故障描述" in open_editor(site, "admin", FORM).load()[1].decode()

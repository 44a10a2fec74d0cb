"""The manuals' pages: every clause with its place in the procedures, and every place with its clauses."""

import pytest

from engine.runtime import deployments
from tests.web.conftest import Client, Site


def finish(site: Site) -> str:
    """A case is played until the engineer has finished; returns its id."""
    site.start()
    site.record()
    return site.task("上门检查").root_id


def test_every_member_of_staff_sees_the_manuals(site: Site) -> None:
    """Given somebody without any role, when they open the manuals, then each manual shows how many of its clauses the procedures enforce."""
    page = site.as_("stranger").text("/manuals")

    assert 'href="/manuals/T"' in page
    assert "由流程执行" in page
    assert 'href="/processes/site_visit"' in page
    assert 'href="/manuals"' in site.as_("stranger").text("/inbox")


def test_a_clause_shows_its_state_and_where_it_lives(site: Site) -> None:
    """Given a clause that a task of a procedure realises, when the manual is read, then the task is named with a link to its place in the diagram."""
    page = site.as_("engineer1").text("/manuals/T")

    assert "铃响三声内接起。" in page
    assert "/processes/site_visit?element=" in page


def test_what_real_cases_did_is_counted(site: Site) -> None:
    """Given a case that passed the step of a clause, when the manual is read, then it says how often."""
    finish(site)

    assert "真实案例经过这些节点 1 次" in site.as_("engineer1").text("/manuals/T")


def test_clauses_are_found_by_words_in_either_language(site: Site) -> None:
    """Given the search, when words of a requirement are entered in Chinese or English, then that clause is shown and others are not."""
    stranger = site.as_("stranger")

    for words in ("断电", "switch off"):
        page = stranger.text(f"/manuals?q={words}")
        assert "断电防静电" in page
        assert "穿鞋套" not in page
    assert "没有找到" in stranger.text("/manuals?q=不存在的词")
    assert "断电防静电" not in stranger.text("/manuals/T?q=鞋套")


def test_a_manual_can_be_filtered_by_state(site: Site) -> None:
    """Given clauses in different states, when one state is chosen, then only its clauses are shown."""
    everything, enforced = site.as_("stranger").text("/manuals/T"), site.as_("stranger").text("/manuals/T?state=enforced")

    assert 'id="T-4"' in everything
    assert 'id="T-1"' in enforced
    assert 'id="T-4"' not in enforced


@pytest.mark.parametrize("path", ["/manuals/X9", "/processes/unknown", "/parameters/unknown", "/processes/unknown/elements/a"])
def test_what_does_not_exist_is_said(site: Site, path: str) -> None:
    """Given an address of nothing, then it answers 404."""
    site.as_("stranger").text(path, status=404)


def test_an_element_shows_its_clauses(site: Site) -> None:
    """Given the diagram of a procedure, when an element is chosen, then its clauses are told; also in the diagram of a case."""
    case = finish(site)
    engineer = site.as_("engineer1")
    element = site.task("上门检查").element_id

    for address in (f"/processes/site_visit/elements/{element}", f"/cases/{case}/elements/{element}"):
        notes = engineer.text(address)
        assert "动硬件前先断电。" in notes
        assert "铃响三声内接起。" not in notes
    assert "点一个节点" in engineer.text("/processes/site_visit/elements/no_such_element")
    assert f'data-element-notes="/cases/{case}/elements/"' in engineer.text(f"/cases/{case}")


def test_a_case_of_others_tells_nothing(site: Site) -> None:
    """Given a case that somebody may not see, then its elements are as unknown as the case."""
    case = finish(site)

    site.as_("stranger").text(f"/cases/{case}/elements/start", status=404)


def test_a_link_leads_to_the_element_in_the_diagram(site: Site) -> None:
    """Given the link of a clause, when it is followed, then the page of the process begins at that element and already tells its clauses."""
    finish(site)
    element = site.task("上门检查").element_id

    page = site.as_("engineer1").text(f"/processes/site_visit?element={element}")

    assert f'"focus": "{element}"' in page
    assert "动硬件前先断电。" in page


def test_a_new_deployment_is_seen_at_once(site: Site) -> None:
    """Given an open manual, when the diagram that realises a clause is deployed anew without it, then the clause is missing."""
    stranger: Client = site.as_("stranger")
    assert "state=missing" not in stranger.text("/manuals/T")
    folder = site.engine.settings.processes_dir
    diagram = folder / "site_visit" / "site_visit.bpmn"
    diagram.write_text(diagram.read_text("utf-8").replace("T-1", "T-2"), "utf-8")

    deployments.deploy_directory(site.engine, folder)

    assert "state=missing" in stranger.text("/manuals/T")

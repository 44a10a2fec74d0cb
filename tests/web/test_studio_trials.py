"""Trying a draft: the scenarios of its process are played on it, beside the server, and the owner sees what came of it."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import enumerate as running_threads

import pytest

from tests.command_line.test_scenarios import DIAGRAM, FORM, LARGE, PARAMETERS, SMALL
from tests.web.conftest import Site
from tests.web.studio_pages import open_editor

KEY = "orders/orders.bpmn"
pytestmark = pytest.mark.timeout(300)  # the player is a process of its own that furnishes an office


@pytest.fixture
def shop(tmp_path: Path, new_site: Callable[..., Site]) -> Site:
    """An office with one procedure, and scenarios that pass every flow of it."""
    root = tmp_path / "shop"
    (root / "manuals").mkdir(parents=True)
    shutil.copy(PARAMETERS, root / "manuals" / "parameters.yaml")
    (root / "orders" / "scenarios").mkdir(parents=True)
    (root / "orders" / "orders.bpmn").write_bytes(DIAGRAM)
    (root / "orders" / "f_ask.form").write_text(json.dumps(FORM))
    for name, text in (("small", SMALL), ("large", LARGE)):
        (root / "orders" / "scenarios" / f"{name}.yaml").write_text(text, "utf-8")
    return new_site(procedures=root)


def tried(site: Site) -> str:
    """The page of a trial of the owner's drafts, once it is over."""
    answer = site.as_("owner").send(f"/studio/trials/bpmn/{KEY}")
    assert answer.status_code == 302, answer.get_data(as_text=True)
    for thread in running_threads():
        if thread.name.startswith("trial-"):
            thread.join()
    return site.as_("owner").text(answer.headers["Location"])


def test_scenarios_are_played_on_what_is_live(shop: Site) -> None:
    """Given no draft, when the owner runs the scenarios, then all pass, and the diagram shows that every flow was passed."""
    page = tried(shop)

    assert page.count('class="trial-passed"') == 2
    assert "用现行版本" in page
    flows = re.search(r'"flowsTaken": (\{[^}]*\})', page)
    assert flows is not None
    assert set(json.loads(flows[1]).values()) == {1}


def test_a_draft_that_goes_another_way_is_found_by_its_scenarios(shop: Site) -> None:
    """Given a draft with another limit, when its scenarios run, then the one that goes another way says where; nothing live has changed."""
    open_editor(shop, "owner", KEY).change("wanted &gt; 10", "wanted &gt; 2")

    page = tried(shop)

    assert page.count('class="trial-failed"') == 1
    assert "用 1 个草稿" in page
    assert "10" in open_editor(shop, "admin", KEY).load()[1].decode()


def test_a_draft_that_cannot_be_deployed_says_why(shop: Site) -> None:
    """Given a draft with a flow to nowhere, when its scenarios run, then the page says that and why it could not be tried."""
    open_editor(shop, "owner", KEY).change('targetRef="ask"', 'targetRef="nowhere"')

    page = tried(shop)

    assert "试运行没能完成" in page
    assert "它永远不会运行" in page


def test_a_trial_is_the_owners_own(shop: Site) -> None:
    """Given a trial, another owner does not see it, and staff do not begin one."""
    address = shop.as_("owner").send(f"/studio/trials/bpmn/{KEY}").headers["Location"]
    for thread in running_threads():
        if thread.name.startswith("trial-"):
            thread.join()

    assert shop.as_("admin").get(address).status_code == 404
    assert shop.as_("hotline1").send(f"/studio/trials/bpmn/{KEY}").status_code == 404


def test_a_process_without_scenarios_says_so(site: Site) -> None:
    """Given no scenario, when the owner tries a draft, then they are told to write one."""
    answer = site.as_("owner").send("/studio/trials/bpmn/site_visit/site_visit.bpmn")

    assert answer.status_code == 400
    assert "还没有场景" in answer.get_data(as_text=True)

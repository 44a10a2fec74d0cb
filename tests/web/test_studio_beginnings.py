"""New files: from templates that have no mistake, and from files that somebody brings; and taking files away."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from engine.runtime.package import read_package
from engine.storage.tables import Group
from engine.studio.beginnings import files_of, patterns
from engine.studio.findings import problems_of
from engine.studio.together import live_package, with_drafts
from tests.web.conftest import Site
from tests.web.studio_pages import DIAGRAM, FORM, open_editor


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("pattern", patterns(), ids=lambda item: item.name)
def test_templates_pass_every_check(site: Site, pattern, locale: str) -> None:
    """Given a template, its files have no error and no warning, the layout included; in English no Chinese is left."""
    with site.engine.database.transaction() as writing:  # the manuals' roles that templates begin with
        writing.add_all(
            [Group(id="staff", name="全体员工", name_en="All staff"), Group(id="management", name="管理层", name_en="Management")]
        )
    files = files_of(pattern, "brand_new", name="Brand new <1>", locale=locale)
    with site.engine.database.session() as session:
        package = with_drafts(live_package(site.engine, session), files)
        problems = problems_of(site.engine, session, package, list(files))

    assert [problem.text("en") for problem in problems if problem.severity != "info"] == []
    assert not read_package(files).problems
    if locale == "en":
        assert all(content.isascii() for content in files.values())


def test_a_new_process_begins_as_drafts_under_its_name(site: Site) -> None:
    """Given a template, a name and an id, its files are the person's drafts, the diagram opens, and the library shows them as not published."""
    owner = site.as_("owner")
    answer = owner.send("/studio/new", {"pattern": "approval", "id": "leave_request", "name": "请假"})

    assert answer.headers["Location"] == "/studio/edit/bpmn/leave_request/leave_request.bpmn"
    assert 'name="请假"' in open_editor(site, "owner", "leave_request/leave_request.bpmn").load()[1].decode()
    page = owner.text("/studio?kind=all&state=draft")
    assert page.count("未发布</span>") == 3
    assert "leave_request/f_leave_request_decide.form" in page


@pytest.mark.parametrize(("sent", "status"), [({"id": "Leave"}, 400), ({"id": "site_visit"}, 409), ({"id": "x1", "pattern": "no"}, 400)])
def test_what_cannot_be_begun_is_refused_with_the_reason(site: Site, sent: dict[str, str], status: int) -> None:
    """Given an id that is none or taken, or no template, the page says so and keeps what was typed."""
    answer = site.as_("owner").send("/studio/new", {"pattern": "blank", "name": "我的流程", **sent})

    assert answer.status_code == status
    assert "我的流程" in answer.get_data(as_text=True)
    assert 'role="alert"' in answer.get_data(as_text=True)


def bring(site: Site, name: str, content: bytes):
    """Import a file."""
    client = site.as_("owner")
    return client.post("/studio/import", data={"csrf_token": client.csrf(), "file": (BytesIO(content), name)})


def test_an_imported_diagram_becomes_a_draft_of_the_live_one(site: Site) -> None:
    """Given a file of any name that holds a live process, it is the person's draft of that process."""
    content = open_editor(site, "owner").load()[1].replace("上门检查".encode(), "现场检查".encode())

    assert bring(site, "from modeler.bpmn", content).headers["Location"] == f"/studio/edit/bpmn/{DIAGRAM}"
    assert open_editor(site, "owner").load() == ('"1"', content)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.bpmn", b"<a", "读不出来"), ("a.form", b"{}", "id"), ("a.txt", b"x", "不是 .bpmn"), ("a.bpmn", b"<!DOCTYPE x><x/>", "读不出来")],
)
def test_what_is_unreadable_is_refused(site: Site, name: str, content: bytes, said: str) -> None:
    """Given something that is no diagram, form or table, nothing is taken and the reason is said."""
    answer = bring(site, name, content)

    assert answer.status_code == 400
    assert said in answer.get_data(as_text=True)


def test_a_process_is_taken_away_with_what_it_uses(site: Site) -> None:
    """Given a process, its ZIP file holds the diagram and its forms as the person has them; a file alone comes as it is."""
    owner = open_editor(site, "owner")
    changed = owner.change("上门检查", "现场检查")

    with owner.client.get(f"/studio/export/bpmn/{DIAGRAM}?with=all") as answer, ZipFile(BytesIO(answer.data)) as archive:
        assert archive.read(DIAGRAM) == changed
        assert FORM in archive.namelist()
    assert owner.client.get(f"/studio/export/bpmn/{DIAGRAM}").data == changed


def test_the_library_is_searched_and_filtered(site: Site) -> None:
    """Given a search or a state, only what fits is listed; nothing found says so."""
    owner = site.as_("owner")

    assert "领用备件" in owner.text("/studio") or "part_request" in owner.text("/studio")
    assert "site_visit/f_visit.form" in owner.text("/studio?q=f_visit")
    assert "part_request.bpmn" not in owner.text("/studio?q=f_visit")
    assert "没有符合条件的文件" in owner.text("/studio?state=draft")

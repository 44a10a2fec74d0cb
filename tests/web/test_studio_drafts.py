"""Editing in the studio: drafts are saved by themselves, two tabs overwrite nothing, and everybody sees who else is at it."""

from datetime import timedelta

import pytest

from engine.runtime import deployments
from engine.storage.tables import Membership
from engine.studio.owners import set_owners
from tests.web.conftest import Site
from tests.web.studio_pages import DIAGRAM, FORM, Editor, open_editor
from web.auth.person import OWNER


@pytest.fixture
def site(site_on_each: Site) -> Site:
    """Drafts and their revisions on SQLite and on PostgreSQL."""
    return site_on_each


@pytest.fixture
def editor(site: Site) -> Editor:
    """The process owner in front of a diagram."""
    return open_editor(site, "owner")


def test_what_is_live_is_there_until_something_is_changed(site: Site, editor: Editor) -> None:
    """Given a file that nobody edits, the editor gets what is live with revision 0, and opening it makes no draft."""
    tag, content = editor.load()

    assert tag == '"0"'
    assert content == (site.engine.settings.processes_dir / DIAGRAM).read_bytes()
    assert (editor.props["revision"], editor.props["baseVersion"], editor.props["readonly"], editor.props["others"]) == (0, 1, False, [])
    assert "我的草稿</span>" not in editor.client.text("/studio")


def test_a_change_is_saved_as_a_draft_and_is_there_tomorrow(site: Site, editor: Editor) -> None:
    """Given a changed diagram, it is saved for this person; the live one stays, and colleagues see the live one."""
    changed = editor.change("上门检查", "现场检查")
    site.clock.advance(timedelta(days=1))

    tag, content = open_editor(site, "owner").load()
    assert (tag, content) == ('"1"', changed)
    assert "我的草稿</span>" in editor.client.text("/studio")
    assert "上门检查" in open_editor(site, "admin").load()[1].decode()


def test_a_second_tab_does_not_overwrite_the_first(editor: Editor) -> None:
    """Given two tabs of one person, the later one is refused, its work is kept as a copy, and may be saved on purpose."""
    tag, content = editor.load()
    first, second = content.replace(b"f_visit", b"f_call"), content.replace(b"f_visit", b"f_record")
    assert editor.save(first, tag).get_json()["revision"] == 1

    refused = editor.save(second, tag)
    answer = refused.get_json()
    assert (refused.status_code, answer["revision"]) == (409, 1)
    assert editor.client.get(answer["copyUrl"]).data == second
    assert editor.load()[1] == first

    assert editor.save(second, f'"{answer["revision"]}"').get_json()["revision"] == 2
    assert editor.load()[1] == second


def test_saving_the_same_twice_is_no_conflict(editor: Editor) -> None:
    """Given an answer that was lost on the way, the repeated request is answered as the first."""
    tag, content = editor.load()
    changed = content.replace(b"f_visit", b"f_call")

    answers = [editor.save(changed, tag) for _ in range(2)]
    assert [(answer.status_code, answer.get_json()["revision"]) for answer in answers] == [(200, 1), (200, 1)]


def test_saving_needs_to_say_what_was_changed(editor: Editor) -> None:
    """Given a request without If-Match, nothing is saved."""
    assert editor.save(b"<x/>", None).status_code == 428
    assert editor.load()[0] == '"0"'


def test_unreadable_content_is_saved_too(editor: Editor) -> None:
    """Given a half-typed file, saving does not judge; only absurd sizes are refused."""
    assert editor.save(b"<bpmn:defin", '"0"').status_code == 200
    assert editor.load()[1] == b"<bpmn:defin"
    assert editor.save(b"x" * 2_100_000, '"1"').status_code == 413


def test_earlier_states_are_kept_and_come_back(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given many saved states, the last ones are kept; one of them becomes the newest again, also after the draft was discarded."""
    kept = 4
    monkeypatch.setattr("engine.studio.drafts.KEPT", kept)
    first = editor.change("上门检查", "检查 0")
    for number in range(kept):
        editor.change(f"检查 {number}", f"检查 {number + 1}")
    revisions = editor.client.get(editor.props["historyUrl"]).get_json()["revisions"]
    assert [item["revision"] for item in revisions] == list(range(kept + 1, 1, -1))
    assert editor.client.get(revisions[-1]["contentUrl"]).data != first  # the very first one made room

    restored = editor.send("POST", revisions[-1]["restoreUrl"])
    assert restored.get_json()["revision"] == kept + 2
    assert 'name="检查 1"' in editor.load()[1].decode()

    editor.client.send(f"/studio/discard/bpmn/{DIAGRAM}")
    assert editor.load()[0] == '"0"'
    newest = editor.client.get(editor.props["historyUrl"]).get_json()["revisions"][0]
    assert editor.send("POST", newest["restoreUrl"]).status_code == 200
    assert 'name="检查 1"' in editor.load()[1].decode()


def test_an_old_tab_after_discarding_is_refused(editor: Editor) -> None:
    """Given a draft that was discarded elsewhere, an old tab overwrites nothing and loses nothing."""
    editor.change("上门检查", "现场检查")
    editor.client.send(f"/studio/discard/bpmn/{DIAGRAM}")

    late = editor.save(b"<late/>", '"1"')
    assert (late.status_code, late.get_json()["revision"]) == (409, 0)
    assert editor.client.get(late.get_json()["copyUrl"]).data == b"<late/>"


def test_others_who_edit_the_same_are_named(site: Site, editor: Editor) -> None:
    """Given a colleague's draft, the page and its island say who and since when, and the library, too."""
    open_editor(site, "admin").change("上门检查", "到场检查")

    again = open_editor(site, "owner")
    assert [(item["user"], item["name"]) for item in again.props["others"]] == [("admin", "系统管理员")]
    assert "系统管理员 从" in again.page()
    assert "系统管理员 在改" in again.client.text("/studio")


def test_a_draft_whose_ground_has_moved_says_so(site: Site, editor: Editor) -> None:
    """Given something else went live since the draft was begun, the page warns; so it does when that happened while the page was open."""
    waiting = open_editor(site, "admin")
    editor.change("上门检查", "现场检查")
    deployed = (site.engine.settings.processes_dir / DIAGRAM).read_bytes().replace("登记需求".encode(), "记录需求".encode())
    deployments.deploy(site.engine, {DIAGRAM: deployed}, name="another", source="api", actor="admin")

    assert "第 2 版已经上线" in editor.page()
    waiting.change("上门检查", "到场检查")  # begun from the page's version 1
    assert "第 2 版已经上线" in waiting.page()
    assert open_editor(site, "admin").props["baseVersion"] == 1


def test_an_owner_edits_only_what_is_theirs(site: Site) -> None:
    """Given a process with an owner, other owners look at it and its forms and change neither; administrators do."""
    set_owners(site.engine, "part_request", ["owner"], group=OWNER, actor="admin")
    set_owners(site.engine, "site_visit", ["owner"], group=OWNER, actor="admin")
    assert not open_editor(site, "owner").props["readonly"]

    with site.engine.database.transaction() as session:
        session.add(Membership(user_id="engineer2", group_id=OWNER))
    for key in (DIAGRAM, FORM):
        other = open_editor(site, "engineer2", key)
        assert other.props["readonly"]
        assert other.save(b"x", '"0"').status_code == 403
        assert "沈怀瑾 管理" in other.page()
    assert open_editor(site, "admin").save(b"x", '"0"').status_code == 200


def test_drafts_of_others_are_not_to_be_seen(site: Site, editor: Editor) -> None:
    """Given ids of somebody else's revisions, they are not found."""
    editor.change("上门检查", "现场检查")
    kept = editor.client.get(editor.props["historyUrl"]).get_json()["revisions"][0]

    admin = open_editor(site, "admin")
    assert admin.client.get(kept["contentUrl"]).status_code == 404
    assert admin.send("POST", kept["restoreUrl"]).status_code == 404
    assert admin.client.get(admin.props["historyUrl"]).get_json()["revisions"] == []


@pytest.mark.parametrize("user", ["hotline1", "auditor", "stranger"])
def test_the_studio_is_for_owners(site: Site, user: str) -> None:
    """Given somebody who owns no processes, there is no such page, and no way to it in the frame."""
    assert site.as_(user).get("/studio").status_code == 404
    assert 'href="/studio"' not in site.as_(user).text("/inbox")
    assert 'href="/studio"' in site.as_("owner").text("/inbox")

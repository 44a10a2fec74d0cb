"""The processes folder and what is live stay in step, whichever of them changes; earlier versions come back."""

from pathlib import Path

import pytest

from engine.runtime import deployments
from engine.storage.tables import ProcessDefinition
from engine.studio.folder import bring_up, deploy_folder
from tests.web.conftest import Site
from tests.web.studio_pages import DIAGRAM, FORM, open_editor


def live(site: Site, key: str = "site_visit") -> ProcessDefinition:
    """The process that starts now."""
    with site.engine.database.session() as session:
        return next(row for row in session.query(ProcessDefinition).filter_by(key=key, state="live"))


def file(site: Site, key: str = DIAGRAM) -> Path:
    """A file of the processes folder."""
    return site.engine.settings.processes_dir / key


def publish(site: Site, user: str = "owner", note: str = "统一叫法") -> None:
    """What somebody does whose drafts are to go live."""
    client = site.as_(user)
    made = client.send("/studio/propose", {"file": [DIAGRAM], "note": note}).headers["Location"]
    assert client.send(f"{made}/approve").status_code == 302


def live_content(site: Site, user: str = "admin") -> str:
    """What somebody gets who has no draft."""
    return open_editor(site, user).load()[1].decode()


def test_what_is_published_is_written_to_the_folder_and_keeps_its_english(site: Site) -> None:
    """Given a changed diagram, published, the file says the same, and labels that did not change are still in English."""
    owner = open_editor(site, "owner")
    changed = owner.change("上门检查", "现场检查")

    publish(site)

    assert live(site).english["登记需求"] == "Record the need"
    assert file(site).read_bytes() == changed
    assert open_editor(site, "owner").load() == ('"0"', changed)
    assert "文件已改</a>" not in owner.client.text("/studio")


def test_an_earlier_version_comes_back(site_on_each: Site) -> None:
    """Given a published change, the first version is published again from the history; all of it is on record with who and why."""
    site = site_on_each
    owner = open_editor(site, "owner")
    first = owner.load()[1]
    owner.change("上门检查", "现场检查")
    publish(site)
    page = owner.client.text(f"/studio/past/bpmn/{DIAGRAM}")
    address = page.split('action="/studio/past/bpmn/')[1].split('"')[0]

    assert owner.client.send(f"/studio/past/bpmn/{address}", {"note": " "}).status_code == 400
    made = owner.client.send(f"/studio/past/bpmn/{address}", {"note": "客户不认新叫法"}).headers["Location"]
    owner.client.send(f"{made}/approve")

    assert open_editor(site, "owner").load()[1] == first
    assert file(site).read_bytes() == first
    history = owner.client.text(f"/studio/past/bpmn/{DIAGRAM}")
    assert all(text in history for text in ("开始修改", "统一叫法", "申请回到以前的版本", "客户不认新叫法", "沈怀瑾"))


def test_whatever_way_it_goes_live_the_folder_follows(site: Site) -> None:
    """Given a proposal that is let go live on another page, the file is written all the same; before, it is not."""
    owner = open_editor(site, "owner")
    first = owner.load()[1]
    owner.change("上门检查", "现场检查")
    owner.client.send("/studio/propose", {"file": [DIAGRAM], "note": "统一叫法"})
    assert file(site).read_bytes() == first

    admin = site.as_("admin")
    deployment = admin.text("/console/repository").split("/console/repository/")[1].split("/")[0]
    admin.send(f"/console/repository/{deployment}/publish")

    assert "现场检查" in file(site).read_text("utf-8")


def test_a_file_that_was_changed_appears_with_its_difference(site: Site) -> None:
    """Given somebody edits a file in the folder, the library says so, the page tells the change, and it becomes a draft on request."""
    text = file(site).read_text("utf-8").replace("上门检查", "到场检查")
    file(site).write_text(text, "utf-8")
    owner = site.as_("owner")

    assert "文件已改" in owner.text("/studio")
    page = owner.text(f"/studio/folder/bpmn/{DIAGRAM}")
    assert "到场检查" in page
    owner.send(f"/studio/folder/bpmn/{DIAGRAM}/take")
    assert open_editor(site, "owner").load() == ('"1"', text.encode())
    assert "上门检查" in live_content(site)


def test_a_changed_file_is_put_back(site: Site) -> None:
    """Given an edited file, what is live is written over it, and the library says nothing any more."""
    first = file(site).read_bytes()
    file(site).write_bytes(first.replace("上门检查".encode(), "到场检查".encode()))

    site.as_("owner").send(f"/studio/folder/bpmn/{DIAGRAM}/overwrite")

    assert file(site).read_bytes() == first
    assert site.as_("owner").get(f"/studio/folder/bpmn/{DIAGRAM}").status_code == 404


def test_a_restart_does_not_take_back_what_was_published(site_on_each: Site) -> None:
    """Given a folder that could not be written, a new start leaves what was published live and brings the file up."""
    site = site_on_each
    first = file(site).read_bytes()
    owner = open_editor(site, "owner")
    changed = owner.change("上门检查", "现场检查")
    publish(site)
    file(site).write_bytes(first)  # as if it had never been written
    assert "文件是以前的版本" in owner.client.text(f"/studio/folder/bpmn/{DIAGRAM}")

    deploy_folder(site.engine)

    assert file(site).read_bytes() == changed
    assert "现场检查" in live_content(site)


def test_a_restart_deploys_what_was_updated_in_the_folder(site: Site) -> None:
    """Given an updated file whose live version came from the folder, a new start lets it go live, as an update is meant."""
    text = file(site).read_text("utf-8").replace("上门检查", "到场检查")
    file(site).write_text(text, "utf-8")

    deploy_folder(site.engine)

    assert "到场检查" in live_content(site)


def test_when_both_changed_a_restart_leaves_the_decision_to_people(site: Site) -> None:
    """Given a change that was published and another one in the folder, what is live stays and the file waits in the studio."""
    owner = open_editor(site, "owner")
    owner.change("上门检查", "现场检查")
    publish(site)
    text = file(site).read_text("utf-8").replace("登记需求", "记录需求")
    file(site).write_text(text, "utf-8")

    deploy_folder(site.engine)

    assert "登记需求" in live_content(site)
    assert file(site).read_text("utf-8") == text
    assert "文件已改" in owner.client.text("/studio")


def test_nothing_is_written_outside_the_folder(site: Site) -> None:
    """Given a deployment whose file name leads elsewhere, no such file is written."""
    content = file(site).read_bytes().replace(b"site_visit", b"elsewhere")
    deployments.deploy(site.engine, {"../elsewhere.bpmn": content}, name="x", source=deployments.STUDIO)

    assert bring_up(site.engine) == []
    assert not (site.engine.settings.processes_dir.parent / "elsewhere.bpmn").exists()


@pytest.mark.parametrize("user", ["engineer1", "auditor"])
def test_only_owners_touch_the_folder(site: Site, user: str) -> None:
    """Given somebody else, there are no such addresses."""
    assert site.as_(user).send(f"/studio/folder/form/{FORM}/overwrite").status_code == 404
    assert site.as_(user).get(f"/studio/past/bpmn/{DIAGRAM}").status_code == 404

"""Keeping what was played in a sandbox: it becomes a scenario of the procedure, which goes the same way from now on."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from engine.scenarios import run as play
from engine.scenarios.run import asked_for
from engine.scenarios.world import World
from handlers.scenarios import world
from tests.web.conftest import Site
from tests.web.sandbox_run import BEGUN, archiving, tried
from tests.web.studio_pages import DIAGRAM


def test_the_run_is_kept_as_a_scenario_that_passes(shop: Site) -> None:
    """Given a run with an answer by hand, when it is kept, then it stands beside the others in their style, and the player finds it green."""
    run = archiving(shop)
    run.answer("error", code="FULL")
    run.complete()

    page = run.post("scenario", name="档案柜满了", stem="archive_full", about="告诉客户")

    assert "已保存" in page
    folder = shop.engine.settings.processes_dir
    text = (folder / "repairs" / "scenarios" / "archive_full.yaml").read_text("utf-8")
    assert "  - complete: ask\n    by: parts1\n    enter: {wanted: 3}\n" in text
    assert "  - answer: archive\n    error: FULL\n" in text
    assert "ended: end_full" in text
    report = play_again(shop, folder / "repairs" / "scenarios" / "archive_full.yaml")
    assert not [problem.en for played in report.played for problem in played.problems]


def play_again(site: Site, path: Path) -> Any:
    """What the player of scenarios says."""

    def office() -> World:
        return replace(world(), handlers=site.engine.handlers)

    return play(asked_for([path]), office)


def test_a_handler_that_only_worked_need_not_be_told(shop: Site) -> None:
    """Given a run in which the handler worked itself, when it is shown as a scenario, then no step speaks of it, and it waits for the message."""
    run = archiving(shop)
    assert "还有处理器等着回答：归档" in run.client.text(f"{run.address}/scenario")
    run.answer("work")
    assert "还有处理器等着回答" not in run.client.text(f"{run.address}/scenario")

    page = run.post("scenario", name="等备件", stem="waits")

    assert "已保存" in page
    text = (shop.engine.settings.processes_dir / "repairs" / "scenarios" / "waits.yaml").read_text("utf-8")
    assert "answer" not in text
    assert "path: [start, ask, archive]" in text


def test_a_scenario_is_not_written_over(shop: Site) -> None:
    """Given a scenario of the same name, or a name that is none, when the run is kept, then that is told and nothing is written."""
    run = tried(shop)
    run.start()

    for stem, said in (("begun", "已有场景"), ("../x", "文件名用小写字母开头")):
        answer = run.client.send(f"{run.address}/scenario", {"name": "又一个", "stem": stem})
        assert answer.status_code == 400
        assert said in answer.get_data(as_text=True)
    assert (shop.engine.settings.processes_dir / "repairs" / "scenarios" / "begun.yaml").read_text("utf-8") == BEGUN


def test_a_stand_in_cannot_be_kept(shop: Site) -> None:
    """Given a task for a group in which nobody is, when the run is kept, then the page says that the office has no such person."""
    run = tried(shop)
    run.start()
    run.pass_timer()
    run.complete(1)

    answer = run.client.send(f"{run.address}/scenario", {"name": "催", "stem": "reminded"})

    assert answer.status_code == 400
    assert "没有人员“no_such_group-1”" in answer.get_data(as_text=True)


def test_files_are_kept_as_samples(site: Site) -> None:
    """Given a form with a photo and a signature, when the owner attaches both, then the run goes on, and the scenario says `photo` and `signature`."""
    run = tried(site, key=DIAGRAM)
    run.client.send_json(f"{run.address}/start", {"customer_name": "华东仪表厂"})
    run.complete(fault="不开机", on_site=True)
    sent = {
        kind: run.client.send(f"{run.address}/files", {"kind": kind, "file": (BytesIO(b"..."), "a.png")}).get_json()["id"]
        for kind in ("photo", "signature")
    }

    answer = run.complete(findings="电源坏了", photos=[sent["photo"]], signature=sent["signature"])

    assert answer.status_code == 200, answer.get_data(as_text=True)
    text = run.client.text(f"{run.address}/scenario")
    assert "photos: [photo], signature: signature" in text
    page = run.post("scenario", name="上门", stem="on_site")
    assert "已保存" in page

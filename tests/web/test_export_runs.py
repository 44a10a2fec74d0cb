"""Downloads of histories tell how far they are, can be cancelled, and never leave a part that looks whole."""

import http.client
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.history.export import reading
from engine.storage.tables import ExportRun, HistoryReading
from tests.serving import waitress_serving
from tests.web.conftest import Site
from tests.web.test_browser import DESK, PHONE, address, chromium, window
from tests.web.test_exports import taken
from web.exports import export, runs

__all__ = ["address", "chromium"]  # fixtures

RUN = "0123456789abcdef" * 2
OTHER = "f" * 32


@pytest.fixture
def piecemeal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are sent a case at a time, and each piece is noted."""
    monkeypatch.setattr(reading, "CASES_AT_A_TIME", 1)
    monkeypatch.setattr(export, "_BLOCK", 1)
    monkeypatch.setattr(runs, "_NOTED_EVERY_S", 0)


def progress(site: Site, run: str = RUN) -> dict[str, Any]:
    """What the page is told."""
    told: dict[str, Any] = site.as_("auditor").get(f"/exports/runs/{run}").get_json()
    return told


def breaking_after(cases: int) -> export.Format:
    """A format that cannot be written further than so many cases."""

    def write(histories: reading.Histories, _names: Any) -> Iterator[str]:
        for number, piece in enumerate(histories.pieces()):
            if number == cases:
                message = "the disk is gone"
                raise RuntimeError(message)
            yield from (f"{case}\n" for case in piece)

    return replace(export.FORMATS["csv"], write=write)


@pytest.mark.usefixtures("piecemeal")
@pytest.mark.parametrize("form", ["xes", "ocel", "csv", "jsonl"])
def test_a_download_tells_how_far_it_is(site_on_each: Site, form: str) -> None:
    """Given five cases, then while the file comes cases and bytes grow to all, it ends as done with the size of the file, and is recorded once."""
    site = site_on_each
    for _ in range(5):
        site.start()
    answer = site.as_("auditor").get(f"/exports/cases?form={form}&run={RUN}", buffered=False)

    size, seen = 0, []
    for piece in answer.iter_encoded():
        size += len(piece)
        seen.append(progress(site))

    assert [told["done"] for told in seen] == sorted(told["done"] for told in seen)
    assert {0 < told["done"] < 5 for told in seen} == {False, True}
    assert {(told["state"], told["cases"]) for told in seen} == {("running", 5)}
    assert progress(site) == {"state": "done", "cases": 5, "done": 5, "bytes": size}
    with site.engine.database.session() as session:
        assert [(line.way, line.cases) for line in session.query(HistoryReading)] == [(form, 5)]


def test_every_place_with_an_export_can_be_followed(site: Site) -> None:
    """Given a case, what a search finds and a sample, then each of their downloads tells how it ended."""
    site.start()
    auditor, case = site.as_("auditor"), site.task("登记需求").root_id
    sample = auditor.send("/audit/samples", {"size": "1", "seed": "x"}).headers["Location"]

    for number, path in enumerate((f"/exports/cases/{case}", "/audit/export", f"{sample}/export")):
        run = f"{number}" * 32
        text = taken(site, f"{path}?form=jsonl&run={run}")
        assert progress(site, run) == {"state": "done", "cases": 1, "done": 1, "bytes": len(text.encode())}


@pytest.mark.usefixtures("piecemeal")
def test_a_cancelled_download_breaks_off(site_on_each: Site) -> None:
    """Given a download that its owner cancels, then no further piece comes, and it stays cancelled."""
    site = site_on_each
    for _ in range(5):
        site.start()
    pieces = site.as_("auditor").get(f"/exports/cases?form=csv&run={RUN}", buffered=False).iter_encoded()
    next(pieces)

    assert site.as_("auditor").send(f"/exports/runs/{RUN}/cancel").status_code == 204

    with pytest.raises(ConnectionAbortedError):
        list(pieces)
    assert progress(site)["state"] == "cancelled"


def test_a_client_that_goes_away_is_told_apart_from_a_whole_file(site: Site) -> None:
    """Given a browser that closes the connection, then the download is cancelled, not done."""
    site.start()
    answer = site.as_("auditor").get(f"/exports/cases?form=csv&run={RUN}", buffered=False)
    next(answer.iter_encoded())

    answer.close()

    assert progress(site)["state"] == "cancelled"


@pytest.mark.usefixtures("piecemeal")
@pytest.mark.parametrize("asked", ["", f"&run={RUN}"], ids=["plain", "followed"])
def test_no_client_takes_a_part_for_the_whole(site: Site, monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    """Given an error half-way on the server that the product runs on, then the connection breaks off inside of the file, with and without a page that follows."""
    for _ in range(3):
        site.start()
    monkeypatch.setitem(export.FORMATS, "csv", breaking_after(2))
    cookie = site.as_("auditor").get_cookie("opsbook")
    assert cookie is not None
    with waitress_serving(site.app, threads=2) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", f"/exports/cases?form=csv{asked}", headers={"Cookie": f"opsbook={cookie.value}"})

        with pytest.raises(http.client.IncompleteRead):
            connection.getresponse().read()
        connection.close()

    if asked:
        assert progress(site)["state"] == "failed"


def test_a_download_is_its_owners_alone(site: Site) -> None:
    """Given an auditor's download, then nobody else sees or stops it, its id is not used twice, and what is no id is refused."""
    site.start()
    taken(site, f"/exports/cases?form=csv&run={RUN}")

    for path in (f"/exports/runs/{RUN}", f"/exports/runs/{OTHER}"):
        site.as_("admin").text(path, status=404)
        site.as_("hotline1").text(path, status=404)
    assert site.as_("admin").send(f"/exports/runs/{RUN}/cancel").status_code == 404
    assert site.as_("admin").get(f"/exports/cases?form=csv&run={RUN}").status_code == 409
    site.as_("auditor").text("/exports/cases?form=csv&run=../x", status=400)
    assert progress(site)["state"] == "done"


def test_what_is_long_over_is_forgotten(site: Site) -> None:
    """Given a download two days ago, then it is forgotten when the next one begins."""
    site.start()
    taken(site, f"/exports/cases?form=csv&run={RUN}")
    site.clock.advance(timedelta(days=2))

    taken(site, f"/exports/cases?form=csv&run={OTHER}")

    with site.engine.database.session() as session:
        assert [run.id for run in session.query(ExportRun)] == [OTHER]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_auditor_follows_a_download(
    site: Site, address: str, chromium: Browser, size: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given the list of cases, then export shows n of m, ends with a whole file, and one that is cancelled leaves none; a failure is told."""
    for _ in range(3):
        site.start()
    go_on = Event()
    monkeypatch.setitem(export.FORMATS, "jsonl", waiting_for(go_on))
    monkeypatch.setattr(reading, "CASES_AT_A_TIME", 1)
    monkeypatch.setattr(export, "_BLOCK", 1)
    monkeypatch.setattr(runs, "_NOTED_EVERY_S", 0)
    page = window(chromium, address, "auditor", size)
    page.goto("/cases")

    with page.expect_download() as coming:
        ask_for(page, "jsonl")
    panel = page.locator(".ops-export")
    expect(panel).to_contain_text("1 / 3 个案例")
    go_on.set()
    expect(panel).to_contain_text("完成：3 个案例")
    file = coming.value
    assert file.failure() is None
    assert len(file.path().read_text("utf-8").split()) == 3
    panel.get_by_role("button", name="关闭").click()
    expect(panel).to_have_count(0)

    go_on.clear()
    with page.expect_download() as coming:
        ask_for(page, "jsonl")
    expect(panel).to_contain_text("1 / 3 个案例")
    panel.get_by_role("button", name="取消").click()
    expect(panel).to_contain_text("已取消")
    go_on.set()
    assert coming.value.failure() is not None
    panel.get_by_role("button", name="关闭").click()

    monkeypatch.setitem(export.FORMATS, "csv", breaking_after(2))
    with page.expect_download() as coming:
        ask_for(page, "csv")
    expect(panel).to_contain_text("没有成功")
    assert coming.value.failure() is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate("window.__blocked") == []


def ask_for(page: Page, form: str) -> None:
    """Press export and choose a format."""
    page.locator("summary", has_text="导出").click()
    page.get_by_label("格式").select_option(form)
    page.get_by_role("button", name="下载").click()


def waiting_for(go_on: Event) -> export.Format:
    """A format that waits after its first case."""

    def write(histories: reading.Histories, _names: Any) -> Iterator[str]:
        for number, piece in enumerate(histories.pieces()):
            if number == 1:
                yield "\n"  # what was written before it is noted
                assert go_on.wait(20)
            yield from (f"{case}\n" for case in piece)

    return replace(export.FORMATS["jsonl"], write=write)

"""What machines ask: alive, ready, how much is going on."""

from collections.abc import Callable
from datetime import timedelta

from tests.web.conftest import Site


def test_health_needs_nobody_signed_in(site: Site) -> None:
    """Given a stranger, health and readiness answer."""
    assert site.visitor().text("/healthz") == "ok\n"
    assert site.visitor().text("/readyz") == "ready\n"


def test_metrics_count_and_name_nobody(site_on_each: Site) -> None:
    """Given an overdue task, the metrics count it and contain no name of a person or customer."""
    site_on_each.start("华东仪表厂")
    site_on_each.clock.advance(timedelta(hours=1))

    text = site_on_each.visitor().text("/metrics")

    assert 'opsbook_open_tasks{process="site_visit"} 1.0' in text
    assert 'opsbook_instances{process="site_visit",state="active"} 1.0' in text
    assert "opsbook_overdue_tasks 1.0" in text
    assert "opsbook_open_incidents 0.0" in text
    assert "华东" not in text


def test_the_demo_clock_moves_time_forward_only(new_site: Callable[..., Site]) -> None:
    """Given a demo, anybody signed in moves the clock on, and what was due then fires; backwards or a year at once is refused."""
    site = new_site(demo=True)
    site.start()
    site.record()
    hotline = site.as_("hotline1")
    before = site.clock.now()

    assert hotline.send("/demo/clock", {"minutes": "180"}).status_code == 302
    assert hotline.send("/demo/clock", {"minutes": "-60"}).status_code == 400
    assert hotline.send("/demo/clock", {"minutes": "600000"}).status_code == 400

    assert site.clock.now() == before + timedelta(hours=3)
    site.run()
    assert site.task("处理超时").state == "open"
    assert "今天 13:00" in hotline.text("/demo/clock")


def test_there_is_no_demo_clock_outside_of_a_demo(site: Site) -> None:
    """Given no demo, there is no page to move the clock."""
    assert site.as_("admin").get("/demo/clock").status_code == 404

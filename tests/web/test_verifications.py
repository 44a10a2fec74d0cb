"""Verified replay of all finished cases of a period: in the background, with progress and what was found."""

import re
from datetime import timedelta

from sqlalchemy import select

from engine.runtime import claims, instances, jobs
from engine.runtime.catalog import DefinitionCache
from engine.storage.tables import Event, HistoryReading, VerificationItem
from tests.web.conftest import Site
from tests.web.test_cases import visited
from tests.web.test_replay import pretend


def finished(site: Site) -> str:
    """A visit that is over."""
    case = visited(site, part=False)
    instances.cancel(site.engine, case, "owner", "客户撤回")
    return case


def verified(site: Site, **wanted: str) -> str:
    """An auditor orders a verification; its address."""
    answer = site.as_("auditor").send("/verifications", wanted)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def counts(page: str) -> dict[str, int]:
    """What the page counts, by state."""
    return {state: int(number) for state, number in re.findall(r'state=(\w+)" >\S+ (\d+)</a>', page)}


def test_cases_are_the_same_different_or_cannot_be_replayed(site_on_each: Site) -> None:
    """Given an honest case, one with a changed form value and one on a version that is gone, each is told, with links to the events."""
    site = site_on_each
    honest, changed, lost = (finished(site) for _ in range(3))
    with site.engine.database.transaction() as session:
        pretend(session, is_postgres=site.engine.database.is_postgres)
        completed = session.scalars(
            select(Event).where(Event.instance_id == changed, Event.type == "UserTaskCompleted", Event.element_id == "visit")
        ).one()
        of_it = (Event.instance_id == changed, Event.type == "VariableChanged", Event.data["name"].as_string() == "findings")
        shows = session.scalars(select(Event.sequence).where(*of_it)).one()
        number, values = completed.sequence, completed.data["values"] | {"findings": "主板坏"}
        completed.data = completed.data | {"values": values}
        first = session.scalars(select(Event).where(Event.instance_id == lost, Event.sequence == 1)).one()
        first.data = first.data | {"definition": "site_visit:9"}
    object.__setattr__(site.engine, "cache", DefinitionCache())

    address = verified(site)
    site.run()

    page = site.as_("auditor").text(address)
    assert counts(page) == {"same": 1, "different": 1, "failed": 1}
    assert f"/cases/{honest}/replay" in page
    assert re.findall(rf'/cases/{changed}/replay\?event=(\d+)"', page) == [str(shows), str(number)], "where it shows, and the changed input"
    assert "site_visit:9" in page
    only = site.as_("auditor").text(f"{address}?state=same")
    assert f"/cases/{honest}/replay" in only
    assert f"/cases/{changed}/replay" not in only


def test_progress_survives_leaving_the_page(site: Site) -> None:
    """Given three finished cases of which one is done, whoever comes back sees one of three; a case that ran on meanwhile is none of them."""
    cases = {finished(site) for _ in range(3)}
    visited(site, part=False)
    address = verified(site, process="site_visit")

    jobs.run_next(site.engine, "a worker")
    page = site.as_("admin").text(address)
    assert '<progress max="3" value="1"' in page
    assert "data-live" in page
    site.run()
    assert '<progress max="3" value="3"' in site.as_("auditor").text(f"{address}/progress")
    with site.engine.database.session() as session:
        assert set(session.scalars(select(VerificationItem.root_id))) == cases


def test_it_can_be_stopped(site: Site) -> None:
    """Given three cases that wait, a stop leaves them, their jobs do nothing, and a second stop is refused."""
    for _ in range(3):
        finished(site)
    address = verified(site)

    assert site.as_("auditor").send(f"{address}/cancel").status_code == 302
    site.run()

    assert counts(site.as_("auditor").text(address)) == {"cancelled": 3}
    assert site.as_("auditor").send(f"{address}/cancel").status_code == 409


def test_only_the_cases_of_the_days_are_verified_and_it_is_recorded(site: Site) -> None:
    """Given a case that ended yesterday and one today, from today on there is one; the record says who read how many cases of which days."""
    finished(site)
    site.clock.advance(timedelta(days=1))
    today = finished(site)
    day = site.clock.now().date().isoformat()

    verified(site, since=day, until=day)

    with site.engine.database.session() as session:
        assert session.scalars(select(VerificationItem.root_id)).all() == [today]
        reading = session.scalars(select(HistoryReading)).one()
    assert (reading.user_id, reading.way, reading.cases, reading.selection) == ("auditor", "verification", 1, {"since": day, "until": day})
    assert "核验" in site.as_("auditor").text("/exports/readings")
    assert day in site.as_("auditor").text("/verifications")


def test_nothing_to_verify_and_wrong_days_are_said(site: Site) -> None:
    """Given no finished case, or days in the wrong order, it is refused in words."""
    client = site.as_("auditor")
    assert "没有符合条件的已结束案例" in client.send("/verifications").get_data(as_text=True)
    finished(site)
    assert "不能早于" in client.send("/verifications", {"since": "2026-02-02", "until": "2026-02-01"}).get_data(as_text=True)
    assert "不是日期" in client.send("/verifications", {"since": "soon"}).get_data(as_text=True)


def test_a_worker_that_was_lost_does_not_lose_a_case(site: Site) -> None:
    """Given a worker that took a case of the batch and died, another one does it when the lease is over."""
    finished(site)
    address = verified(site)
    claims.claim(site.engine, "lost")
    site.clock.advance(timedelta(minutes=2))
    site.run()
    site.clock.advance(timedelta(minutes=2))
    site.run()

    assert counts(site.as_("auditor").text(address)) == {"same": 1}

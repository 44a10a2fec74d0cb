"""Searches that are kept and shared, and samples that can be drawn and shown again."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from engine.runtime import instances
from engine.storage.tables import CaseSample, HistoryReading, ProcessInstance, SavedSearch
from tests.web.conftest import Site
from tests.web.test_audit import found
from tests.web.test_cases import visited


def saved(site: Site) -> list[SavedSearch]:
    """All searches that are kept."""
    with site.engine.database.session() as session:
        return list(session.scalars(select(SavedSearch).order_by(SavedSearch.name)))


def many(site: Site, number: int) -> list[str]:
    """New cases, by id."""
    return sorted(instances.start(site.engine, "site_visit", {"customer_name": "x", "phone": "1"}, None, "hotline1") for _ in range(number))


def draw(site: Site, size: int, seed: str = "", who: str = "auditor", **search: str) -> str:
    """The address of a sample."""
    answer = site.as_(who).send("/audit/samples", {"size": str(size), "seed": seed, **search})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def shown(site: Site, address: str) -> list[str]:
    """Ids of the cases on a sample's page."""
    return re.findall(r'data-row>.*?href="/cases/(\w+)/replay"', site.as_("auditor").text(address), re.DOTALL)


def test_a_search_is_kept_shared_renamed_and_deleted(site_on_each: Site) -> None:
    """Given a search that an auditor keeps, it is in their list, its address works for other readers, and only they rename and delete it."""
    site = site_on_each
    case = visited(site, part=False)
    auditor, owner = site.as_("auditor"), site.as_("owner")
    kept = {"name": "赵建国的上门", "process": "site_visit", "through": ["visit", "callback"], "person": "engineer1"}
    assert auditor.send("/audit/searches", kept).status_code == 302
    (search,) = saved(site)
    address = f"/audit/searches/{search.id}"

    assert "赵建国的上门" in auditor.text("/audit")
    assert "赵建国的上门" not in owner.text("/audit")
    shared = owner.get(address)
    assert (shared.status_code, found(site, shared.headers["Location"].partition("?")[2], "owner")) == (302, [case])
    assert owner.send(f"{address}/name", {"name": "别的"}).status_code == 404
    assert owner.send(f"{address}/delete").status_code == 404

    assert auditor.send("/audit/searches", kept).status_code == 409
    assert auditor.send("/audit/searches", kept | {"name": " "}).status_code == 400
    assert auditor.send("/audit/searches", kept | {"name": "第二个"}).status_code == 302
    assert auditor.send(f"{address}/name", {"name": "第二个"}).status_code == 409
    assert auditor.send(f"{address}/name", {"name": "上门"}).status_code == 302
    assert [item.name for item in saved(site)] == sorted(["上门", "第二个"])
    assert auditor.send(f"{address}/delete").status_code == 302
    auditor.text(address, status=404)
    assert [item.name for item in saved(site)] == ["第二个"]


def test_a_sample_is_drawn_by_its_seed_and_stays_as_it_was(site_on_each: Site) -> None:
    """Given thirty cases, a seed draws the same five again and another others; what comes later changes no sample; anybody can check the draw."""
    site = site_on_each
    ids = many(site, 30)
    first, again, other = draw(site, 5, "8f3"), draw(site, 5, "8f3"), draw(site, 5, "8f4")

    cases = shown(site, first)
    assert cases == sorted(ids, key=lambda case: sha256(f"8f3:{case}".encode()).hexdigest())[:5]
    assert shown(site, again) == cases
    assert set(shown(site, other)) != set(cases)
    many(site, 10)
    site.clock.advance(timedelta(days=1))
    assert shown(site, first) == cases
    page = site.as_("owner").text(first)
    for words in ("从 30 个案例中抽取的 5 个", "8f3", "方静仪 于", sha256("\n".join(ids).encode()).hexdigest(), "所有案例"):
        assert words in page, words
    assert "从 30 个案例中抽取的 5 个" in site.as_("owner").text("/audit/samples")


def test_a_sample_is_drawn_from_what_the_search_finds(site: Site) -> None:
    """Given a search that finds one of two cases, a larger sample is that one, with its conditions in words and a seed of its own."""
    case = visited(site, part=False)
    site.start()
    address = draw(site, 25, person="engineer1", process="site_visit", through="callback", late="")

    assert shown(site, address) == [case]
    page = site.as_("auditor").text(address)
    for words in ("谁办理过 engineer1", "流程 上门服务", "必须经过 电话回访"):
        assert words in page, words
    with site.engine.database.session() as session:
        assert re.fullmatch(r"[0-9a-f]{12}", session.scalars(select(CaseSample.seed)).one())


@pytest.mark.parametrize(("size", "search"), [("0", {}), ("501", {}), ("x", {}), ("5", {"person": "niemand"})])
def test_nothing_is_drawn_of_nothing(site: Site, size: str, search: dict[str, str]) -> None:
    """Given no sensible size, or a search that finds nothing, no sample is kept and the page says why."""
    site.start()
    assert site.as_("auditor").send("/audit/samples", {"size": size, **search}).status_code == 400
    with site.engine.database.session() as session:
        assert session.scalars(select(CaseSample)).all() == []


def test_a_sample_is_exported_recorded_and_never_changed(site_on_each: Site) -> None:
    """Given a sample, its export has exactly its cases, looking at it and exporting it are in the record, and the database keeps it as it is."""
    site = site_on_each
    many(site, 6)
    address = draw(site, 3, "a")
    cases = shown(site, address)

    lines = site.as_("auditor").text(f"{address}/export?form=csv").splitlines()[1:]
    assert {line.split(",")[0] for line in lines} == set(cases)
    site.as_("owner").text(f"{address}/export?form=csv", status=404)
    with site.engine.database.session() as session:
        readings = session.scalars(select(HistoryReading).order_by(HistoryReading.read_at)).all()
    sample_id = address.rpartition("/")[2]
    assert [(item.way, item.cases, item.selection["sample"]) for item in readings] == [("sample", 3, sample_id), ("csv", 3, sample_id)]
    assert f'href="{address}"' in site.as_("auditor").text("/exports/readings")
    with pytest.raises(DBAPIError), site.engine.database.transaction() as session:
        session.execute(text("UPDATE case_sample SET seed = 'b'"))


def test_samples_and_searches_are_for_readers_only(site: Site) -> None:
    """Given a sample, people with a part in its cases do not find it, nor draw one."""
    visited(site, part=False)
    address = draw(site, 1)
    for who in ("hotline1", "engineer1"):
        for path in (address, "/audit/samples"):
            site.as_(who).text(path, status=404)
        assert site.as_(who).send("/audit/samples", {"size": "1"}).status_code == 404
        assert site.as_(who).send("/audit/searches", {"name": "x"}).status_code == 404
    with site.engine.database.session() as session:
        assert len(session.scalars(select(CaseSample)).all()) == 1
        assert session.scalars(select(ProcessInstance.id)).first()

"""The indicators' pages, the report to take along, and who may read them."""

from contextlib import nullcontext
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from engine.manuals.kpis import KPIS
from engine.manuals.parameters import PARAMETERS
from engine.storage.tables import Deployment, HistoryReading, Resource
from handlers.deadlines.tables import Breach
from handlers.demo import master_data
from handlers.reports.counting import count_month
from handlers.reports.figures import catalogue, figures
from handlers.reports.formats import plain_value, value_text
from handlers.reports.months import Month, Period
from tests.handlers.reports.conftest import History, at
from tests.web.conftest import Site
from web.kpis import commands

_PROCESSES = Path(__file__).parents[2] / "processes"
MARCH = Month(2026, 3)


@pytest.fixture
def busy(site: Site) -> Site:
    """An office with the catalogue and a March with calls, one of them answered late, a breach, and closed orders."""
    engine = site.engine
    master_data.load(engine)
    history = History(engine)
    history.add(Deployment(id="kpis", name="kpis", source="test", deployed_at=engine.clock.now(), state="live"))
    for name in (KPIS, PARAMETERS):
        history.add(Resource(id=name, deployment_id="kpis", name=name, sha256="0", content=(_PROCESSES / name).read_bytes()))
    site.start()
    for number, late in (("FW20260302-0001", False), ("FW20260302-0002", True), ("FW20260303-0001", False), ("FW20260304-0001", False)):
        history.order(number, received_by="hotline1", late_answer=late, status="closed", result="resolved", closed_at=at("03-09 10:00"))
    due = at("03-04 10:00")
    late = {"order_id": "FW20260302-0002", "due_at": due, "noticed_at": due, "notices": 1, "notified": []}
    history.add(Breach(id="B", process_key="site_visit", activity="上门检查", activity_en="Visit", **late))
    site.clock.set(at("04-20 10:00"))
    return site


def test_the_dashboard_shows_every_indicator_or_why_it_is_not_measured(busy: Site) -> None:
    """Given a March with four calls of which one was late, the card says 75 % and not met; complaints are there, too."""
    page = busy.as_("auditor").text("/kpis?month=2026-03")

    card = page.split("三声接听率")[1].split("</li>")[0]
    assert "75%" in card
    assert "未达标" in card
    assert "二次投诉率" in page
    assert "本期没有案例" in page.split("培训评价")[1].split("</li>")[0]


def test_the_dashboard_of_a_process_shows_what_it_feeds(busy: Site) -> None:
    """Given the filter for the hotline, its indicators and those of all processes are there and no others."""
    page = busy.as_("owner").text("/kpis?month=2026-03&process=hotline_service")

    assert "三声接听率" in page
    assert "期限违约数" in page
    assert "培训评价" not in page


def test_an_indicator_explains_itself_and_lists_its_cases(busy: Site) -> None:
    """Given an indicator, its page has definition, formula and clauses; the missed case comes first, and reading it is on record."""
    auditor = busy.as_("auditor")
    page = auditor.text("/kpis/answer_in_3_rings?month=2026-03")
    missed = auditor.text("/kpis/answer_in_3_rings?month=2026-03&missed=1")

    assert "三声内接起的比例" in page
    assert "count(call.rings &lt;= 3)" in page
    assert page.index("FW20260302-0002") < page.index("FW20260304-0001")
    assert "FW20260304-0001" not in missed
    with busy.engine.database.session() as session:
        readings = session.scalars(select(HistoryReading).where(HistoryReading.way == "kpi").order_by(HistoryReading.id)).all()
    assert [(item.user_id, item.cases, item.selection["kpi"]) for item in readings] == [
        ("auditor", 4, "answer_in_3_rings"),
        ("auditor", 1, "answer_in_3_rings"),
    ]
    assert "指标" in auditor.text("/exports/readings")


def test_a_month_without_cases_says_so(busy: Site) -> None:
    """Given April, in which nobody called, the page says that there are no cases, and there is no figure."""
    page = busy.as_("auditor").text("/kpis/answer_in_3_rings?month=2026-04")

    assert "本期没有案例" in page


def test_page_pdf_and_workbook_have_the_same_figures(busy: Site) -> None:
    """Given a month, every figure of the workbook is the one of the page; the PDF is one, and both are on record."""
    auditor = busy.as_("auditor")
    page = auditor.text("/kpis?month=2026-03")
    pdf = auditor.get("/kpis/report/2026-03.pdf")
    book = openpyxl.load_workbook(BytesIO(auditor.get("/kpis/report/2026-03.xlsx").get_data()))
    summary, months, cases, missing = book.worksheets
    with busy.engine.database.session() as session:
        known, found = catalogue(session), figures(session, Period(MARCH, 1))
        ways = session.scalars(select(HistoryReading.selection).where(HistoryReading.way == "report")).all()

    rows = list(summary.iter_rows(min_row=2, values_only=True))
    last_month = [row[-1] for row in months.iter_rows(min_row=2, values_only=True)]
    assert [row[3] for row in rows] == last_month == [plain_value(figure.value, figure.measure.unit) for figure in found.values()]
    for figure in found.values():
        if not figure.measure.part:
            card = page.split(f'"stretched-link" href="/kpis/{figure.kpi.id}?')[1].split("</li>")[0]
            assert value_text(figure.value, figure.measure.unit, "zh") in card, figure.kpi.id
    assert ("三声接听率", "FW20260302-0002", "否", "不合要求") in {
        (row[0], row[3], row[5], row[6]) for row in cases.iter_rows(min_row=2, values_only=True)
    }
    assert missing.max_row == 1 + len(known.keys() - {figure.kpi.id for figure in found.values()})
    assert pdf.get_data().startswith(b"%PDF-")
    assert [asked["form"] for asked in ways] == ["pdf", "xlsx"]


def test_the_report_speaks_english(busy: Site) -> None:
    """Given an English reader, the workbook and the page are English."""
    owner = busy.as_("owner")
    owner.send("/language/en")
    book = openpyxl.load_workbook(BytesIO(owner.get("/kpis/report/2026-03.xlsx").get_data()))

    assert book.sheetnames[0] == "Summary 2026-03"
    assert "Answered in three rings" in owner.text("/kpis?month=2026-03")


def test_a_month_that_has_not_begun_has_no_report(busy: Site) -> None:
    """Given next year, or something that is no month, the answer says what is wrong."""
    assert busy.as_("auditor").get("/kpis/report/2027-01.pdf").status_code == 400
    assert busy.as_("auditor").get("/kpis/report/march.pdf").status_code == 400
    assert busy.as_("auditor").get("/kpis/report/2026-03.doc").status_code == 404


def test_only_those_who_steer_and_check_read_the_indicators(busy: Site) -> None:
    """Given the roles, auditors, owners, administrators and heads of offices get in; the others neither see the page nor its link."""
    for user, status in (
        ("auditor", 200),
        ("owner", 200),
        ("admin", 200),
        ("head1", 200),
        ("hotline1", 404),
        ("engineer1", 404),
        ("stranger", 404),
    ):
        client = busy.as_(user)
        assert client.get("/kpis").status_code == status, user
        assert client.get("/kpis/report/2026-03.pdf").status_code == status, user
        assert ('href="/kpis"' in client.text("/inbox")) == (status == 200), user


def test_the_head_of_an_office_sees_single_cases_of_its_people_only(busy: Site) -> None:
    """Given a call taken by somebody of another office, its head reads the company's figure but not that case."""
    History(busy.engine).order("FW20260305-0009", "03-05 09:00", received_by="elsewhere")
    page = busy.as_("head1").text("/kpis/answer_in_3_rings?month=2026-03")
    everything = busy.as_("auditor").text("/kpis/answer_in_3_rings?month=2026-03")

    assert "80%" in page
    assert "FW20260305-0009" not in page
    assert "FW20260304-0001" in page
    assert "FW20260305-0009" in everything


def test_only_owners_count_a_month_again(busy: Site) -> None:
    """Given a month that was counted and then put right, an owner counts it again; an auditor may not."""
    count_month(busy.engine, MARCH)
    History(busy.engine).order("FW20260306-0001", "03-06 09:00", late_answer=True)

    assert busy.as_("auditor").send("/kpis/recount?month=2026-03").status_code == 403
    assert "75%" in busy.as_("auditor").text("/kpis/answer_in_3_rings?month=2026-03")
    assert busy.as_("owner").send("/kpis/recount?month=2026-03").status_code == 302
    assert "60%" in busy.as_("auditor").text("/kpis/answer_in_3_rings?month=2026-03")


def test_months_that_take_long_are_counted_one_by_one(busy: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given no patience, the page shows how many months are left; each request counts one, and the last opens the page again."""
    monkeypatch.setattr("web.kpis.routes._PATIENCE_S", -1)
    auditor = busy.as_("auditor")

    assert "正在统计，还有 2 个月" in auditor.text("/kpis?month=2026-04")
    assert "正在统计，还有 1 个月" in auditor.send("/kpis/count?month=2026-04").get_data(as_text=True)
    assert auditor.send("/kpis/count?month=2026-04").headers["HX-Refresh"] == "true"
    assert "正在统计" not in auditor.text("/kpis?month=2026-04")


def test_the_command_writes_both_files(busy: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given `opsbook report 2026-03 --out folder`, the PDF and the workbook are there, and the record names who."""
    monkeypatch.setattr(commands, "installation", lambda: nullcontext(busy.engine))
    done = CliRunner().invoke(commands.report, ["2026-03", "--out", str(tmp_path / "reports"), "--by", "auditor"])

    assert done.exit_code == 0, done.output
    assert (tmp_path / "reports" / "opsbook-2026-03.pdf").read_bytes().startswith(b"%PDF-")
    assert openpyxl.load_workbook(tmp_path / "reports" / "opsbook-2026-03.xlsx").sheetnames[0] == "一览 2026-03"
    with busy.engine.database.session() as session:
        assert session.scalars(select(HistoryReading.user_id).where(HistoryReading.way == "report")).all() == ["auditor"]

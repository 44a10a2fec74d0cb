"""Master data in files: exported so that they can come back, imported after a preview, as a whole or not at all."""

from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import func, select

from handlers.billing.tables import PriceItem
from handlers.customers.tables import Contact, Customer
from handlers.master_data.kinds import KINDS
from handlers.master_data.tables import CustomerAccess, MasterDataChange, MasterDataImport
from handlers.parts.tables import LedgerEntry, Part, StockItem
from tests.web.conftest import Site
from tests.web.master_data import csv_text, excel, excel_rows, office, seen, small_office, upload

__all__ = ["office", "small_office"]  # fixtures

HEAD = "客户编号,客户名称,等级,区域,地址"


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_exported_comes_back_unchanged(office: Site, form: str) -> None:
    """Given the export of each kind, in either language, its import finds every row unchanged."""
    admin = office.as_("admin")
    for kind in KINDS.values():
        admin.send(f"/language/{'en' if kind.name in ('devices', 'stock') else 'zh'}")
        content = admin.get(f"/data/{kind.name}/export.{form}").get_data()
        page = admin.text(upload(admin, kind.name, f"x.{form}", content, reason="核对"))
        counts = [int(part.split("</small>", maxsplit=1)[0]) for part in page.split('class="chips mb-3"')[1].split("<small>")[1:6]]
        assert counts[0] > 0
        assert counts == [counts[0], 0, 0, 0, counts[0]], (kind.name, counts)
        assert 'name="seen"' not in page


def test_an_import_is_previewed_then_written_as_one(office: Site) -> None:
    """Given a file with a new, a changed and an unchanged customer, the preview tells them apart; confirmed, both are written under one number."""
    clerk = office.as_("service1")
    with office.engine.database.session() as session:
        same = session.get_one(Customer, "KH0002")
    content = csv_text(
        HEAD,
        ",新客户厂,重点,武汉市武昌区,中南路 1 号",
        "KH0001,楚云物流有限公司,VIP,武汉市东西湖区,武汉市东西湖区金银湖路 18 号",
        f"KH0002,{same.unit_name},普通,{same.region},{same.address}",
    )

    target = upload(clerk, "customers", "客户.csv", content)
    page = clerk.text(target)

    for words in ("新增 1，修改 1", "重点", "VIP", "新客户厂"):
        assert words in page
    with office.engine.database.session() as session:
        assert session.scalar(select(func.count()).where(Customer.unit_name == "新客户厂")) == 0
    assert clerk.send(target, {"seen": seen(page)}).status_code == 302
    assert "已全部写入" in clerk.text(target)
    with office.engine.database.session() as session:
        made = session.scalars(select(Customer).where(Customer.unit_name == "新客户厂")).one()
        assert made.id == "KH0049"
        assert session.get_one(Customer, "KH0001").level == "vip"
        changes = session.scalars(select(MasterDataChange)).all()
        assert {change.reference for change in changes} == {"DR20260305-0001"}
        assert sorted(change.key for change in changes) == ["KH0001", "KH0049"]
        assert session.scalars(select(MasterDataImport.content)).one() is None
    assert clerk.send(target, {"seen": seen(page)}).status_code == 409


def test_one_faulty_row_stops_the_whole_file(office: Site) -> None:
    """Given faults of every sort among good rows, each is named with line, column and reason, in page and report, and nothing is written."""
    clerk = office.as_("service1")
    content = excel(
        ("序列号", "客户编号", "型号", "服务线", "标准配置", "销售日期", "保修至", "上门至", "本公司产品"),
        ("A-1", "KH0001", "启明 QT-520 台式机", "微机", "16 GB", "2026-01-01", "2029-01-01", "2027-01-01", "是"),
        ("A-2", "KH9999", "启明 QT-520 台式机", "飞机", "16 GB", "昨天", "2029-01-01", "2027-01-01", "大概"),
        ("A-3", "楚云物流有限公司", "", "pc", "16 GB", "2026年1月1日", "2026/12/31", "2027.1.1", "yes"),
        ("A-1", "KH0002", "启明 QT-520 台式机", "pc", "16 GB", "20260101", "2029-01-01", "2027-01-01", "否"),
    )

    target = upload(clerk, "devices", "设备.xlsx", content)
    page = clerk.text(target)

    assert "3 行有错误" in page
    assert 'name="seen"' not in page
    report = excel_rows(clerk.get(f"{target}/report.xlsx").get_data())
    assert report[0] == ("行", "结果", "列", "文件中", "现在", "说明")
    faults = [(row[0], row[2], row[5]) for row in report[1:] if row[1] == "错误"]
    assert faults == [
        (3, "客户编号", "没有“KH9999”。"),
        (3, "服务线", "只能是：服务器、存储、网络、微机、打印机、不间断电源。"),
        (3, "销售日期", "不是日期，例如 2026-03-05。"),
        (3, "本公司产品", "只能是：是、否。"),
        (4, "型号", "必填。"),
        (5, "序列号", "与第 2 行重复。"),
    ]
    assert clerk.send(target, {"seen": "x"}).status_code == 302  # says to look again
    with office.engine.database.session() as session:
        assert session.scalar(select(func.count()).select_from(MasterDataChange)) == 0


def test_data_that_changed_since_the_preview_are_shown_again(office: Site) -> None:
    """Given a preview, when a colleague changes one of its rows first, then confirming writes nothing and leads back to the new preview."""
    clerk, head = office.as_("service1"), office.as_("head1")
    content = csv_text("备件号,成本（元）", "HD-2T,999")
    target = upload(head, "parts", "价.csv", content)
    old = seen(head.text(target))
    other = upload(head, "parts", "价.csv", csv_text("备件号,成本（元）", "HD-2T,950.5"))
    head.send(other, {"seen": seen(head.text(other))})

    answer = head.send(target, {"seen": old}, follow_redirects=True)

    assert "预览之后资料有变化" in answer.get_data(as_text=True)
    with office.engine.database.session() as session:
        assert session.get_one(Part, "HD-2T").cost == Decimal("950.50")
    assert clerk.get(target).status_code == 403
    assert office.as_("admin").get(target).status_code == 404


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("gbk", ","), ("gb18030", ";"), ("utf-16", "\t")])
def test_files_of_every_spreadsheet_program_are_read(small_office: Site, encoding: str, delimiter: str) -> None:
    """Given UTF-8, GBK or UTF-16 with commas, semicolons or tabs, the same row is found."""
    lines = [delimiter.join(row) for row in (("备件号", "名称", "特性"), ("HD-2T", "改名的硬盘", "关键件"))]
    head = small_office.as_("head1")

    page = head.text(upload(head, "parts", "备件.csv", csv_text(*lines, encoding=encoding)))

    assert "新增 0，修改 1" in page
    assert "改名的硬盘" in page


def test_formulas_leave_as_texts_and_come_back_as_they_were(small_office: Site) -> None:
    """Given a customer whose preferences look like a formula, CSV and Excel hold a text, and importing them changes nothing."""
    clerk, evil = small_office.as_("service1"), '=HYPERLINK("http://example.com","x")'
    with small_office.engine.database.transaction() as session:
        session.get_one(Customer, "KH0001").preferences = evil
        session.get_one(Customer, "KH0002").preferences = "'+86 开头"

    text = clerk.get("/data/customers/export.csv").get_data().decode("utf-8-sig")
    book = clerk.get("/data/customers/export.xlsx").get_data()

    assert "'=HYPERLINK" in text
    assert '"=' not in text.replace("'=", "")
    assert "''+86 开头" in text
    assert f"'{evil}" in {cell for row in excel_rows(book) for cell in row}
    for name, content in (("x.csv", text.encode()), ("x.xlsx", book)):
        assert "没有要写入的" in clerk.text(upload(clerk, "customers", name, content))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x01\x02\xff\xfe binary", "读不懂这个文件"),
        (b"PK\x03\x04 no archive", "读不懂这个文件"),
        (b"", "没有内容"),
        ("型号,数量\r\nx,1\r\n".encode(), "缺少：客户名称"),
        ("客户名称,客户名称\r\nx,y\r\n".encode(), "出现了两次"),
        ('客户名称,地址\r\n"x" y,z\r\n'.encode(), "第 2 行读不懂"),
        (b"x\r\n" * 10_002, "文件太大"),
    ],
    ids=["binary", "broken archive", "empty", "no key", "twice", "quotes", "huge"],
)
def test_files_that_cannot_be_read_are_refused_in_words(small_office: Site, content: bytes, words: str) -> None:
    """Given what is no table of customers, the page says why and keeps nothing."""
    clerk = small_office.as_("service1")

    answer = clerk.send("/data/customers/import", {"file": (BytesIO(content), "x.csv")})

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    with small_office.engine.database.session() as session:
        assert session.scalar(select(func.count()).select_from(MasterDataImport)) == 0


def test_counted_stock_is_imported_as_corrections(office: Site) -> None:
    """Given a counted list with its reason, each difference is one entry of the ledger under the number of the import."""
    head = office.as_("head1")
    content = csv_text("条码,位置,备件号,数量", "BT-U9,货架,BT-U9,5", "CB-6,货架,CB-6,25")
    target = upload(head, "stock", "盘点.csv", content, reason="季度盘点")

    head.send(target, {"seen": seen(head.text(target))})

    with office.engine.database.session() as session:
        entries = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "adjust")).all()
        assert {entry.reference for entry in entries} == {"DR20260305-0001"}
        assert session.get_one(StockItem, ("BT-U9", "shelf")).qty == 5
        assert session.scalars(select(MasterDataChange.reason).distinct()).all() == ["季度盘点"]


def test_a_new_price_list_begins_on_its_day(office: Site) -> None:
    """Given next year's prices, they are new rows beside the old ones; contacts without numbers are found by customer and phone."""
    chief = office.as_("chief1")
    content = csv_text(
        "代码,生效日期,失效日期,名称,收费类别,单位,单价（元）,默认报价", 'SM-01,2027-01-01,,上门服务费（区内）,,次,"1,090.00",是'
    )
    target = upload(chief, "prices", "价目.csv", content)
    chief.send(target, {"seen": seen(chief.text(target))})
    with office.engine.database.session() as session:
        assert {item.price for item in session.scalars(select(PriceItem).where(PriceItem.code == "SM-01"))} == {Decimal(80), Decimal(1090)}
        contact = session.scalars(select(Contact).where(Contact.id == "KH0003-1")).one()
        unit = session.get_one(Customer, "KH0003").unit_name
    found = csv_text("姓名,客户编号,电话,是负责人,星座", f"改名人,{unit},{contact.phone},是,天秤")

    page = chief.text(upload(chief, "contacts", "联系人.csv", found))

    assert "新增 0，修改 1" in page
    assert "不认得这些列，它们不会导入：星座" in page
    with office.engine.database.session() as session:
        assert session.scalar(select(func.count()).where(CustomerAccess.customer_id == "KH0003", CustomerAccess.way == "listed")) == 1

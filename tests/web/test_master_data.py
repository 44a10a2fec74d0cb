"""The pages of master data: lists, records, their history, who may see and change them."""

import pytest
from sqlalchemy import func, select

from engine.storage.tables import WorkCalendarDay
from handlers.customers.tables import Contact, Customer, Device
from handlers.dispatch.tables import Employee
from handlers.master_data.kinds import KINDS
from handlers.master_data.tables import CustomerAccess, MasterDataChange
from handlers.outside import outside_of_cases
from handlers.parts.ledger import balance
from handlers.parts.tables import LedgerEntry, StockItem
from tests.web.conftest import Site
from tests.web.master_data import office, small_office, version

__all__ = ["office", "small_office"]  # fixtures

CUSTOMER = {
    "unit_name": "楚云物流有限公司",
    "level": "vip",
    "region": "武汉市东西湖区",
    "address": "金银湖路 20 号",
    "preferences": "",
    "data_checked_at": "",
}


def test_every_kind_has_a_list_a_form_and_a_blank_table(office: Site) -> None:
    """Given the office's data, each kind is listed, searched, opened and offered as a blank table, and the list leads to a record."""
    admin = office.as_("admin")
    for kind in KINDS.values():
        page = admin.text(f"/data/{kind.name}")
        assert kind.zh in page
        target = page.split("data-row>")[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
        record = admin.text(target)
        assert 'id="record"' in record
        assert "没有找到" in admin.text(f"/data/{kind.name}?q=没有这样的东西")
        assert admin.get(f"/data/{kind.name}/export.xlsx?blank=1").status_code == 200
        assert admin.get(f"/data/{kind.name}/new").status_code == (200 if kind.creatable else 404)


def test_a_customer_is_found_changed_and_the_change_is_kept(office: Site) -> None:
    """Given a customer, when the clerk changes level and address, then both stand, and the history says who, what before and after, and why."""
    clerk = office.as_("service1")
    assert "KH0001" in clerk.text("/data/customers?q=楚云")
    page = clerk.text("/data/customers/record?id=KH0001")

    answer = clerk.send("/data/customers/record?id=KH0001", {**CUSTOMER, "version": version(page), "reason": "客户来函"})

    assert answer.status_code == 302
    page = clerk.text("/data/customers/record?id=KH0001")
    for words in ("唐雪梅", "重点", "VIP", "金银湖路 18 号", "金银湖路 20 号", "客户来函"):
        assert words in page
    with office.engine.database.session() as session:
        assert session.get_one(Customer, "KH0001").level == "vip"
        change = session.scalars(select(MasterDataChange)).one()
    assert [part["column"] for part in change.changes] == ["level", "address", "data_checked_at"]


def test_two_people_cannot_overwrite_each_other(office: Site) -> None:
    """Given two who opened one record, the second to save is told what stands there now, keeps the input, and may save once more."""
    clerk, head = office.as_("service1"), office.as_("head1")
    first = version(clerk.text("/data/customers/record?id=KH0001"))
    head.send("/data/customers/record?id=KH0001", {**CUSTOMER, "address": "新址 1 号", "version": first})

    answer = clerk.send("/data/customers/record?id=KH0001", {**CUSTOMER, "version": first})

    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "现在是：新址 1 号" in page
    assert 'value="金银湖路 20 号"' in page
    assert clerk.send("/data/customers/record?id=KH0001", {**CUSTOMER, "version": version(page)}).status_code == 302
    with office.engine.database.session() as session:
        assert session.get_one(Customer, "KH0001").address == "金银湖路 20 号"


def test_errors_stand_at_their_fields_and_the_input_stays(office: Site) -> None:
    """Given a device with a bad date and an unknown customer, the form comes back with each reason at its field; nothing is saved."""
    clerk = office.as_("service1")
    device = {
        "serial": "NEW-1", "customer_id": "没有这家", "model": "启明 QT-520 台式机", "service_line": "pc", "standard_configuration": "16 GB",
        "sold_on": "2026-02-30", "warranty_until": "2027-01-01", "onsite_until": "2028-01-01", "company_product": "true", "location": "",
    }  # fmt: skip

    answer = clerk.send("/data/devices/new", device)

    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "没有“没有这家”。" in page
    assert "不是日期" in page
    assert 'value="NEW-1"' in page
    later = clerk.send("/data/devices/new", {**device, "customer_id": "楚云物流有限公司", "sold_on": "2026/2/28"})
    assert later.status_code == 422
    assert "保修不能先于上门期结束" in later.get_data(as_text=True)
    assert (
        clerk.send(
            "/data/devices/new", {**device, "customer_id": "KH0001", "sold_on": "2026-02-28", "onsite_until": "2026-12-31"}
        ).status_code
        == 302
    )
    with office.engine.database.session() as session:
        assert session.get_one(Device, "NEW-1").customer_id == "KH0001"


def test_what_is_taken_and_what_is_referred_to_is_refused(office: Site) -> None:
    """Given an existing name, a second customer of it is refused; a customer with devices is not removed, a new contact is."""
    clerk = office.as_("service1")
    assert clerk.send("/data/customers/new", CUSTOMER).status_code == 422
    page = clerk.text("/data/customers/record?id=KH0001")
    assert clerk.send("/data/customers/remove?id=KH0001", {"version": version(page)}).status_code == 409
    contact = {"name": "王一", "customer_id": "KH0001", "phone": "027-88880000", "email": "", "title": "", "is_responsible": "false"}

    made = clerk.send("/data/contacts/new", contact)

    here = made.headers["Location"]
    assert clerk.send(here.replace("/record?", "/remove?"), {"version": version(clerk.text(here))}).status_code == 302
    assert clerk.get(here).status_code == 404
    with office.engine.database.session() as session:
        assert session.scalar(select(func.count()).where(Contact.phone == "027-88880000")) == 0
        assert session.scalars(select(MasterDataChange.action).order_by(MasterDataChange.id)).all() == ["created", "removed"]


def test_customers_are_for_those_who_serve_them_and_every_look_is_logged(office: Site) -> None:
    """Given a parts specialist, a hotline engineer and an auditor: the first is refused, the second looks and cannot change, the third reads who did what."""
    parts, hotline, auditor = office.as_("parts1"), office.as_("hotline1"), office.as_("auditor")
    assert parts.get("/data/customers").status_code == 403
    assert parts.get("/data/contacts/export.csv").status_code == 403
    assert "客户" not in parts.text("/data").split('<ul class="tiles">')[1].split("</ul>")[0]
    hotline.text("/data/customers?q=楚云")
    hotline.text("/data/customers?q=楚云")
    page = hotline.text("/data/customers/record?id=KH0001")
    assert 'id="record"' not in page
    assert hotline.send("/data/customers/record?id=KH0001", CUSTOMER).status_code == 403
    hotline.get("/data/devices/export.csv?q=KH0001")

    with office.engine.database.session() as session:
        looks = session.execute(
            select(CustomerAccess.user_id, CustomerAccess.kind, CustomerAccess.way, CustomerAccess.customer_id).order_by(CustomerAccess.id)
        ).all()
    assert [tuple(look) for look in looks] == [
        ("parts1", "customers", "refused", None),
        ("parts1", "contacts", "refused", None),
        ("hotline1", "customers", "listed", "KH0001"),
        ("hotline1", "customers", "opened", "KH0001"),
        ("hotline1", "devices", "exported", "KH0001"),
    ]
    log = auditor.text("/data/access?q=楚云")
    assert log.count("林晓雯") == 3
    assert "被拒绝" in auditor.text("/data/access?who=parts1")
    assert hotline.get("/data/access").status_code == 404
    assert auditor.send("/data/customers/record?id=KH0001", CUSTOMER).status_code == 403
    assert "没有找到" in auditor.text("/data/access?until=2026-03-04")


@pytest.mark.parametrize("page", ["/data", "/data/customers", "/data/changes", "/data/access", "/data/parts/new"])
def test_strangers_see_nothing(small_office: Site, page: str) -> None:
    """Given somebody in no group, or not signed in, no page of master data opens."""
    assert small_office.as_("stranger").get(page).status_code in (403, 404)
    assert small_office.visitor().get(page).status_code == 302


def test_stock_changes_only_by_a_correction_with_its_reason(office: Site) -> None:
    """Given six batteries counted where eight are booked: without a reason nothing happens, with one the ledger gets one entry and agrees."""
    head, parts = office.as_("head1"), office.as_("parts1")
    here = "/data/stock/record?barcode=BT-U9&place=shelf"
    page = head.text(here)
    with office.engine.database.session() as session:
        before = session.get_one(StockItem, ("BT-U9", "shelf")).qty
    wanted = {"qty": str(before - 2), "version": version(page)}

    assert parts.send(here, {**wanted, "reason": "x"}).status_code == 403
    assert head.send(here, wanted).status_code == 422
    assert head.send(here, {**wanted, "reason": "盘点少两节"}).status_code == 302

    with office.engine.database.session() as session:
        assert session.get_one(StockItem, ("BT-U9", "shelf")).qty == before - 2
        entry = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "adjust")).one()
        assert (entry.qty, entry.from_place, entry.to_place, entry.moved_by) == (2, "shelf", "difference", "head1")
        change = session.scalars(select(MasterDataChange)).one()
        assert change.reference == entry.reference
        ctx = outside_of_cases(office.engine, session, work="test", actor="head1")
        assert balance(ctx, "BT-U9", "shelf") == before - 2
    assert (
        head.send("/data/stock/new", {"barcode": "HD-2T-9", "place": "loan", "part_no": "HD-2T", "qty": "1", "reason": "x"}).status_code
        == 422
    )
    assert (
        head.send("/data/stock/new", {"barcode": "HD-2T-9", "place": "shelf", "part_no": "HD-2T", "qty": "2", "reason": "x"}).status_code
        == 422
    )
    assert (
        head.send("/data/stock/new", {"barcode": "HD-2T-9", "place": "shelf", "part_no": "HD-2T", "qty": "1", "reason": "x"}).status_code
        == 302
    )


def test_a_make_up_day_counts_at_once(office: Site) -> None:
    """Given a free Saturday, when it is entered as worked, then the calendar works on it; when it is removed, no longer."""
    head = office.as_("head1")
    saturday = {"calendar_id": "default", "day": "2026-03-07", "working": "true", "name": "临时调休", "name_en": "Make-up day"}
    friday = office.clock.now().replace(day=6)
    assert office.engine.calendars.get().add_days(friday, 1).due_at.day == 9

    assert head.send("/data/calendar-days/new", saturday).status_code == 302
    assert office.engine.calendars.get().add_days(friday, 1).due_at.day == 7

    here = "/data/calendar-days/record?calendar_id=default&day=2026-03-07"
    head.send(here.replace("record", "remove"), {"version": version(head.text(here))})
    assert office.engine.calendars.get().add_days(friday, 1).due_at.day == 9
    with office.engine.database.session() as session:
        assert session.scalar(select(func.count()).where(WorkCalendarDay.name == "临时调休")) == 0


def test_an_engineer_gets_skills_and_an_absence(office: Site) -> None:
    """Given an engineer, ticked skills and an absence in office time are saved; an unknown grade is refused."""
    head = office.as_("head1")
    here = "/data/engineers/record?user_id=engineer5"
    form = {
        "name": "徐静怡", "office_id": "wuhan", "mobile": "19900000015", "is_engineer": "true", "grade": "2", "skills": ["pc", "ups"],
        "in_station": "true", "home_area": "武汉市硚口区", "absent_until": "2026-03-09T09:00", "active": "true",
    }  # fmt: skip
    assert head.send(here, {**form, "grade": "7", "version": version(head.text(here))}).status_code == 422

    assert head.send(here, {**form, "version": version(head.text(here))}).status_code == 302

    with office.engine.database.session() as session:
        engineer = session.get_one(Employee, "engineer5")
    assert engineer.skills == ["pc", "ups"]
    assert engineer.absent_until is not None
    assert engineer.absent_until.isoformat() == "2026-03-09T01:00:00+00:00"
    assert "微机；不间断电源" in head.text(here)


def test_pages_are_english_for_english_readers(small_office: Site) -> None:
    """Given an English reader, frame, columns, choices and help are English."""
    admin = small_office.as_("admin")
    admin.send("/language/en")
    for path, words in {
        "/data": "Spare parts",
        "/data/customers": "Customer no.",
        "/data/contacts/new": "Is responsible",
        "/data/devices/new": "On site until",
        "/data/prices/new": "Blank: for every kind of service.",
        "/data/contacts/import": "Upload and preview",
        "/data/changes": "History of changes",
        "/data/access": "Looks at customer data",
    }.items():
        assert words in admin.text(path), path
    assert "It must be filled in." in admin.send("/data/customers/new", {}).get_data(as_text=True)


def test_suggestions_find_a_customer_by_part_of_the_name(small_office: Site) -> None:
    """Given two letters of a name, the field of a reference suggests the number; one letter is too little."""
    clerk = small_office.as_("service1")
    assert 'value="KH0001"' in clerk.text("/data/devices/options/customer_id?customer_id=楚云")
    assert clerk.text("/data/devices/options/customer_id?customer_id=楚") == ""
    assert clerk.text("/data/devices/options/serial?serial=KH") == ""

"""Finding customers, open matters and coverage."""

import pytest
from sqlalchemy import select

from engine.runtime.handlers import BpmnError
from handlers.customers.tables import Contact, Device


def test_a_customer_is_found_by_phone_name_serial_number_and_contract(desk):
    """The hotline types whatever the caller gives and sees the unit, the caller and the devices."""
    contact = desk.rows(select(Contact).where(Contact.customer_id == "KH0006", Contact.is_responsible))[0]
    device = desk.rows(select(Device).where(Device.customer_id == "KH0006"))[0]

    by_phone = desk.do("customers.find", query=contact.phone)
    by_name = desk.do("customers.find", query="创芯", by="name")
    by_serial = desk.do("customers.find", query=device.serial.lower(), by="serial")

    assert {found["customer_id"] for found in (by_phone, by_name, by_serial)} == {"KH0006"}
    assert by_phone["contact_person"] == contact.name
    assert by_phone["customer_unit"] == "光谷创芯科技有限公司"
    assert len(by_phone["device_options"]) == 5
    assert by_phone["project_or_contract_no"].startswith("HT")


def test_nobody_found_is_an_answer_and_the_caller_can_be_registered_once(desk):
    """An unknown caller becomes a customer; registering the unit again adds a contact, not a second customer."""
    assert desk.do("customers.find", query="13700000000")["customer_found"] is False

    first = desk.do(
        "customers.register", customer_unit="新开张的公司", contact_person="李芳", contact_phone="13700000000", contact_email=""
    )
    again = desk.do("customers.register", customer_unit="新开张的公司", contact_person="李明", contact_phone="13700000001")

    assert first["customer_created"]
    assert not again["customer_created"]
    assert again["customer_id"] == first["customer_id"]
    assert desk.do("customers.find", query="13700000001")["customer_id"] == first["customer_id"]


def test_a_percent_sign_finds_no_customers(desk):
    """Wildcards of the database mean nothing in a search."""
    assert desk.do("customers.find", query="%", by="name")["customer_found"] is False


def test_a_second_call_about_the_same_device_is_the_same_matter(desk):
    """The open order of the device is offered, and linking to its matter counts a repeated contact."""
    desk.order(device_serial="QM0001")

    found = desk.do("customers.open_matters", customer_id="KH0001", device_serial="QM0001")
    linked = desk.do("orders.link_matter", matter_id=found["matter_id"])

    assert found["same_matter"]
    assert found["open_order_ids"] == [desk.business_key]
    assert linked["contact_count"] == 1, "the matter's own order is no repeated call"
    desk.business_key = "CALL-2"
    assert desk.do("orders.link_matter", matter_id=found["matter_id"])["repeat_call"] is True


def test_coverage_follows_the_days_of_warranty_and_on_site_period(desk):
    """On the last day of the on-site period it still counts, on the next day no more; without a contract nothing else covers."""
    device = next(
        item
        for item in desk.rows(select(Device).where(Device.customer_id == "KH0002").order_by(Device.serial))
        if item.onsite_until < item.warranty_until
    )

    last_day = desk.do("customers.lookup_coverage", device_serial=device.serial, at=device.onsite_until.isoformat())
    next_day = desk.do("customers.lookup_coverage", device_serial=device.serial, at=f"{device.onsite_until}T20:00:00Z")

    assert last_day["in_onsite_period"]
    assert last_day["in_warranty"]
    assert not next_day["in_onsite_period"], "20:00 UTC is the next day in Shanghai"
    assert next_day["in_warranty"]
    assert not next_day["contract_covered"]
    assert next_day["coverage_text"].startswith("保修期内")


def test_an_unknown_serial_number_is_asked_for(desk):
    """The diagram catches DEVICE_UNKNOWN and lets the hotline ask the customer."""
    with pytest.raises(BpmnError) as refused:
        desk.do("customers.lookup_coverage", device_serial="NOT-OURS", customer_id="KH0002")

    assert refused.value.code == "DEVICE_UNKNOWN"
    assert "NOT-OURS" in refused.value.variables["error_text"]
    assert "unknown" in refused.value.variables["error_text_en"]


def test_a_running_contract_covers_a_device_that_is_out_of_warranty(desk):
    """The customer's contract is found by itself."""
    device = desk.rows(select(Device).where(Device.customer_id == "KH0001"))[0]

    found = desk.do("customers.lookup_coverage", device_serial=device.serial)

    assert found["contract_covered"]
    assert found["contract_no"] in found["coverage_text"]


def test_installed_devices_are_covered_from_their_installation(desk):
    """Registered once by serial number, in warranty and in the on-site period from that day; another customer's serial number is refused."""
    line = {"device_model": "启明 QS-1100 塔式服务器", "device_serial": "QM-NEW-1", "service_line": "server"}

    first = desk.do("customers.register_devices", customer_id="KH0001", devices=[line], installed_at="2026-03-10T09:20+08:00")
    again = desk.do("customers.register_devices", customer_id="KH0001", devices=[line], installed_at="2026-03-10T09:20+08:00")
    with pytest.raises(BpmnError) as refused:
        desk.do("customers.register_devices", customer_id="KH0002", devices=[line])

    assert (first["device_count"], again["device_count"]) == (1, 0)
    assert first["onsite_until"] == "2027-03-10"
    assert desk.do("customers.lookup_coverage", device_serial="QM-NEW-1", at="2027-03-10")["in_onsite_period"]
    assert not desk.do("customers.lookup_coverage", device_serial="QM-NEW-1", at="2027-03-11")["in_onsite_period"]
    assert refused.value.code == "SERIAL_TAKEN"

"""The page of the parameters: everybody reads, process owners change, and what they change is history."""

import html
import re

import pytest

from engine.runtime.parameters import changes_of, current_parameters
from tests.web.conftest import Client, Site


def value(site: Site, name: str) -> object:
    with site.engine.database.session() as session:
        return current_parameters(session)[name].value


def seen(client: Client, name: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', client.text(f"/parameters/{name}"))
    assert found
    return html.unescape(found[1])


def change(site: Site, name: str, who: str = "owner", reason: str = "人手不够", **fields: object) -> int:
    client = site.as_(who)
    status: int = client.send(f"/parameters/{name}", {"seen": seen(client, name), "reason": reason, **fields}).status_code
    return status


def test_everybody_reads_every_parameter(site: Site) -> None:
    """Given somebody without any role, when they open the parameters, then each is there with its value, and no editor is."""
    stranger = site.as_("stranger")

    page = stranger.text("/parameters")
    assert "登记需求" in page
    assert "30 分钟（工作时间）" in page
    assert "手册规定" in page
    assert "铃响三声内接起。" in stranger.text("/parameters/record_due")
    assert 'name="reason"' not in stranger.text("/parameters/record_due")


@pytest.mark.parametrize("who", ["stranger", "auditor", "engineer1"])
def test_only_owners_change(site: Site, who: str) -> None:
    """Given somebody who owns no processes, when they send a change anyway, then it is refused."""
    answer = site.as_(who).send("/parameters/attempts", {"seen": "3", "value": "5", "reason": "x"})

    assert answer.status_code == 403
    assert value(site, "attempts") == 3


def test_a_change_counts_and_is_told(site: Site) -> None:
    """Given an owner, when they set a deadline with a reason, then it holds, the history tells it to everybody, and so does its departure from the manual."""
    assert change(site, "record_due", value="2", unit="hours") == 302

    assert value(site, "record_due") == "PT2H"
    page = site.as_("stranger").text("/parameters/record_due")
    assert "30 分钟（工作时间） → 2 小时（工作时间）" in page
    assert "人手不够" in page
    assert "沈怀瑾" in page
    assert "数字偏离：手册是 PT30M，现在是 PT2H" in page
    assert "偏离手册" in site.as_("stranger").text("/parameters")
    assert "数字偏离" in site.as_("stranger").text("/manuals/T?state=deviation")


@pytest.mark.parametrize(
    ("name", "fields", "after"),
    [
        ("attempts", {"value": "5"}, 5),
        ("record_due", {"value": "1", "unit": "weeks"}, "P7D"),
        ("shut", {"value": "17:30"}, "17:30:00+08:00"),
        ("items", {"column.item": ["电源", "外设", ""], "column.item_en": ["Power", "Peripherals", ""]}, [
            {"item": "电源", "item_en": "Power"}, {"item": "外设", "item_en": "Peripherals"},
        ]),
        ("papers", {"onsite": "F-SLIP、F-REPAIR"}, {"onsite": ["F-SLIP", "F-REPAIR"]}),
        ("greetings", {"value": "您好\r\n\r\n早上好"}, ["您好", "早上好"]),
        ("working_hours", {"default.monday": "09:00-12:00", "default.saturday": "09：00-11:00"}, {
            "default": {"monday": ["09:00-12:00"], "saturday": ["09:00-11:00"]},
        }),
    ],
)  # fmt: skip
def test_every_kind_of_value_has_its_editor(site: Site, name: str, fields: dict[str, object], after: object) -> None:
    """Given a parameter of each kind, when its editor is filled in, then the value has the kind that the file gives."""
    page = site.as_("owner").text(f"/parameters/{name}")
    assert all(f'name="{field}"' in page for field in fields)

    assert change(site, name, **fields) == 302
    assert value(site, name) == after


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("attempts", {"value": "-1"}, "0 到"),
        ("attempts", {"value": "abc"}, "请填数字"),
        ("attempts", {"value": "3"}, "值没有变"),
        ("attempts", {"value": "4", "reason": " "}, "请写明修改的理由"),
        ("record_due", {"value": "1.5", "unit": "hours"}, "整数和单位"),
        ("shut", {"value": "25:00"}, "一天中的时刻"),
        ("working_hours", {}, "至少要有一段"),
    ],
)
def test_what_does_not_fit_is_refused_and_kept_in_the_form(site: Site, name: str, fields: dict[str, str], said: str) -> None:
    """Given a value that does not fit, or no reason, when it is sent, then the page says what is wrong, keeps what was entered, and nothing changes."""
    owner, before = site.as_("owner"), value(site, name)
    answer = owner.send(f"/parameters/{name}", {"seen": seen(owner, name), "reason": "试试看", **fields})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert said in page
    assert fields.get("reason", "试试看") in page
    assert value(site, name) == before


def test_nobody_overwrites_what_they_have_not_seen(site: Site) -> None:
    """Given a page that was opened before somebody else's change, when it is sent, then it is refused and shows the new value."""
    owner = site.as_("owner")
    opened = seen(owner, "attempts")
    change(site, "attempts", who="admin", value="7")

    answer = owner.send("/parameters/attempts", {"seen": opened, "value": "5", "reason": "x"})

    assert answer.status_code == 409
    assert "别人刚改过" in answer.get_data(as_text=True)
    assert value(site, "attempts") == 7


def test_a_parameter_goes_back_to_its_file(site: Site) -> None:
    """Given a changed parameter, when the owner takes the file's value again, then it holds, and the history keeps both."""
    change(site, "attempts", value="7")
    owner = site.as_("owner")

    owner.send("/parameters/attempts/restore", {"seen": seen(owner, "attempts"), "reason": "恢复"})

    assert value(site, "attempts") == 3
    with site.engine.database.session() as session:
        assert [item.restored for item in changes_of(session, "attempts")] == [True, False]

"""How kinds of master data are described, and how their texts are read."""

import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import CheckConstraint

from engine.formulas import as_meant, harmless
from engine.storage.database import count_statements
from handlers.master_data.kinds import KINDS
from handlers.master_data.planning import Line, plan
from handlers.master_data.reading import Reading, Unreadable
from handlers.master_data.sheets.loading import load as load_sheet
from handlers.master_data.sheets.writing import csv_file
from handlers.master_data.types import Amount, Choice, Day, Flag, Whole
from tests.handlers.desk import Desk

ROLES = Path(__file__).parents[2] / "processes" / "manuals" / "roles.yaml"
CHINESE = re.compile(r"[\u3400-\u9fff]")


def test_choices_are_those_that_the_database_takes() -> None:
    """Given a column whose table allows only some codes, its choice offers exactly these."""
    compared = 0
    for kind in KINDS.values():
        for constraint in kind.table.__table__.constraints:
            found = re.fullmatch(r"(\w+) IN \((.*)\)", str(constraint.sqltext)) if isinstance(constraint, CheckConstraint) else None
            if found and isinstance(choice := kind.by_name[found[1]].type, Choice):
                assert {code for code, _, _ in choice.options} == set(re.findall(r"'(\w+)'", found[2])), (kind.name, found[1])
                compared += 1
    assert compared >= 5


def test_groups_that_read_and_keep_are_roles_of_the_manuals() -> None:
    """Given the rights of every kind, each group is one of the manuals' roles, and keepers also read."""
    groups = {role["group"] for role in yaml.safe_load(ROLES.read_text("utf-8"))["roles"]}
    for kind in KINDS.values():
        assert kind.readers <= groups
        assert kind.editors <= kind.readers


def test_labels_are_in_both_languages_and_differ_within_a_kind() -> None:
    """Given all labels, the English ones have no Chinese, and no two columns of a kind have the same."""
    for kind in KINDS.values():
        english = [kind.en, *(text for item in kind.columns for text in (item.en, item.help_en))]
        assert not any(CHINESE.search(text) for text in english)
        for labels in ([item.zh for item in kind.columns], [item.en for item in kind.columns]):
            assert len(set(labels)) == len(labels)


@given(st.text(alphabet=st.sampled_from("'=+-@＝ab\t1"), max_size=8))
def test_no_text_leaves_as_a_formula_and_every_text_comes_back(text: str) -> None:
    """Given any text, what is exported does not begin like a formula, and reading it gives the text back."""
    assert not re.match(r"[=+\-@\t＝]", harmless(text))
    assert as_meant(harmless(text)) == text


@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).map(str.strip).filter(bool),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_is_written_to_csv_is_read_again(cells: list[str]) -> None:
    """Given any cells, the CSV file that holds them gives them back."""
    sheet = load_sheet("x.csv", csv_file([f"c{number}" for number in range(len(cells))], [cells]))

    assert sheet.rows == [(2, cells)]


@pytest.fixture
def reading(desk: Desk) -> Iterator[Reading]:
    """A Chinese reader in the demo's office."""
    with desk.engine.database.session() as session:
        yield Reading(session, ZoneInfo("Asia/Shanghai"), "zh")


@pytest.mark.parametrize("text", ["2026-03-05", "2026/3/5", "2026.03.05", "2026年3月5日", "20260305", "2026-03-05 00:00:00"])
def test_dates_are_read_as_people_write_them(reading: Reading, text: str) -> None:
    """Given any usual way to write a date, it is that date."""
    assert Day().read(text, reading).isoformat() == "2026-03-05"


def test_numbers_and_words_are_read_as_people_write_them(reading: Reading) -> None:
    """Given thousands separators, currency signs and words for yes, the value is found; what is none is refused."""
    assert str(Amount().read("￥1,280.5", reading)) == "1280.50"
    assert Whole().read("1，200", reading) == 1200
    assert Whole().read("3.0", reading) == 3
    assert Flag().read("Y", reading) is True
    assert Flag(("在职", "Active"), ("离职", "Left")).read("离职", reading) is False
    for kind, text in (
        (Amount(), "1.234"),
        (Amount(), "-1"),
        (Whole(), "1.5"),
        (Whole(), "NaN"),
        (Whole(), "9" * 30),
        (Flag(), "也许"),
        (Day(), "2026-02-30"),
    ):
        with pytest.raises(Unreadable):
            kind.read(text, reading)


def test_a_plan_asks_the_database_the_same_for_few_rows_and_for_many(desk: Desk, reading: Reading) -> None:
    """Given four hundred devices of known customers, their plan takes as many statements as that of two."""
    texts = {
        "model": "启明 QT-520 台式机", "service_line": "pc", "standard_configuration": "16 GB", "sold_on": "2026-01-01",
        "warranty_until": "2029-01-01", "onsite_until": "2027-01-01", "company_product": "是", "location": "",
    }  # fmt: skip
    lines = [Line(number, {**texts, "serial": f"N-{number}", "customer_id": f"KH{number % 40 + 1:04d}"}) for number in range(400)]
    asked = []
    for some in (lines[:2], lines):
        reader = Reading(reading.session, reading.zone, "zh")
        with count_statements(desk.engine.database) as count:
            outcomes = {item.outcome for item in plan(reader, KINDS["devices"], some)}
        assert outcomes == {"new"}
        asked.append(len(count.statements))

    assert asked[0] == asked[1] <= 6

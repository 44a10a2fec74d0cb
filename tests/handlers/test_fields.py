"""What forms and FEEL may write into a request."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from engine.errors import InvalidInput
from handlers.documents.words import say
from handlers.fields import Instant, Names, Request, in_utc, local_day, local_text
from handlers.parameters import duration_parameter, parameter


class Sample(Request):
    """Some of everything."""

    at: Instant | None = None
    names: Names = Field(default_factory=list)
    count: int = 1
    note: str = "none"


@pytest.fixture
def ctx(desk):
    """A job's context."""
    with desk.engine.database.session() as session:
        yield desk.context(session)


def test_blank_fields_take_their_defaults():
    """Null, empty text and spaces are what forms send for nothing."""
    sample = Sample.model_validate({"at": None, "count": "", "note": "   "})

    assert (sample.at, sample.count, sample.note) == (None, 1, "none")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_text_is_taken_without_the_space_around_it(text):
    """Whatever people type."""
    assert Sample.model_validate({"note": text}).note == (text.strip() or "none")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-03-05T10:00:00+08:00", datetime(2026, 3, 5, 2, tzinfo=UTC)),
        ("2026-03-05T10:00+08:00", datetime(2026, 3, 5, 2, tzinfo=UTC)),
        ("2026-03-05T02:00:00Z", datetime(2026, 3, 5, 2, tzinfo=UTC)),
        ("2026-03-05T10:00:00@Asia/Shanghai", datetime(2026, 3, 5, 2, tzinfo=UTC)),
        ("2026-03-05T10:00", datetime(2026, 3, 5, 2, tzinfo=UTC)),
    ],
)
def test_instants_in_every_spelling_are_the_same_instant(ctx, written, expected):
    """As form-js, FEEL and people write them; without a zone the office's is meant."""
    sample = Sample.model_validate({"at": written})

    assert in_utc(ctx, sample.at) == expected
    assert local_text(ctx, in_utc(ctx, sample.at)) == "2026-03-05 10:00"
    assert local_day(ctx, sample.at) == date(2026, 3, 5)


@pytest.mark.parametrize("written", ["tomorrow", "2026-13-01T00:00", "2026-03-05T10:00@Moon/Base", 10**30, {}])
def test_what_is_no_instant_is_refused(written):
    """A wrong time does not become another one."""
    with pytest.raises(ValidationError):
        Sample.model_validate({"at": written})


def test_names_come_as_list_or_with_commas():
    """As FEEL and as BPMN attributes write them."""
    assert Sample.model_validate({"names": "a, b,,c"}).names == ["a", "b", "c"]
    assert Sample.model_validate({"names": ["a"]}).names == ["a"]


def test_unknown_fields_are_refused():
    """A misspelt mapping is found at once."""
    with pytest.raises(ValidationError, match="naem"):
        Sample.model_validate({"naem": "x"})


def test_a_missing_or_wrong_parameter_is_named(ctx):
    """The parameter file is edited by people."""
    ctx.parameters["broken"] = "soon"
    with pytest.raises(InvalidInput, match="no_such"):
        parameter(ctx, "no_such")
    with pytest.raises(InvalidInput, match="soon"):
        duration_parameter(ctx, "broken")
    del ctx.parameters["broken"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "是 yes"),
        (False, "否 no"),
        (2.0, "2"),
        (3, "3"),
        ("hardware", "硬件故障 hardware"),
        (["ok", "x"], "完好 intact、x"),
        ("2026-03-05T10:00Z", "local"),
        ("T2026", "T2026"),
    ],
)
def test_values_read_well_on_paper(value, words):
    """Codes become words in both languages, instants local."""
    assert say(value, local=lambda _: "local") == words

"""When the database is away."""

import pytest

from engine.errors import DatabaseUnavailable
from engine.storage.database import Database
from tests.rest.conftest import program
from tests.web.conftest import Site


def test_an_outage_is_said_in_both_languages_and_tells_when_to_ask_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 in the form of every other error, without asking the database for the caller's language."""
    caller = program(site, "admin")

    def away(_self: Database) -> None:
        raise DatabaseUnavailable("数据库暂时不可用。", "The database is not available.")

    monkeypatch.setattr(Database, "session", away)
    monkeypatch.setattr(Database, "transaction", away)
    answer = caller.call("GET", "/task")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.get_json()["type"] == "ProcessEngineException"
    assert "数据库" in answer.get_json()["message"] and "database" in answer.get_json()["message"]

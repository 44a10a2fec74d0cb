"""API tokens: made on the page or the command line, shown once, limited, expiring, revocable."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.errors import Forbidden, InvalidInput
from engine.storage.tables import ApiToken, RestCall
from tests.rest.conftest import Program, program
from tests.web.conftest import Site
from web.auth import api_tokens
from web.auth.person import load_person


def bearer(site: Site, secret: str) -> Program:
    """A program that calls with a token."""
    return Program(site.app.test_client(use_cookies=False), {"Authorization": f"Bearer {secret}"})


def make(site: Site, user: str, *scopes: str, topics: tuple[str, ...] = (), days: int = 1) -> api_tokens.NewToken:
    """A token as the command line makes it."""
    return api_tokens.create(
        site.engine.database, user_id=user, name="脚本", scopes=scopes, topics=topics, valid_for=timedelta(days=days),
        now=site.wall_clock.now(), by=None,
    )  # fmt: skip


def test_a_token_made_on_the_page_is_shown_once_and_kept_as_a_hash(site: Site) -> None:
    """Given a person's page of tokens, when they make one, then the answer shows the secret, no later page does, and the database has its hash."""
    client = site.as_("hotline1")
    page = client.send("/account/tokens", {"name": "值班脚本", "scope": ["read", "tasks"], "days": "30"}).get_data(as_text=True)

    secret = re.findall(r"opsbook_[\w-]+", page)[0]
    assert secret not in client.text("/account/tokens")
    assert "值班脚本" in client.text("/account/tokens")
    with site.engine.database.session() as session:
        kept = session.scalars(select(ApiToken)).one()
    assert secret not in str(kept.__dict__)
    assert bearer(site, secret).get("/version")


def test_a_token_sees_what_its_person_sees(site: Site) -> None:
    """Given tokens of two people, then each sees the tasks of its person."""
    site.start()

    assert bearer(site, make(site, "hotline1", "read").secret).get("/task/count") == {"count": 1}
    assert bearer(site, make(site, "engineer1", "read").secret).get("/task/count") == {"count": 0}


def test_a_token_does_what_its_scopes_allow(site: Site) -> None:
    """Given a token that only reads, when it changes something, then 403 names the missing scope; the log names the token."""
    task_id, token = site.start(), make(site, "hotline1", "read")

    refused = bearer(site, token.secret).post(f"/task/{task_id}/claim", {}, status=403)

    assert refused["missingAuthorizations"][0]["permissionName"] == "tasks"
    with site.engine.database.session() as session:
        logged = session.scalars(select(RestCall)).one()
    assert (logged.token_id, logged.user_id, logged.status) == (token.id, "hotline1", 403)
    bearer(site, make(site, "hotline1", "tasks").secret).post(f"/task/{task_id}/claim", {}, status=204)


def test_a_token_expires(site: Site) -> None:
    """Given a token for a day and one for a month, when two days have passed, then the first answers 401."""
    short, long = make(site, "hotline1", "read", days=1), make(site, "hotline1", "read", days=30)

    site.wall_clock.present += timedelta(days=2)

    assert bearer(site, short.secret).call("GET", "/version").status_code == 401
    assert bearer(site, long.secret).get("/version")


def test_only_the_person_and_administrators_revoke(site: Site) -> None:
    """Given somebody's token, when a colleague revokes it, then 404; the person may, and an administrator may."""
    first, second = make(site, "hotline1", "read"), make(site, "hotline1", "read")

    assert site.as_("hotline2").send(f"/account/tokens/{first.id}/revoke").status_code == 404
    assert site.as_("hotline1").send(f"/account/tokens/{first.id}/revoke").status_code == 302
    assert site.as_("admin").send(f"/account/tokens/{second.id}/revoke").status_code == 302

    for token in (first, second):
        assert bearer(site, token.secret).call("GET", "/version").status_code == 401


def test_a_deactivated_persons_token_is_worth_nothing(site: Site) -> None:
    """Given a token, when its person is deactivated, then it answers 401."""
    token = make(site, "hotline1", "read")
    site.as_("admin").send("/people/hotline1", {"name": "林晓雯", "group": "hotline"})

    assert bearer(site, token.secret).call("GET", "/version").status_code == 401


@pytest.mark.parametrize(
    ("maker", "user", "scopes", "topics", "error"),
    [
        ("hotline1", "hotline2", ("read",), (), Forbidden),
        ("hotline1", "hotline1", ("external-tasks",), ("sms",), Forbidden),
        ("admin", "admin", ("external-tasks",), (), InvalidInput),
        ("admin", "admin", ("read",), ("sms",), InvalidInput),
        ("admin", "admin", ("everything",), (), InvalidInput),
        ("admin", "admin", (), (), InvalidInput),
    ],
)
def test_who_may_make_what(
    site: Site, maker: str, user: str, scopes: tuple[str, ...], topics: tuple[str, ...], error: type[Exception]
) -> None:
    """Given a wish, when it is for others, for external tasks, or makes no sense, then it is refused."""
    with site.engine.database.session() as session:
        by = load_person(session, maker)

    with pytest.raises(error):
        api_tokens.create(
            site.engine.database, user_id=user, name="x", scopes=scopes, topics=topics, valid_for=timedelta(days=1),
            now=site.wall_clock.now(), by=by,
        )  # fmt: skip


def test_a_worker_token_fetches_its_topics_only(site: Site) -> None:
    """Given a token for one topic, when it fetches another, then 403; a person's password fetches only as administrator."""
    worker = bearer(site, make(site, "admin", "external-tasks", topics=("sms",)).secret)

    assert (
        worker.post("/external-task/fetchAndLock", {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "sms", "lockDuration": 1000}]})
        == []
    )
    other = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "mail", "lockDuration": 1000}]}
    worker.post("/external-task/fetchAndLock", other, status=403)
    program(site, "hotline1").post("/external-task/fetchAndLock", other, status=403)
    worker.get("/task", status=403)

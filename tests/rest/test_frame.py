"""What holds for every call: addresses, credentials, errors, limits, the log of changes, the description."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine.storage.tables import RestCall
from tests.rest.conftest import Program, basic, program, stranger
from tests.web.conftest import Site
from web.rest.operation import OPERATIONS
from web.rest.tree import PREFIXES


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_prefix_leads_to_the_same_interface(site: Site, prefix: str) -> None:
    """Given any of the four addresses that clients know, when the version is asked for, then the answer is the same."""
    caller = program(site, "hotline1")
    caller.prefix = prefix

    assert caller.get("/version") == {"version": "7.24.0"}


def test_without_credentials_the_body_is_empty_and_the_challenge_is_basic(site: Site) -> None:
    """Given no or wrong credentials, when any call is made, then 401 without a body, so that the Modeler asks for a password."""
    for headers in ({}, basic("hotline1", "wrong password"), basic("nobody"), {"Authorization": "Bearer nonsense"}):
        answer = Program(site.app.test_client(use_cookies=False), headers).call("GET", "/version")

        assert (answer.status_code, answer.data) == (401, b"")
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="default"'


def test_only_the_list_of_engines_and_the_description_are_open(site: Site) -> None:
    """Given no credentials, when every operation without parameters is asked, then all but three answer 401."""
    assert stranger(site).get("/engine") == [{"name": "default"}]
    for declared in OPERATIONS:
        if declared.scope == "open":
            continue
        assert stranger(site).call(declared.method, declared.path.replace("{", "").replace("}", "")).status_code == 401, declared.path


def test_a_signed_in_browser_is_a_stranger_here(site: Site) -> None:
    """Given a session cookie, when a page of ours or of others calls the interface with it, then it counts for nothing."""
    assert site.as_("admin").get("/engine-rest/version").status_code == 401


def test_a_browser_tab_is_not_asked_for_a_password(site: Site) -> None:
    """Given a navigation, when it has no credentials, then the challenge is not Basic: the browser would send the password along for other pages."""
    answer = stranger(site).call("GET", "/version", headers={"Sec-Fetch-Mode": "navigate"})

    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("origin", "status"), [("file://", 200), ("null", 200), ("http://localhost", 200), ("https://evil.example", 403)])
def test_the_modeler_may_call_and_foreign_pages_may_not(site: Site, origin: str, status: int) -> None:
    """Given an origin, the Modeler's (`file://`) and our own are served, another site's page is refused."""
    answer = program(site, "hotline1").call("GET", "/version", headers={"Origin": origin})

    assert answer.status_code == status
    assert answer.headers.get("Access-Control-Allow-Origin") == (origin if origin in ("file://", "null") else None)


def test_a_preflight_is_answered_without_credentials(site: Site) -> None:
    """Given the Modeler's preflight, when it asks whether it may send credentials, then it may."""
    answer = stranger(site).call("OPTIONS", "/version", headers={"Origin": "file://", "Access-Control-Request-Method": "GET"})

    assert answer.status_code == 200
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_the_content_type_is_exactly_json(site: Site) -> None:
    """Given any JSON answer, then its content type has no charset: the JavaScript client would lose tasks."""
    assert program(site, "hotline1").call("GET", "/version").headers["Content-Type"] == "application/json"
    assert program(site, "hotline1").call("GET", "/nothing").headers["Content-Type"] == "application/json"


def test_unknown_addresses_and_methods_answer_in_the_error_form(site: Site) -> None:
    """Given an address or a method that is not supported, then 404 or 405 with type, message and code: clients take the body apart."""
    caller = program(site, "hotline1")

    for method, path, status in (("GET", "/case-definition", 404), ("DELETE", "/version", 405)):
        answer = caller.call(method, path)
        assert answer.status_code == status
        assert set(answer.get_json()) == {"type", "message", "code"}


def test_ignored_parameters_are_named(site: Site) -> None:
    """Given a misspelt parameter, when it is ignored as in Camunda, then a header says so."""
    answer = program(site, "hotline1").call("GET", "/task", query_string={"asignee": "me", "maxResults": 1})

    assert answer.headers["X-Ignored-Params"] == "asignee"


def test_too_many_calls_are_told_to_wait(new_site: Callable[..., Site]) -> None:
    """Given a limit of 3 calls a minute, when one person calls a fourth time, then 429 says how long to wait; another person is served."""
    site = new_site(rest_calls_per_minute=3)
    caller = program(site, "hotline1")
    for _ in range(3):
        caller.get("/version")

    refused = caller.call("GET", "/version")

    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 21
    assert program(site, "hotline2").get("/version")


def test_every_change_is_logged_also_when_refused(site: Site) -> None:
    """Given calls that read and calls that change, when they are made, then the log holds the changing ones with who, what and how it ended."""
    caller = program(site, "stranger")
    caller.get("/task")
    caller.post("/task")
    caller.post("/task/unknown/claim", {"userId": "stranger"}, status=404)

    with site.engine.database.session() as session:
        logged = session.scalars(select(RestCall)).all()
    assert [(call.user_id, call.operation, call.status, call.error) for call in logged] == [
        ("stranger", "task.claim", 404, "InvalidRequestException")
    ]


def test_the_description_is_made_from_the_code(site: Site) -> None:
    """Given the OpenAPI description, every operation is in it with its answers, and the page shows it."""
    description = stranger(site).get("/openapi.json")

    described = {(method.upper(), path) for path, methods in description["paths"].items() for method in methods}
    assert described == {(declared.method, declared.path) for declared in OPERATIONS}
    assert description["servers"] == [{"url": "http://localhost/engine-rest"}]
    page = stranger(site).call("GET", "/docs").get_data(as_text=True)
    assert "/version" in page


def test_options_say_what_can_be_done_at_an_address(site: Site) -> None:
    """A link for each method."""
    answer = program(site, "hotline1").call("OPTIONS", "/task")
    assert answer.content_type == "application/json"
    assert [(link["method"], link["rel"]) for link in answer.get_json()["links"]] == [("GET", "self"), ("POST", "post")]


def test_tasks_come_as_hal_when_asked_for(site: Site) -> None:
    """With links; plain JSON for everybody who takes anything."""
    task = site.start()
    caller = program(site, "hotline1")
    one = caller.call("GET", f"/task/{task}", headers={"Accept": "application/hal+json"})
    assert one.content_type == "application/hal+json"
    assert one.get_json()["_links"]["self"] == {"href": f"/task/{task}"}
    several = caller.call("GET", "/task", headers={"Accept": "application/hal+json"}).get_json()
    assert (several["count"], several["_embedded"]["task"][0]["id"]) == (1, task)
    assert caller.call("GET", "/task", headers={"Accept": "*/*"}).content_type == "application/json"

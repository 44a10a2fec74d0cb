"""The OpenAPI description against the interface: whatever fits the description is answered as the description says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from engine.runtime import instances
from tests.engine.diagram import bpmn
from tests.rest.conftest import program
from tests.rest.diagrams import awaiting
from tests.rest.test_deployment import deployed
from tests.web.conftest import Site
from web.auth import api_tokens

_CHECKS = (status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.fixture
def busy(new_site: Callable[..., Site]) -> tuple[Site, str]:
    """A site with running cases, and the secret of a token that may do everything; requests for external tasks wait a moment at most."""
    site = new_site(external_longest_wait_ms=20)
    owner = program(site, "owner")
    deployed(owner)
    deployed(owner, awaiting())
    deployed(owner, bpmn('start work end <serviceTask id="work" camunda:type="external" camunda:topic="sms"/>', key="texting"))
    for number in range(3):
        instances.start(site.engine, "after_sales", {"city": "杭州"}, f"GD-{number}", "owner")
        instances.start(site.engine, "confirmation", {}, f"K-{number}", "owner")
        instances.start(site.engine, "texting", {"phone": "13800000000"}, f"T-{number}", "owner")
    made = api_tokens.create(
        site.engine.database, user_id="admin", name="x", scopes=api_tokens.SCOPES, topics=("sms",), valid_for=timedelta(days=1),
        now=site.wall_clock.now(), by=None,
    )  # fmt: skip
    site.app.testing = False  # an error that nobody expected becomes an answer, as on a real server
    return site, made.secret


def fetching_what_there_is(body: Any) -> Any:
    """The generated request for tasks of topics that the token may have: made-up ones are refused, all of them."""
    topics = body.get("topics") if isinstance(body, dict) else None
    if isinstance(topics, list):
        body = body | {"topics": [topic | {"topicName": "sms"} if isinstance(topic, dict) else topic for topic in topics]}
    return body


def ask(site: Site, secret: str, examples: int) -> tuple[int, list[str]]:
    """Ask every operation with generated requests; how many were sent, and what was wrong."""
    schema = schemathesis.openapi.from_wsgi("/engine-rest/openapi.json", site.app)
    sent, wrong = 0, []
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=examples, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
            derandomize=True,
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def one(case: schemathesis.Case) -> None:
            nonlocal sent
            sent += 1
            if operation.path.endswith("/fetchAndLock") and sent % 2:
                case.body = fetching_what_there_is(case.body)
            answer = case.call(headers={"Authorization": f"Bearer {secret}"})
            if answer.status_code >= 500 and answer.json()["type"] == "InternalServerError":
                wrong.append(f"{case.method} {case.path}: {answer.text}")
            try:
                case.validate_response(answer, checks=_CHECKS)
            except FailureGroup as failures:
                wrong.extend(f"{case.method} {case.path} {answer.status_code}: {failure}" for failure in failures.exceptions)

        one()
    return sent, wrong


@pytest.mark.timeout(600)  # every operation, one after the other
def test_generated_requests_are_answered_as_described(busy: tuple[Site, str]) -> None:
    """Given requests made up from the description, when each operation gets a few, then no answer is undocumented, misshapen or a server error."""
    sent, wrong = ask(*busy, examples=3)

    assert wrong == []
    assert sent > 200


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_ten_thousand_generated_requests(busy: tuple[Site, str]) -> None:
    """Given ten thousand requests made up from the description, then no answer is undocumented, misshapen or a server error."""
    sent, wrong = ask(*busy, examples=100)

    assert wrong == []
    assert sent >= 10_000

"""Messages: to the one that waits, to all, or starting a process; refused when the receiver is not clear."""

from tests.rest.conftest import program
from tests.rest.diagrams import awaiting
from tests.rest.test_deployment import deployed
from tests.web.conftest import Site


def test_a_message_reaches_the_one_that_waits(site_on_each: Site) -> None:
    """Given two waiting instances, when a message names one by business key or by a variable, then that one goes on, with the message's variables."""
    caller = program(site_on_each, "owner")
    deployed(caller, awaiting())
    for number in (1, 2):
        variables = {"phone": {"value": f"1380000000{number}"}}
        caller.post("/process-definition/key/confirmation/start", {"businessKey": f"GD-{number}", "variables": variables})

    (result,) = caller.post(
        "/message",
        {"messageName": "customer_confirmed", "businessKey": "GD-1", "processVariables": {"score": {"value": 5}}, "resultEnabled": True},
    )
    by_key = {"messageName": "customer_confirmed", "correlationKeys": {"phone": {"value": "13800000002", "type": "String"}}}

    assert result["resultType"] == "Execution"
    assert result["processInstance"] is None
    assert set(result["execution"]) == {"id", "processInstanceId", "ended", "tenantId"}
    assert "variables" not in result
    assert caller.get(f"/process-instance/{result['execution']['processInstanceId']}/variables/score")["value"] == 5
    caller.post("/message", by_key, status=204)
    assert caller.get("/task/count", name="归档") == {"count": 2}


def test_an_unclear_message_is_refused(site: Site) -> None:
    """Given nobody or several that wait, when a message is correlated, then 400 in Camunda's words; with `all` every one gets it."""
    caller = program(site, "owner")
    deployed(caller, awaiting())
    for _ in range(2):
        caller.post("/process-definition/key/confirmation/start", {"businessKey": "GD-1"})

    refused = caller.post("/message", {"messageName": "customer_confirmed", "businessKey": "GD-1"}, status=400)
    assert (refused["type"], "MismatchingMessageCorrelationException" in refused["message"]) == ("RestException", True)
    assert caller.post("/message", {"messageName": "nothing"}, status=400)["type"] == "RestException"
    assert caller.post("/message", {}, status=400)["type"] == "InvalidRequestException"
    caller.post("/message", {"messageName": "customer_confirmed", "tenantId": "t"}, status=400)
    assert len(caller.post("/message", {"messageName": "customer_confirmed", "all": True, "resultEnabled": True})) == 2


def test_a_message_starts_a_process(site: Site) -> None:
    """Given a message start event, when its message comes, then an instance starts with business key and variables."""
    caller = program(site, "owner")
    deployed(caller, awaiting())

    (result,) = caller.post(
        "/message",
        {
            "messageName": "customer_called",
            "businessKey": "GD-9",
            "processVariables": {"phone": {"value": "1"}},
            "resultEnabled": True,
            "variablesInResultEnabled": True,
        },
    )

    assert (result["resultType"], result["execution"], result["processInstance"]["businessKey"]) == ("ProcessDefinition", None, "GD-9")
    assert result["variables"]["phone"]["value"] == "1"


def test_staff_do_not_send_messages(site: Site) -> None:
    """Given somebody who does not steer cases, then 403: no page lets them either."""
    program(site, "hotline1").post("/message", {"messageName": "x"}, status=403)

"""Process instances: finding, reading, changing and ending them."""

import base64
from io import BytesIO
from typing import Any

from tests.rest.conftest import program
from tests.rest.test_task import after_sales
from tests.web.conftest import Site
from tests.web.test_permissions import png


def running(site: Site) -> str:
    """A running instance of a process without forms; business key GD-1, variable city."""
    after_sales(site)
    found: str = program(site, "owner").get("/process-instance")[0]["id"]
    return found


def test_instances_are_found(site_on_each: Site) -> None:
    """Given one running instance, when instances are asked for, then it is there when all conditions hold; twins and counts agree."""
    instance_id, caller = running(site_on_each), program(site_on_each, "owner")
    asked: tuple[tuple[dict[str, Any], int], ...] = (
        ({}, 1),
        ({"processDefinitionKey": "after_sales", "active": "true"}, 1),
        ({"processDefinitionKeyNotIn": "after_sales"}, 0),
        ({"businessKey": "GD-1"}, 1),
        ({"businessKeyLike": "GD-%"}, 1),
        ({"processInstanceIds": f"x,{instance_id}"}, 1),
        ({"variables": "city_eq_杭州"}, 1),
        ({"variables": "city_neq_杭州"}, 0),
        ({"variables": "missing_neq_x"}, 0),
        ({"activityIdIn": "check"}, 1),
        ({"activityIdIn": "order_part"}, 0),
        ({"rootProcessInstances": "true", "leafProcessInstances": "true"}, 1),
        ({"superProcessInstance": instance_id}, 0),
        ({"withIncident": "true"}, 0),
        ({"suspended": "true"}, 0),
        ({"caseInstanceId": "x"}, 0),
    )
    for conditions, count in asked:
        assert len(caller.get("/process-instance", **conditions)) == count, conditions
        assert caller.get("/process-instance/count", **conditions) == {"count": count}, conditions
    body = {"variables": [{"name": "city", "operator": "like", "value": "杭%"}], "sorting": [{"sortBy": "businessKey", "sortOrder": "asc"}]}
    assert [found["id"] for found in caller.post("/process-instance", body)] == [instance_id]
    assert "variables" not in caller.get("/process-instance")[0]


def test_people_see_the_instances_of_their_cases(site: Site) -> None:
    """Given a case with a task for the group onsite, then onsite sees it and the others do not."""
    instance_id = running(site)

    assert program(site, "engineer1").get(f"/process-instance/{instance_id}")["businessKey"] == "GD-1"
    assert program(site, "parts1").get("/process-instance") == []
    assert program(site, "parts1").get(f"/process-instance/{instance_id}/variables", status=404)["type"] == "InvalidRequestException"


def test_variables_keep_their_types(site_on_each: Site) -> None:
    """Given values of every type, when they are written and read, then type and value are Camunda's."""
    instance_id, caller = running(site_on_each), program(site_on_each, "owner")
    written = {
        "text": ({"value": "客户不在家", "type": "String"}, ("String", "客户不在家")),
        "whole": ({"value": 3}, ("Integer", 3)),
        "big": ({"value": 2**40}, ("Long", 2**40)),
        "part": ({"value": 2.5, "type": "double"}, ("Double", 2.5)),
        "round": ({"value": 3, "type": "Double"}, ("Double", 3.0)),
        "yes": ({"value": "true", "type": "Boolean"}, ("Boolean", True)),
        "none": ({"value": None, "type": "Null"}, ("Null", None)),
        "when": ({"value": "2026-03-02T01:15:30.123Z", "type": "Date"}, ("Date", "2026-03-02T09:15:30.123+0800")),
        "json": ({"value": '[{"sku":"A-1"}]', "type": "Json"}, ("Json", '[{"sku":"A-1"}]')),
        "object": (
            {
                "value": '{"a":1}',
                "type": "Object",
                "valueInfo": {"serializationDataFormat": "application/json", "objectTypeName": "java.util.Map"},
            },
            ("Json", '{"a":1}'),
        ),
        "xml": ({"value": "<a/>", "type": "Xml"}, ("String", "<a/>")),
        "nothing_said": ({"value": {"a": [1]}, "type": None, "valueInfo": None}, ("Json", '{"a":[1]}')),
    }
    caller.post(
        f"/process-instance/{instance_id}/variables", {"modifications": {name: sent for name, (sent, _) in written.items()}}, status=204
    )

    read = caller.get(f"/process-instance/{instance_id}/variables", deserializeValues="false")

    assert {name: (read[name]["type"], read[name]["value"]) for name in written} == {
        name: expected for name, (_, expected) in written.items()
    }


def test_wrong_values_are_refused(site: Site) -> None:
    """Given values that are not of their type, or a type that does not exist, then 400 names the variable and nothing is written."""
    instance_id, caller = running(site), program(site, "owner")
    for sent in (
        {"value": "three", "type": "Integer"},
        {"value": 2**31, "type": "Integer"},
        {"value": 2.5, "type": "Integer"},
        {"value": 3, "type": "String"},
        {"value": "maybe", "type": "Boolean"},
        {"value": "yesterday", "type": "Date"},
        {"value": "{", "type": "Json"},
        {"value": "rO0AB", "type": "Object", "valueInfo": {"serializationDataFormat": "application/x-java-serialized-object"}},
        {"value": "x", "type": "Colour"},
        {"value": "a\0b", "type": "String"},
    ):
        assert caller.put(f"/process-instance/{instance_id}/variables/v", sent, status=400)["type"] == "InvalidRequestException", sent
    assert set(caller.get(f"/process-instance/{instance_id}/variables")) == {"city"}


def test_files_are_kept_with_the_case(site_on_each: Site) -> None:
    """Given a picture as a variable, when it is written in a body or as an upload, then it reads back as a file with its bytes."""
    instance_id, caller = running(site_on_each), program(site_on_each, "owner")
    picture = png().read()
    sent = {"value": base64.b64encode(picture).decode(), "type": "File", "valueInfo": {"filename": "现场.png", "mimeType": "image/png"}}

    caller.put(f"/process-instance/{instance_id}/variables/photo", sent)
    upload = caller.call(
        "POST",
        f"/process-instance/{instance_id}/variables/second/data",
        data={"data": (BytesIO(picture), "b.png"), "valueType": "File"},
        content_type="multipart/form-data",
    )

    assert upload.status_code == 204, upload.get_data(as_text=True)
    assert caller.get(f"/process-instance/{instance_id}/variables/photo") == {
        "type": "File",
        "value": None,
        "valueInfo": {"filename": "现场.png", "mimeType": "image/png", "encoding": "UTF-8"},
    }
    assert caller.call("GET", f"/process-instance/{instance_id}/variables/second/data").data == picture
    assert caller.get(f"/process-instance/{instance_id}/variables/city/data", status=400)
    assert "现场.png" in site_on_each.as_("owner").text(f"/cases/{instance_id}")


def test_only_those_who_steer_cases_change_them(site: Site) -> None:
    """Given an engineer who sees the case, when they change variables, suspend or delete it, then 403."""
    instance_id, caller = running(site), program(site, "engineer1")

    caller.put(f"/process-instance/{instance_id}/variables/x", {"value": 1}, status=403)
    caller.put(f"/process-instance/{instance_id}/suspended", {"suspended": True}, status=403)
    caller.delete(f"/process-instance/{instance_id}", status=403)
    program(site, "parts1").delete(f"/process-instance/{instance_id}", status=404)


def test_suspending_and_deleting(site_on_each: Site) -> None:
    """Given a running instance, when it is suspended, resumed and deleted, then lists show it, and its history stays."""
    instance_id, caller = running(site_on_each), program(site_on_each, "owner")

    caller.put(f"/process-instance/{instance_id}/suspended", {"suspended": True})
    assert caller.get("/process-instance", suspended="true")[0]["suspended"] is True
    assert caller.get("/task", suspended="true")[0]["suspended"] is True
    caller.put(f"/process-instance/{instance_id}/suspended", {"suspended": False})
    caller.delete(f"/process-instance/{instance_id}")

    assert caller.get(f"/process-instance/{instance_id}", status=404)
    assert caller.delete(f"/process-instance/{instance_id}", status=404)
    assert caller.call("DELETE", f"/process-instance/{instance_id}", query_string={"failIfNotExists": "false"}).status_code == 204
    assert "案例" in site_on_each.as_("owner").text(f"/cases/{instance_id}")


def test_what_is_alive_is_told_as_a_tree(site: Site) -> None:
    """Given a running instance, when its activity instances are asked for, then the tree has Camunda's fields and names."""
    instance_id = running(site)

    tree = program(site, "owner").get(f"/process-instance/{instance_id}/activity-instances")

    (child,) = tree["childActivityInstances"]
    assert (tree["id"], tree["activityId"], tree["activityType"], tree["parentActivityInstanceId"]) == (
        instance_id, "after_sales:1", "processDefinition", None,
    )  # fmt: skip
    assert (child["activityId"], child["activityType"], child["parentActivityInstanceId"]) == ("check", "userTask", instance_id)
    assert child["name"] == child["activityName"] == "上门检查"
    assert tree["childTransitionInstances"] == []

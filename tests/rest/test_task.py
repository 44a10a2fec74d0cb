"""User tasks as Camunda's clients find and complete them."""

from io import BytesIO
from typing import Any

from tests.rest.conftest import program
from tests.rest.test_deployment import deployed
from tests.web.conftest import Site
from tests.web.test_permissions import png


def after_sales(site: Site) -> str:
    """A case that waits at a task without form for the group onsite; returns the task's id."""
    owner = program(site, "owner")
    deployed(owner)
    instance = owner.post("/process-definition/key/after_sales/start", {"businessKey": "GD-1", "variables": {"city": {"value": "杭州"}}})
    found: str = owner.get("/task", processInstanceId=instance["id"])[0]["id"]
    return found


def test_a_task_has_every_field_of_camunda(site: Site) -> None:
    """Given an open task, when it is read, then every field is there, dates in Camunda's form."""
    site.start()
    task = program(site, "hotline1").get("/task")[0]

    assert set(task) == {
        "id", "name", "assignee", "created", "due", "followUp", "lastUpdated", "delegationState", "description", "executionId", "owner",
        "parentTaskId", "priority", "processDefinitionId", "processInstanceId", "taskDefinitionKey", "caseExecutionId", "caseInstanceId",
        "caseDefinitionId", "suspended", "formKey", "camundaFormRef", "tenantId", "taskState",
    }  # fmt: skip
    assert (task["name"], task["taskDefinitionKey"], task["taskState"]) == ("登记需求", "record", "CREATED")
    assert (task["created"], task["due"]) == ("2026-03-05T10:00:00.000+0800", "2026-03-05T10:30:00.000+0800")
    assert task["camundaFormRef"] == {"key": "f_record", "binding": "latest", "version": None}
    assert program(site, "hotline1").get(f"/task/{task['id']}") == task


ASKED: tuple[tuple[dict[str, Any], int], ...] = (
    ({"candidateGroup": "hotline"}, 1),
    ({"candidateGroups": ["parts", "hotline"]}, 1),
    ({"candidateGroups": "parts,hotline"}, 1),
    ({"candidateGroup": "parts"}, 0),
    ({"candidateUser": "hotline2"}, 1),
    ({"candidateUser": "engineer1"}, 0),
    ({"unassigned": "true"}, 1),
    ({"assigned": "true"}, 0),
    ({"assignee": "hotline1"}, 0),
    ({"taskDefinitionKeyIn": "record,visit"}, 1),
    ({"nameLike": "%登记%"}, 1),
    ({"processDefinitionKey": "site_visit", "active": "true"}, 1),
    ({"dueBefore": "2026-03-05T12:00:00.000+0800"}, 1),
    ({"dueAfter": "2026-03-05T12:00:00.000 0800"}, 0),
    ({"createdOn": "2026-03-05T02:00:00Z"}, 1),
    ({"priority": 50}, 1),
    ({"minPriority": 51}, 0),
    ({"processVariables": "customer_name_eq_华东仪表厂"}, 1),
    ({"processVariables": "customer_name_like_华东%,phone_neq_1"}, 1),
    ({"processVariables": "customer_name_eq_别人"}, 0),
    ({"processVariables": "Customer Name_eq_x", "variableNamesIgnoreCase": "true"}, 0),
    ({"withoutTenantId": "true", "sortBy": "dueDate", "sortOrder": "asc"}, 1),
)


def test_tasks_are_found(site_on_each: Site) -> None:
    """Given one open task, when tasks are asked for, then it is there when all conditions hold; the POST twin and the counts agree."""
    site_on_each.start()
    caller = program(site_on_each, "owner")
    for asked, found in ASKED:
        conditions = {name: value for name, value in asked.items() if name not in ("sortBy", "sortOrder")}
        assert len(caller.get("/task", **asked)) == found, asked
        assert caller.get("/task/count", **conditions) == {"count": found}, asked
        if "processVariables" not in asked:
            assert len(caller.post("/task", conditions)) == found, asked
            assert caller.post("/task/count", conditions) == {"count": found}, asked


def test_a_body_may_sort_by_several_columns_and_ask_alternatives(site: Site) -> None:
    """Given two cases, when they are asked for by POST with sorting and orQueries, then both work as in Camunda."""
    first, second = site.start("A"), site.start("B")
    caller = program(site, "owner")

    sorting = [{"sortBy": "priority", "sortOrder": "asc"}, {"sortBy": "id", "sortOrder": "desc"}]
    assert [task["id"] for task in caller.post("/task", {"sorting": sorting})] == [second, first]
    assert len(caller.post("/task", {"orQueries": [{"taskId": first, "name": "nothing"}]})) == 1
    variables = [{"name": "customer_name", "operator": "eq", "value": "B"}]
    assert [task["id"] for task in caller.post("/task", {"processVariables": variables})] == [second]


def test_bad_parameters_are_refused(site: Site) -> None:
    """Given a parameter that makes no sense, then 400 InvalidRequestException and not everything or a server error."""
    nonsense: tuple[dict[str, Any], ...] = (
        {"sortBy": "name"},
        {"sortOrder": "asc"},
        {"sortBy": "nonsense", "sortOrder": "asc"},
        {"dueAfter": '"2026-03-05T02:00:00.000+0000"'},
        {"dueAfter": "tomorrow"},
        {"maxResults": "many"},
        {"active": "maybe"},
        {"processVariables": "a_b"},
        {"processVariables": "a_is_b"},
        {"candidateGroup": "a\0b"},
    )
    for asked in nonsense:
        assert program(site, "owner").get("/task", status=400, **asked)["type"] == "InvalidRequestException", asked


def test_people_see_their_tasks_only(site: Site) -> None:
    """Given an open task of the hotline, when others ask for it, then it is not there for them."""
    task_id = site.start()

    for user, count in (("hotline2", 1), ("auditor", 1), ("engineer1", 0), ("stranger", 0)):
        assert program(site, user).get("/task/count") == {"count": count}
    assert program(site, "stranger").get(f"/task/{task_id}", status=404)["type"] == "InvalidRequestException"


def test_claiming_what_somebody_has_answers_500(site: Site) -> None:
    """Given a claimed task, when a colleague claims it, then 500 TaskAlreadyClaimedException; claiming one's own again does nothing."""
    task_id = site.start()
    program(site, "hotline1").post(f"/task/{task_id}/claim", {"userId": "hotline1"}, status=204)
    program(site, "hotline1").post(f"/task/{task_id}/claim", {"userId": "hotline1"}, status=204)

    refused = program(site, "hotline2").post(f"/task/{task_id}/claim", {"userId": "hotline2"}, status=500)

    assert refused["type"] == "TaskAlreadyClaimedException"
    program(site, "hotline1").post(f"/task/{task_id}/unclaim", status=204)
    program(site, "hotline2").post(f"/task/{task_id}/claim", {"userId": "hotline2"}, status=204)


def test_nobody_claims_for_others_but_an_administrator(site: Site) -> None:
    """Given a free task, when somebody claims it for a colleague, then 403; an administrator may, for those who may work on it."""
    task_id = site.start()

    program(site, "hotline1").post(f"/task/{task_id}/claim", {"userId": "hotline2"}, status=403)
    program(site, "admin").post(f"/task/{task_id}/claim", {"userId": "engineer1"}, status=400)
    program(site, "admin").post(f"/task/{task_id}/claim", {"userId": "hotline2"}, status=204)
    assert program(site, "hotline2").get(f"/task/{task_id}")["assignee"] == "hotline2"


def test_handing_over(site: Site) -> None:
    """Given one's own task, when it is assigned to a colleague who may work on it, then it is theirs; to a stranger it is refused."""
    task_id = site.start()
    caller = program(site, "hotline1")
    caller.post(f"/task/{task_id}/assignee", {"userId": "hotline1"}, status=204)

    caller.post(f"/task/{task_id}/assignee", {"userId": "engineer1"}, status=400)
    caller.post(f"/task/{task_id}/assignee", {"userId": "hotline2"}, status=204)

    assert program(site, "hotline2").get("/task", assignee="hotline2")[0]["id"] == task_id
    program(site, "hotline2").post(f"/task/{task_id}/assignee", {"userId": None}, status=204)
    assert program(site, "hotline2").get(f"/task/{task_id}")["assignee"] is None


def test_delegating_and_resolving(site_on_each: Site) -> None:
    """Given one's own task, when it is delegated, then the delegate has it and the owner gets it back when it is resolved."""
    task_id = site_on_each.start()
    caller, delegate = program(site_on_each, "hotline1"), program(site_on_each, "hotline2")
    caller.post(f"/task/{task_id}/claim", {"userId": "hotline1"}, status=204)

    caller.post(f"/task/{task_id}/delegate", {"userId": "hotline2"}, status=204)

    task = delegate.get(f"/task/{task_id}")
    assert (task["owner"], task["assignee"], task["delegationState"]) == ("hotline1", "hotline2", "PENDING")
    assert {link["type"] for link in delegate.get(f"/task/{task_id}/identity-links")} == {"assignee", "owner", "candidate"}
    caller.post(f"/task/{task_id}/resolve", {}, status=400)
    delegate.post(f"/task/{task_id}/resolve", {}, status=204)
    task = caller.get(f"/task/{task_id}")
    assert (task["assignee"], task["delegationState"]) == ("hotline1", "RESOLVED")


def test_a_form_is_completed_under_its_rules(site_on_each: Site) -> None:
    """Given a task with form and a mandatory clause, REST enforces what the page does: ticks, required fields, declared variables only."""
    task_id = site_on_each.start()
    caller = program(site_on_each, "hotline1")
    values = {"fault": {"value": "不开机"}, "on_site": {"value": True, "type": "Boolean"}, "urgency": {"value": "urgent"}}

    assert "fault" in caller.post(f"/task/{task_id}/complete", {"variables": {}}, status=400)["fields"]
    refused = caller.post(f"/task/{task_id}/complete", {"variables": {**values, "price": {"value": 0}}}, status=403)
    assert "price" in refused["message"]
    assert program(site_on_each, "engineer1").post(f"/task/{task_id}/complete", {"variables": values}, status=500)

    variables = caller.post(f"/task/{task_id}/complete", {"variables": values, "withVariablesInReturn": True})

    assert variables["fault"] == {"type": "String", "value": "不开机", "valueInfo": {}}
    assert program(site_on_each, "engineer1").get("/task")[0]["name"] == "上门检查"
    assert caller.post(f"/task/{task_id}/complete", {}, status=500)["type"] == "RestException"


def test_mandatory_clauses_must_be_ticked(site: Site) -> None:
    """Given a step whose manual has a mandatory clause, when it is completed unticked, then 400 names the clause; on the page it is ticked, then it works."""
    site.start()
    site.record()
    task_id, caller = site.task("上门检查").id, program(site, "engineer1")
    engineer = site.as_("engineer1")
    caller.post(f"/task/{task_id}/claim", {"userId": "engineer1"}, status=204)
    values = {"variables": {"findings": {"value": "已修复"}, "part_needed": {"value": False}}}

    refused = caller.post(f"/task/{task_id}/complete", values, status=400)

    assert "勾选" in refused["message"]
    assert engineer.send(f"/tasks/{task_id}/clauses/T-2", {"done": "1"}).status_code == 204
    caller.post(f"/task/{task_id}/complete", values, status=204)


def test_a_missing_task_cannot_be_completed_in_camundas_words(site: Site) -> None:
    """Given no such task, when it is completed, then 500 RestException: clients depend on it."""
    refused = program(site, "hotline1").post("/task/unknown/complete", {}, status=500)

    assert refused["type"] == "RestException"


def test_owners_complete_with_any_variables(site_on_each: Site) -> None:
    """Given a task without form, when somebody who steers cases completes it with variables, then they are set; staff may not."""
    task_id = after_sales(site_on_each)
    program(site_on_each, "engineer1").post(f"/task/{task_id}/complete", {"variables": {"ok": {"value": True}}}, status=403)
    site_admin = program(site_on_each, "admin")

    variables = site_admin.post(f"/task/{task_id}/complete", {"variables": {"ok": {"value": True}}, "withVariablesInReturn": True})

    assert variables["ok"] == {"type": "Boolean", "value": True, "valueInfo": {}}


def test_staff_complete_a_free_task_of_their_group(site: Site) -> None:
    """Given a free task without form, when a candidate completes it without claiming, then it is done by them."""
    task_id = after_sales(site)

    program(site, "engineer1").post(f"/task/{task_id}/complete", status=204)

    assert program(site, "owner").get("/process-instance/count") == {"count": 0}


def test_a_business_error_goes_to_its_boundary_event(site_on_each: Site) -> None:
    """Given a boundary error event, when the task reports its error, then the case goes on there; an error nobody catches is refused."""
    task_id = after_sales(site_on_each)
    caller = program(site_on_each, "engineer1")

    assert caller.post(f"/task/{task_id}/bpmnError", {"errorCode": "other"}, status=400)
    caller.post(f"/task/{task_id}/bpmnError", {"errorCode": "no_part", "errorMessage": "缺件"}, status=204)

    assert [task["name"] for task in program(site_on_each, "owner").get("/task")] == ["订购备件"]


def test_variables_of_a_task(site_on_each: Site) -> None:
    """Given a task, when its variables are read and written, then those around it and its own are kept apart."""
    task_id, caller = after_sales(site_on_each), program(site_on_each, "owner")

    caller.put(f"/task/{task_id}/localVariables/note", {"value": "先打电话", "type": "String"})
    caller.put(f"/task/{task_id}/variables/level", {"value": 2, "type": "Integer"})

    assert caller.get(f"/task/{task_id}/localVariables") == {"note": {"type": "String", "value": "先打电话", "valueInfo": {}}}
    assert set(caller.get(f"/task/{task_id}/variables")) == {"city", "level", "note"}
    assert caller.get(f"/task/{task_id}/variables/level")["type"] == "Integer"
    caller.post(f"/task/{task_id}/variables", {"modifications": {"x": {"value": 1}}, "deletions": ["level"]}, status=204)
    assert set(caller.get(f"/task/{task_id}/form-variables")) == {"city", "x", "note"}
    assert caller.get(f"/task/{task_id}/variables/level", status=404)["type"] == "InvalidRequestException"
    program(site_on_each, "engineer1").put(f"/task/{task_id}/variables/x", {"value": 2}, status=403)


def test_comments_and_files(site_on_each: Site) -> None:
    """Given a task, when a candidate remarks and attaches, then both are read back with their authors."""
    task_id, caller = after_sales(site_on_each), program(site_on_each, "engineer1")

    made = caller.post(f"/task/{task_id}/comment/create", {"message": "已联系客户"})
    sent = {"attachment-name": "现场.png", "content": (BytesIO(png().read()), "a.png")}
    file = caller.call("POST", f"/task/{task_id}/attachment/create", data=sent, content_type="multipart/form-data").get_json()

    assert (made["userId"], made["message"]) == ("engineer1", "已联系客户")
    assert made["links"][0]["href"].endswith(f"/task/{task_id}/comment/{made['id']}")
    assert [item["id"] for item in caller.get(f"/task/{task_id}/comment")] == [made["id"]]
    assert caller.get(f"/task/{task_id}/attachment/{file['id']}")["name"] == "现场.png"
    assert caller.call("GET", f"/task/{task_id}/attachment/{file['id']}/data").data == png().read()
    assert caller.get("/task", withCommentAttachmentInfo="true")[0]["hasComment"] is True
    program(site_on_each, "auditor").post(f"/task/{task_id}/comment/create", {"message": "x"}, status=403)


def test_candidates_are_added_and_removed(site_on_each: Site) -> None:
    """Given a task, when an owner adds a candidate, then that person sees and may claim it, until they are removed."""
    task_id, caller = after_sales(site_on_each), program(site_on_each, "owner")
    link = {"userId": "parts1", "groupId": None, "type": "candidate"}

    caller.post(f"/task/{task_id}/identity-links", link, status=204)
    assert program(site_on_each, "parts1").get(f"/task/{task_id}")["id"] == task_id
    assert link in caller.get(f"/task/{task_id}/identity-links", type="candidate")

    caller.post(f"/task/{task_id}/identity-links/delete", link, status=204)
    program(site_on_each, "parts1").get(f"/task/{task_id}", status=404)
    program(site_on_each, "engineer1").post(f"/task/{task_id}/identity-links", link, status=403)


def test_updating_a_task(site_on_each: Site) -> None:
    """Given a task, when an owner sets date, urgency and assignee, then what is left out becomes empty; the name is the diagram's."""
    task_id, caller = after_sales(site_on_each), program(site_on_each, "owner")

    caller.put(f"/task/{task_id}", {"assignee": "engineer1", "priority": 70, "due": "2026-03-06T18:00:00.000+0800"})

    task = caller.get(f"/task/{task_id}")
    assert (task["assignee"], task["priority"], task["due"]) == ("engineer1", 70, "2026-03-06T18:00:00.000+0800")
    caller.put(f"/task/{task_id}", {"name": "另一个"}, status=400)
    caller.put(f"/task/{task_id}", {"name": "上门检查"})
    assert caller.get(f"/task/{task_id}")["due"] is None


def test_the_form_of_a_task(site: Site) -> None:
    """Given a task with a form, when clients ask for it, then reference, schema and values are answered; without one 404."""
    task_id, caller = site.start(), program(site, "hotline1")

    assert caller.get(f"/task/{task_id}/form")["camundaFormRef"]["key"] == "f_record"
    assert caller.get(f"/task/{task_id}/deployed-form")["id"] == "f_record"
    assert isinstance(caller.get(f"/task/{task_id}/form-variables"), dict)
    program(site, "owner").get(f"/task/{after_sales(site)}/deployed-form", status=404)


def test_what_no_column_holds_is_refused(site_on_each: Site) -> None:
    """Given names and keys longer than any column, when they are sent, then 400 on either database, not a server error."""
    task_id, caller = after_sales(site_on_each), program(site_on_each, "owner")

    caller.put(f"/task/{task_id}", {"assignee": "x" * 300}, status=400)
    caller.post("/process-definition/key/after_sales/start", {"businessKey": "x" * 300}, status=400)
    caller.get("/task", assignee="x" * 300)

"""What lists are sorted and chosen by that no column has: variables, texts of the diagram, the last change, expressions."""

from datetime import timedelta
from typing import Any

import pytest

from engine.runtime import deployments, executor, instances
from engine.storage.tables import ProcessInstance
from tests.engine.diagram import bpmn
from tests.rest.conftest import Program, program
from tests.web.conftest import Site

_TWO_DUTIES = """start fork a join end
fork b join
<userTask id="a" name="电话回访" candidates="callback"><documentation>先看上次记录</documentation></userTask>
<userTask id="b" name="上门检查" candidates="onsite"><documentation>到达前半小时打电话</documentation></userTask>"""
_CITIES = (("杭州", 3), ("上海", 1), ("宁波", None), ("杭州", 2))


@pytest.fixture
def owner(site_on_each: Site) -> Program:
    """A process owner's program, at a site with four cases of two duties each, one minute apart."""
    site = site_on_each
    diagram = _TWO_DUTIES.replace("candidates=", "camunda:candidateGroups=")
    deployments.deploy(site.engine, {"p.bpmn": bpmn(diagram)}, name="p")
    for number, (city, level) in enumerate(_CITIES):
        values = {"city": city} | ({"level": level} if level is not None else {})
        instances.start(site.engine, "p", values, f"K{number}")
        site.clock.advance(timedelta(minutes=1))
    return program(site, "owner")


def keys(owner: Program, body: dict[str, Any], **paging: int) -> list[str]:
    """Business keys of the cases of the tasks that a query finds, in its order."""
    found = owner.call("POST", "/task", {"taskDefinitionKey": "a"} | body, query_string=paging)
    assert found.status_code == 200, found.get_data(as_text=True)
    cases = {case["id"]: case["businessKey"] for case in owner.get("/process-instance")}
    return [cases[task["processInstanceId"]] for task in found.get_json()]


def by(variable: str, kind: str, order: str = "asc", sort_by: str = "processVariable") -> dict[str, Any]:
    """One thing to sort by."""
    return {"sortBy": sort_by, "sortOrder": order, "parameters": {"variable": variable, "type": kind}}


def test_tasks_are_sorted_by_variables(owner: Program) -> None:
    """Given cases with cities and levels, when their tasks are sorted by them, then several keys, both directions and paging work; no value comes first."""
    cities, levels = by("city", "String"), by("level", "Integer", "desc", "executionVariable")

    assert keys(owner, {"sorting": [by("level", "Integer")]}) == ["K2", "K1", "K3", "K0"]
    assert keys(owner, {"sorting": [levels]}) == ["K0", "K3", "K1", "K2"]
    assert keys(owner, {"sorting": [cities, levels]}) == ["K1", "K2", "K0", "K3"]
    assert keys(owner, {"sorting": [{"sortBy": "name", "sortOrder": "desc"}, cities, levels]}) == ["K1", "K2", "K0", "K3"]
    assert keys(owner, {"sorting": [cities, levels]}, firstResult=1, maxResults=2) == ["K2", "K0"]
    assert keys(owner, {"sorting": [by("level", "String"), {"sortBy": "created", "sortOrder": "desc"}]}) == ["K3", "K2", "K1", "K0"]


def test_sorting_by_a_variable_needs_to_know_which(owner: Program) -> None:
    """Given a sorting without name or type of the variable, or in an address, which cannot say it, then it is refused."""
    for parameters in (None, {}, {"variable": "city"}, {"variable": "city", "type": "Colour"}):
        sorting = [{"sortBy": "processVariable", "sortOrder": "asc", "parameters": parameters}]
        assert "parameters" in owner.post("/task", {"sorting": sorting}, status=400)["message"]
    owner.get("/task", sortBy="processVariable", sortOrder="asc", status=400)


def test_a_tasks_own_variables_choose_and_sort(owner: Program) -> None:
    """Given tasks with variables of their own, then tasks are found and sorted by these, not by those of their cases."""
    tasks = owner.post("/task", {"taskDefinitionKey": "a", "sorting": [{"sortBy": "created", "sortOrder": "asc"}]})
    for task, turn in zip(tasks, (2, 3, 1), strict=False):
        owner.put(f"/task/{task['id']}/localVariables/turn", {"value": turn, "type": "Integer"})

    assert keys(owner, {"taskVariables": [{"name": "turn", "operator": "gteq", "value": 2}]}) == ["K0", "K1"]
    assert owner.get("/task/count", taskVariables="turn_eq_1") == {"count": 1}
    assert owner.get("/task/count", taskVariables="city_eq_杭州") == {"count": 0}
    assert keys(owner, {"sorting": [by("turn", "Integer", "desc", "taskVariable")]}) == ["K1", "K0", "K2", "K3"]
    assert owner.get("/history/task/count", taskVariables="TURN_eq_1", variableNamesIgnoreCase="true") == {"count": 1}
    either = [{"taskVariables": [{"name": "turn", "operator": "eq", "value": 3}], "processVariables": [{"name": "level", "operator": "eq", "value": 3}]}]  # fmt: skip
    assert keys(owner, {"orQueries": either}) == ["K0", "K1"]


def test_tasks_come_with_their_variables_when_asked(owner: Program) -> None:
    """Given a task, when its variables are asked for, then all that it sees or only its own come with it; otherwise there is no such field."""
    [task] = owner.get("/task", processInstanceBusinessKey="K0", taskDefinitionKey="a")
    owner.put(f"/task/{task['id']}/localVariables/turn", {"value": 2, "type": "Integer"})
    asked = {"taskId": task["id"]}

    [seen] = owner.get("/task", **asked, withTaskVariablesInReturn="true")
    assert {name: typed["value"] for name, typed in seen["variables"].items()} == {"city": "杭州", "level": 3, "turn": 2}
    [own] = owner.post("/task", asked | {"withTaskLocalVariablesInReturn": True, "withCommentAttachmentInfo": True})
    assert (own["variables"], own["hasComment"]) == ({"turn": {"type": "Integer", "value": 2, "valueInfo": {}}}, False)
    assert "variables" not in task


def test_the_last_change_of_a_task(site_on_each: Site, owner: Program) -> None:
    """Given tasks of which two were changed, then lastUpdated says when, the state is UPDATED, and tasks are sorted and chosen by it."""
    first, second = (owner.get("/task", processInstanceBusinessKey=key, taskDefinitionKey="a")[0]["id"] for key in ("K2", "K1"))
    since = site_on_each.clock.now().isoformat(timespec="milliseconds")
    site_on_each.clock.advance(timedelta(minutes=1))
    owner.post(f"/task/{first}/comment/create", {"message": "已联系"})
    site_on_each.clock.advance(timedelta(minutes=1))
    owner.put(f"/task/{second}/localVariables/turn", {"value": 1, "type": "Integer"})

    changed = owner.get(f"/task/{second}")
    assert (changed["lastUpdated"], changed["taskState"]) == ("2026-03-05T10:06:00.000+0800", "UPDATED")
    assert owner.get(f"/task/{owner.get('/task', processInstanceBusinessKey='K0')[0]['id']}")["lastUpdated"] is None
    assert keys(owner, {"updatedAfter": since, "sorting": [{"sortBy": "lastUpdated", "sortOrder": "desc"}]}) == ["K1", "K2"]
    assert [row["taskState"] for row in owner.get("/history/task", taskId=first)] == ["UPDATED"]


def test_texts_of_the_diagram_choose_and_sort(owner: Program) -> None:
    """Given elements with names and documentation, then tasks and runs are found and sorted by them."""
    assert {task["description"] for task in owner.get("/task", descriptionLike="%电话%")} == {"到达前半小时打电话"}
    assert owner.get("/task/count", description="先看上次记录") == {"count": 4}
    assert owner.get("/task/count", description="先看上次记录", descriptionLike="到达%") == {"count": 0}
    tasks = owner.get("/task", sortBy="description", sortOrder="desc", maxResults=5)
    assert [task["taskDefinitionKey"] for task in tasks] == ["b", "b", "b", "b", "a"]
    assert owner.get("/history/task/count", taskDescriptionLike="%记录") == {"count": 4}
    runs = owner.get("/history/activity-instance", activityNameLike="%检查", sortBy="activityName", sortOrder="asc")
    assert [run["activityId"] for run in runs] == ["b"] * 4


def test_filters_are_given_as_expressions(site_on_each: Site, owner: Program) -> None:
    """Given expressions in FEEL or JUEL's spelling, when tasks are asked for, then they mean whoever asks, and now; nonsense is refused."""
    [task] = owner.get("/task", processInstanceBusinessKey="K3", taskDefinitionKey="b")
    engineer = program(site_on_each, "engineer1")
    engineer.post(f"/task/{task['id']}/claim", {}, status=204)

    assert [found["id"] for found in engineer.get("/task", assigneeExpression="${currentUser()}")] == [task["id"]]
    assert owner.get("/task/count", assigneeExpression="${currentUser()}") == {"count": 0}
    assert engineer.post("/task/count", {"candidateGroupsExpression": "${currentUserGroups()}"}) == {"count": 3}
    two_minutes_ago = '=now() - duration("PT2M")'
    assert {found["taskDefinitionKey"] for found in owner.get("/task", createdAfterExpression=two_minutes_ago)} == {"a", "b"}
    assert owner.get("/task/count", createdAfterExpression=two_minutes_ago) == {"count": 2}
    assert owner.post("/task/count", {"orQueries": [{"createdAfterExpression": two_minutes_ago, "assignee": "nobody"}]}) == {"count": 2}
    for wrong in ("${", "${nobody()}", "${1 + }", '="yesterday"'):
        assert owner.get("/task", createdAfterExpression=wrong, status=400)["type"] == "InvalidRequestException", wrong


def test_variables_are_read_only_of_what_the_other_conditions_leave(site_on_each: Site, owner: Program) -> None:
    """Given a case whose state cannot be read any more, when another condition leaves it out, then a condition on variables does not look at it."""
    with site_on_each.engine.database.transaction() as session:
        case = session.query(ProcessInstance).filter_by(business_key="K2").one()
        case.runtime_state = b"damaged"

    narrow = {"processInstanceBusinessKeyIn": ["K0", "K1"], "processVariables": [{"name": "city", "operator": "eq", "value": "杭州"}]}
    assert owner.post("/task/count", narrow) == {"count": 2}
    assert owner.post("/history/process-instance/count", {"processInstanceBusinessKeyLike": "K0", "variables": narrow["processVariables"]}) == {"count": 1}  # fmt: skip
    among = {"orQueries": [{"processInstanceBusinessKey": "K0", "assignee": "nobody"}], "processVariables": narrow["processVariables"]}
    assert owner.post("/task/count", among) == {"count": 2}
    assert owner.get("/execution", businessKey="K1", variables="city_eq_上海")[0]["ended"] is False


def test_every_order_of_the_description_is_one(site_on_each: Site, owner: Program) -> None:
    """Given the description of the interface, when each list is sorted by each column that it names, then it answers, with the same elements both ways."""
    executor.run_until_idle(site_on_each.engine)
    auditor, asked = program(site_on_each, "auditor"), 0
    for path, methods in owner.get("/openapi.json")["paths"].items():
        parameters = {item["name"]: item["schema"] for item in methods.get("get", {}).get("parameters", ())}
        for column in parameters.get("sortBy", {}).get("enum", ()) if "{" not in path else ():
            up, down = (auditor.get(path, sortBy=column, sortOrder=order, maxResults=50) for order in ("asc", "desc"))
            assert len(up) == len(down), (path, column)
            asked += 1
    assert asked > 120


def test_open_tasks_are_counted_by_group(site_on_each: Site, owner: Program) -> None:
    """Given duties of two groups, of which one is claimed, then those that nobody has are counted for each group, as far as the caller sees them."""
    [task] = owner.get("/task", processInstanceBusinessKey="K0", taskDefinitionKey="b")
    program(site_on_each, "engineer1").post(f"/task/{task['id']}/claim", {}, status=204)

    counts = owner.get("/task/report/candidate-group-count")
    assert counts == [{"groupName": "callback", "taskCount": 4}, {"groupName": "onsite", "taskCount": 3}]
    assert program(site_on_each, "callback1").get("/task/report/candidate-group-count") == counts[:1]

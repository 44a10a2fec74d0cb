"""pycamunda 0.6 against a live server: deploy, start, tasks, messages, variables, external tasks, history, as its users write it.

It has no module for history. Its users reach history in the two ways that are tested here: its class for variables takes the address of history as its
engine's, and everything else is a request made of what its own classes are made of (`CamundaRequest` with parameters), with its session, its dates and
its errors.
"""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta

import pycamunda.base
import pycamunda.deployment
import pycamunda.externaltask
import pycamunda.group
import pycamunda.incident
import pycamunda.message
import pycamunda.processdef
import pycamunda.processinst
import pycamunda.signal
import pycamunda.task
import pycamunda.user
import pycamunda.variable
import pytest
import requests
from pycamunda.request import QueryParameter

from engine.clock import SimulatedClock
from tests.engine.diagram import bpmn
from tests.rest.conftest import serving
from tests.rest.diagrams import awaiting, faulty, one_task
from tests.web.conftest import PASSWORD, Site


@pytest.fixture
def url(site: Site) -> Iterator[str]:
    """The address of the interface on a live server."""
    with serving(site) as address:
        yield address


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """A process owner's session."""
    with requests.Session() as made:
        made.auth = ("owner", PASSWORD)
        yield made


class Client:
    """Sends pycamunda's requests with a session, as its documentation shows."""

    def __init__(self, url: str, session: requests.Session) -> None:
        self.url = url
        self._session = session

    def __call__(self, kind: type, /, *arguments: object, **options: object) -> object:
        """Build and send a request."""
        return self.send(kind(self.url, *arguments, **options))

    def send(self, request: object) -> object:
        """Send a request that was built before."""
        request.session, request.auth = self._session, self._session.auth  # uploads look at the second only
        return request()

    def deploy(self, content: bytes, name: str = "售后上门", **options: object) -> object:
        """Deploy one file from memory."""
        request = pycamunda.deployment.Create(self.url, name=name, **options)
        request.add_resource(io.BytesIO(content))
        return self.send(request)


@pytest.fixture
def client(url: str, session: requests.Session) -> Client:
    return Client(url, session)


def test_deploying(client: Client) -> None:
    """Given a diagram in memory, when it is deployed twice with duplicate filtering, then the second changes nothing; resources are read back."""
    made = client.deploy(one_task(), source="script", enable_duplicate_filtering=True)
    again = client.deploy(one_task(), source="script", enable_duplicate_filtering=True)

    assert [definition.key for definition in made.deployed_process_definitions.values()] == ["after_sales"]
    assert again.id_ == made.id_
    assert not again.deployed_process_definitions
    assert [found.id_ for found in client(pycamunda.deployment.GetList, name="售后上门")] == [made.id_]
    (resource,) = client(pycamunda.deployment.GetResources, made.id_)
    assert client(pycamunda.deployment.GetResource, made.id_, resource.id_, binary=True) == one_task()


def test_a_faulty_diagram_raises_a_bad_request(client: Client) -> None:
    """Given a mistake in the diagram, then pycamunda raises BadRequest with our words behind Camunda's prefix."""
    with pytest.raises(pycamunda.BadRequest, match="ENGINE-09005"):
        client.deploy(faulty())


def test_wrong_credentials_raise_unauthorized(client: Client, session: requests.Session) -> None:
    """Given a wrong password, then pycamunda raises Unauthorized although the body is empty."""
    session.auth = ("owner", "wrong")

    with pytest.raises(pycamunda.Unauthorized):
        client(pycamunda.processdef.GetList)


def test_definitions(client: Client) -> None:
    """Given deployed processes, when they are listed, counted and read, then pycamunda loads every field."""
    client.deploy(one_task())

    (found,) = client(pycamunda.processdef.GetList, key="after_sales", latest_version=True)
    assert (found.id_, found.version_tag, found.history_time_to_live) == ("after_sales:1", "2026.1", 180)
    assert client(pycamunda.processdef.Count, key="after_sales") == 1
    assert client(pycamunda.processdef.Get, key="after_sales").id_ == "after_sales:1"
    assert "上门检查" in client(pycamunda.processdef.GetXML, id_="after_sales:1")
    client(pycamunda.processdef.Suspend, key="after_sales")
    assert client(pycamunda.processdef.Get, id_="after_sales:1").suspended is True
    client(pycamunda.processdef.Activate, key="after_sales")


def test_a_case_from_start_to_end(client: Client, clock: SimulatedClock) -> None:
    """Given a process, when it is started with variables, found, claimed, commented, delegated, resolved and completed, then it has ended."""
    client.deploy(one_task())
    start = pycamunda.processdef.StartInstance(client.url, key="after_sales", business_key="GD-1", with_variables_in_return=True)
    start.add_variable("phone", "13800000000")
    start.add_variable("level", 2, type_="Integer")
    instance = client.send(start)
    assert (instance.business_key, instance.suspended) == ("GD-1", False)

    (task,) = client(pycamunda.task.GetList, candidate_groups=["onsite", "parts"], unassigned=True)
    assert (task.name, task.process_instance_id, task.created) == ("上门检查", instance.id_, clock.now())
    assert client(pycamunda.task.Get, task.id_).id_ == task.id_
    client(pycamunda.task.CommentCreate, task.id_, "已联系客户")
    assert [item.message for item in client(pycamunda.task.CommentGetList, task.id_)] == ["已联系客户"]
    assert {link.group_id for link in client(pycamunda.task.IdentityLinksGetList, task.id_)} == {"onsite"}
    modify = pycamunda.task.LocalVariablesModify(client.url, task.id_)
    modify.add_variable("note", "先打电话", type_="String")
    client.send(modify)
    assert client(pycamunda.task.LocalVariablesGet, task.id_, "note").value == "先打电话"
    client.send(_update(client.url, task, "engineer1"))
    assert client(pycamunda.task.Get, task.id_).assignee == "engineer1"
    with pytest.raises(pycamunda.PyCamundaException):
        client(pycamunda.task.Claim, task.id_, "owner")
    client.send(_update(client.url, task, "owner"))
    client(pycamunda.task.Delegate, task.id_, "owner")
    assert client(pycamunda.task.Get, task.id_).delegation_state == "PENDING"
    client(pycamunda.task.Resolve, task.id_)
    complete = pycamunda.task.Complete(client.url, task.id_, with_variables_in_return=True)
    complete.add_variable("ok", True, type_="Boolean")
    assert client.send(complete)["ok"].value is True

    assert list(client(pycamunda.processinst.GetList, business_key="GD-1")) == []


def _update(url: str, task: object, assignee: str) -> object:
    """The whole task again, with another assignee and date."""
    return pycamunda.task.Update(
        url, task.id_, name=task.name, description=task.description, assignee=assignee, owner=None, delegation_state=None,
        due=datetime.fromisoformat("2026-03-06T18:00:00+08:00"), follow_up=None, priority=task.priority, parent_task_id=None,
        case_instance_id=None, tenant_id=None,
    )  # fmt: skip


def test_instances(client: Client) -> None:
    """Given a running instance, when it is read, suspended, changed and deleted, then pycamunda gets what it expects."""
    client.deploy(one_task())
    instance = client(pycamunda.processdef.StartInstance, key="after_sales")

    tree = client(pycamunda.processinst.GetActivityInstance, instance.id_)
    assert [child.activity_id for child in tree.child_activity_instances] == ["check"]
    client(pycamunda.processinst.VariablesUpdate, instance.id_, "city", "杭州", type_="String")
    modify = pycamunda.processinst.VariablesModify(client.url, instance.id_, deletions=["city"])
    modify.add_variable("level", 3)
    client.send(modify)
    assert {name: item.value for name, item in client(pycamunda.processinst.VariablesGetList, instance.id_).items()} == {"level": 3}
    client(pycamunda.processinst.Suspend, instance.id_)
    assert client(pycamunda.processinst.Get, instance.id_).suspended is True
    client(pycamunda.processinst.Activate, instance.id_)
    client(pycamunda.processinst.Delete, instance.id_)
    with pytest.raises(pycamunda.PyCamundaException):
        client(pycamunda.processinst.Get, instance.id_)


def test_messages(client: Client) -> None:
    """Given a process that waits, when its message is correlated, then the result names the execution; a message for nobody is refused."""
    client.deploy(awaiting())
    instance = client(pycamunda.processdef.StartInstance, key="confirmation", business_key="GD-2")

    with pytest.raises(pycamunda.BadRequest, match="MismatchingMessageCorrelation"):
        client(pycamunda.message.CorrelateSingle, "customer_confirmed", business_key="other", result_enabled=True)
    message = pycamunda.message.CorrelateSingle(client.url, "customer_confirmed", business_key="GD-2", result_enabled=True)
    message.add_process_variable("score", 5, type_="Integer")
    (result,) = client.send(message)

    assert result.execution.process_instance_id == instance.id_
    assert [task.name for task in client(pycamunda.task.GetList, process_instance_id=instance.id_)] == ["归档"]
    (started,) = client(pycamunda.message.CorrelateAll, "customer_called", business_key="GD-3", result_enabled=True)
    assert started.process_instance.business_key == "GD-3"


def test_external_tasks_incidents_and_variables(url: str, site: Site, session: requests.Session) -> None:
    """Given a task for a worker, when it fails, gets new attempts and is completed, then pycamunda reads every state of it."""
    session.auth = ("admin", PASSWORD)
    client = Client(url, session)
    client.deploy(bpmn('start work end <serviceTask id="work" name="发短信" camunda:type="external" camunda:topic="sms"/>'))
    start = pycamunda.processdef.StartInstance(url, key="p", business_key="GD-2")
    start.add_variable("phone", "13800000000")
    instance = client.send(start)

    def fetched() -> object:
        fetch = pycamunda.externaltask.FetchAndLock(url, worker_id="w1", max_tasks=5)
        fetch.add_topic("sms", lock_duration=60_000, variables=["phone"])
        (task,) = client.send(fetch)
        return task

    task = fetched()
    assert (task.topic_name, task.process_instance_id, task.variables["phone"].value) == ("sms", instance.id_, "13800000000")
    failure = {"worker_id": "w1", "error_message": "timeout", "error_details": "line 1", "retries": 0, "retry_timeout": 0}
    client(pycamunda.externaltask.HandleFailure, task.id_, **failure)
    # the client asks for error details without credentials, so it is told not to
    (listed,) = client(pycamunda.externaltask.GetList, topic_name="sms", no_retries_left=True, request_error_details=False)
    assert listed.error_message == "timeout"
    (incident,) = client(pycamunda.incident.GetList, process_instance_id=instance.id_)
    assert incident.activity_id == "work"
    client(pycamunda.externaltask.SetRetries, task.id_, retries=2)
    again = fetched()
    (variable,) = client(pycamunda.variable.GetList, name="phone")
    assert client(pycamunda.variable.Get, variable.id_).value == "13800000000"
    complete = pycamunda.externaltask.Complete(url, again.id_, worker_id="w1")
    complete.add_variable("sent", True)
    client.send(complete)
    assert list(client(pycamunda.externaltask.GetList, topic_name="sms")) == []
    assert list(client(pycamunda.incident.GetList, process_instance_id=instance.id_)) == []


def test_people_groups_and_signals(url: str, session: requests.Session) -> None:
    """Given people in groups, when they are looked up, then pycamunda finds them; a signal to everybody is taken."""
    session.auth = ("admin", PASSWORD)
    client = Client(url, session)
    assert {user.id_ for user in client(pycamunda.user.GetList, member_of_group="hotline")} == {"hotline1", "hotline2"}
    assert client(pycamunda.group.Get, "hotline").name == "热线工程师"
    client(pycamunda.signal.EventAll, name="nobody waits")


class History(pycamunda.base.CamundaRequest):
    """A list of history, made as the library makes its own lists; answers its JSON."""

    id_ = QueryParameter("processInstanceId")
    business_key = QueryParameter("processInstanceBusinessKey")
    finished = QueryParameter("finished", provide=pycamunda.base.value_is_true)
    started_after = QueryParameter("startedAfter")
    sort_by = QueryParameter("sortBy")
    ascending = QueryParameter("sortOrder", mapping={True: "asc", False: "desc"}, provide=lambda _, obj, __: "sort_by" in vars(obj))

    def __init__(self, url: str, kind: str, **parameters: object) -> None:
        super().__init__(url=f"{url}/history/{kind}")
        self.finished, self.ascending = False, True
        for name, value in parameters.items():
            setattr(self, name, value)

    def __call__(self) -> list[dict[str, object]]:
        return super().__call__(pycamunda.base.RequestMethod.GET).json()


def test_history(client: Client, site: Site, clock: SimulatedClock) -> None:
    """Given a case that has ended, then instances, runs, tasks, variables, changes and deeds are read, chosen and sorted with pycamunda's parameters."""
    client.deploy(one_task())
    began = clock.now()
    start = pycamunda.processdef.StartInstance(client.url, key="after_sales", business_key="GD-1")
    start.add_variable("city", "杭州")
    case = client.send(start).id_
    client(pycamunda.processdef.StartInstance, key="after_sales", business_key="GD-2")
    clock.advance(timedelta(minutes=30))
    (task,) = client(pycamunda.task.GetList, process_instance_business_key="GD-1")
    client.send(_update(client.url, task, "owner"))
    complete = pycamunda.task.Complete(client.url, task.id_)
    complete.add_variable("ok", True, type_="Boolean")
    client.send(complete)

    (ended,) = client(History, "process-instance", finished=True, started_after=began, sort_by="endTime", ascending=False)
    assert (ended["id"], ended["state"], ended["startUserId"], ended["durationInMillis"]) == (case, "COMPLETED", "owner", 1_800_000)
    assert pycamunda.base.from_isoformat(ended["endTime"]) == clock.now()
    runs = client(History, "activity-instance", id_=case, sort_by="startTime")
    assert [run["activityId"] for run in runs] == ["begin", "check", "done"]
    (done,) = client(History, "task", business_key="GD-1")
    assert (done["assignee"], done["deleteReason"]) == ("owner", "completed")
    past = pycamunda.variable.GetList(f"{client.url}/history", name="city", process_instance_id_in=[case])
    assert [(variable.name, variable.value) for variable in client.send(past)] == [("city", "杭州")]
    changes = client(History, "detail", id_=case, sort_by="time")
    assert {change["variableName"] for change in changes if change["type"] == "variableUpdate"} >= {"city", "ok"}
    assert {deed["operationType"] for deed in client(History, "user-operation", id_=case)} >= {"Create", "Assign", "Complete"}
    with pytest.raises(pycamunda.BadRequest):
        client(History, "process-instance", sort_by="nothing")


def test_an_ended_case_is_restarted_from_its_history(client: Client) -> None:
    """Given an ended case and a running one, when the first is restarted by pycamunda, whose query is always there and empty, then only that one is."""
    client.deploy(one_task())
    ended, running = (client(pycamunda.processdef.StartInstance, key="after_sales", business_key=key).id_ for key in ("GD-1", "GD-2"))
    client(pycamunda.processinst.Delete, ended)

    restart = pycamunda.processdef.RestartProcessInstance(client.url, "after_sales:1", [ended])
    restart.add_before_activity_instruction("check")
    client.send(restart)

    (again,) = client(pycamunda.processinst.GetList, business_key="GD-1")
    (row,) = client(History, "process-instance", id_=again.id_)
    assert row["restartedProcessInstanceId"] == ended
    assert [found.id_ for found in client(pycamunda.processinst.GetList, business_key="GD-2")] == [running]

"""Nobody sees or changes what is not theirs: every operation, as people who have nothing to do with a case, with its ids."""

import re

from sqlalchemy import func, select

from engine.storage.tables import Event, ProcessInstance
from tests.rest.conftest import program
from tests.web.conftest import Site
from web.rest.operation import OPERATIONS

_CUSTOMER = "华东仪表厂"
_ASKED = r"\{(\w+)\}"


def ids_of(site: Site) -> dict[str, str]:
    """Ids of a case of the hotline with a task, a remark and an incident's neighbours; unknown ids for what it does not have."""
    task_id = site.start(_CUSTOMER)
    caller = program(site, "hotline1")
    instance_id = caller.get(f"/task/{task_id}")["processInstanceId"]
    comment = caller.post(f"/task/{task_id}/comment/create", {"message": f"{_CUSTOMER}来过电话"})["id"]
    return {
        "task_id": task_id,
        "instance_id": instance_id,
        "process_instance_id": instance_id,
        "execution_id": instance_id,
        "activity_instance_id": task_id,
        "comment_id": comment,
        "variable_id": f"{instance_id}:customer_name",
        "name": "customer_name",
        "definition_id": "site_visit:1",
        "key": "site_visit",
        "user_id": "hotline1",
    }


def test_strangers_get_nothing_of_a_case(site: Site) -> None:
    """Given a case, when people outside of it ask every operation with its ids, then no answer names the customer, and the case has not one event more."""
    ids = ids_of(site)
    with site.engine.database.session() as session:
        before = session.scalar(select(func.count()).select_from(Event))

    for user in ("stranger", "parts1"):
        caller = program(site, user)
        for declared in OPERATIONS:
            path = re.sub(_ASKED, lambda found: ids.get(found.group(1), "0" * 32), declared.path)
            body = {} if declared.body is not None else None
            answer = caller.call(declared.method, path, body)
            assert _CUSTOMER not in answer.get_data(as_text=True), (user, declared.method, path)
            assert answer.status_code < 500 or 500 in declared.refuses, (user, declared.method, path, answer.status_code)

    with site.engine.database.session() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == before
        assert session.scalar(select(func.count()).select_from(ProcessInstance)) == 1


def test_an_auditor_reads_everything_and_changes_nothing(site: Site) -> None:
    """Given a case, when an auditor asks every operation with its ids, then they see the case, and it has not one event more."""
    ids = ids_of(site)
    auditor = program(site, "auditor")
    with site.engine.database.session() as session:
        before = session.scalar(select(func.count()).select_from(Event))

    assert auditor.get(f"/process-instance/{ids['instance_id']}/variables/customer_name")["value"] == _CUSTOMER
    for declared in OPERATIONS:
        if declared.changes:
            path = re.sub(_ASKED, lambda found: ids.get(found.group(1), "0" * 32), declared.path)
            auditor.call(declared.method, path, {} if declared.body is not None else None)

    with site.engine.database.session() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == before

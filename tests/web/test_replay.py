"""The player of cases: its page, its story, and the form of a step as it was."""

from typing import Any

from flask_babel import force_locale
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from engine.history.moment import Moment
from engine.runtime import incidents, instances
from engine.storage.tables import Event, Job, ProcessInstance
from tests.web.conftest import Site
from tests.web.test_cases import visited
from tests.web.test_incidents import broken_case
from web.cases.told import Told
from web.definitions import Definition
from web.replay.reasons import reasons_of

Sheets = dict[str, dict[str, Any]]


def story_of(site: Site, case: str, who: str = "auditor") -> dict[str, Any]:
    """What the player gets."""
    answer = site.as_(who).get(f"/cases/{case}/replay.json")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def take(sheets: Sheets, changes: list[dict[str, Any]], side: str) -> None:
    """One event forward (after) or back (before), as the player walks."""
    for change in changes if side == "after" else reversed(changes):
        sheet = sheets.setdefault(change["sheet"], {})
        if side in change:
            sheet[change["key"]] = change[side]
        else:
            del sheet[change["key"]]


def test_the_player_walks_to_the_present_and_back_to_nothing(site_on_each: Site) -> None:
    """Given the story of a case, all changes forward give where it stands, and all changes back give nothing."""
    case = visited(site_on_each, part=False)
    story = story_of(site_on_each, case)

    sheets: Sheets = {}
    for line in story["events"]:
        take(sheets, line["changes"], "after")
    assert {run["element"] for run in sheets["runs"].values()} == {"callback"}
    assert sheets["flows"] == dict.fromkeys(("f1", "f2", "f3", "f5", "f7", "f9"), 1)
    assert sheets["variables"]["findings"] == "电源坏"
    assert [task["candidates"] for task in sheets["tasks"].values()] == [["group:callback"]]

    for line in reversed(story["events"]):
        take(sheets, line["changes"], "before")
    assert not any(sheets.values())


def test_every_event_says_why(site: Site) -> None:
    """Given a gateway that was passed, the story has the condition, the values it saw and the result."""
    story = story_of(site, visited(site, part=False))

    reasons = [dict(line["reasons"]) for line in story["events"] if line["type"] == "ConditionEvaluated"]
    assert {"条件": "part_needed = true", "part_needed": "否", "结果": "不成立"} in reasons
    created = next(dict(line["reasons"]) for line in story["events"] if line["type"] == "UserTaskCreated" and line["element"] == "visit")
    assert created["候选组"] == "onsite"


def test_a_row_of_a_decision_table_is_told_in_the_readers_language(site: Site) -> None:
    """Given a row with an annotation in the catalogue, an English reader gets the English one."""
    decided = Event(type="DecisionEvaluated", data={"decision": "d", "rules": [{"index": 2, "annotation": "八十公里以内"}]})
    drawn = Definition("p:1", "p", 1, "P", english={"八十公里以内": "Within eighty kilometres"}, xml=b"")
    told = Told(decided.data, "", {}, drawn)

    with site.app.test_request_context(), force_locale("en"):
        assert ("Row 2 matched", "Within eighty kilometres") in reasons_of(decided, told, Moment())


def test_the_form_is_shown_as_it_was_with_what_was_entered(site: Site) -> None:
    """Given a completed task, the player shows its form with the values entered, also after they were changed by hand."""
    case = visited(site, part=False)
    line = next(line for line in story_of(site, case)["events"] if line["type"] == "UserTaskCompleted" and line["element"] == "visit")

    page = site.as_("auditor").text(line["formUrl"])

    assert '"findings": "电源坏"' in page
    assert '"readonly": true' in page


def test_a_case_is_played_only_for_those_who_may_see_it(site: Site) -> None:
    """Given somebody without a part in the case, page, story, form and diagram are not there."""
    case = visited(site, part=False)
    for path in ("replay", "replay.json", "replay/5/form", "replay/visit:1.bpmn"):
        site.as_("stranger").text(f"/cases/{case}/{path}", status=404)


def test_called_processes_have_stories_of_their_own(site: Site) -> None:
    """Given a call activity, the story names the story of the process it called."""
    case = visited(site, part=True)
    story = story_of(site, case)
    with site.engine.database.session() as session:
        child = session.scalars(select(ProcessInstance.id).where(ProcessInstance.parent_id == case)).one()

    (called,) = story["called"].values()
    assert called == {"storyUrl": f"/cases/{child}/replay.json", "title": "备件领用"}
    assert story_of(site, child)["events"][0]["type"] == "InstanceStarted"


def test_an_incident_says_its_cause_and_its_end_says_which_it_was(site: Site) -> None:
    """Given a handler that failed until somebody corrected its input, the incident tells the cause, and the success which incident it ended."""
    incident = broken_case(site)
    with site.engine.database.session() as session:
        case = session.scalars(select(ProcessInstance.id).where(ProcessInstance.parent_id.is_(None))).one()
    opened = next(line for line in story_of(site, case)["events"] if line["type"] == "IncidentOpened")
    assert "the archive is closed" in dict(opened["reasons"])["原因"]

    with site.engine.database.transaction() as session:
        session.execute(update(Job).where(Job.state == "failed").values(input={"fault": "不开机"}))
    incidents.resolve(site.engine, incident, "owner")
    site.run()

    succeeded = [dict(line["reasons"]) for line in story_of(site, case)["events"] if line["type"] == "JobSucceeded"]
    assert ["the archive is closed" in reasons.get("解决的异常", "") for reasons in succeeded] == [True]


def test_interventions_are_marked(site: Site) -> None:
    """Given a variable that was corrected by hand, its event is a deviation to jump to, with the reason."""
    case = visited(site, part=False)
    instances.set_variables(site.engine, case, {"findings": "主板坏"}, actor="owner", reason="误填")
    marked = [line for line in story_of(site, case)["events"] if line.get("mark") == "deviation"]

    assert [dict(line["reasons"])["原因"] for line in marked] == ["误填"]
    assert dict(marked[0]["reasons"])["现在"] == "主板坏"


def test_a_case_is_verified_from_its_page(site_on_each: Site) -> None:
    """Given an honest case, the button says how many inputs gave how many events; given a form value changed since, where it parts."""
    case = visited(site_on_each, part=False)
    auditor = site_on_each.as_("auditor")
    assert "核验一致" in auditor.text(f"/cases/{case}/replay/verdict")

    with site_on_each.engine.database.transaction() as session:
        pretend(session, is_postgres=site_on_each.engine.database.is_postgres)
        completed = select(Event).where(Event.instance_id == case, Event.type == "UserTaskCompleted", Event.element_id == "visit")
        event = session.scalars(completed).one()
        event.data = event.data | {"values": event.data["values"] | {"findings": "主板坏"}}
    page = auditor.text(f"/cases/{case}/replay/verdict")
    assert "重放得到的与记录不同" in page
    assert '"name": "findings"' in page
    assert f"/cases/{case}/replay?event=" in page


def pretend(session: Session, *, is_postgres: bool) -> None:
    """Be somebody who has the database in their hands: the events can be changed."""
    if is_postgres:
        session.execute(text("ALTER TABLE event DISABLE TRIGGER ALL"))
        return
    for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))

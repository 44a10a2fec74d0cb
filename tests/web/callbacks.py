"""Thirty callbacks on their way, in two versions of the procedure, and two that were finished long ago."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.ids import new_id
from engine.runtime import deployments
from engine.storage.tables import ProcessInstance
from tests.handlers.desk import Desk
from tests.scenario import Scenario

KEY = "callback"
DIAGRAM = f"{KEY}/{KEY}.bpmn"
CALLER, HEAD = "callback1", "head1"

#: What is entered in each task.
ENTERED: Mapping[str, dict[str, Any]] = {
    "accept_list": {"list_accepted": True},
    "call_customer": {"called_at": "2026-03-05T10:10:00+08:00", "reached": True},
    "let_speak": {"use_normal": True, "satisfied": False, "words": "机器比以前慢"},
    "ask_reason": {"reason": "修完还是慢", "about": "skill", "is_complaint": False},
    "ask_wishes": {"rated": False},
    "ask_suggestions": {"rated": False},
    "say_goodbye": {"thanked": True, "call_ended_at": "2026-03-05T10:20:00+08:00"},
    "tidy_record": {"record_complete": True},
    "analyse_root": {"root": "修后没有测速", "measures": "修后必做测速", "measure_owner": "engineer1", "measure_due": "2026-03-20"},
}
_CONTENT = {"use_normal": True, "satisfied": True, "words": "挺好"}
#: The version before: suggestions are asked for by another task, and what was saved of the survey can be taken back.
_BEFORE = (("ask_suggestions", "ask_wishes"), ("征询其他建议", "征询愿望"))
_UNDO = """
    <bpmn:boundaryEvent id="survey_wrong" name="调查有误" attachedToRef="save_survey">
      <bpmn:compensateEventDefinition id="definition_survey_wrong" />
    </bpmn:boundaryEvent>
    <bpmn:userTask id="correct_survey" name="更正满意度" isForCompensation="true" camunda:candidateGroups="callback" />
    <bpmn:association id="undo_survey" associationDirection="One" sourceRef="survey_wrong" targetRef="correct_survey" />
  </bpmn:process>"""


class Callbacks:
    """The callbacks of an office, each taken as far as wanted, without browsers."""

    def __init__(self, office: Scenario) -> None:
        self.office = office
        self._desk = Desk(office.engine)

    def all_on_their_way(self) -> dict[str, list[str]]:
        """Thirty running callbacks by what a new version means for them, and finished ones; ids.

        The new version is one that changes a timer around the conversation.
        """
        shipped = (self.office.engine.settings.processes_dir / DIAGRAM).read_text("utf-8")
        before = shipped.replace("\n  </bpmn:process>", _UNDO)
        for now, then in _BEFORE:
            before = before.replace(now, then)
        self._deploy(before, "去年的回访")
        finished = [self.at("")]
        mapping = [self.at("ask_wishes") for _ in range(5)]
        stays = [self.at("analyse_root") for _ in range(4)]
        self._deploy(shipped, "今年的回访")
        finished.append(self.at(""))
        safe = [self.at("analyse_root") for _ in range(8)]
        answer = [self.at(place) for place in ("accept_list",) * 4 + ("call_customer",) * 4 + ("let_speak",) * 3 + ("tidy_record",) * 2]
        return {"safe": safe, "answer": answer, "mapping": mapping, "stays": stays, "finished": finished}

    def at(self, place: str) -> str:
        """A new callback of a customer who is not content, that waits at a task, or is finished if none is named; returns its id."""
        instance = self.request()
        self.take(instance, place)
        return instance

    def take(self, instance: str, place: str, *, content: bool = False) -> None:
        """Complete one task after the other, up to that of an element or the end.

        Args:
            instance: the callback.
            place: element id of the task, empty for the end.
            content: whether the customer is.
        """
        while waiting := [task.element_id for task in self.office.tasks(instance) if task.element_id != place]:
            (element,) = waiting
            entered = _CONTENT if content and element == "let_speak" else ENTERED[element]
            Scenario.complete(self.office, element, HEAD if element == "analyse_root" else CALLER, instance, **entered)

    def request(self) -> str:
        """A service is done, and the customer is to be called; returns the id of the callback."""
        contact = {"contact_person": "王伟", "contact_phone": "19901010001"}
        order = self._desk.do("orders.create", new_id(), customer_id="KH0001", need_content="开不了机", **contact)
        now = self.office.clock.now().isoformat()
        self.office.message("callback.request", order["order_id"], order_id=order["order_id"], completed_at=now)
        with self.office.engine.database.session() as session:
            key = ProcessInstance.business_key == order["order_id"]
            return session.scalars(select(ProcessInstance.id).where(ProcessInstance.process_key == KEY, key)).one()

    def _deploy(self, diagram: str, name: str) -> None:
        deployments.deploy(self.office.engine, {DIAGRAM: diagram.encode()}, name=name)

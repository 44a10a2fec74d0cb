"""Why: the reasons of an event as labelled facts, from what was recorded when it happened."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from engine.diagrams.model import Element
from engine.history.moment import Moment
from engine.storage.tables import Event
from web.cases.told import Told, plain
from web.display import in_words, when
from web.language import gettext

Fact = tuple[str, str]


def reasons_of(event: Event, told: Told, before: Moment) -> list[Fact]:
    """(label, text) of each reason; before: the moment just before the event."""
    reasons = _REASONS.get(event.type)
    return [] if reasons is None else [(name, text) for name, text in reasons(event, told, before) if text]


def _condition(_event: Event, told: Told, _before: Moment) -> Iterator[Fact]:
    yield gettext("条件"), str(told.data["condition"])
    for name, value in (told.data.get("values") or {}).items():
        yield name, plain(value)
    yield gettext("结果"), gettext("成立") if told.data.get("result") else gettext("不成立")


def _decision(_event: Event, told: Told, _before: Moment) -> Iterator[Fact]:
    yield gettext("决策表"), str(told.data["decision"])
    for name, value in (told.data.get("inputs") or {}).items():
        yield told.label(name), plain(value)
    for rule in told.data.get("rules") or ():
        yield gettext("命中第 %(number)s 行", number=rule["index"]), told.label(rule.get("annotation")) or "—"
    yield gettext("结论"), plain(told.data.get("outputs"))


def rules_of(element: Element) -> list[Fact]:
    """(label, text) of each rule by which the diagram chooses who does a task, and until when."""
    written = (
        (gettext("办理人规则"), "assignee"),
        (gettext("候选组"), "candidateGroups"),
        (gettext("候选人"), "candidateUsers"),
        (gettext("期限规则"), "dueDate"),
    )
    return [(name, element.camunda[attribute]) for name, attribute in written if element.camunda.get(attribute)]


def _task_created(event: Event, told: Told, _before: Moment) -> Iterator[Fact]:
    element = told.drawn.element(event.element_id or "")
    yield from rules_of(element) if element is not None else ()
    yield gettext("办理人"), told.name(told.data.get("assignee"))
    yield gettext("期限"), _in_words(told.data.get("explanation"))


def _deadline(event: Event, told: Told, _before: Moment) -> Iterator[Fact]:
    element = told.drawn.element(event.element_id or "")
    if element is not None and element.event is not None:
        yield gettext("图上写的"), element.event.text
    yield gettext("怎样算出"), _in_words(told.data.get("explanation"))


def _fired(event: Event, _told: Told, before: Moment) -> Iterator[Fact]:
    timer: dict[str, Any] = before["timers"].get(str(event.element_instance_id), {})
    yield gettext("怎样算出"), _in_words(timer.get("explanation"))


def _reason(_event: Event, told: Told, _before: Moment) -> Iterator[Fact]:
    yield gettext("原因"), str(told.data.get("reason") or "")


def _changed(_event: Event, told: Told, _before: Moment) -> Iterator[Fact]:
    yield gettext("原来"), plain(told.data.get("before"))
    yield gettext("现在"), plain(told.data.get("after"))
    yield gettext("原因"), str(told.data.get("reason") or "")


def _message(_event: Event, told: Told, _before: Moment) -> Iterator[Fact]:
    yield gettext("消息"), str(told.data.get("name") or "")
    yield gettext("关联号"), str(told.data.get("correlation_key") or "")
    for name, value in (told.data.get("variables") or {}).items():
        yield name, plain(value)


def _job(event: Event, told: Told, before: Moment) -> Iterator[Fact]:
    yield gettext("处理器"), str(told.data.get("topic") or "")
    yield gettext("第几次"), str(told.data.get("attempt") or "")
    yield gettext("错误"), str(told.data.get("error") or "")
    result = told.data.get("result")
    for name, value in result.items() if isinstance(result, dict) else ():
        yield name, plain(value)
    if event.type == "JobSucceeded":
        yield from _mended(event, told, before)


def _mended(event: Event, _told: Told, before: Moment) -> Iterator[Fact]:
    """The incident that a success, or a person, put an end to; it was tried again because somebody had mended its cause."""
    source = event.element_instance_id
    for key, incident in before["incidents"].items():
        if source in (key, incident["run"]):
            yield gettext("解决的异常"), in_words(incident)
            yield gettext("发生于"), when(datetime.fromisoformat(incident["since"]))


def _incident(_event: Event, told: Told, _before: Moment) -> Iterator[Fact]:
    yield gettext("原因"), in_words(dict(told.data))


def _bpmn_error(_event: Event, told: Told, _before: Moment) -> Iterator[Fact]:
    yield gettext("错误代码"), str(told.data.get("code") or "")
    yield gettext("说明"), str(told.data.get("message") or "")


def _in_words(explanation: Any) -> str:
    return in_words(explanation) if isinstance(explanation, dict) else ""


_REASONS: dict[str, Callable[[Event, Told, Moment], Iterator[Fact]]] = {
    "ConditionEvaluated": _condition,
    "DecisionEvaluated": _decision,
    "UserTaskCreated": _task_created,
    "TimerScheduled": _deadline,
    "TimerRescheduled": _deadline,
    "TimerFired": _fired,
    "CaseModified": _reason,
    "CaseMigrated": _reason,
    "CaseRestarted": _reason,
    "InstanceSuspended": _reason,
    "InstanceResumed": _reason,
    "InstanceCancelRequested": _reason,
    "UserTaskAssigned": _changed,
    "UserTaskChanged": _changed,
    "VariableChanged": _changed,
    "MessageReceived": _message,
    "MessageThrown": _message,
    "JobSucceeded": _job,
    "JobFailed": _job,
    "IncidentOpened": _incident,
    "IncidentResolved": _mended,
    "BpmnErrorThrown": _bpmn_error,
}

"""What happened in a case, in words that a colleague understands: one function for each type of event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from web.definitions import Definition
from web.display import in_words, when
from web.labels import in_one_language, label
from web.language import gettext, locale


@dataclass(frozen=True)
class Told:
    """An event, and what its words may refer to."""

    data: Mapping[str, Any]
    element: str
    names: Mapping[str, str]
    drawn: Definition

    def label(self, text: Any) -> str:
        """A label of the diagram in the reader's language."""
        return label(str(text or ""), self.drawn.english)

    def name(self, user_id: Any) -> str:
        """A person's name, or the id when the person is unknown."""
        return self.names.get(str(user_id), str(user_id or ""))

    def titles(self, positions: list[dict[str, str]]) -> list[str]:
        """The names of the elements where tokens stood."""
        return [self.drawn.element_title(position["element_id"]) for position in positions]


#: Tone, text and detail: good, info, warn, bad or quiet.
Words = tuple[str, str] | tuple[str, str, str]


def _instance_started(told: Told) -> Words:
    if told.data.get("restarted_from"):
        return ("info", gettext("案例由已结束的案例重新开始"), _reason(told))
    return ("info", gettext("案例开始"))


def _modified(told: Told) -> Words:
    before, after = (gettext("、").join(told.titles(told.data.get(when) or [])) for when in ("before", "after"))
    return ("warn", gettext("移动节点：%(before)s → %(after)s", before=before, after=after or "—"), _reason(told))


def _migrated(told: Told) -> Words:
    versions = [str(told.data.get(name) or "").rpartition(":")[2] for name in ("source", "target")]
    return ("warn", gettext("从版本 %(before)s 迁移到版本 %(after)s", before=versions[0], after=versions[1]), _reason(told))


def _restarted(told: Told) -> Words:
    return ("info", gettext("已重新开始为新案例"), _reason(told))


def _instance_ended(told: Told) -> Words:
    return ("good", gettext("案例结束"), told.element)


def _cancel_requested(told: Told) -> Words:
    return ("bad", gettext("要求取消案例"), _reason(told))


def _cancelled(_told: Told) -> Words:
    return ("bad", gettext("案例被取消"))


def _suspended(told: Told) -> Words:
    return ("warn", gettext("案例被挂起"), _reason(told))


def _resumed(told: Told) -> Words:
    return ("info", gettext("案例恢复办理"), _reason(told))


def _failed(_told: Told) -> Words:
    return ("bad", gettext("案例因未处理的错误而结束"))


def _task_created(told: Told) -> Words:
    due = told.data.get("explanation")
    text = in_words(due) if isinstance(due, dict) else ""
    return ("info", gettext("“%(task)s”等待办理", task=told.element), gettext("期限：%(why)s", why=text) if text else "")


def _task_claimed(told: Told) -> Words:
    return ("quiet", gettext("认领“%(task)s”", task=told.element))


def _task_unclaimed(told: Told) -> Words:
    return ("quiet", gettext("归还“%(task)s”", task=told.element))


def _task_assigned(told: Told) -> Words:
    after = told.name(told.data.get("after"))
    if told.data.get("delegation") == "PENDING":
        return ("info", gettext("把“%(task)s”委派给 %(who)s", task=told.element, who=after))
    return ("info", gettext("把“%(task)s”交给 %(who)s", task=told.element, who=after), _reason(told))


def _task_completed(told: Told) -> Words:
    return ("good", gettext("完成“%(task)s”", task=told.element))


def _task_changed(told: Told) -> Words:
    field = str(told.data.get("field", ""))
    if field.startswith("clause:"):
        clause = field.removeprefix("clause:")
        done = told.data.get("after")
        return ("quiet", gettext("勾选必做项 %(clause)s", clause=clause) if done else gettext("取消勾选必做项 %(clause)s", clause=clause))
    names = {
        "due_at": gettext("期限"),
        "follow_up_at": gettext("提醒日期"),
        "priority": gettext("优先级"),
        "draft": gettext("草稿"),
        "owner": gettext("负责人"),
        "candidate_user": gettext("候选人"),
        "candidate_group": gettext("候选组"),
    }
    name = names.get(field, field)
    why = told.data.get("explanation")
    return (
        "quiet",
        gettext("修改“%(task)s”的%(field)s", task=told.element, field=name),
        in_words(why) if isinstance(why, dict) else f"{_moment(told.data.get('before'))} → {_moment(told.data.get('after'))}",
    )


def _commented(told: Told) -> Words:
    return ("quiet", gettext("添加备注"), str(told.data.get("text") or ""))


def _attached(told: Told) -> Words:
    return ("quiet", gettext("添加文件"), str(told.data.get("name") or ""))


def _job_succeeded(told: Told) -> Words:
    return ("quiet", gettext("系统完成“%(task)s”", task=told.element))


def _job_failed(told: Told) -> Words:
    return ("warn", gettext("系统处理“%(task)s”没有成功，将重试", task=told.element), str(told.data.get("error") or ""))


def _incident_opened(told: Told) -> Words:
    return ("bad", gettext("“%(task)s”出现异常，等待处理", task=told.element), in_words(dict(told.data)))


def _incident_resolved(told: Told) -> Words:
    return ("good", gettext("“%(task)s”的异常已解决", task=told.element))


def _decided(told: Told) -> Words:
    outputs = told.data.get("outputs")
    return ("quiet", gettext("按决策表判断“%(task)s”", task=told.element), plain(outputs))


def _condition_evaluated(told: Told) -> Words:
    condition = str(told.data.get("condition") or "")
    name = told.label(told.data.get("name")) or condition
    because = f"{condition}    {plain(told.data.get('values') or {})}"
    if told.data.get("result"):
        return ("quiet", gettext("“%(task)s”选择“%(name)s”", task=told.element, name=name), because)
    return ("quiet", gettext("“%(task)s”没有选择“%(name)s”", task=told.element, name=name), because)


def _bpmn_error(told: Told) -> Words:
    found = told.data.get("variables") or {}  # where a refusal of ours says it in English
    message = str(told.data.get("message") or "")
    return (
        "warn",
        gettext("“%(task)s”报告业务错误 %(code)s", task=told.element, code=str(told.data.get("code") or "")),
        message if locale() == "zh" else str(found.get("error_text_en") or message),
    )


def _error_caught(told: Told) -> Words:
    return ("info", gettext("转到“%(task)s”处理错误", task=told.element))


def _timer_scheduled(told: Told) -> Words:
    why = told.data.get("explanation")
    return ("quiet", gettext("计时开始：“%(task)s”", task=told.element), in_words(why) if isinstance(why, dict) else "")


def _timer_fired(told: Told) -> Words:
    return ("warn", gettext("时间到：“%(task)s”", task=told.element), _missed(told))


def _timer_skipped(told: Told) -> Words:
    return ("warn", gettext("跳过：“%(task)s”", task=told.element), _missed(told))


def _timer_rescheduled(told: Told) -> Words:
    return ("info", gettext("重新计时：“%(task)s”", task=told.element), in_words(told.data.get("explanation")))


def _missed(told: Told) -> str:
    """Repetitions that passed without firing by themselves."""
    return gettext("没有按时触发的次数：%(number)s", number=told.data["missed"]) if "missed" in told.data else ""


def _message_thrown(told: Told) -> Words:
    return ("quiet", gettext("发出消息“%(task)s”", task=told.element or told.label(told.data.get("name"))))


def _message_received(told: Told) -> Words:
    return ("info", gettext("收到消息“%(task)s”", task=told.element or told.label(told.data.get("name"))))


def _called(told: Told) -> Words:
    return ("info", gettext("进入子流程“%(task)s”", task=told.element))


def _escalated(told: Told) -> Words:
    return ("warn", gettext("上报：“%(task)s”", task=told.element))


def _compensation_thrown(told: Told) -> Words:
    return ("warn", gettext("“%(task)s”要求撤销已完成的工作", task=told.element))


def _compensation_started(told: Told) -> Words:
    return ("warn", gettext("撤销“%(task)s”", task=told.element))


def _compensation_completed(told: Told) -> Words:
    return ("good", gettext("已撤销“%(task)s”", task=told.element))


def _transaction_cancelled(told: Told) -> Words:
    return ("bad", gettext("事务“%(task)s”被取消", task=told.element))


def _variable_changed(told: Told) -> Words:
    return (
        "warn",
        gettext("修改资料 %(name)s", name=str(told.data.get("name") or "")),
        f"{plain(told.data.get('before'))} → {plain(told.data.get('after'))} {_reason(told)}".strip(),
    )


def _reason(told: Told) -> str:
    reason = str(told.data.get("reason") or "")
    return gettext("原因：%(reason)s", reason=reason) if reason else ""


def plain(value: Any) -> str:
    """A value in one short piece of text, in the reader's language."""
    return _text(in_one_language(value))


def _moment(value: Any) -> str:
    """An instant as people write it, anything else as it is."""
    try:
        return when(datetime.fromisoformat(value)) if isinstance(value, str) else plain(value)
    except ValueError:
        return plain(value)


def _text(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return str(gettext("是") if value else gettext("否"))
    if isinstance(value, dict):
        joint = "，" if locale() == "zh" else ", "
        return joint.join(f"{key} = {_text(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "[" + ", ".join(_text(item) for item in value) + "]"
    return str(value)


#: What to say of an event, by its type.
WORDS: dict[str, Callable[[Told], Words]] = {
    "InstanceStarted": _instance_started,
    "InstanceCompleted": _instance_ended,
    "InstanceCancelled": _cancelled,
    "InstanceSuspended": _suspended,
    "InstanceResumed": _resumed,
    "InstanceFailed": _failed,
    "CaseModified": _modified,
    "CaseMigrated": _migrated,
    "CaseRestarted": _restarted,
    "UserTaskCreated": _task_created,
    "UserTaskClaimed": _task_claimed,
    "UserTaskUnclaimed": _task_unclaimed,
    "UserTaskAssigned": _task_assigned,
    "UserTaskCompleted": _task_completed,
    "UserTaskChanged": _task_changed,
    "CommentAdded": _commented,
    "AttachmentAdded": _attached,
    "JobSucceeded": _job_succeeded,
    "JobFailed": _job_failed,
    "IncidentOpened": _incident_opened,
    "IncidentResolved": _incident_resolved,
    "DecisionEvaluated": _decided,
    "BpmnErrorThrown": _bpmn_error,
    "TimerScheduled": _timer_scheduled,
    "TimerFired": _timer_fired,
    "TimerSkipped": _timer_skipped,
    "TimerRescheduled": _timer_rescheduled,
    "MessageThrown": _message_thrown,
    "MessageReceived": _message_received,
    "CalledInstanceStarted": _called,
    "EscalationThrown": _escalated,
    "CompensationThrown": _compensation_thrown,
    "CompensationStarted": _compensation_started,
    "CompensationCompleted": _compensation_completed,
    "TransactionCancelled": _transaction_cancelled,
    "ConditionEvaluated": _condition_evaluated,
    "InstanceCancelRequested": _cancel_requested,
    "VariableChanged": _variable_changed,
    "ErrorCaught": _error_caught,
}

"""Rules on timers."""

import re
from datetime import UTC, datetime

from engine.diagrams.checks.check import Check
from engine.feel.durations import DaysTime, parse_duration

#: Values of `opsbook:missed`; the first is the default.
MISSED = ("fireOnce", "skip", "keepRemaining")
_CYCLE = re.compile(r"R(\d*)/(.+)")


def timers(check: Check) -> None:
    """A timer says when, once."""
    for element in check.elements():
        event = element.event
        if event is None or event.kind != "timer":
            continue
        if event.timer is None:
            check.report("timer-without-time", element, "定时事件没有时长、日期或周期。", "The timer has no duration, date or cycle.")
        elif event.timer == "timeCycle" and element.type == "intermediateCatchEvent":
            check.report(
                "cycle-in-flow",
                element,
                "流程中间的定时事件不能用周期，请用时长或日期。",
                "A timer in the flow cannot be a cycle; use a duration or a date.",
            )
        elif event.timer == "timeCycle" and element.interrupting and element.type == "boundaryEvent":
            check.report("cycle-interrupts", element, "会中断活动的定时事件不能用周期。", "An interrupting timer cannot be a cycle.")


def missed(check: Check) -> None:
    """What becomes of missed repetitions is said by a known word, and only where there are repetitions."""
    for element in check.elements():
        policy = element.properties.get("opsbook:missed")
        if policy is None:
            continue
        if policy not in MISSED:
            check.report(
                "unknown-missed",
                element,
                f"错过处理方式“{policy}”不支持，请用 {'、'.join(MISSED)}。",
                f"The value “{policy}” of opsbook:missed is not supported; use {', '.join(MISSED)}.",
            )
        elif element.event is None or element.event.timer is None:
            check.report(
                "missed-without-timer", element, "只有定时事件能设 opsbook:missed。", "Only a timer event can have opsbook:missed."
            )
        elif element.event.timer != "timeCycle" and policy != MISSED[0]:
            check.report(
                "missed-without-cycle",
                element,
                f"只触发一次的定时事件错过后总是补触发一次，不能用“{policy}”；它只用于周期。",
                f"A timer that fires once always fires, however late; “{policy}” is for cycles only.",
            )


def moments(check: Check) -> None:
    """A time written as text lies ahead; computed ones cannot be told."""
    for element in check.elements():
        event = element.event
        if event is None or event.kind != "timer":
            continue
        cycle = _CYCLE.fullmatch(event.text.strip())
        text = cycle[2] if cycle else event.text.strip()
        if cycle and cycle[1] and int(cycle[1]) == 0:
            check.report(
                "timer-never", element, "周期的次数是 0，永远不会触发。", "The cycle has 0 repetitions; it never fires.", severity="warning"
            )
        elif _is_nothing(text):
            check.report(
                "timer-at-once",
                element,
                f"时长“{text}”不大于零，一到这里就触发；请改成要等的时间。",
                f"The duration “{text}” is not above zero: the timer fires at once. Write how long to wait.",
                severity="warning",
            )
        elif check.known.now is not None and _is_past(text, check.known.now):
            check.report(
                "timer-past",
                element,
                f"日期“{text}”已经过去，一到这里就触发；请改成将来的日期，或用时长。",
                f"The date “{text}” is past: the timer fires at once. Write one to come, or a duration.",
                severity="warning",
            )


def _is_nothing(text: str) -> bool:
    duration = parse_duration(text)
    return duration is not None and (duration.nanos if isinstance(duration, DaysTime) else duration.total) <= 0


def _is_past(text: str, now: datetime) -> bool:
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return False
    return (date if date.tzinfo else date.replace(tzinfo=UTC)) < now


RULES = (timers, missed, moments)

"""Words for the small steps of the engine, which are told only to who asks for everything."""

from collections.abc import Callable

from web.cases.told import Told, Words
from web.language import gettext


def _entered(told: Told) -> Words:
    return ("quiet", gettext("到达“%(task)s”", task=told.element))


def _completed(told: Told) -> Words:
    return ("quiet", gettext("“%(task)s”结束", task=told.element))


def _cancelled(told: Told) -> Words:
    return ("quiet", gettext("“%(task)s”被取消", task=told.element))


def _flow_taken(told: Told) -> Words:
    flow = told.drawn.process.flows.get(str(told.data["flow_id"]))
    target = told.drawn.element_title(str(told.data.get("target") or (flow.target if flow else "")))
    if flow is not None and flow.name:
        return ("quiet", gettext("沿“%(name)s”到“%(task)s”", name=told.label(flow.name), task=target))
    return ("quiet", gettext("前往“%(task)s”", task=target))


def _key_set(told: Told) -> Words:
    return ("quiet", gettext("单号 %(key)s", key=str(told.data.get("business_key") or "")))


def _job_created(told: Told) -> Words:
    return ("quiet", gettext("“%(task)s”交给系统处理", task=told.element))


def _job_cancelled(told: Told) -> Words:
    return ("quiet", gettext("“%(task)s”不再需要系统处理", task=told.element))


def _job_continued(told: Told) -> Words:
    return ("quiet", gettext("“%(task)s”继续", task=told.element))


def _job_retried(told: Told) -> Words:
    return ("quiet", gettext("“%(task)s”再试一次", task=told.element))


def _signal_thrown(told: Told) -> Words:
    return ("quiet", gettext("发出信号“%(task)s”", task=told.element or str(told.data.get("name") or "")))


def _signal_received(told: Told) -> Words:
    return ("info", gettext("收到信号“%(task)s”", task=told.element))


def _subscription_opened(told: Told) -> Words:
    return ("quiet", gettext("“%(task)s”开始等待", task=told.element))


def _subscription_closed(told: Told) -> Words:
    return ("quiet", gettext("“%(task)s”不再等待", task=told.element))


def _timer_cancelled(told: Told) -> Words:
    return ("quiet", gettext("“%(task)s”的定时取消", task=told.element))


STEPS: dict[str, Callable[[Told], Words]] = {
    "BusinessKeySet": _key_set,
    "ElementCancelled": _cancelled,
    "ElementCompleted": _completed,
    "ElementEntered": _entered,
    "FlowTaken": _flow_taken,
    "JobCancelled": _job_cancelled,
    "JobContinued": _job_continued,
    "JobCreated": _job_created,
    "JobRetried": _job_retried,
    "SignalReceived": _signal_received,
    "SignalThrown": _signal_thrown,
    "SubscriptionClosed": _subscription_closed,
    "SubscriptionOpened": _subscription_opened,
    "TimerCancelled": _timer_cancelled,
}

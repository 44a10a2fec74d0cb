"""Mistakes that people make in the modeler, seeded one at a time into the shipped processes."""

from dataclasses import dataclass

from tests.diagrams.mistakes import editing as e


@dataclass(frozen=True)
class Mistake:
    """What somebody did, and what must be said about it."""

    name: str
    process: str  #: the one that is edited
    edits: tuple[e.Edit, ...]
    code: str
    element: str
    severity: str = "warning"
    path: bool = False  #: whether a way there is told


def _m(name: str, process: str, code: str, element: str, *edits: e.Edit, severity: str = "warning", path: bool = False) -> Mistake:
    return Mistake(name, process, edits, code, element, severity, path)


MISTAKES = [
    # tokens
    _m("parallel join of a choice", "emergency_response", "deadlock", "both_done", e.become("work_and_inform", "exclusiveGateway"), severity="error", path=True),
    _m("parallel join of three choices", "emergency_response", "deadlock", "all_ready", e.become("act_together", "exclusiveGateway"), severity="error", path=True),
    _m("a join that waits for what comes behind it", "emergency_response", "deadlock", "all_ready", e.connect("work_and_inform", "all_ready"), severity="error", path=True),
    _m("a branch may go past the join", "emergency_response", "deadlock", "all_ready",
       e.add("exclusiveGateway", "in_time", "all_ready", default="new_in_time_all_ready"), e.add("endEvent", "given_up", "all_ready"),
       e.flow_to("flow_ready_parts_all_ready", "in_time"), e.connect("in_time", "all_ready"), e.connect("in_time", "given_up", "emergency = false"), path=True),
    _m("an interruption goes past the join", "emergency_response", "deadlock", "both_done",
       e.add("endEvent", "broken_off", "both_done"), e.boundary("too_long", "visit_customer", "timer"), e.connect("too_long", "broken_off"), path=True),
    _m("a join that waits for its own loop", "visit_reschedule", "deadlock", "join_again",
       e.add("parallelGateway", "join_again", "tell_customer"), e.flow_to("flow_change_wanted_tell_customer", "join_again"), e.connect("join_again", "tell_customer"),
       e.flow_to("flow_visit_called_off_cancelled", "join_again"), severity="error", path=True),
    _m("parallel branches merged by a choice", "emergency_response", "no-synchronisation", "all_ready", e.become("all_ready", "exclusiveGateway"), path=True),
    _m("two flows out of a step meet again", "visit_reschedule", "no-synchronisation", "store_appointment", e.connect("tell_customer", "store_appointment"), path=True),
    _m("a reminder leads into the main way", "callback", "no-synchronisation", "record_result", e.flow_to("flow_record_callback_breach_callback_breach_recorded", "record_result"), path=True),
    _m("a round without a way out", "visit_reschedule", "livelock", "agree_new_time",
       e.flow_to("flow_visit_called_off_cancelled", "agree_new_time"), e.flow_to("flow_store_new_promise_new_appointment", "agree_new_time")),
    _m("gateways that only lead to each other", "visit_reschedule", "livelock", "visit_called_off",
       e.add("exclusiveGateway", "again", "visit_called_off"), e.connect("again", "visit_called_off"),
       e.flow_to("flow_visit_called_off_cancelled", "again"), e.flow_to("flow_visit_called_off_store_new_promise", "again"), severity="error"),
    _m("a round in which nothing waits or changes", "visit_reschedule", "round-without-wait", "visit_called_off",
       e.add("exclusiveGateway", "again", "visit_called_off"), e.connect("again", "visit_called_off"),
       e.flow_to("flow_visit_called_off_store_new_promise", "again"), e.connect("visit_called_off", "store_new_promise", "in_project = false")),
    _m("a step that nothing leads to", "visit_reschedule", "unreachable", "tell_region", e.remove("flow_belongs_to_project_tell_region"), severity="error"),
    _m("steps that only lead to each other", "visit_reschedule", "unreachable", "tell_region",
       e.flow_to("flow_belongs_to_project_tell_region", "visit_called_off"), e.add("task", "note", "tell_region"),
       e.flow_to("flow_tell_region_visit_called_off", "note"), e.connect("note", "tell_region"), severity="error"),
    _m("a step without a way on", "visit_reschedule", "no-way-on", "store_new_promise", e.remove("flow_store_new_promise_new_appointment")),
    _m("a boundary event on a step that never waits", "callback", "boundary-never", "slow",
       e.boundary("slow", "judge_improvement", "timer"), e.connect("slow", "close_satisfied")),
    # conditions
    _m("no default flow: a box that is not ticked", "visit_reschedule", "missing-default", "visit_called_off",
       e.no_default("visit_called_off"), e.condition("flow_visit_called_off_store_new_promise", "visit_cancelled = null")),
    _m("no default flow: a number between", "cross_unit_request", "missing-default", "level_of",
       e.add("exclusiveGateway", "level_of", "claimed_gate"), e.connect("level_of", "claimed_gate", "days > 3"), e.connect("level_of", "answered_gate", "days < 3")),
    _m("no default flow: an option is forgotten", "field_project", "missing-default", "event_kind",
       e.no_default("event_kind"), e.condition("flow_event_kind_throw_abnormal_demand", 'site_event = "leave"')),
    _m("an option is misspelt", "field_project", "condition-never", "event_kind", e.condition("flow_event_kind_throw_leave", 'site_event = "leaves"')),
    _m("a result that the decision never gives", "field_escalation", "condition-never", "who_decides", e.condition("flow_who_decides_decide_by_region", 'route.target = "province"')),
    _m("a ticked box is compared with a word", "customer_training", "condition-never", "training_wanted_gate",
       e.condition("flow_training_wanted_gate_find_material", 'training_wanted = "yes"')),
    _m("a number above and below", "field_escalation", "condition-never", "who_decides", e.condition("flow_who_decides_decide_by_region", "level > 3 and level < 2")),
    _m("an earlier condition takes every case", "hotline_service", "condition-shadowed", "request_class",
       e.condition("flow_request_class_answer_question", 'category = "technical_enquiry" or category = "complaint"')),
    _m("a condition that always holds", "customer_training", "condition-always", "training_wanted_gate",
       e.condition("flow_training_wanted_gate_find_material", "training_wanted = true or training_wanted != true")),
    # messages, errors, escalations
    _m("a message that nobody sends", "callback", "message-nobody-sends", "callback_requested",
       e.declare("message", "message_new", name="callback.requested"), e.event("callback_requested", "message", messageRef="message_new")),
    _m("a message that nobody awaits", "quality_issue", "message-nobody-awaits", "pass_on_solution", e.own_property("pass_on_solution", "opsbook:receiver", "")),
    _m("a signal that nobody sends", "customer_training", "signal-nobody-sends", "training_ordered",
       e.own_property("training_ordered", "opsbook:sender", ""), e.declare("signal", "signal_new", name="year.begins"), e.event("training_ordered", "signal", signalRef="signal_new")),
    _m("a signal that nobody awaits", "quality_issue", "signal-nobody-awaits", "pass_on_solution",
       e.own_property("pass_on_solution", "opsbook:receiver", ""), e.declare("signal", "signal_new", name="solved"), e.event("pass_on_solution", "signal", signalRef="signal_new")),
    _m("an error that the handler never reports", "visit_reschedule", "error-never-thrown", "compute_notice",
       e.declare("error", "error_new", errorCode="TOO_LATE"), e.boundary("late", "compute_notice", "error", errorRef="error_new"), e.connect("late", "agree_new_time")),
    _m("an error that the called process never throws", "emergency_response", "error-never-thrown", "gone_wrong",
       e.declare("error", "error_new", errorCode="TOO_LATE"), e.boundary("gone_wrong", "visit_customer", "error", errorRef="error_new"), e.connect("gone_wrong", "both_done")),
    _m("an error that nobody catches", "visit_reschedule", "error-uncaught", "cancelled",
       e.declare("error", "error_new", errorCode="CALLED_OFF"), e.event("cancelled", "error", errorRef="error_new")),
    _m("an escalation that nobody catches", "field_project", "escalation-uncaught", "conditions_called_off",
       e.declare("escalation", "escalation_new", escalationCode="CALLED_OFF"), e.event("conditions_called_off", "escalation", escalationRef="escalation_new")),
    _m("an escalation that nobody throws", "field_project", "escalation-never-thrown", "project_cancelled",
       e.declare("escalation", "escalation_new", escalationCode="CALLED_OFF"), e.event("project_cancelled", "escalation", escalationRef="escalation_new")),
    # timers
    _m("a timer without a time to wait", "spare_part_return", "timer-at-once", "next_check", e.timer("next_check", "timeDuration", "PT0S")),
    _m("a date that is past", "callback", "timer-past", "callback_late", e.timer("callback_late", "timeDate", "2001-03-04T08:00:00+08:00")),
    _m("a cycle of no repetitions", "preventive_maintenance", "timer-never", "every_day", e.timer("every_day", "timeCycle", "R0/P1D")),
    # data, people, manual
    _m("a number that one way does not give", "spare_part_replenishment", "maybe-missing", "rest_open",
       e.condition("flow_rest_open_sp_receive", "outstanding > 0 and rest_follows = true"), path=True),
    _m("a variable that the called process lacks", "inhouse_repair", "missing-in", "borrow_parts", e.no_mapping("borrow_parts", "engineer_id")),
    _m("nobody is named for a task", "visit_reschedule", "nobody-assigned", "tell_customer", e.attribute("tell_customer", "camunda:candidateGroups", "")),
    _m("a group that does not exist", "visit_reschedule", "unknown-group", "tell_customer", e.attribute("tell_customer", "camunda:candidateGroups", "onsight")),
    _m("a clause that the manual does not have", "visit_reschedule", "unknown-clause", "tell_customer", e.own_property("tell_customer", "opsbook:clause", "M1-7777")),
    _m("a task without a clause", "visit_reschedule", "no-clause", "tell_customer", e.own_property("tell_customer", "opsbook:clause", ""), severity="info"),
]  # fmt: skip

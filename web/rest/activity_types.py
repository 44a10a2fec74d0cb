"""What Camunda calls the kinds of elements in a running or past instance."""

from collections.abc import Mapping

from engine.diagrams.model import Element

_END: Mapping[str, str] = {
    "none": "noneEndEvent",
    "message": "messageEndEvent",
    "signal": "signalEndEvent",
    "error": "errorEndEvent",
    "escalation": "escalationEndEvent",
    "terminate": "terminateEndEvent",
    "compensate": "compensationEndEvent",
}
_CATCH: Mapping[str, str] = {
    "timer": "intermediateTimer",
    "message": "intermediateMessageCatch",
    "signal": "intermediateSignalCatch",
    "conditional": "intermediateConditional",
    "link": "intermediateLinkCatch",
}
_THROW: Mapping[str, str] = {
    "none": "intermediateNoneThrowEvent",
    "message": "intermediateMessageThrowEvent",
    "signal": "intermediateSignalThrow",
    "escalation": "intermediateEscalationThrowEvent",
    "compensate": "intermediateCompensationThrowEvent",
    "link": "intermediateLinkThrow",
}
_BY_PLACE = {"endEvent": _END, "intermediateCatchEvent": _CATCH, "intermediateThrowEvent": _THROW}


def activity_type(element_type: str, element: Element | None) -> str:
    """Camunda's name for a run of an element.

    Args:
        element_type: as the run was recorded (`multiInstanceBody` for the body of a multi-instance).
        element: as drawn; None when the diagram does not have it any more.
    """
    if element is None or element_type == "multiInstanceBody":
        return element_type
    kind = element.event.kind if element.event is not None else "none"
    if element_type == "boundaryEvent":
        return f"boundary{kind.capitalize()}"
    if element_type == "startEvent":
        return "startEvent" if kind == "none" else {"timer": "startTimerEvent"}.get(kind, f"{kind}StartEvent")
    return _BY_PLACE.get(element_type, {}).get(kind, element_type)

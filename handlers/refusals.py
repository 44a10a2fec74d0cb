"""Business errors of handlers: a code for the diagram, a sentence for people in both languages."""

from typing import Any

from engine.runtime.handlers import BpmnError


def refusal(code: str, zh: str, en: str, **variables: Any) -> BpmnError:
    """The error to raise; the catching scope gets `error_text`, `error_text_en` and the variables."""
    return BpmnError(code, zh, {"error_text": zh, "error_text_en": en, **variables}, en)

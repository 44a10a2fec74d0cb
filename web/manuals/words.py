"""Clauses in the reader's language."""

from flask_babel import gettext

from engine.manuals.catalogue import Chapter, Clause, Manual
from engine.manuals.parameters import Parameter
from web.language import locale


def title(item: Clause | Chapter | Manual | Parameter) -> str:
    """What it is called."""
    return item.title_zh if locale() == "zh" else item.title_en


def requirement(clause: Clause) -> str:
    """What a clause asks for."""
    return clause.requirement_zh if locale() == "zh" else clause.requirement_en


def paragraph(clause: Clause) -> str:
    """Manual and paragraph."""
    return f"{clause.manual} {clause.ref_zh if locale() == 'zh' else clause.ref_en}"


def note(parameter: Parameter) -> str:
    """What else one must know to change a parameter."""
    return parameter.note_zh if locale() == "zh" else parameter.note_en


def reason(clause: Clause) -> str:
    """Why no process realises a clause."""
    return clause.reason_zh if locale() == "zh" else clause.reason_en


def kind_name(clause: Clause) -> str:
    """What kind of clause it is, in a word."""
    names = {
        "rule": gettext("规则"),
        "step": gettext("步骤"),
        "record": gettext("记录"),
        "prohibition": gettext("禁止"),
        "deadline": gettext("时限"),
        "escalation": gettext("上报"),
        "metric": gettext("衡量"),
        "role-duty": gettext("职责"),
        "form-field": gettext("表单"),
        "context": gettext("背景"),
    }
    return str(names.get(clause.kind, clause.kind))

"""A submitted form: which values count, whether they are right, and what is kept of them.

The browser shows and checks the same form; whoever posts without it gets the same answer. Values of fields that are hidden, disabled
or not declared are dropped, read-only ones are the server's own, computed ones are computed here; a text that has an English twin keeps it unless it was changed.
"""

from collections.abc import Collection
from typing import Any

from engine.errors import FieldProblem, FormRejected, InvalidInput
from engine.feel import Environment
from engine.forms import messages
from engine.forms.components import Component, path_text
from engine.forms.filled import MOST_ROWS, Field, read_filled
from engine.forms.initial import initial_values
from engine.forms.options import option_values
from engine.forms.rules import broken_rules
from engine.forms.tree import MISSING, get, put
from engine.forms.twins import Twins, twin_of
from engine.forms.value_types import wrong_kind


def submit(
    schema: Component,
    submitted: dict[str, Any],
    context: dict[str, Any],
    env: Environment,
    attachments: Collection[str] = (),
) -> dict[str, Any]:
    """The values to keep: declared, visible, enabled and of the right type.

    Args:
        schema: a form that passed `check_schema`.
        submitted: what somebody sent.
        context: the variables before, which FEEL in the form may read and from which read-only fields take their value.
        env: of FEEL; also knows what day it is.
        attachments: ids of files that belong to the task; values may name them and those that were there before.

    Raises:
        FormRejected: with the first problem of every field that has one.
        InvalidInput: what was sent is not a set of named values.
    """
    if not isinstance(submitted, dict):
        raise InvalidInput("提交的内容不是表单数据。", "What was sent is not the data of a form.")
    twins = Twins(schema, context, initial_values(schema, context))
    filled = read_filled(schema, submitted, context, twins, env)
    problems: dict[str, FieldProblem] = {
        path_text(path): messages.too_many_rows(MOST_ROWS) if count > MOST_ROWS else messages.wrong_type("列表", "a list of rows")
        for path, count in filled.broken_lists.items()
    }
    values: dict[str, Any] = {}
    for path in filled.lists:
        put(values, path, [])
    for field in filled.fields:
        problem = _problem(field, context, env, {*attachments, *_ids(get(context, field.path))})
        if problem is not None:
            problems[path_text(field.path)] = problem
        put(values, field.path, field.value)
        if field.path in twins:
            put(values, twin_of(field.path), twins.twin(field.path, field.value))
    if problems:
        raise FormRejected(problems)
    return values


def _problem(field: Field, context: dict[str, Any], env: Environment, attachments: Collection[str]) -> FieldProblem | None:
    options = option_values(field.component, context, field.scope, env)
    wrong = wrong_kind(field.component, field.value, options, attachments, env)
    if wrong is not None:
        return wrong
    return next(iter(broken_rules(field.component, field.value, field.scope, env)), None)


def _ids(value: Any) -> list[str]:
    if value is MISSING:
        return []
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]

"""Functions of contexts."""

from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.errors import NullResult
from engine.feel.scope import Run
from engine.feel.values import lift


@builtin("get value(m: context, key: string)")
def get_value(context: dict[str, Any], key: str) -> Any:
    """The value of an entry."""
    if key not in context:
        raise NullResult(f"没有条目 {key}。", f"there is no entry {key}.")
    return lift(context[key])


@builtin("get value(m: context, keys: list<string>)")
def get_value_at(context: dict[str, Any], keys: list[str]) -> Any:
    """The value at the end of a path of keys."""
    value: Any = context
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            raise NullResult(f"没有条目 {key}。", f"there is no entry {key}.")
        value = lift(value[key])
    if value is context:
        raise NullResult("键的列表是空的。", "the list of keys is empty.")
    return value


@builtin("get entries(m: context)")
def get_entries(context: dict[str, Any]) -> list[dict[str, Any]]:
    """A list of contexts with `key` and `value`."""
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context put(context: context, key: string, value: Any)")
def context_put(run: Run, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """The context with one entry more, or changed."""
    return _put(run, context, [key], value)


@builtin("context put(context: context, keys: list<string>, value: Any)")
def context_put_at(run: Run, context: dict[str, Any], keys: list[str], value: Any) -> dict[str, Any]:
    """The context with an entry at the end of a path of keys."""
    if not keys or None in keys:
        raise NullResult("键的列表为空或含有空值。", "the list of keys is empty or contains null.")
    return _put(run, context, keys, value)


def _put(run: Run, context: dict[str, Any], keys: list[str], value: Any) -> dict[str, Any]:
    run.meter.spend(len(context))
    if len(keys) > 1:
        inner = context.get(keys[0], {})
        if not isinstance(inner, dict):
            raise NullResult(f"条目 {keys[0]} 不是上下文。", f"the entry {keys[0]} is no context.")
        value = _put(run, inner, keys[1:], value)
    return {**context, keys[0]: value}


@builtin("context merge(contexts: list<context>)")
def context_merge(run: Run, contexts: list[dict[str, Any] | None]) -> dict[str, Any]:
    """One context; later entries win."""
    merged: dict[str, Any] = {}
    for context in contexts:
        if context is None:
            raise NullResult("列表中有空值。", "the list contains null.")
        run.meter.spend(len(context))
        merged.update(context)
    run.meter.check_items(len(merged))
    return merged


@builtin("context(entries: list<context>)")
def context_of_entries(run: Run, entries: list[dict[str, Any] | None]) -> dict[str, Any]:
    """The inverse of `get entries`; a key given twice is an error."""
    context: dict[str, Any] = {}
    for entry in entries:
        run.meter.spend()
        key = None if entry is None else lift(entry.get("key"))
        if entry is None or "value" not in entry or not isinstance(key, str) or key in context:
            raise NullResult("每个条目需要 key（不重复的文本）和 value。", "every entry needs key (a text, given once) and value.")
        context[key] = entry["value"]
    return context

"""What mends the options of a choice."""

from collections.abc import Callable
from typing import Any

from engine.forms.components import Component
from engine.studio.labels import Words

_SOURCES = ("values", "valuesKey", "valuesExpression")


def mended(component: Component, twins: list[Component]) -> tuple[Words, Callable[[Component], None]] | None:
    """One source that has something, taken from a field of the same key elsewhere when there is none; no option twice or half.

    Args:
        component: the choice.
        twins: the fields of other forms with its key.
    """
    given = {name: component[name] for name in _SOURCES if component.get(name) is not None}
    filled = {name: value for name, value in given.items() if value}
    if not filled:
        written = next((twin["values"] for twin in twins if isinstance(twin.get("values"), list) and twin["values"]), None)
        if written is None:
            return None
        labels = "、".join(_label(option) for option in written), ", ".join(_label(option) for option in written)
        return {"zh": f"用其他表单同名字段的选项：{labels[0]}", "en": f"Take the options of this field elsewhere: {labels[1]}"}, _only(
            "values", written
        )
    if len(filled) > 1:
        return None
    name, value = next(iter(filled.items()))
    if len(given) > 1:
        return {"zh": f"只留有内容的来源 {name}", "en": f"Keep only the source with content, {name}"}, _only(name, value)
    options = _whole(value) if name == "values" and isinstance(value, list) else value
    told = {"zh": "补全选项的标签和值，去掉空的和重复的", "en": "Complete labels and values; drop empty and repeated options"}
    return (told, _only(name, options)) if options and options != value else None


def _only(name: str, value: Any) -> Callable[[Component], None]:
    def change(component: Component) -> None:
        for source in _SOURCES:
            component.pop(source, None)
        component[name] = value

    return change


def _whole(options: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for option in options:
        whole = _completed(option) if isinstance(option, dict) else option
        if whole not in (None, "") and whole not in kept:
            kept.append(whole)
    return kept


def _completed(option: dict[str, Any]) -> dict[str, Any] | None:
    """With the label for a missing value, and the other way round; None when it has neither."""
    label, value = option.get("label"), option.get("value")
    if value in (None, "") and not label:
        return None
    return option | {"label": label or str(value), "value": label if value in (None, "") else value}


def _label(option: Any) -> str:
    return str(option.get("label") or option.get("value")) if isinstance(option, dict) else str(option)

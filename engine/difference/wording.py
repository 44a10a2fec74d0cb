"""Differences as sentences that a process owner reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.difference.aspects import aspect_name, kind_name
from engine.difference.parts import Change, Difference, Part, Parts, Text
from engine.difference.values import in_words, quoted, timer

#: Aspect to what its values are called: roles, handlers, forms, decision tables, processes.
Names = Mapping[str, Mapping[str, Text]]

_REFERENCES = frozenset(("source", "target", "lane", "parent", "attached to", "default", "trigger"))
_LISTS = frozenset(
    (
        "camunda:candidateGroups",
        "camunda:candidateUsers",
        "camunda:candidateStarterGroups",
        "property opsbook:clause",
        "property opsbook:guidance",
    )
)
_LINES = frozenset(("sequenceFlow", "messageFlow", "association"))
_FIELDS = frozenset(("form", "rule", "input", "output"))
_LONGEST = 80
_FLAGS = {"true": Text("是", "yes"), "false": Text("否", "no")}
_LOOPS = {"parallel": Text("同时多个", "parallel"), "sequential": Text("依次多个", "sequential"), "standard": Text("循环", "loop")}
_EVENTS = {
    "timer": Text("定时", "timer"),
    "message": Text("消息", "message"),
    "signal": Text("信号", "signal"),
    "error": Text("错误", "error"),
    "escalation": Text("升级", "escalation"),
    "conditional": Text("条件", "condition"),
    "link": Text("链接", "link"),
    "terminate": Text("终止", "terminate"),
    "compensate": Text("补偿", "compensation"),
    "cancel": Text("取消", "cancel"),
}
_CLOCKS = {"working": Text("工作时间", "working time"), "calendar": Text("自然时间", "calendar time")}


@dataclass(frozen=True)
class Wording:
    """Tells the differences of one pair of versions."""

    before: Parts
    after: Parts
    names: Names = field(default_factory=dict)

    def tell(self, difference: Difference) -> Change:
        """A difference as a change with its sentence in both languages."""
        part = difference.part
        text = {
            "added": self._added,
            "removed": self._removed,
            "changed": self._changed,
            "moved": self._moved,
            "redrawn": self._redrawn,
        }[difference.kind](difference)
        called = self._called(part, self.after if difference.after else self.before)
        return Change(
            difference.kind,
            part.id,
            part.kind,
            called.zh,
            difference.aspect,
            difference.old,
            difference.new,
            text.zh,
            text.en,
            difference.along,
        )

    @property
    def _parameters(self) -> Mapping[str, Text]:
        return self.names.get("parameter", {})

    def _added(self, item: Difference) -> Text:
        part, kind, called = item.part, kind_name(item.part.kind), self._called(item.part, self.after)
        if part.kind == "rule":
            said = self._rule(part, self.after)
            return Text(f"新增{called.zh}：{said.zh}", f"New {called.en}: {said.en}")
        where = self._where(part, self.after)
        inside = _count(item, self.after)
        if part.kind in _LINES:
            condition = self._condition(part)
            return Text(f"新增{called.zh}{condition.zh}", f"New {called.en}{condition.en}")
        return Text(f"新增{kind.zh}{called.zh}{where.zh}{inside.zh}", f"New {kind.en} {called.en}{where.en}{inside.en}")

    def _removed(self, item: Difference) -> Text:
        kind, called = kind_name(item.part.kind), self._called(item.part, self.before)
        if item.part.kind in _LINES:
            return Text(f"删除{called.zh}", f"Removed {called.en}")
        if item.part.kind == "rule":
            said = self._rule(item.part, self.before)
            return Text(f"删除{called.zh}：{said.zh}", f"Removed {called.en}: {said.en}")
        inside = _count(item, self.before)
        return Text(f"删除{kind.zh}{called.zh}{inside.zh}", f"Removed {kind.en} {called.en}{inside.en}")

    def _moved(self, item: Difference) -> Text:
        called, part = self._called(item.before or item.part, self.before), item.part
        if part.kind == "rule":
            place = (part.place or 0) + 1
            return Text(f"{called.zh}移到第 {place} 行", f"{_capital(called.en)} moved to row {place}")
        earlier = [
            other
            for other in self.after.values()
            if other.parent == part.parent and other.place == (part.place or 0) - 1 and other.kind != "rule"
        ]
        ahead = self._called(earlier[0], self.after) if earlier else None
        zh, en = (f"移到{ahead.zh}之后", f"moved behind {ahead.en}") if ahead else ("移到最前", "moved to the front")
        return Text(f"{called.zh}{zh}", f"{_capital(called.en)} {en}")

    def _redrawn(self, item: Difference) -> Text:
        called = self._called(item.part, self.after)
        return Text(f"{called.zh}的位置或大小有调整", f"{_capital(called.en)} is placed or sized differently")

    def _changed(self, item: Difference) -> Text:
        part, aspect = item.part, aspect_name(item.aspect)
        named = item.before if item.aspect in ("name", "label", "text", "source", "target") else None
        called = self._called(named, self.before) if named else self._called(part, self.after)
        if item.aspect.startswith("cell "):
            column = self.after.get(item.aspect.removeprefix("cell "))
            aspect = quoted(column.name) if column else aspect
        if item.aspect in _LISTS and item.old and item.new and not (item.old + item.new).startswith(("=", "$")):
            return self._list(called, aspect, item)
        old, new = (self._value(item, side) for side in (item.old, item.new))
        if item.aspect == "name" and item.old and new is not None:
            return Text(f"{called.zh}改名为 {new.zh}", f"{_capital(called.en)} is now called {new.en}")
        if item.aspect == "validate.required":
            return Text(
                f"{called.zh}{'改为必填' if item.new else '不再必填'}",
                f"{_capital(called.en)} is {'now' if item.new else 'no longer'} required",
            )
        if old is None and new is not None:
            return Text(f"{called.zh}新增{aspect.zh}：{new.zh}", f"{_capital(called.en)}: new {aspect.en} {new.en}")
        if new is None and old is not None:
            return Text(f"{called.zh}去掉{aspect.zh}（原为 {old.zh}）", f"{_capital(called.en)}: {aspect.en} removed (was {old.en})")
        if old is None or new is None or max(len(item.old or ""), len(item.new or "")) > _LONGEST or old == new:
            return Text(f"{called.zh}的{aspect.zh}有修改", f"The {aspect.en} of {called.en} was edited")
        return Text(
            f"{called.zh}的{aspect.zh}由 {old.zh} 改为 {new.zh}", f"The {aspect.en} of {called.en} changed from {old.en} to {new.en}"
        )

    def _list(self, called: Text, aspect: Text, item: Difference) -> Text:
        old, new = (side.split(",") for side in (item.old or "", item.new or ""))
        names = self.names.get(item.aspect, {})
        came = [names.get(key, Text(key, key)) for key in new if key not in old]
        went = [names.get(key, Text(key, key)) for key in old if key not in new]
        if not came and not went:
            return Text(f"{called.zh}的{aspect.zh}换了顺序", f"The {aspect.en} of {called.en} have another order")
        zh = "，".join(word + "、".join(text.zh for text in texts) for word, texts in (("增加 ", came), ("去掉 ", went)) if texts)
        en = ", ".join(word + ", ".join(text.en for text in texts) for word, texts in (("added ", came), ("removed ", went)) if texts)
        return Text(f"{called.zh}的{aspect.zh}：{zh}", f"{_capital(aspect.en)} of {called.en}: {en}")

    def _value(self, item: Difference, value: str | None) -> Text | None:
        if value is None or value == "":
            return None
        aspect, old_side = item.aspect, value == item.old
        parts = self.before if old_side else self.after
        if aspect in _REFERENCES:
            return self._referred(value, parts)
        if value in self.names.get(aspect, {}):
            return self.names[aspect][value]
        if aspect == "kind":
            return kind_name(value)
        if aspect == "timer":
            side = item.before if old_side else item.after
            return timer(value, self._parameters, working=side is not None and side.facts.get("property opsbook:clock") == "working")
        fixed = {"loop": _LOOPS, "event": _EVENTS, "property opsbook:clock": _CLOCKS}.get(aspect, _FLAGS)
        return fixed.get(value) or in_words(value, self._parameters)

    def _referred(self, identifier: str, parts: Parts) -> Text:
        part = parts.get(identifier)
        if part is None:
            return quoted(identifier)
        return (
            self._called(parts.get(part.facts.get("target", ""), part), parts) if part.kind == "sequenceFlow" else self._called(part, parts)
        )

    def _called(self, part: Part, parts: Parts) -> Text:
        """How a part is named in a sentence."""
        kind = kind_name(part.kind)
        if part.kind in _LINES:
            source, target = (self._end(part.facts.get(end, ""), parts) for end in ("source", "target"))
            return Text(f"{kind.zh}{source.zh}→{target.zh}", f"{kind.en} {source.en} → {target.en}")
        if part.kind == "rule":
            decision = parts.get(part.parent)
            place = (part.place or 0) + 1
            return Text(
                f"{quoted(decision.name).zh if decision else ''}第 {place} 行", f"row {place}{f' of “{decision.name}”' if decision else ''}"
            )
        if part.kind == "form":
            return Text("表单", "the form")
        name = part.name if len(part.name) <= _LONGEST else part.name[:_LONGEST] + "…"
        return quoted(name) if name else Text(f"{kind.zh} {part.id}", f"{kind.en} {part.id}")

    def _end(self, identifier: str, parts: Parts) -> Text:
        part = parts.get(identifier)
        return self._called(part, parts) if part and part.kind not in _LINES else quoted(identifier)

    def _where(self, part: Part, parts: Parts) -> Text:
        """Between which elements a new element stands, or behind which field."""
        if part.place is not None:
            earlier = [
                other
                for other in parts.values()
                if other.parent == part.parent and other.place == part.place - 1 and other.kind not in _FIELDS
            ]
            return (
                Text(f"，在{self._called(earlier[0], parts).zh}之后", f" behind {self._called(earlier[0], parts).en}")
                if earlier
                else Text("", "")
            )
        if host := part.facts.get("attached to"):
            return Text(f"，附在{self._referred(host, parts).zh}上", f" on {self._referred(host, parts).en}")
        flows = [other for other in parts.values() if other.kind == "sequenceFlow"]
        behind = [self._end(flow.facts["source"], parts) for flow in flows if flow.facts.get("target") == part.id]
        before = [(self._end(flow.facts["target"], parts), self._condition(flow)) for flow in flows if flow.facts.get("source") == part.id]
        zh = f"，在{'、'.join(text.zh for text in behind)}之后" if behind else ""
        en = f" behind {', '.join(text.en for text in behind)}" if behind else ""
        if before:
            zh += f"，去向{'、'.join(text.zh + condition.zh for text, condition in before)}"
            en += f", leading to {', '.join(text.en + condition.en for text, condition in before)}"
        return Text(zh, en)

    def _condition(self, flow: Part) -> Text:
        condition = flow.facts.get("condition")
        return Text(f"（条件 {condition}）", f" (if {condition})") if condition else Text("", "")

    def _rule(self, rule: Part, parts: Parts) -> Text:
        """A row as a sentence: its conditions and its results."""
        given: dict[str, list[str]] = {"input": [], "output": []}
        for aspect, text in rule.facts.items():
            column = parts.get(aspect.removeprefix("cell ")) if aspect.startswith("cell ") else None
            if column is not None and text not in ("-", ""):
                given[column.kind].append(f"“{column.name}” {text}")
        conditions, results = given["input"], given["output"]
        zh = f"如果 {'，'.join(conditions)}，则 {'，'.join(results)}" if conditions else f"总是 {'，'.join(results)}"
        en = f"if {', '.join(conditions)}, then {', '.join(results)}" if conditions else f"always {', '.join(results)}"
        return Text(zh, en)


def _count(item: Difference, parts: Parts) -> Text:
    """How many steps came or went inside."""
    steps = sum(1 for identifier in item.along if identifier in parts and parts[identifier].kind not in _LINES)
    return Text(f"（连同其中或所附的 {steps} 个元素）", f" with {steps} element(s) in or on it") if steps else Text("", "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

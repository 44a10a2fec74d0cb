"""Rules on how tokens move: nothing waits for ever, nothing is done twice, every case can end."""

from collections.abc import Iterator

from engine.diagrams.checks.check import Check
from engine.diagrams.model import Element
from engine.diagrams.soundness import Flaw, judge, nets_of

#: Of a long way only this many steps are told, the last ones.
_STEPS_TOLD = 8


def sound(check: Check) -> None:
    """Every level of the process, played with all its tokens."""
    process = check.process
    never_completing = set[str]()
    for scope, net in nets_of(process, never_completing):
        verdict = judge(net)
        is_interrupted = any(start.interrupting for item in process.event_sub_processes(scope) for start in process.start_events(item.id))
        if not verdict.completes and not is_interrupted:
            never_completing.add(scope)
        for flaw in verdict.flaws:
            _Telling(check, flaw).tell(scope)


class _Telling:
    """Puts a flaw into words."""

    def __init__(self, check: Check, flaw: Flaw) -> None:
        self.check = check
        self.process = check.process
        self.flaw = flaw
        self.path = tuple(dict.fromkeys(self._elements()))
        self.zh, self.en = self._way()

    def tell(self, scope: str) -> None:
        """Report it."""
        at = self.process.elements[self.flaw.node]
        if self.flaw.code == "deadlock":
            self._deadlock(at)
        elif self.flaw.code == "no-synchronisation":
            self._meeting()
        elif self.flaw.code == "livelock":
            self._livelock(at)
        elif self.flaw.code == "unreachable":
            self.check.report(
                "unreachable",
                at,
                "这里只能从自己后面的步骤走回来，没有从开始事件通来的路，永远不会运行；请接上连线或删去。",
                "Only steps behind this one lead back here, none from a start event; it can never run. Connect it or remove it.",
            )
        else:
            self.check.report(
                "not-decided",
                self.process.elements.get(scope, self.process),
                "并行的可能太多，没有全部试完，不能断定这一层没有重复执行；请把并行的部分收进子流程。",
                "There are too many ways to go in parallel to try them all, so it is open whether anything here is done twice; "
                "put parallel parts into sub-processes.",
                severity="info",
            )

    def _deadlock(self, at: Element) -> None:
        sources = [self.process.elements[self.process.flows[flow].source].label for flow in self.flaw.lacking if flow in self.process.flows]
        zh, en = "、".join(f"“{name}”" for name in sources), ", ".join(f"“{name}”" for name in sources)
        waited_zh = f"从{zh}来的令牌" if sources else "其他令牌"
        waited_en = f"a token from {en}" if sources else "other tokens"
        never_zh, never_en = ("每次走到这里都会停住。", "It gets stuck every time. ") if self.flaw.certain else ("", "")
        self.check.report(
            "deadlock",
            at,
            f"死锁：{self.zh}“{at.label}”永远等不到{waited_zh}，案例停在这里。{never_zh}"
            "只走其中一条的分支请用排他网关合并，不一定都走的请用包容网关。",
            f"Deadlock: {self.en}“{at.label}” waits for {waited_en} for ever and the case gets stuck. {never_en}"
            "Merge branches of which one is taken by an exclusive gateway, those that need not all be taken by an inclusive one.",
            severity="error" if self.flaw.certain else "warning",
            path=self.path,
        )

    def _meeting(self) -> None:
        at = self._meeting_point()
        self.check.report(
            "no-synchronisation",
            at,
            f"缺少同步：{self.zh}两个令牌会先后到“{at.label}”，它后面的工作会做两遍；请在这里用并行网关汇合。",
            f"Lack of synchronisation: {self.en}two tokens come to “{at.label}” one after the other and what follows is done twice; "
            "join them here with a parallel gateway.",
            severity="warning",
            path=self.path,
        )

    def _meeting_point(self) -> Element:
        """Where the ways of the two tokens come together: the nearest element before with several ways in."""
        current, seen = self.process.elements[self.flaw.node], set[str]()
        while len(incoming := self.process.incoming.get(current.id, [])) == 1 and current.id not in seen:
            seen.add(current.id)
            current = self.process.elements[incoming[0].source]
        return current if len(incoming) > 1 else self.process.elements[self.flaw.node]

    def _livelock(self, at: Element) -> None:
        if self.flaw.waits:
            zh, en = "案例永远不会结束", "the case never ends"
        else:
            zh, en = "中间没有等待，案例会超出步数上限而停住", "nothing waits in it, so the case exceeds the limit of steps and stops"
        self.check.report(
            "livelock",
            at,
            f"活锁：{self.zh}案例会进入一个出不去的循环，{zh}；请给循环加一条出口。",
            f"Livelock: {self.en}the case comes into a round without a way out: {en}. Give the round an exit.",
            severity="error" if self.flaw.certain else "warning",
            path=self.path,
        )

    # -- the way there -----------------------------------------------------------------------------------------------

    def _elements(self) -> Iterator[str]:
        """The elements and flows on the way, in order."""
        for move in self.flaw.path:
            yield move.node
            yield from filter(None, (move.event,))
            for item in move.exits:
                yield from filter(None, (*item.through, item.flow))

    def _way(self) -> tuple[str, str]:
        steps = list(dict.fromkeys(words for part in self.path for words in self._words(part)))
        told = steps[-_STEPS_TOLD:]
        if not told:
            return "", ""
        skipped = "…→" if len(told) < len(steps) else ""
        return f"如果走 {skipped}{'→'.join(told)}，", f"if the case goes {skipped}{'→'.join(told)}, "

    def _words(self, part: str) -> Iterator[str]:
        """The name of an element, or of a flow that was chosen."""
        named = self.process.elements.get(part) or self.process.flows.get(part)
        if named is not None and named.name:
            yield f"“{named.name}”"


RULES = (sound,)

"""Draws blocks as BPMN, in the short language of `tests.engine.diagram`."""

from tests.engine.random_processes import blocks as b


def draw(process: b.Scope) -> dict[str, str]:
    """The bodies of the process, by the id p, and of those it calls."""
    bodies: dict[str, str] = {}
    bodies["p"] = _Level(bodies).scope(process, "start", "end")
    return bodies


class _Level:
    """One process or sub-process: its flows and elements."""

    def __init__(self, bodies: dict[str, str]) -> None:
        self.bodies = bodies  #: for called processes
        self.flows: list[str] = []
        self.elements: list[str] = []

    def scope(self, scope: b.Scope, start: str, end: str) -> str:
        """Flows and elements between a start and an end event, with the event sub-processes."""
        last = self.block(scope.body, f"{start}")
        if last is not None:
            self.flows.append(f"{last} {end}")
        for handler in scope.inside:
            inner = _Level(self.bodies)
            body = inner.scope(b.Scope(handler.name, handler.body), f"start_{handler.name}", f"end_{handler.name}")
            event = _event("startEvent", f"start_{handler.name}", handler, f'isInterrupting="{_text(handler.interrupting)}"')
            self.elements.append(f'<subProcess id="{handler.name}" triggeredByEvent="true">{event}\n{body}</subProcess>')
        return "\n".join(["", *self.flows, *self.elements, ""])

    def block(self, block: b.Block, before: str) -> str | None:
        """Draw a block behind `before`; the text that leads on from it, None if nothing does."""
        if isinstance(block, b.Sequence):
            leading: str | None = before
            for part in block.parts:
                if leading is None:
                    return None
                leading = self.block(part, leading)
            return leading
        if isinstance(block, b.Leave):
            how = {"none": "", "terminate": 'terminate="true"', "error": 'error="E"'}[block.kind]
            self.flows.append(f"{before} {block.name}")
            self.elements.append(f'<endEvent id="{block.name}" {how}/>')
            return None
        name = getattr(block, "name", "")
        if isinstance(block, b.Repeat):
            self.flows.append(f"{before} merge_{name}")
            last = self.block(block.body, f"merge_{name}")
            if last is None:
                return None
            self.flows += [f"{last} choose_{name}", f"choose_{name} [x = 1] merge_{name}"]
            return f"choose_{name} /"
        self.flows.append(f"{before} {_entry(block)}")
        if isinstance(block, b.Work):
            topic = 'topic="t"' if block.tag == "serviceTask" else ""
            jobs = 'camunda:asyncBefore="true" ' * block.before + 'camunda:asyncAfter="true"' * block.after
            self.elements.append(f'<{block.tag} id="{name}" {topic} {jobs} {_rounds(block.rounds, block.sequential)}/>')
            return name
        if isinstance(block, b.Wait):
            self._wait(block)
            return name
        if isinstance(block, b.Quiet):
            self.elements.append(f'<task id="{name}"/>')
            return name
        if isinstance(block, b.Scope):
            return self._sub_process(block)
        return self._branching(block)

    def _branching(self, block: b.Block) -> str | None:
        assert isinstance(block, b.Choice | b.All | b.Some | b.Race)
        name, split = block.name, _entry(block)
        join = {b.Choice: "merge_", b.All: "join_", b.Some: "all_", b.Race: "merge_"}[type(block)] + name
        if isinstance(block, b.Some):
            self.elements += [f'<inclusiveGateway id="{split}"/>', f'<inclusiveGateway id="{join}"/>']
        if isinstance(block, b.Race):
            self.elements.append(f'<eventBasedGateway id="{split}"/>')
        arrived = False
        for number, branch in enumerate(block.branches):
            is_last = number == len(block.branches) - 1
            leading = split
            if isinstance(block, b.Choice):
                leading = f"{split} /" if is_last else f"{split} [x = {number}]"
            elif isinstance(block, b.Some):
                leading = f"{split} /" if is_last else f"{split} [x > {number}]"
            elif isinstance(block, b.Race):
                leading = block.event(number).name
                self.flows.append(f"{split} {leading}")
                self._wait(block.event(number))
            last = self.block(branch, leading)
            if last is not None:
                arrived = True
                self.flows.append(f"{last} {join}")
        return join if arrived else None

    def _sub_process(self, block: b.Scope) -> str:
        name, rounds = block.name, _rounds(block.rounds, block.sequential)
        inner = _Level(self.bodies).scope(block, f"start_{name}", f"end_{name}")
        if block.called:
            self.bodies[f"of_{name}"] = inner
            given = '<extensionElements><camunda:in source="x" target="x"/></extensionElements>'
            self.elements.append(f'<callActivity id="{name}" calledElement="of_{name}" {rounds}>{given}</callActivity>')
        else:
            self.elements.append(f'<subProcess id="{name}" {rounds}>{inner}</subProcess>')
        behind = f"merge_{name}"
        self.flows.append(f"{name} {behind}")
        for handler in block.boundaries:
            self.elements.append(
                _event("boundaryEvent", handler.name, handler, f'on="{name}" cancelActivity="{_text(handler.interrupting)}"')
            )
            last = self.block(handler.body, handler.name)
            if last is not None:
                self.flows.append(f"{last} {behind if handler.interrupting else f'end_{handler.name}'}")
        return behind

    def _wait(self, block: b.Wait) -> None:
        what = {"timer": f'duration="PT{block.hours}H"', "signal": f'signal="{block.name}"'}.get(block.kind, f'message="{block.name}"')
        tag = "receiveTask" if block.kind == "receive" else "intermediateCatchEvent"
        self.elements.append(f'<{tag} id="{block.name}" {what}/>')


def _entry(block: b.Block) -> str:
    prefix = {b.Choice: "choose_", b.All: "fork_", b.Some: "some_"}.get(type(block), "")
    return prefix + str(getattr(block, "name", ""))


def _event(element: str, identifier: str, handler: b.Handler, attributes: str) -> str:
    what = {
        "message": f'message="{handler.name}"',
        "signal": f'signal="{handler.name}"',
        "timer": f'duration="PT{handler.hours}H"' if handler.interrupting else f'cycle="R/PT{handler.hours}H"',
        "error": 'error="E"',
    }
    return f'<{element} id="{identifier}" {attributes} {what[handler.kind]}/>'


def _rounds(rounds: int | None, sequential: bool) -> str:
    return "" if rounds is None else f'times="{rounds}" sequential="{_text(sequential)}"'


def _text(value: bool) -> str:
    return "true" if value else "false"

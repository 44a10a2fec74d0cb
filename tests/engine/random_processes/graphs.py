"""Makes random processes that are no blocks: any flow from anywhere to anywhere, so that tokens meet, wait in vain, overtake and multiply."""

from random import Random

#: Comparisons with x, the variable that everything from outside may set.
_CONDITIONS = ("x = 0", "x = 1", "x = 2", "x > 0", "x > 1", "x < 2")
_SPOTS = (*("work",) * 7, "task", *("exclusive",) * 3, *("parallel",) * 3, *("inclusive",) * 5)
_GATEWAYS = {"exclusive": "choose", "parallel": "fork", "inclusive": "some"}
_RARE = ("race", "catch", "sub", "sub", "service", "call", "receive", "link", "throw", "rounds")


class Graphs:
    """Draws levels of random flows until a budget of elements is spent."""

    def __init__(self, seed: int) -> None:
        """Args: seed: the same seed makes the same processes."""
        self.random = Random(seed)
        self.budget = self.random.choice((6, 10, 16, 24))
        self.number = 0
        self.called = self.chance(0.3)
        self.undoing = self.chance(0.25)  #: much can be undone, and much is thrown to undo it

    def processes(self) -> dict[str, str]:
        """Short BPMN by process id: p, and q if p calls it."""
        main = self._level(depth=0, start='<startEvent id="start"/>', inside_rounds=False)
        bodies = {"p": main}
        if 'calledElement="q"' in main:
            self.called, self.budget = False, 6
            bodies["q"] = self._level(depth=1, start='<startEvent id="start_q"/>', inside_rounds=False)
        return bodies

    def chance(self, probability: float) -> bool:
        """True with a probability."""
        return self.random.random() < probability

    def name(self, prefix: str) -> str:
        """A new id."""
        self.number += 1
        self.budget -= 1
        return f"{prefix}{self.number}"

    def _level(self, *, depth: int, start: str, inside_rounds: bool) -> str:
        return _Level(self, depth, inside_rounds).draw(start)

    def inner(self, depth: int, start: str, *, inside_rounds: bool) -> str:
        """The inside of a sub-process; it may begin without a start event."""
        return self._level(depth=depth + 1, start=start, inside_rounds=inside_rounds)

    def condition(self, *, inside_rounds: bool = False) -> str:
        """A condition of a flow."""
        return "loopCounter = 0" if inside_rounds and self.chance(0.3) else self.random.choice(_CONDITIONS)


class _Level:
    """One level: spots in an order, each with one way in and some ways out."""

    def __init__(self, graphs: Graphs, depth: int, inside_rounds: bool, *, transaction: bool = False, undone_inside: bool = False) -> None:
        """Args: transaction: it may be cancelled. undone_inside: by an event sub-process; then something waits, so that it completes by itself."""
        self.graphs = graphs
        self.random = graphs.random
        self.depth = depth
        self.inside_rounds = inside_rounds
        self.transaction = transaction
        self.undone_inside = undone_inside
        self.undoable: list[str] = []  #: activities that may have to be undone
        self.elements: list[str] = []
        self.flows: dict[str, list[str]] = {}  #: targets by source
        self.spots: list[tuple[str, list[str]]] = []  #: way in, ways out

    def draw(self, start: str) -> str:
        """Text of the level. Args: start: its start event, if it has one."""
        graphs = self.graphs
        count = self.random.randint(3, 10) if self.depth == 0 else self.random.randint(1, 4)
        if self.undone_inside:
            wait = graphs.name("w")
            self.elements.append(f'<userTask id="{wait}"/>')
            self.spots.append((wait, [wait]))
        for _ in range(count):
            self.spots.append(self._spot())
        first = self._id(start)
        self._connect(first)
        self._cross()
        self._back()
        self._end(first)
        while graphs.budget > 0 and self.depth < 3 and graphs.chance(0.12):
            self._event_sub_process()
        if self.undone_inside:
            self._compensation_sub_process()
        return "\n".join(["", start, *self._lines(), *self.elements, ""])

    @staticmethod
    def _id(start: str) -> str:
        return start.split('"')[1] if start else ""

    # -- flows -------------------------------------------------------------------------------------------------------

    def _connect(self, first: str) -> None:
        """Every spot can be reached; without a start event some begin by themselves."""
        if first:
            self._flow(first, self.spots[0][0])
        for number, (entry, _) in enumerate(self.spots[1:], 1):
            exits = [exit_ for _, exits in self.spots[max(0, number - 3) : number] for exit_ in exits]
            if first or self.graphs.chance(0.7):
                self._flow(self.random.choice(exits), entry)

    def _cross(self) -> None:
        for _ in range(self.random.randint(0, len(self.spots))):
            number = self.random.randrange(len(self.spots))
            later = self.spots[number + 1 :]
            if later:
                self._flow(self.random.choice(self.spots[number][1]), self.random.choice(later)[0])

    def _back(self) -> None:
        """Loops; each has a task that waits, so that none runs away."""
        for _ in range(self.random.choice((0, 1, 1, 2)) if self.depth else self.random.randint(1, 3)):
            number = self.random.randrange(len(self.spots))
            entry = self.random.choice(self.spots[: number + 1])[0]
            if self.depth == 0 or entry in self._entered():
                wait = self.graphs.name("w")
                self.elements.append(f'<userTask id="{wait}"/>')
                self._flow(self.random.choice(self.spots[number][1]), wait)
                self._flow(wait, entry)

    def _entered(self) -> set[str]:
        return {target for targets in self.flows.values() for target in targets}

    def _end(self, first: str) -> None:
        for source in [exit_ for _, exits in self.spots for exit_ in exits] + [first] * bool(first):
            splits = source.startswith(("choose", "some", "fork"))
            if source not in self.flows and (splits or self.graphs.chance(0.8)):
                self._flow(source, self._end_event())
            if splits and len(self.flows[source]) == 1 and self.graphs.chance(0.8):
                self._flow(source, self._end_event())

    def _flow(self, source: str, target: str) -> None:
        self.flows.setdefault(source, []).append(target)

    def _lines(self) -> list[str]:
        found = []
        for source, targets in self.flows.items():
            if len(targets) == 1 or source.startswith(("fork", "race")):
                marks = [""] * len(targets)
            else:
                always = 0 if source.startswith("choose") else 0.4
                marks = ["" if self.graphs.chance(always) else f"[{self._condition()}]" for _ in targets]
                if all(marks) or self.graphs.chance(0.2):
                    marks[self.random.randrange(len(targets))] = "/"
            found += [" ".join(filter(None, (source, mark, target))) for mark, target in zip(marks, targets, strict=True)]
        self.random.shuffle(found)
        return found

    def _condition(self) -> str:
        return self.graphs.condition(inside_rounds=self.inside_rounds)

    # -- spots -------------------------------------------------------------------------------------------------------

    def _spot(self) -> tuple[str, list[str]]:
        graphs = self.graphs
        kind = self.random.choice(_RARE if graphs.chance(0.4) and graphs.budget > 0 else _SPOTS)
        if graphs.undoing and graphs.chance(0.15):
            kind = "throw"
        if kind in _GATEWAYS:
            return self._gateway(_GATEWAYS[kind], f"{kind}Gateway")
        if kind == "race":
            return self._race()
        if kind == "catch":
            name = graphs.name("e")
            self.elements.append(f'<intermediateCatchEvent id="{name}" {self._awaited(name)}/>')
            return name, [name]
        if kind == "throw":
            name = graphs.name("t")
            throws = (
                "",
                'signal="S"',
                'escalation="X"',
                'escalation="Y"',
                'message="M"',
                *[self._compensation()] * (10 if graphs.undoing else 1),
            )
            what = self.random.choice(throws)
            self.elements.append(f'<intermediateThrowEvent id="{name}" {what}/>')
            return name, [name]
        if kind == "link":
            name = graphs.name("l")
            self.elements.append(
                f'<intermediateThrowEvent id="{name}" link="{name}"/><intermediateCatchEvent id="{name}_to" link="{name}"/>'
            )
            return name, [f"{name}_to"]
        return self._activity(kind)

    def _gateway(self, prefix: str, kind: str) -> tuple[str, list[str]]:
        name = self.graphs.name(prefix)
        self.elements.append(f'<{kind} id="{name}"/>')
        return name, [name]

    def _race(self) -> tuple[str, list[str]]:
        name = self.graphs.name("race")
        self.elements.append(f'<eventBasedGateway id="{name}"/>')
        exits = []
        for _ in range(self.random.randint(2, 3)):
            exit_ = self.graphs.name("e")
            if self.graphs.chance(0.2):
                self.elements.append(f'<receiveTask id="{exit_}" message="{exit_}"/>')
            else:
                self.elements.append(f'<intermediateCatchEvent id="{exit_}" {self._awaited(exit_)}/>')
            self._flow(name, exit_)
            exits.append(exit_)
        return name, exits

    def _activity(self, kind: str) -> tuple[str, list[str]]:
        graphs = self.graphs
        if (kind == "call" and (not graphs.called or self.depth > 1)) or (kind == "sub" and self.depth > 2):
            kind = "work"
        may_repeat = kind in ("sub", "call", "service", "receive") and graphs.chance(0.3)
        rounds = self._rounds() if kind == "rounds" or may_repeat else ""
        attributes = " ".join((rounds, *(f'camunda:async{when}="true"' for when in ("Before", "After") if graphs.chance(0.08))))
        tags = {"task": ("q", "task"), "service": ("s", "serviceTask"), "call": ("call", "callActivity"), "receive": ("r", "receiveTask")}
        prefix, tag = tags.get(kind, ("w", "userTask"))
        if kind == "sub":
            return self._sub_process(rounds, attributes)
        name = graphs.name(prefix)
        more = {"serviceTask": 'topic="t"', "callActivity": 'calledElement="q"', "receiveTask": f'message="{name}"'}.get(tag, "")
        inside = '<extensionElements><camunda:in source="x" target="x"/></extensionElements>' if tag == "callActivity" else ""
        self.elements.append(f'<{tag} id="{name}" {more} {attributes}>{inside}</{tag}>')
        if tag != "task" and graphs.chance(0.6 if graphs.undoing else 0.1):
            self._handler(name)
        return name, [name, *self._boundaries(name, throws=kind in ("call", "service"))]

    def _sub_process(self, rounds: str, attributes: str) -> tuple[str, list[str]]:
        name = self.graphs.name("sub")
        start = f'<startEvent id="start_{name}"/>' if self.graphs.chance(0.85) else ""
        level = _Level(
            self.graphs,
            self.depth + 1,
            bool(rounds),
            transaction=self.graphs.chance(0.3),
            undone_inside=bool(start) and self.graphs.chance(0.15),
        )
        inner = level.draw(start)
        exits = [name, *self._boundaries(name, throws=True)]
        if any('cancel="true"' in element and element.startswith("<endEvent") for element in level.elements):
            exits.append(self.graphs.name("b"))
            self.elements.append(f'<boundaryEvent id="{exits[-1]}" on="{name}" cancel="true"/>')
        tag = "transaction" if level.transaction else "subProcess"
        self.elements.append(f'<{tag} id="{name}" {attributes}>{inner}</{tag}>')
        self.undoable.append(name)
        return name, exits

    def _handler(self, host: str) -> None:
        """A compensation activity."""
        tag = self.random.choice(("userTask", "userTask", 'serviceTask topic="t"'))
        event, name = self.graphs.name("b"), f"undo_{host}"
        self.elements.append(f'<{tag} id="{name}" isForCompensation="true"/><boundaryEvent id="{event}" on="{host}" by="{name}"/>')
        self.undoable.append(host)

    def _compensation(self) -> str:
        activity = self.random.choice(self.undoable) if self.undoable and self.graphs.chance(0.3) else ""
        return f'compensate="{activity}"' + ' waitForCompletion="false"' * self.graphs.chance(0.2)

    def _rounds(self) -> str:
        times, kind = self.random.randint(0, 3), self.random.choice(("parallel", "sequential", "loop"))
        if kind == "loop":
            again = self.random.choice((*_CONDITIONS, "loopCounter < 2"))
            return f'again="{again}" loopMaximum="{max(times, 1)}" testBefore="{self._text(0.5)}"'
        until = self.random.choice(("", "", 'until="nrOfCompletedInstances >= 2"', 'until="x = 2"'))
        return f'times="{times}" sequential="{"true" if kind == "sequential" else "false"}" {until}'

    def _text(self, probability: float) -> str:
        return "true" if self.graphs.chance(probability) else "false"

    # -- events ------------------------------------------------------------------------------------------------------

    def _awaited(self, name: str) -> str:
        kind = self.random.choice(("message", "message", "timer", "timer", "signal", "signal", "conditional"))
        return {
            "message": f'message="{name}"',
            "timer": f'duration="PT{self.random.randint(1, 4)}H"',
            "signal": f'signal="{self.random.choice("ST")}"',
            "conditional": f'condition="{self.random.choice(_CONDITIONS)}"',
        }[kind]

    def _watched(self, name: str, kinds: tuple[str, ...], key: str) -> tuple[str, str]:
        """What an event watches for, and the attribute that says whether it interrupts."""
        kind, interrupting = self.random.choice(kinds), self._text(0.5)
        if kind == "error":
            interrupting, what = "true", f'error="{self.random.choice(("E", "F", ""))}"'
        elif kind == "escalation":
            what = f'escalation="{self.random.choice(("X", "Y", ""))}"'
        elif interrupting == "false" and kind == "timer":
            missed = self.random.choice(("fireOnce", "skip", "keepRemaining"))
            what = f'cycle="R{self.random.choice(("", "2", "3"))}/PT{self.random.randint(1, 3)}H" opsbook:missed="{missed}"'
        else:
            what = self._awaited(name)
        return what, f'{key}="{interrupting}"'

    def _boundaries(self, host: str, *, throws: bool) -> list[str]:
        found, seen = [], set[str]()
        kinds = ("timer", "other", "error", "error", "escalation") if throws else ("timer", "other")
        while self.graphs.chance(0.45 if throws else 0.2):
            name = self.graphs.name("b")
            what, interrupts = self._watched(name, kinds, "cancelActivity")
            if what not in seen:
                self.elements.append(f'<boundaryEvent id="{name}" on="{host}" {interrupts} {what}/>')
                found.append(name)
                seen.add(what)
        return found

    def _end_event(self) -> str:
        name = self.graphs.name("end")
        ends = (
            ("",) * 14
            + (*[self._compensation()] * (5 if self.graphs.undoing else 1), *['cancel="true"'] * 4 * self.transaction)
            + ('terminate="true"', 'error="E"', 'error="F"', 'escalation="X"', 'escalation="Y"', 'signal="S"', 'message="M"')
        )
        self.elements.append(f'<endEvent id="{name}" {self.random.choice(ends)}/>')
        return name

    def _compensation_sub_process(self) -> None:
        name = self.graphs.name("h")
        inner = self.graphs.inner(self.depth, f'<startEvent id="start_{name}" compensate=""/>', inside_rounds=False)
        self.elements.append(f'<subProcess id="{name}" triggeredByEvent="true">{inner}</subProcess>')

    def _event_sub_process(self) -> None:
        name = self.graphs.name("h")
        what, interrupts = self._watched(name, ("timer", "other", "other", "error", "escalation"), "isInterrupting")
        start = f'<startEvent id="start_{name}" {interrupts} {what}/>'
        inner = self.graphs.inner(self.depth, start, inside_rounds=False)
        self.elements.append(f'<subProcess id="{name}" triggeredByEvent="true">{inner}</subProcess>')

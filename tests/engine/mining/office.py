"""Random cases of a small process: returns, loops, rounds, parallel branches, deadlines, claims, a migration."""

from zlib import crc32

from engine.runtime import assignment, instances, operations, remarks
from engine.runtime.operations import migration
from engine.runtime.operations.migration import Migrate
from tests.engine.conftest import Play

_BODY = """start a fork b join
  fork sub join
  join choose [again = true] a
  choose / c end
  <userTask id="b" camunda:dueDate="PT2H"/><boundaryEvent id="late" on="b" duration="PT1H" cancelActivity="false"/> late end_late
  <userTask id="c" times="2"/>
  <subProcess id="sub">start_s d choose_s [redo = true] d
    choose_s / end_s</subProcess>"""
FIRST = _BODY
#: The same with another name for b, and a step more in the end.
SECOND = _BODY.replace('"b"', '"b2"').replace("fork b join", "fork b2 join").replace("/ c end", "/ c e end")
HOSTS = {"late": frozenset(("b", "b2"))}


class Dice:
    """Numbers that look random and are always the same."""

    def __init__(self, seed: int) -> None:
        self._seed = f"{seed}"
        self._thrown = 0

    def roll(self, sides: int) -> int:
        """0 … sides - 1."""
        self._thrown += 1
        return crc32(f"{self._seed} {self._thrown}".encode()) % sides


def simulate(play: Play, cases: int, dice: Dice) -> list[str]:
    """Some cases, most of them done; returns their ids."""
    play.deploy(FIRST)
    ids = [play.start("p", f"K-{number}") for number in range(cases)]
    for case in ids[: cases // 2]:
        wander(play, case, dice, dice.roll(6))
    play.deploy(SECOND)
    ids += [play.start("p", f"N-{number}") for number in range(cases // 3)]
    plan = migration.generate(play.engine, "p:1", "p:2", overrides=[migration.MigrationInstruction("b", "b2")])
    for case in ids[:cases]:
        if play.state(case)[0] == "active" and dice.roll(2):
            operations.apply(play.engine, Migrate(case, plan), actor="owner", reason="newer")
    for case in ids:
        wander(play, case, dice, dice.roll(25))
    return ids


def wander(play: Play, case: str, dice: Dice, steps: int) -> None:
    """People do something about a case, so many times."""
    for _ in range(steps):
        play.advance(minutes=dice.roll(200))
        tasks = play.tasks(case)
        if not tasks:
            return
        task = tasks[dice.roll(len(tasks))]
        match dice.roll(8):
            case 0 | 1 if task.assignee is None:
                assignment.claim(play.engine, task.id, "li")
            case 2 if task.assignee is not None:
                assignment.unclaim(play.engine, task.id, task.assignee)
            case 3:
                remarks.comment(play.engine, task.id, "seen", "li")
            case 4 if dice.roll(12) == 0:
                instances.cancel(play.engine, case, "owner", "given up")
            case _:
                play.set(case, again=dice.roll(3) == 0, redo=dice.roll(3) == 0)
                play.complete_task(task.id, "li")

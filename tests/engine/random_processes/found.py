"""Found differences, kept as files: what was wrong, the way there, and the diagram in short BPMN, so that they outlive the generators."""

import re
from pathlib import Path

from tests.engine.random_processes.playing import Case, Play

FOLDER = Path(__file__).parent / "found"
_BODY = re.compile(r"^(\w+):$", re.MULTILINE)


def read(path: Path) -> tuple[Case, list[str]]:
    """The case in a file and the way: comment lines, one line of deeds with `; ` between them, then each process under its id and a colon."""
    lines = path.read_text(encoding="utf-8").splitlines()
    way, *rest = [line for line in lines if not line.startswith("#")]
    _, *parts = _BODY.split("\n".join(rest))
    bodies = dict(zip(parts[::2], parts[1::2], strict=True))
    return Case(bodies), [deed for deed in way.split("; ") if deed]


def replay(case: Case, way: list[str], *, reloading: bool) -> None:
    """Go a way again.

    Raises:
        AssertionError: engine and oracle differ.
        ValueError: the way does not fit the case.
    """
    play = Play(case, reloading=reloading)
    for deed in way:
        play.do(deed)

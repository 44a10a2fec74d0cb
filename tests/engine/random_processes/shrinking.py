"""Makes a difference small enough to understand: leaves out what it also shows without."""

from tests.engine.random_processes.found import replay
from tests.engine.random_processes.playing import Case

#: A deed of the way (with no key), or a line of a process.
Item = tuple[str, str]


def shrink(case: Case, way: list[str]) -> tuple[Case, list[str]]:
    """A case and a way from which nothing can be left out without losing the difference between the engine and the token game."""
    items: list[Item] = [("", deed) for deed in way]
    items += [(key, line) for key, body in case.bodies.items() for line in body.splitlines()]
    if not _differs(items):
        return case, way  # only the oracle of blocks sees it, and that one knows no diagrams
    size = 0
    while size != len(items):
        size = len(items)
        for number in reversed(range(size)):
            fewer = items[:number] + items[number + 1 :]
            items = fewer if _differs(fewer) else items
    return _case(items)


def _case(items: list[Item]) -> tuple[Case, list[str]]:
    bodies: dict[str, list[str]] = {}
    for key, line in items:
        bodies.setdefault(key, []).append(line)
    way = bodies.pop("", [])
    return Case({key: "\n".join(lines) for key, lines in bodies.items()}), way


def _differs(items: list[Item]) -> bool:
    try:
        replay(*_case(items), reloading=False)
    except AssertionError as error:
        return "the oracle says" in str(error)
    except Exception:
        return False  # no process any more, or no way through it
    return False

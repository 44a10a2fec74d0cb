"""Demo data: an office in Wuhan, its customers, and weeks of work done by running the engine."""

from collections.abc import Callable

from engine.runtime.engine import Engine
from handlers.demo import master_data
from handlers.demo.weeks.play import play


def fill(engine: Engine, say: Callable[[str], None]) -> None:
    """Make what is missing of the demo; a filled database stays as it is.

    Args:
        engine: with the processes deployed and the demo's people there.
        say: told how far it is.
    """
    master_data.load(engine)
    say("演示资料已就绪 / demo master data is ready")
    for failure in play(engine, say):
        say(failure)

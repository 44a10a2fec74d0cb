"""The demo: people with one known password, master data, and cases that the engine really ran."""

from collections.abc import Callable

from engine.runtime.engine import Engine
from handlers.demo import fill as fill_cases
from web.people import DEMO_PASSWORD, DEMO_PEOPLE, seed_demo_people


def fill(engine: Engine, say: Callable[[str], None]) -> None:
    """Make what is missing; a filled database stays as it is.

    Args:
        engine: with the processes deployed.
        say: told how far it is, since the first time takes a while.
    """
    seed_demo_people(engine.database, engine.clock.now())
    fill_cases(engine, say)


def sign_in_hint() -> str:
    """The demo's people, for the person who started it."""
    people = "  ".join(f"{user_id} {name}" for user_id, name, _ in DEMO_PEOPLE)
    return f"用户 / users: {people}\n密码 / password: {DEMO_PASSWORD}"

"""Writers get their turn in the order they asked for it."""

import threading

from engine.storage.turns import Turns

WAIT_S = 20


def _waiting(turns: Turns, count: int) -> None:
    pause = threading.Event()
    while len(turns._waiting) < count:
        pause.wait(0.01)


def test_who_waits_comes_before_who_asks_again() -> None:
    """Given a writer that lets go and asks again at once, and two that wait, then those two come first, in their order."""
    turns, order = Turns(), []
    assert turns.acquire(WAIT_S)

    def write(name: str) -> None:
        assert turns.acquire(WAIT_S)
        order.append(name)
        turns.release()

    others = [threading.Thread(target=write, args=(name,)) for name in ("first", "second")]
    for number, other in enumerate(others, start=1):
        other.start()
        _waiting(turns, number)
    turns.release()
    assert turns.acquire(WAIT_S)
    order.append("again")
    turns.release()
    for other in others:
        other.join()

    assert order == ["first", "second", "again"]


def test_who_gives_up_leaves_the_queue() -> None:
    """Given a writer that waits in vain, when the turn comes, then it goes to the next, and is free afterwards."""
    turns, got = Turns(), []
    assert turns.acquire(WAIT_S)
    assert not turns.acquire(0.01)
    other = threading.Thread(target=lambda: got.append(turns.acquire(WAIT_S)))
    other.start()
    _waiting(turns, 1)
    turns.release()
    other.join()
    turns.release()

    assert got == [True]
    assert turns.acquire(0)

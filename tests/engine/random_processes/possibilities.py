"""The oracle: every marking the standard allows. What is seen of the engine rules out the others, and one must remain."""

from copy import deepcopy

from tests.engine.random_processes.net import Net
from tests.engine.random_processes.token_game import TokenGame

#: More possibilities than this are not followed.
MOST = 200


class TooManyPossibilities(Exception):
    """The standard leaves so much open that comparing says nothing."""


class Oracle:
    """All token games that may be going on."""

    def __init__(self, diagrams: dict[str, bytes], key: str = "p") -> None:
        """Args: diagrams: BPMN XML by process id. key: the process to begin."""
        self.games = _rest([TokenGame({name: Net(content) for name, content in diagrams.items()}, key)])

    def happen(self, name: str, x: int | None = None, error: str | None = None) -> None:
        """Something happens from outside."""
        for game in self.games:
            game.happen(name, x, error)
        self.games = _rest(self.games)

    def pass_time(self, hours: int) -> None:
        """The clock goes on; what is due happens when told."""
        for game in self.games:
            game.now += hours

    def keep(self, view: tuple[object, ...]) -> bool:
        """Rule out what looks different; whether anything remains."""
        self.games = [game for game in self.games if game.view() == view]
        return bool(self.games)


def _rest(games: list[TokenGame]) -> list[TokenGame]:
    """All markings in which the games may come to rest."""
    open_, seen, resting = list(games), set[object](), list[TokenGame]()
    while open_:
        game = open_.pop()
        game.move()
        choices = len(game.choices())
        if choices or open_ or resting:
            if (key := game.key()) in seen:
                continue
            seen.add(key)
        if len(seen) > MOST:
            raise TooManyPossibilities
        if not choices:
            resting.append(game)
        for number in reversed(range(choices)):
            following = deepcopy(game) if number else game
            following.choose(number)
            open_.append(following)
    return resting

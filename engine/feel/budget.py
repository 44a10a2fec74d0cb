"""How much one evaluation may cost. Every limit is far above honest use and far below what hurts a server."""

from dataclasses import dataclass

from engine.feel.errors import BudgetExceeded


@dataclass(frozen=True)
class Budget:
    """Limits of one evaluation; nearly everything is counted and not timed, so that the same input always gives the same answer."""

    steps: int = 50_000  #: loop rounds, calls and list elements touched
    depth: int = 60  #: nested calls of FEEL functions
    text: int = 100_000  #: characters of one string
    items: int = 10_000  #: elements of one list or context that the expression builds
    matching_s: float = 0.03  #: CPU seconds in regular expressions, the only thing whose cost cannot be counted


#: limits at compilation; a cell of a table or a condition has a few dozen characters
MAX_SOURCE = 20_000
MAX_NESTING = 60


class Meter:
    """Counts what one evaluation has used."""

    __slots__ = ("_limits", "depth", "matching_s", "steps")

    def __init__(self, limits: Budget) -> None:
        """Args: limits: when to stop."""
        self._limits = limits
        self.steps = limits.steps
        self.depth = limits.depth
        self.matching_s = limits.matching_s

    def spend(self, count: int = 1) -> None:
        """Take `count` steps.

        Raises:
            BudgetExceeded: no steps are left.
        """
        self.steps -= count
        if self.steps < 0:
            limit = self._limits.steps
            raise BudgetExceeded(
                f"表达式的运算量超过 {limit:,} 步，已停止。",
                f"The expression needs more than {limit:,} steps and was stopped.",
                limit="steps",
            )

    def enter(self) -> None:
        """Go one call deeper, at the price of eight steps; pair with `leave`."""
        self.spend(8)
        self.depth -= 1
        if self.depth < 0:
            limit = self._limits.depth
            raise BudgetExceeded(
                f"函数调用嵌套超过 {limit} 层，已停止。",
                f"Functions call each other more than {limit} levels deep; stopped.",
                limit="depth",
            )

    def leave(self) -> None:
        """Return from a call."""
        self.depth += 1

    def check_text(self, length: int) -> None:
        """Refuse a string of `length` characters when that is too long."""
        self.spend(length // 100)
        if length > self._limits.text:
            limit = self._limits.text
            raise BudgetExceeded(
                f"文本长度超过 {limit:,} 个字符，已停止。", f"A text gets longer than {limit:,} characters; stopped.", limit="text"
            )

    def check_items(self, count: int) -> None:
        """Refuse a list or context of `count` elements when that is too many."""
        if count > self._limits.items:
            limit = self._limits.items
            raise BudgetExceeded(
                f"列表超过 {limit:,} 个元素，已停止。", f"A list gets longer than {limit:,} elements; stopped.", limit="items"
            )

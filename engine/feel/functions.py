"""What every FEEL function has in common."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.feel.scope import Run
    from engine.feel.types import FeelType


class Function:
    """A value that can be called: built in, or defined by an expression or a model."""

    name: str = ""

    def call(self, run: "Run", arguments: Sequence[Any]) -> Any:
        """The result for positional arguments.

        Raises:
            NullResult: the result is null, and why.
        """
        raise NotImplementedError

    def call_named(self, run: "Run", arguments: dict[str, Any]) -> Any:
        """The result for named arguments; raises like `call`."""
        raise NotImplementedError

    def fits(self, parameters: "tuple[FeelType, ...]", result: "FeelType") -> bool:
        """Whether the function belongs to the type `function<parameters> -> result`."""
        raise NotImplementedError

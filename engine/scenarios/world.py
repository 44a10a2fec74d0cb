"""What scenarios need of the layers above the engine: the handlers, the office they play in, and the effects to look at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine.runtime.engine import Engine
from engine.runtime.handlers import HandlerRegistry

#: What is different, in Chinese and English.
Difference = tuple[str, str]


@dataclass(frozen=True)
class Effect:
    """Something outside the process that a scenario may expect: stock, money, promises …"""

    key: str  #: in `expect`
    type: Any  #: what a scenario may write there, as a type for pydantic
    look: Callable[[Session], Any]  #: how it stands, before and after
    differs: Callable[[Any, Any, Any], Difference | None]  #: (expected, before, after); None when it is as expected
    default: Any = None  #: what every scenario expects at its end when it says nothing; None: anything
    told: Callable[[Any, Any], Any] | None = None  #: (before, after): what a scenario that ran would expect


@dataclass(frozen=True)
class World:
    """An office for scenarios."""

    handlers: HandlerRegistry  #: what diagrams call
    preparations: HandlerRegistry  #: what only `given` may call besides
    effects: tuple[Effect, ...]
    furnish: Callable[[Engine], None]  #: loads master data into a database with everything deployed

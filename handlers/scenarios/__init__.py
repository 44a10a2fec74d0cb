"""The demo office as a place for scenarios: what they may expect of stock, money, promises, papers and notices."""

from engine.scenarios.world import World
from handlers import tables
from handlers.demo import master_data
from handlers.registry import registry
from handlers.scenarios.effects import EFFECTS
from handlers.scenarios.preparations import preparations

__all__ = ["tables", "world"]


def world() -> World:
    """The handlers of the product in the demo office."""
    return World(registry(), preparations(), EFFECTS, master_data.load)

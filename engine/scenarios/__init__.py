"""Scenarios: a procedure's cases as its owner writes them (YAML), played on a simulated clock, and what they cover."""

from engine.scenarios.coverage import Coverage, ProcessCoverage, Touched
from engine.scenarios.office import Office, prepare
from engine.scenarios.play import Played
from engine.scenarios.run import Report, run
from engine.scenarios.world import Effect, World

__all__ = ["Coverage", "Effect", "Office", "Played", "ProcessCoverage", "Report", "Touched", "World", "prepare", "run"]

"""Sandboxes: a draft played by hand, step by step, in an office of its own that nobody else sees.

A sandbox is a folder: the office as it was opened, the office as it is now, and the steps between the two, which are those of a scenario.
"""

from engine.studio.sandboxes.keeping import as_scenario, keep, trial_of
from engine.studio.sandboxes.opening import Beginning, begin, beginnings, refusals
from engine.studio.sandboxes.sandbox import Sandbox
from engine.studio.sandboxes.standing_in import doer_of
from engine.studio.sandboxes.store import find, remove
from engine.studio.sandboxes.waiting import Waiting, waiting
from engine.studio.sandboxes.writing import answer_step, complete_step, literal, start_step

__all__ = [
    "Beginning",
    "Sandbox",
    "Waiting",
    "answer_step",
    "as_scenario",
    "begin",
    "beginnings",
    "complete_step",
    "doer_of",
    "find",
    "keep",
    "literal",
    "refusals",
    "remove",
    "start_step",
    "trial_of",
    "waiting",
]

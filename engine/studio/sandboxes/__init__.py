"""Sandboxes: a draft played by hand, step by step, in an office of its own that nobody else sees.

A sandbox is a folder: the office as it was opened, the office as it is now, and the steps between the two, which are those of a scenario.
"""

from engine.studio.sandboxes.keeping import as_scenario, checked_stem, keep, trial_of
from engine.studio.sandboxes.opening import Beginning, begin, beginnings, is_outdated, procedures_using, refusals
from engine.studio.sandboxes.sandbox import Sandbox
from engine.studio.sandboxes.standing_in import doer_of, starter_of
from engine.studio.sandboxes.starting import Start, messages_of, starts_of
from engine.studio.sandboxes.store import find, remove, sweep
from engine.studio.sandboxes.waiting import Waiting, waiting
from engine.studio.sandboxes.writing import answer_step, complete_step, literal, moment_after, start_step

__all__ = [
    "Beginning",
    "Sandbox",
    "Start",
    "Waiting",
    "answer_step",
    "as_scenario",
    "begin",
    "beginnings",
    "checked_stem",
    "complete_step",
    "doer_of",
    "find",
    "is_outdated",
    "keep",
    "literal",
    "messages_of",
    "moment_after",
    "procedures_using",
    "refusals",
    "remove",
    "start_step",
    "starter_of",
    "starts_of",
    "sweep",
    "trial_of",
    "waiting",
]

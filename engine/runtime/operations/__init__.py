"""Operations on cases by hand: each can be planned (carried out and rolled back, to see what it would do) and applied, in one step."""

from engine.runtime.operations.modification import Instruction, Modify
from engine.runtime.operations.operation import Operation, apply, plan
from engine.runtime.operations.outcome import Change, Item, Outcome, VariableChange
from engine.runtime.operations.positions import Position, positions
from engine.runtime.operations.restart import Restart
from engine.runtime.operations.steering import Cancel, Resume, Suspend
from engine.runtime.operations.variables import SetVariables

__all__ = [
    "Cancel",
    "Change",
    "Instruction",
    "Item",
    "Modify",
    "Operation",
    "Outcome",
    "Position",
    "Restart",
    "Resume",
    "SetVariables",
    "Suspend",
    "VariableChange",
    "apply",
    "plan",
    "positions",
]

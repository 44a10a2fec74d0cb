"""Whether a process can get stuck, do work twice or never end: found by playing all its tokens, before it is deployed."""

from engine.diagrams.soundness.net import Net, nets_of
from engine.diagrams.soundness.verdict import Flaw, judge

__all__ = ["Flaw", "Net", "judge", "nets_of"]

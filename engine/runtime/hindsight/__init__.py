"""Hindsight: what files that are not live yet would have made of finished cases, given what people, clocks and handlers did then."""

from engine.runtime.hindsight.batches import Asked, chosen, start_hindsight, stop_hindsight
from engine.runtime.hindsight.course import look_back
from engine.runtime.hindsight.outcome import Outcome, Parting, Stop
from engine.runtime.hindsight.tried import Tried, read_tried

__all__ = ["Asked", "Outcome", "Parting", "Stop", "Tried", "chosen", "look_back", "read_tried", "start_hindsight", "stop_hindsight"]

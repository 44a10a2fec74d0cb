"""Verified replay: what people, clocks and handlers did to a case is done again, and everything the engine made of it is compared."""

from engine.runtime.replaying.batches import Finding, Wanted, cancel_verification, find, finished, start_verification
from engine.runtime.replaying.verify import Cause, Difference, Verdict, verify

__all__ = [
    "Cause",
    "Difference",
    "Finding",
    "Verdict",
    "Wanted",
    "cancel_verification",
    "find",
    "finished",
    "start_verification",
    "verify",
]

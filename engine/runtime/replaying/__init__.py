"""Verified replay: what people, clocks and handlers did to a case is done again, and everything the engine made of it is compared."""

from engine.runtime.replaying.verify import Difference, Verdict, verify

__all__ = ["Difference", "Verdict", "verify"]

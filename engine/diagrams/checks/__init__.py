"""What keeps a diagram from running, found before it is deployed: every finding at once, each with its element, line and advice."""

from engine.diagrams.checks.check import Known, Topic, check_diagram

__all__ = ["Known", "Topic", "check_diagram"]

"""Operations on whole cases: cancel, suspend, resume."""

from dataclasses import dataclass

from engine.runtime import instances
from engine.runtime.step import Step


@dataclass(frozen=True)
class Cancel:
    """Ends an instance before its time, with everything it called; a called one takes the activity that called it along."""

    instance_id: str

    def carry_out(self, step: Step, reason: str) -> None:
        """Cancel.

        Raises:
            Conflict: it has ended.
        """
        instances.cancel_in(step, self.instance_id, reason)


@dataclass(frozen=True)
class Suspend:
    """Stops a whole case: its tasks, jobs and timers wait until it is resumed."""

    instance_id: str

    def carry_out(self, step: Step, reason: str) -> None:
        """Suspend.

        Raises:
            Conflict: it is not running, or not a whole case.
        """
        instances.suspend_in(step, self.instance_id, reason)


@dataclass(frozen=True)
class Resume:
    """Lets a suspended case go on."""

    instance_id: str

    def carry_out(self, step: Step, reason: str) -> None:
        """Resume.

        Raises:
            Conflict: it is not suspended, or not a whole case.
        """
        instances.resume_in(step, self.instance_id, reason)

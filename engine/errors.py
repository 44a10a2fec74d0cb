"""Every deliberate error of Opsbook, one tree; each class has a stable code.

A message says what is wrong, where, and what to do, in Chinese and in English. `web.errors` maps the classes to HTTP in one place.
"""

from dataclasses import dataclass, field


class OpsbookError(Exception):
    """Root of the tree.

    Args:
        zh: the message for people, Simplified Chinese.
        en: the same in English.
        details: machine-readable facts (JSON values), such as ids and positions.
    """

    code = "OPS-000"

    def __init__(self, zh: str, en: str, **details: object) -> None:
        """Keep both languages; `str()` gives the English one."""
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.details = details

    def text(self, locale: str) -> str:
        """The message in the reader's language (`zh…` or anything else for English)."""
        return self.zh if locale.startswith("zh") else self.en


class InvalidInput(OpsbookError):
    """The request itself is wrong: a value of the wrong type, an unknown option, a file too big."""

    code = "OPS-100"


class FormRejected(InvalidInput):
    """A submitted form breaks its schema; `fields` says which field and why."""

    code = "OPS-101"

    def __init__(self, fields: dict[str, "FieldProblem"]) -> None:
        """Args: fields: path of the field (`lines[0].qty`) to its problem."""
        super().__init__(
            f"表单有 {len(fields)} 处需要修改。",
            f"{len(fields)} field(s) of the form need a change.",
            fields={path: {"zh": p.zh, "en": p.en} for path, p in fields.items()},
        )
        self.fields = fields


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one form field, in both languages."""

    zh: str
    en: str


class ExpressionError(InvalidInput):
    """A FEEL expression cannot be parsed or evaluated, or exceeds its budget."""

    code = "OPS-110"


class DiagramUnreadable(InvalidInput):
    """The XML is not readable or not safe to read."""

    code = "OPS-120"


@dataclass(frozen=True)
class Problem:
    """One finding of a deployment check."""

    code: str  #: stable rule name, for example `unsupported-element`
    zh: str  #: what is wrong and what to do
    en: str
    resource: str = ""  #: file name
    element_id: str = ""
    element_name: str = ""
    line: int = 0
    severity: str = "error"  #: `error` refuses the deployment, `warning` does not; `info` is only said
    path: tuple[str, ...] = ()  #: elements and flows on a way to what is wrong, if it depends on the way

    def text(self, locale: str) -> str:
        """The finding in the reader's language, with its place."""
        place = ":".join(str(part) for part in (self.resource, self.line or "") if part)
        element = " ".join(part for part in (self.element_id, self.element_name) if part)
        return " ".join(
            part for part in (place, f"[{element}]" if element else "", self.zh if locale.startswith("zh") else self.en) if part
        )


class DeploymentRefused(InvalidInput):
    """At least one file of a deployment cannot be run as drawn; `problems` lists all of them."""

    code = "OPS-130"

    def __init__(self, problems: list[Problem]) -> None:
        """Args: problems: every finding, errors and warnings."""
        self.problems = problems
        errors = [p for p in problems if p.severity == "error"]
        super().__init__(
            "\n".join([f"部署被拒绝，共 {len(errors)} 个问题：", *(p.text("zh") for p in errors)]),
            "\n".join([f"Deployment refused, {len(errors)} problem(s):", *(p.text("en") for p in errors)]),
            problems=[p.__dict__ for p in problems],
        )


class NotFound(OpsbookError):
    """The thing does not exist, or the caller may not know that it does."""

    code = "OPS-200"


class Forbidden(OpsbookError):
    """The caller is known but may not do this."""

    code = "OPS-300"


class Conflict(OpsbookError):
    """The thing is no longer in the state that the command needs (completed, claimed, changed by somebody else)."""

    code = "OPS-400"


class ChangedMeanwhile(Conflict):
    """Somebody else changed the thing between reading and writing; the same command again may succeed."""

    code = "OPS-404"


class AmbiguousMessage(Conflict):
    """A message matches more than one waiting receiver."""

    code = "OPS-401"


class MessageNotCorrelated(Conflict):
    """A message matches no waiting receiver and no start event."""

    code = "OPS-402"


class StepBudgetExceeded(OpsbookError):
    """One step of an instance ran away (a loop without a wait state, a huge multi-instance, a process calling itself)."""

    code = "OPS-500"


class HandlerFailed(OpsbookError):
    """A service task's handler failed for a technical reason; it is retried, then an incident."""

    code = "OPS-510"


class DatabaseUnavailable(OpsbookError):
    """The database is gone, starting or unreadable; nothing of the step was saved, the same again may succeed later."""

    code = "OPS-600"


class DiskFull(DatabaseUnavailable):
    """The disk of the database or of the files has no room; nothing of the step was saved."""

    code = "OPS-601"


class IntegrityViolated(OpsbookError):
    """An invariant of the engine does not hold; the step is rolled back."""

    code = "OPS-900"


@dataclass
class Problems:
    """Collects findings of a check."""

    items: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Append one finding."""
        self.items.append(problem)

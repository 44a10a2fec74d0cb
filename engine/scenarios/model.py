"""A scenario as it is written: what every key means and which values it takes."""

from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, create_model

from engine.scenarios.world import Effect

#: The clock at the start of a scenario that says nothing: an ordinary Thursday.
OPENING = "2026-03-05 10:00"

Values = dict[str, Any]
#: An office wall clock, `2026-03-05 13:30`.
Moment = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d \d\d:\d\d$")]
#: A moment, or FEEL behind an equals sign.
Due = Annotated[str, Field(pattern=r"^(=.+|\d{4}-\d\d-\d\d \d\d:\d\d)$")]
#: A name under which FEEL finds a result.
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Part(BaseModel):
    """A part of a scenario; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Given(Part):
    """A handler that runs: before the first step, or in between for what happens elsewhere."""

    do: str  #: its topic
    by: str | None = None
    values: Values = Field(default_factory=dict, alias="with")
    name: Name | None = Field(None, alias="as")


class Start(Part):
    """Somebody starts a process, with its start form where it has one."""

    start: str
    by: str | None = None
    key: Any = None
    values: Values = Field(default_factory=dict, alias="with")
    name: Name | None = Field(None, alias="as")  #: for its variables


class Publish(Part):
    """A message arrives."""

    message: str
    key: Any = None
    values: Values = Field(default_factory=dict, alias="with")


class Complete(Part):
    """Somebody completes a task."""

    complete: str
    by: str
    process: str | None = None
    nth: int | None = Field(None, ge=1)
    enter: Values = Field(default_factory=dict)
    refused: list[str] | None = None  #: the fields for which the form is not taken; the task stays open


class Answer(Part):
    """A service task is answered by hand. The handlers of all elements that a scenario answers wait, from its first step on, until it does."""

    answer: str
    process: str | None = None
    nth: int | None = Field(None, ge=1)
    values: Values | None = Field(None, alias="with")  #: the result; without anything the handler itself works now
    error: str | None = None  #: code of a business error instead
    failure: str | None = None  #: what went wrong, when it could not be done


class Wait(Part):
    """Time passes."""

    wait: str  #: ISO 8601 duration


class Until(Part):
    """Time passes up to a moment."""

    until: Due


class Expectation(Part):
    """What has happened so far; the effects are added as fields by `expectation_of`."""

    ended: str | dict[str, str | list[str]] | None = None
    open: list[str] | None = None
    path: list[str] | None = None
    not_path: list[str] | None = None
    variables: Values | None = None
    deadlines: dict[str, Due] | None = None
    messages: list[str] | None = None
    incidents: int = 0


class Look(Part):
    """A look in between."""

    expect: Expectation


Step = Start | Publish | Complete | Given | Answer | Wait | Until | Look
STEPS: dict[str, type[Part]] = {
    "start": Start,
    "message": Publish,
    "complete": Complete,
    "do": Given,
    "answer": Answer,
    "wait": Wait,
    "until": Until,
    "expect": Look,
}


def verb_of(step: Any) -> str | None:
    """Which kind of step this is, as written or as read."""
    if isinstance(step, Part):
        return next(verb for verb, kind in STEPS.items() if isinstance(step, kind))
    return next((verb for verb in STEPS if verb in step), None) if isinstance(step, dict) else None


class Scenario(Part):
    """One case from beginning to end."""

    name: str = Field(min_length=1)
    about: str | None = None
    at: Moment | None = None  #: where the clock stands at the beginning
    begins_like: str | None = None  #: another scenario whose `given` and steps come first: `name` or `process/name`
    up_to: str | None = None  #: the element or message of that scenario's step at which this one goes its own way
    clocks: list[str] = Field(default_factory=list)  #: other processes whose timer start events run, too
    given: list[Given] = Field(default_factory=list)
    steps: list[Step] = Field(min_length=1)
    expect: Expectation


@cache
def scenario_of(effects: tuple[Effect, ...]) -> type[Scenario]:
    """The model whose expectations know these effects."""
    fields: dict[str, Any] = {effect.key: (effect.type | None, None) for effect in effects}
    expectation = create_model("Expectation", __base__=Expectation, **fields)
    look = create_model("Look", __base__=Look, expect=(expectation, ...))
    kinds: Any = [Annotated[kind if kind is not Look else look, Tag(verb)] for verb, kind in STEPS.items()]
    step = kinds[0]
    for kind in kinds[1:]:
        step |= kind
    steps = list[Annotated[step, Discriminator(verb_of)]]  # type: ignore[valid-type]
    return create_model("Scenario", __base__=Scenario, steps=(steps, Field(min_length=1)), expect=(expectation, ...))

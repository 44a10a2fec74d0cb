"""Figures of the parameter file that handlers need; each stands there and nowhere else."""

from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from engine.errors import InvalidInput
from engine.runtime.handlers import JobContext


def parameter(ctx: JobContext, name: str) -> Any:
    """One entry of processes/manuals/parameters.yaml.

    Raises:
        InvalidInput: it is not there.
    """
    if name not in ctx.parameters:
        raise InvalidInput(f"参数文件里缺少“{name}”。", f"The parameter file lacks {name!r}.", parameter=name)
    return ctx.parameters[name]


def duration_parameter(ctx: JobContext, name: str) -> timedelta:
    """An entry that is an ISO 8601 duration.

    Raises:
        InvalidInput: it is not there, or no duration.
    """
    value = parameter(ctx, name)
    try:
        return TypeAdapter(timedelta).validate_python(value)
    except ValidationError:
        raise InvalidInput(
            f"参数“{name}”应为时长（如 P7D），现在是 {value!r}。", f"The parameter {name!r} must be a duration such as P7D, not {value!r}."
        ) from None

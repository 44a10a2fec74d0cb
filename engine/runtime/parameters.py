"""The parameters as they hold now: what the deployed file gives, and what the office has set since."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import ChangedMeanwhile, InvalidInput, NotFound
from engine.ids import new_id
from engine.manuals.parameters import PARAMETERS, Parameter, read_parameters
from engine.manuals.values import require_fitting
from engine.storage.tables import Deployment, ParameterChange, Resource

if TYPE_CHECKING:
    from engine.runtime.engine import Engine


def given_parameters(session: Session) -> dict[str, Parameter]:
    """The parameters of the file that was deployed last."""
    content = session.scalars(
        select(Resource.content)
        .join(Deployment)
        .where(Resource.name == PARAMETERS, Deployment.state == "live")
        .order_by(Deployment.id.desc())
        .limit(1)
    ).one_or_none()
    return read_parameters(content or b"{}")


def current_parameters(session: Session) -> dict[str, Parameter]:
    """The parameters with the values that hold now; a change that no longer fits its file's parameter does not count."""
    changes = {change.name: change for change in newest_changes(session)}
    return {
        name: replace(parameter, value=changes[name].after) if name in changes and _counts(changes[name], parameter) else parameter
        for name, parameter in given_parameters(session).items()
    }


def parameters_at(session: Session, deployment_id: str, instant: datetime) -> dict[str, Any]:
    """The values that held at an instant: of the file deployed last up to a deployment, with the changes up to then."""
    content = session.scalars(
        select(Resource.content)
        .where(Resource.name == PARAMETERS, Resource.deployment_id <= deployment_id)
        .order_by(Resource.deployment_id.desc())
        .limit(1)
    ).one_or_none()
    changes = session.scalars(select(ParameterChange).where(ParameterChange.changed_at <= instant).order_by(ParameterChange.id))
    newest = {change.name: change for change in changes}
    return {
        name: newest[name].after if name in newest and _counts(newest[name], parameter) else parameter.value
        for name, parameter in read_parameters(content or b"{}").items()
    }


def newest_changes(session: Session) -> list[ParameterChange]:
    """The last change of each parameter."""
    newest = select(func.max(ParameterChange.id)).group_by(ParameterChange.name)
    return list(session.scalars(select(ParameterChange).where(ParameterChange.id.in_(newest))))


def changes_of(session: Session, name: str) -> list[ParameterChange]:
    """Every change of a parameter, the newest first."""
    return list(session.scalars(select(ParameterChange).where(ParameterChange.name == name).order_by(ParameterChange.id.desc())))


def change_parameter(engine: "Engine", name: str, value: Any, *, before: Any, actor: str, reason: str) -> None:
    """Set a parameter for everything that is reckoned from now on; what was reckoned before keeps its figure.

    Args:
        engine: which runs the processes.
        name: of the parameter.
        value: that is to hold.
        before: what the person saw.
        actor: who changes it.
        reason: why, for the history.

    Raises:
        NotFound: no such parameter.
        InvalidInput: the value does not fit, is no change, or there is no reason.
        ChangedMeanwhile: somebody else changed it.
    """
    _change(engine, name, value, before=before, actor=actor, reason=reason)


def restore_parameter(engine: "Engine", name: str, *, before: Any, actor: str, reason: str) -> None:
    """Let a parameter be what its file says again, also when the file is changed.

    Raises:
        NotFound, InvalidInput, ChangedMeanwhile: see `change_parameter`.
    """
    _change(engine, name, None, before=before, actor=actor, reason=reason)


def _change(engine: "Engine", name: str, value: Any, *, before: Any, actor: str, reason: str) -> None:
    with engine.database.transaction() as session:
        engine.database.one_at_a_time(session, "parameters")
        given, current = given_parameters(session).get(name), current_parameters(session).get(name)
        if given is None or current is None:
            raise NotFound(f"没有参数“{name}”。", f"There is no parameter {name!r}.", name=name)
        if current.value != before:
            raise ChangedMeanwhile(
                "别人刚改过这个参数，请看了再改。", "Somebody has just changed this parameter; look at it first.", name=name
            )
        after = given.value if value is None else value
        if after == current.value:
            raise InvalidInput("值没有变。", "The value is the same.", name=name)
        if not reason.strip():
            raise InvalidInput("请写明修改的理由。", "Say why it is changed.", name=name)
        require_fitting(given.value, after)
        session.add(
            ParameterChange(
                id=new_id(),
                name=name,
                before=current.value,
                after=after,
                restored=value is None,
                reason=reason.strip(),
                changed_at=engine.clock.now(),
                changed_by=actor,
            )
        )
    engine.calendars.forget()


def _counts(change: ParameterChange, parameter: Parameter) -> bool:
    if change.restored:
        return False
    try:
        require_fitting(parameter.value, change.after)
    except InvalidInput:
        return False
    return True

"""Trying drafts on finished cases: only what could go live, and found again by what it says."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import DeploymentRefused
from engine.manuals.parameters import PARAMETERS, Parameter
from engine.manuals.values import kind_of, require_fitting
from engine.runtime.engine import Engine
from engine.runtime.hindsight import Asked, start_hindsight
from engine.runtime.hindsight.batches import digest
from engine.runtime.package import Package
from engine.runtime.parameters import current_parameters, given_parameters
from engine.storage.tables import Hindsight, HindsightCase, Publication, Resource
from engine.studio.bundles import used_by
from engine.studio.findings import problems_of
from engine.studio.together import live_package, with_drafts

_READ = re.compile(r"\bparameters\.(\w+)")


def try_on_past(engine: Engine, key: str, asked: Asked, files: Mapping[str, bytes], figures: Mapping[str, Any], *, actor: str) -> str:
    """Try files and figures on finished cases in the background; returns the batch's id.

    Args:
        engine: which runs it.
        key: the diagram's file.
        asked: which cases.
        files: drafts, or those of a proposal; none: what is live.
        figures: values of parameters to try with them, by name.
        actor: who wants to know.

    Raises:
        DeploymentRefused: they could not go live as they are.
        InvalidInput: there are no such cases, or a parameter may not have such a value.
    """
    with engine.database.session() as session:
        package = with_drafts(live_package(engine, session), files)
        given = given_parameters(session)
        problems = [problem for problem in problems_of(engine, session, package, list(files)) if problem.severity == "error"]
    if problems:
        raise DeploymentRefused(problems)
    for name, value in figures.items():
        require_fitting(given[name].value, value)
    return start_hindsight(engine, key, asked, {**files, **({PARAMETERS: orjson.dumps(figures)} if figures else {})}, actor)


def figures_of(package: Package, key: str, session: Session) -> dict[str, Parameter]:
    """The parameters that a diagram reads, or a form or decision table that it uses: those with a number or a duration."""
    texts = [package.files[name].decode(errors="replace") for name in used_by(package, key) if name in package.files]
    read = {name for text in texts for name in _READ.findall(text)}
    return {
        name: item for name, item in current_parameters(session).items() if name in read and kind_of(item.value) in ("number", "duration")
    }


def diagram_for(package: Package, files: Collection[str]) -> str | None:
    """The live diagram on whose cases files can be tried: one of them, else one that uses a form or decision table of theirs."""
    return next((key for key in sorted(package.diagrams) if key in files), None) or next(
        (key for key in sorted(package.diagrams) if not set(files).isdisjoint(used_by(package, key))), None
    )


def hindsights_of(session: Session, key: str, user_id: str, most: int) -> Sequence[Hindsight]:
    """What a person tried for a diagram, the newest first."""
    query = select(Hindsight).where(Hindsight.key == key, Hindsight.created_by == user_id)
    return session.scalars(query.order_by(Hindsight.created_at.desc(), Hindsight.id.desc()).limit(most)).all()


def newest_of(session: Session, files: Mapping[str, bytes]) -> Hindsight | None:
    """The last time that exactly these files were tried, by whomever."""
    query = select(Hindsight).where(Hindsight.digest == digest(files))
    return session.scalars(query.order_by(Hindsight.created_at.desc(), Hindsight.id.desc()).limit(1)).one_or_none()


def is_proposed(session: Session, batch: Hindsight) -> bool:
    """Whether what was tried is a proposal now, which every owner may read."""
    names = list(batch.files)
    query = select(Resource.deployment_id, Resource.name, Resource.content).join(
        Publication, Publication.deployment_id == Resource.deployment_id
    )
    proposals: dict[str, dict[str, bytes]] = {}
    for row in session.execute(query.where(Resource.name.in_(names))):
        proposals.setdefault(row.deployment_id, {})[row.name] = bytes(row.content)
    return any(digest(files) == batch.digest for files in proposals.values())


def counts_of(session: Session, batch_id: str) -> Counter[str]:
    """How many of its cases are in each state."""
    query = select(HindsightCase.state, func.count()).where(HindsightCase.hindsight_id == batch_id).group_by(HindsightCase.state)
    return Counter({row[0]: row[1] for row in session.execute(query)})

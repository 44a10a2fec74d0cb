"""All live files read together, kept until something else goes live; and what they are with drafts in their place."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.runtime.catalog import LivePackage, newest_edition
from engine.runtime.engine import Engine
from engine.runtime.package import Package, read_package
from engine.storage.tables import Deployment, Resource
from engine.studio.live import contents_of, live_files


def live_package(engine: Engine, session: Session) -> Package:
    """Every live diagram, decision, form and catalogue, read; only what went live since the last time is read anew."""
    edition, kept = session.scalars(select(newest_edition())).one(), engine.cache.live
    if kept is not None and kept.edition == edition:
        return kept.package
    resources = _catalogues(session) | {key: file.resource_id for key, file in live_files(session).items()}
    before: Mapping[str, str] = kept.resources if kept is not None else {}
    changed = {name: resource_id for name, resource_id in resources.items() if before.get(name) != resource_id}
    contents = contents_of(session, changed.values())
    news = read_package({name: contents[resource_id] for name, resource_id in changed.items()})
    package = (kept.package if kept is not None else Package({})).with_changes(news, gone=before.keys() - resources.keys())
    engine.cache.live = LivePackage(edition, resources, package)
    return package


def with_drafts(live: Package, drafts: Mapping[str, bytes]) -> Package:
    """The live files with drafts in their place."""
    return live.with_changes(read_package(dict(drafts)))


def _catalogues(session: Session) -> dict[str, str]:
    """The newest live resources that define nothing: labels, clauses, parameters."""
    newest = (
        select(Resource.name, func.max(Resource.deployment_id).label("deployment_id"))
        .join(Deployment)
        .where(Deployment.state == "live", Resource.name.like("%.yaml"))
        .group_by(Resource.name)
        .subquery()
    )
    rows = session.execute(
        select(Resource.name, Resource.id).join(
            newest, (newest.c.name == Resource.name) & (newest.c.deployment_id == Resource.deployment_id)
        )
    )
    return {row.name: row.id for row in rows}

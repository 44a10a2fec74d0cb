"""The English labels that are live, for deployments that bring no catalogue of their own."""

from pathlib import PurePosixPath
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.runtime.package import ENGLISH, Package
from engine.storage.tables import Deployment, Resource


def add_live_labels(session: Session, package: Package) -> None:
    """Give a package the live catalogues of its folders, and the shared one, where it has none: a file alone keeps its English."""
    folders = {str(PurePosixPath(name).parent) for name in package.files} | {"shared"}
    names = {f"{folder}/{ENGLISH}" for folder in folders if folder not in package.english}
    rows = session.execute(
        select(Resource.name, Resource.content)
        .join(Deployment)
        .where(Resource.name.in_(names), Deployment.state == "live")
        .order_by(Deployment.id)
    )
    found: dict[str, dict[str, Any]] = {str(PurePosixPath(row.name).parent): yaml.safe_load(row.content) or {} for row in rows}
    package.english = found | package.english

"""What versions of processes and of decisions are chosen by alike."""

from collections.abc import Callable
from typing import Any

from engine.storage.tables import Deployment, Resource
from web.rest.listing import Condition, Filter
from web.rest.types import Flag, Instant, Natural


def definition_filters(version: Any, latest: Callable[[], Condition]) -> tuple[Filter, ...]:
    """Filters of a statement that joins the deployment and the file.

    Args:
        version: the table of the versions.
        latest: the condition that there is none newer.
    """
    return (
        Filter("name", str, lambda value: version.name == value),
        Filter("nameLike", str, version.name.like),
        Filter("deploymentId", str, lambda value: version.deployment_id == value),
        Filter("deployedAfter", Instant, lambda value: Deployment.deployed_at > value),
        Filter("deployedAt", Instant, lambda value: Deployment.deployed_at == value),
        Filter("key", str, lambda value: version.key == value),
        Filter("keyLike", str, version.key.like),
        Filter("version", Natural, lambda value: version.version == value),
        Filter("latestVersion", Flag, lambda _: latest()),
        Filter("resourceName", str, lambda value: Resource.name == value),
        Filter("resourceNameLike", str, Resource.name.like),
    )

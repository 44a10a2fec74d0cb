"""The list of deployments, one of them, its files. Nothing that was deployed is ever removed: running and past cases are drawn on it."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.errors import Conflict
from engine.runtime import publishing
from engine.storage.tables import Deployment, Resource
from web.current import database, engine, person
from web.permissions import require_may_publish
from web.rest.absent import NO_VALUE, TENANTS
from web.rest.answers import Answer, file_answer
from web.rest.errors import Refused
from web.rest.listing import Filter, Listing
from web.rest.operation import operation
from web.rest.resources.deployment.shape import DeploymentDto, fields, find, visible
from web.rest.types import Dto, Flag, Instant

_TAG = "deployment"


class DeploymentResourceDto(Dto):
    """One file of a deployment."""

    id: str
    name: str
    deployment_id: str


Listing(
    path="/deployment",
    tag=_TAG,
    item=DeploymentDto,
    about="deployments",
    select=lambda me: select(Deployment).where(visible(me)),
    show=lambda _session, rows, _asked: [DeploymentDto(**fields(row.Deployment)) for row in rows],
    filters=(
        Filter("id", str, lambda value: Deployment.id == value),
        Filter("name", str, lambda value: Deployment.name == value),
        Filter("nameLike", str, Deployment.name.like),
        Filter("source", str, lambda value: Deployment.source == value),
        Filter("withoutSource", Flag, lambda _: Deployment.source == ""),
        Filter("before", Instant, lambda value: Deployment.deployed_at < value),
        Filter("after", Instant, lambda value: Deployment.deployed_at > value),
        *TENANTS,
        Filter("includeDeploymentsWithoutTenantId", Flag),
    ),
    sorts={"id": Deployment.id, "name": Deployment.name, "deploymentTime": Deployment.deployed_at, "tenantId": NO_VALUE},
    order=(Deployment.deployed_at, Deployment.id),
).declare()


@operation("GET", "/deployment/{deployment_id}", tag=_TAG)
def get(deployment_id: str) -> DeploymentDto:
    """A deployment."""
    with database().session() as session:
        return DeploymentDto(**fields(find(session, person(), deployment_id)))


@operation("GET", "/deployment/{deployment_id}/resources", tag=_TAG)
def resources(deployment_id: str) -> list[DeploymentResourceDto]:
    """The files of a deployment."""
    with database().session() as session:
        find(session, person(), deployment_id)
        rows = session.execute(select(Resource.id, Resource.name).where(Resource.deployment_id == deployment_id).order_by(Resource.name))
        return [DeploymentResourceDto(id=row.id, name=row.name, deployment_id=deployment_id) for row in rows]


@operation("GET", "/deployment/{deployment_id}/resources/{resource_id}", tag=_TAG)
def resource(deployment_id: str, resource_id: str) -> DeploymentResourceDto:
    """A file of a deployment, without its content."""
    with database().session() as session:
        found = _resource(session, deployment_id, resource_id)
        return DeploymentResourceDto(id=found.id, name=found.name, deployment_id=deployment_id)


@operation("GET", "/deployment/{deployment_id}/resources/{resource_id}/data", tag=_TAG, media_type="application/octet-stream")
def resource_data(deployment_id: str, resource_id: str) -> Answer:
    """The content of a file of a deployment."""
    with database().session() as session:
        found = _resource(session, deployment_id, resource_id)
        return file_answer(found.content, found.name.rpartition("/")[2])


@operation("DELETE", "/deployment/{deployment_id}", tag=_TAG, scope="deploy")
def delete(deployment_id: str, cascade: Flag = False, skip_custom_listeners: Flag = False, skip_io_mappings: Flag = False) -> None:
    """Withdraw a candidate. What is or was live stays: cases run on it, or ran on it, and history is never removed."""
    me = person()
    with database().session() as session:
        found = find(session, me, deployment_id)
    if found.deployed_by != me.id:
        require_may_publish(me)
    if found.state != "candidate":
        raise Conflict(
            "已经生效的部署不能删除：案例和历史都以它为依据。请停用流程（suspended）或部署新版本。",
            "A deployment that went live cannot be deleted: cases and their history are drawn on it. Suspend the process or deploy a new version.",
        )
    proposal = publishing.propose_deployed(engine(), deployment_id, found.source or "REST")
    publishing.withdraw(engine(), proposal, actor=me.id)


def _resource(session: Session, deployment_id: str, resource_id: str) -> Any:
    find(session, person(), deployment_id)
    found = session.scalar(
        select(Resource).where(Resource.deployment_id == deployment_id, or_(Resource.id == resource_id, Resource.name == resource_id))
    )
    if found is None:
        raise Refused(
            404,
            "InvalidRequestException",
            "部署里没有这个文件。",
            f"Deployment resource with resource id '{resource_id}' for deployment id '{deployment_id}' does not exist.",
        )
    return found

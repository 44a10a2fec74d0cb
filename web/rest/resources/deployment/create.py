"""Deploying files. By who may publish it goes live; by others it becomes a candidate that somebody publishes."""

from hashlib import sha256
from typing import Any

from flask import request
from sqlalchemy import select

from engine.errors import Forbidden, InvalidInput
from engine.runtime import deployments, publishing
from engine.storage.tables import Deployment, Resource
from web.auth.person import Person
from web.current import database, engine, person
from web.permissions import may_publish
from web.rest.operation import operation
from web.rest.resources.deployment.shape import DeploymentWithDefinitionsDto, show_with_definitions

_FLAG = {"type": "string", "enum": ["true", "false"]}
_BODY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "deployment-name": {"type": "string", "maxLength": 255},
        "deployment-source": {"type": "string", "maxLength": 255},
        "enable-duplicate-filtering": _FLAG,
        "deploy-changed-only": _FLAG,
        "deployment-activation-time": {"type": "string"},
        "tenant-id": {"type": "string"},
        "data": {
            "type": "string",
            "format": "binary",
            "description": "One part per file, under any name; the file name is the resource's.",
        },
    },
}
_LONGEST_NAME = 255


@operation("POST", "/deployment/create", tag="deployment", scope="deploy", multipart=_BODY)
def create() -> DeploymentWithDefinitionsDto:
    """Deploy files; all of them or none.

    With `enable-duplicate-filtering` nothing happens when the newest deployment of the same name and source has the same files; with
    `deploy-changed-only` only changed files get new versions. A faulty diagram answers 400 with the places of its problems.
    """
    me = person()
    if me.is_auditor and not may_publish(me):
        raise Forbidden("审计只能查看。", "An auditor may only read.", permissionName="CREATE", resourceName="Deployment")
    files = _files()
    name, source = _text("deployment-name") or next(iter(files)), _text("deployment-source")
    if request.form.get("tenant-id"):
        raise InvalidInput("没有租户。", "There are no tenants: leave tenant-id out.")
    if request.form.get("deployment-activation-time"):
        raise InvalidInput("不能预约生效的时间。", "deployment-activation-time is not supported.")
    changed_only = _flag("deploy-changed-only")
    if _flag("enable-duplicate-filtering") or changed_only:
        same = _same(me, name, source, files)
        if same is not None:
            with database().session() as session:
                return show_with_definitions(session, same, made_nothing=True)
    candidate = engine().settings.four_eyes or not may_publish(me)
    deployed = deployments.deploy(
        engine(),
        files,
        name=name,
        source=source,
        actor=me.id,
        unchanged_too=not changed_only,
        candidate=candidate,
        external_workers=True,
    )
    if candidate and deployed.deployment_id is not None:
        publishing.propose_deployed(engine(), deployed.deployment_id, source or "REST")
    with database().session() as session:
        if deployed.deployment_id is None:  # deploy-changed-only, and no file had changed
            return show_with_definitions(session, _newest_with(next(iter(files))), made_nothing=True)
        return show_with_definitions(session, deployed.deployment_id)


def _files() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for part, sent in request.files.items(multi=True):
        if not sent.filename:
            raise InvalidInput(
                f"表单项“{part}”没有文件名。", f"No file name found in the deployment resource described by form parameter '{part}'."
            )
        if len(sent.filename) > _LONGEST_NAME or "\0" in sent.filename:
            raise InvalidInput("文件名太长。", "A file name is too long.")
        found[sent.filename] = sent.read()
    unnamed = [part for part in request.form if part not in _BODY["properties"]]
    if unnamed:
        raise InvalidInput(
            f"表单项“{unnamed[0]}”没有文件名。",
            f"No file name found in the deployment resource described by form parameter '{unnamed[0]}'.",
        )
    if not found:
        raise InvalidInput("没有收到要部署的文件。", "No deployment resources contained in the form upload.")
    return found


def _text(part: str) -> str:
    text = request.form.get(part, "")
    if len(text) > _LONGEST_NAME or "\0" in text:
        raise InvalidInput(f"“{part}”太长。", f"'{part}' is too long.")
    return text


def _flag(part: str) -> bool:
    return request.form.get(part, "").lower() == "true"


def _same(me: Person, name: str, source: str, files: dict[str, bytes]) -> str | None:
    """The newest deployment of the name and source, if it has exactly these files and the caller's rights would make the same of them."""
    states = ("live", "published") if may_publish(me) else ("live", "candidate")
    with database().session() as session:
        newest = session.scalar(
            select(Deployment.id)
            .where(Deployment.name == name, Deployment.source == source, Deployment.state.in_(states))
            .order_by(Deployment.id.desc())
            .limit(1)
        )
        kept = {
            row.name: row.sha256 for row in session.execute(select(Resource.name, Resource.sha256).where(Resource.deployment_id == newest))
        }
    return newest if kept == {name: sha256(content).hexdigest() for name, content in files.items()} else None


def _newest_with(file: str) -> str:
    with database().session() as session:
        return session.scalars(
            select(Deployment.id)
            .join(Resource, Resource.deployment_id == Deployment.id)
            .where(Resource.name == file, Deployment.state == "live")
            .order_by(Deployment.id.desc())
            .limit(1)
        ).one()

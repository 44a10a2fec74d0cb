"""Where the desktop Modeler's links lead: a deployment, and a running instance."""

import json
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from engine.errors import NotFound
from engine.runtime import publishing
from engine.storage.tables import Deployment, ProcessDefinition, Resource
from web.current import database, engine, person
from web.directory import people_names
from web.permissions import may_publish, require_case, require_may_publish

blueprint = Blueprint("console", __name__)

#: Most deployments shown, the newest first.
_MOST = 50


@blueprint.get("/.well-known/camunda-automation-platform/webapps")
def webapps() -> Any:
    """The addresses that the Modeler makes its links of; asked without credentials."""
    root = request.host_url
    return jsonify(adminUrl=f"{root}people", cockpitUrl=f"{root}console/", tasklistUrl=f"{root}inbox")


@blueprint.get("/console/")
def index() -> Response:
    """The deployments."""
    return redirect(url_for("console.repository"))


@blueprint.get("/console/repository")
def repository() -> str:
    """The newest deployments, or the one that the Modeler's link names; candidates can be published here."""
    me = person()
    with database().session() as session:
        query = select(Deployment).order_by(Deployment.id.desc()).limit(_MOST)
        asked = _asked_ids(request.args.get("deploymentsQuery", ""))
        if asked:
            query = query.where(Deployment.id.in_(asked))
        if not me.sees_everything:
            query = query.where((Deployment.state == "live") | (Deployment.deployed_by == me.id))
        found = list(session.scalars(query))
        ids = [deployment.id for deployment in found]
        files: dict[str, list[str]] = {}
        for row in session.execute(
            select(Resource.deployment_id, Resource.name).where(Resource.deployment_id.in_(ids)).order_by(Resource.name)
        ):
            files.setdefault(row.deployment_id, []).append(row.name)
        processes: dict[str, list[ProcessDefinition]] = {}
        for definition in session.scalars(select(ProcessDefinition).where(ProcessDefinition.deployment_id.in_(ids))):
            processes.setdefault(definition.deployment_id, []).append(definition)
        names = people_names(session, [deployment.deployed_by for deployment in found])
    return render_template(
        "console.html", deployments=found, files=files, processes=processes, names=names, all_of_them=not asked, may_publish=may_publish(me)
    )


@blueprint.post("/console/repository/<deployment_id>/publish")
def publish(deployment_id: str) -> Response:
    """Let a candidate go live."""
    with database().session() as session:
        if session.get(Deployment, deployment_id) is None or not person().sees_everything:
            raise NotFound("没有这个部署。", "There is no such deployment.")
    require_may_publish(person())
    proposal = publishing.propose_deployed(engine(), deployment_id, gettext("经接口部署"))
    publishing.approve(engine(), proposal, actor=person().id)
    flash(gettext("已发布，新案例按新版本办理。"), "good")
    return redirect(url_for("console.repository"))


@blueprint.get("/console/process-instance/<instance_id>")
def instance(instance_id: str) -> Response:
    """The case of an instance."""
    with database().session() as session:
        found = require_case(session, person(), instance_id)
    return redirect(url_for("cases.show", instance_id=found.root_id))


def _asked_ids(text: str) -> list[str]:
    """The ids in the query of a Cockpit's link; whatever else it says is not for us."""
    try:
        parts = json.loads(text)
    except ValueError:
        return []
    return (
        [str(part.get("value")) for part in parts if isinstance(part, dict) and part.get("type") == "id"] if isinstance(parts, list) else []
    )

"""The desktop Modeler's deploy and start dialogs, request by request."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from engine.runtime import deployments
from tests.rest.conftest import Program, basic, program, serving, stranger
from tests.rest.diagrams import faulty, one_task
from tests.web.conftest import PASSWORD, Site

ORIGIN = {"Origin": "file://"}
_HANGS_UP_AFTER_S = 5
_PROCESSES = Path(__file__).parents[2] / "processes"


def dialog(caller: Program, diagram: bytes, attachments: dict[str, bytes] | None = None) -> Any:
    """Steps 2 to 4 of the dialog: check the connection, ask for the version, deploy."""
    checked = caller.call("GET", "/deployment", query_string={"maxResults": 0}, headers=ORIGIN)
    if checked.status_code != 200:
        return checked
    assert caller.call("GET", "/version", headers=ORIGIN).get_json() == {"version": "7.24.0"}
    parts: dict[str, Any] = {
        "deployment-name": "售后上门",
        "deployment-source": "Camunda Modeler",
        "enable-duplicate-filtering": "true",
        "after_sales.bpmn": (BytesIO(diagram), "after_sales.bpmn", "text/xml"),
    }
    for name, content in (attachments or {}).items():
        parts[name] = (BytesIO(content), name, "application/octet-stream")
    return caller.call("POST", "/deployment/create", data=parts, content_type="multipart/form-data", headers=ORIGIN)


def test_the_whole_story(site: Site) -> None:
    """Given the Modeler, when it probes, is refused, signs in, errs, deploys, deploys again and starts, then every answer is the one it needs."""
    probe = stranger(site).call("GET", "/deployment", query_string={"maxResults": 0}, headers=ORIGIN)
    assert (probe.status_code, probe.data) == (401, b"")
    wrong = Program(site.app.test_client(use_cookies=False), basic("owner", "wrong password"))
    assert dialog(wrong, one_task()).status_code == 401

    owner = program(site, "owner")
    refused = dialog(owner, faulty())
    assert refused.status_code == 400
    assert refused.get_json()["message"].startswith("ENGINE-09005 Could not parse BPMN process.")

    form = json.dumps({"id": "f_check", "type": "default", "schemaVersion": 19, "components": []}).encode()
    made = dialog(owner, one_task(task='camunda:formRef="f_check" camunda:formRefBinding="latest"'), {"check.form": form}).get_json()
    (definition_id,) = made["deployedProcessDefinitions"]
    again = dialog(owner, one_task(task='camunda:formRef="f_check" camunda:formRefBinding="latest"'), {"check.form": form}).get_json()
    assert (again["id"], again["deployedProcessDefinitions"]) == (made["id"], None)

    started = owner.post(f"/process-definition/{definition_id}/start", {"businessKey": "default", "variables": None})
    assert started["ended"] is False


def test_every_answer_comes_before_the_modeler_hangs_up(new_site: Callable[..., Site]) -> None:
    """Given the largest procedure of the manuals with its forms and tables, when it is deployed with a wrong password, with a mistake, rightly and again,
    then each answer comes within the five seconds that the Modeler waits.
    """
    site = new_site(external_topics="documents.archive")
    files = {path.relative_to(_PROCESSES): path for path in sorted(_PROCESSES.rglob("*")) if path.suffix in (".bpmn", ".form", ".dmn")}
    everything = {str(name): path.read_bytes() for name, path in files.items()}
    everything["manuals/parameters.yaml"] = (_PROCESSES / "manuals" / "parameters.yaml").read_bytes()
    deployments.deploy(site.engine, everything, name="manuals", external_workers=True)
    attached = {path.name: path.read_bytes() for name, path in files.items() if name.parts[0] in ("onsite_service", "shared")}
    diagram = attached.pop("onsite_service.bpmn") + b"<!-- edited -->"
    faulty_one = diagram.replace(b"</bpmn:process>", b'<bpmn:userTask id="nowhere"/></bpmn:process>')

    with serving(site) as url:
        assert _deploy_or_hang_up(url, diagram, attached, "wrong password").status_code == 401
        refused = _deploy_or_hang_up(url, faulty_one, attached)
        assert (refused.status_code, "[nowhere]" in refused.json()["message"]) == (400, True)
        made = _deploy_or_hang_up(url, diagram, attached).json()
        assert list(made["deployedProcessDefinitions"]) == ["onsite_service:2"]
        assert _deploy_or_hang_up(url, diagram, attached).json()["id"] == made["id"]


def _deploy_or_hang_up(url: str, diagram: bytes, attached: dict[str, bytes], password: str = PASSWORD) -> requests.Response:
    """The deployment's request over a connection that is given up as the Modeler does."""
    parts = {"onsite_service.bpmn": ("onsite_service.bpmn", diagram, "text/xml")}
    parts |= {name: (name, content, "application/octet-stream") for name, content in attached.items()}
    fields = {"deployment-name": "上门维修", "deployment-source": "Camunda Modeler", "enable-duplicate-filtering": "true"}
    with requests.Session() as modeler:
        modeler.auth = ("owner", password)
        return modeler.post(f"{url}/deployment/create", fields, files=parts, headers=ORIGIN, timeout=_HANGS_UP_AFTER_S)


def test_its_links_lead_to_our_pages(site: Site) -> None:
    """Given the well-known file, when the Modeler builds its links, then they show the deployment and the case to whoever is signed in."""
    owner = program(site, "owner")
    made = dialog(owner, one_task()).get_json()
    started = owner.post("/process-definition/key/after_sales/start", {})

    pages = site.visitor().get("/.well-known/camunda-automation-platform/webapps").get_json()
    assert set(pages) == {"adminUrl", "cockpitUrl", "tasklistUrl"}
    assert pages["cockpitUrl"].endswith("/console/")
    query = quote(json.dumps([{"type": "id", "operator": "eq", "value": made["id"]}]))
    browser = site.as_("owner")
    assert "after_sales.bpmn" in browser.text(f"/console/repository?deploymentsQuery={query}")
    shown = browser.get(f"/console/process-instance/{started['id']}")
    assert shown.headers["Location"].endswith(f"/cases/{started['id']}")
    assert site.as_("stranger").get(f"/console/process-instance/{started['id']}").status_code == 404


def test_a_candidate_is_published_on_the_page(site: Site) -> None:
    """Given staff's proposal from the Modeler, when a process owner publishes it on the page, then new cases use it; staff cannot."""
    proposal = dialog(program(site, "engineer1"), one_task()).get_json()
    address = f"/console/repository/{proposal['id']}/publish"

    assert "候选" in site.as_("engineer1").text("/console/repository")
    assert site.as_("engineer1").send(address).status_code == 404
    assert site.as_("auditor").send(address).status_code == 403
    assert site.as_("owner").send(address).status_code == 302

    assert program(site, "owner").get("/process-definition/key/after_sales")["version"] == 1
    assert site.as_("owner").send(address).status_code == 409

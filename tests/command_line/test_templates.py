"""`opsbook templates`: what the desktop Modeler offers is what the handlers take."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.runtime.engine import Engine
from engine.runtime.handlers import HandlerRegistry
from engine.runtime.package import Package
from engine.settings import Settings
from engine.studio.templates import element_templates
from engine.working_time import Calendars
from handlers.registry import HANDLERS

VALIDATOR = Path(__file__).parents[2] / "web/frontend/node_modules/@bpmn-io/element-templates-validator/dist/index.js"
_SCRIPT = (
    "import {{ validateAll }} from '{path}'; import fs from 'fs'; console.log(JSON.stringify(validateAll(JSON.parse(fs.readFileSync(0)))))"
)


@pytest.fixture
def engine(sqlite_database, clock) -> Engine:
    """All handlers, nothing deployed."""
    settings = Settings()
    return Engine(
        sqlite_database, clock, settings, HandlerRegistry(HANDLERS), Calendars(sqlite_database, {"default": {}}, settings.time_zone)
    )


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_handler_has_a_valid_template(engine: Engine, locale: str) -> None:
    """Given all handlers, Camunda's own validator takes the template of each."""
    node = shutil.which("node")
    if node is None or not VALIDATOR.is_file():
        assert not os.environ.get("CI"), "needs node and web/frontend/node_modules"  # noqa: TID251 -- where tests run is no setting
        pytest.skip("no node, or the front end is not installed")
    templates = element_templates(engine, Package({}), locale)

    done = subprocess.run(
        [node, "--input-type=module", "-e", _SCRIPT.format(path=VALIDATOR.as_uri())],
        input=json.dumps(templates), capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert [item["errors"] for item in json.loads(done.stdout)["results"] if not item["valid"]] == []
    assert len(templates) == len(HANDLERS)


def test_a_template_has_the_fields_of_its_handler(engine: Engine) -> None:
    """Given a handler, its template sets the topic, asks for what is required, offers fixed choices, and names the errors."""
    template = next(item for item in element_templates(engine, Package({}), "en") if item["id"] == "opsbook.orders.create_slip")

    hidden = {item["binding"]["name"]: item["value"] for item in template["properties"] if item["type"] == "Hidden"}
    inputs = {item["binding"]["name"]: item for item in template["properties"] if item["binding"]["type"] == "camunda:inputParameter"}
    assert hidden == {"camunda:type": "external", "camunda:topic": "orders.create_slip"}
    assert set(inputs) == set(next(item for item in HANDLERS if item.topic == "orders.create_slip").request.model_fields)
    assert {choice["value"] for choice in inputs["fault_type_guess"]["choices"]} == {
        "",
        "=fault_type_guess",
        "hardware",
        "software",
        "unknown",
    }
    assert "FIELDS_MISSING" in template["description"]

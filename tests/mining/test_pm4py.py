"""pm4py, which many mining tools are built on, reads our logs and finds in them what the database has.

It is licensed under the AGPL, so it is no dependency of ours: it runs as a program of its own in an environment of its own.
"""

import json
import os
import subprocess
import sys
import venv
from collections import Counter
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.storage.tables import ElementInstance, ProcessInstance, UserTask
from tests.web import repairs
from tests.web.conftest import Site, site
from tests.web.test_exports import ordered, taken

__all__ = ["site"]  # a fixture
_HERE = Path(__file__).parent
_REQUIREMENTS = _HERE / "requirements.txt"
_ENVIRONMENTS = _HERE.parents[1] / "var" / "mining"
_INSTALL_S = 240

pytestmark = pytest.mark.timeout(_INSTALL_S + 120)


@pytest.fixture(scope="session")
def pm4py() -> Path:
    """The interpreter that has pm4py; made once for these versions. Without a network the tests are skipped here and fail in continuous integration."""
    name = sha256(_REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:16]
    folder = _ENVIRONMENTS / name
    _ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    with (_ENVIRONMENTS / "lock").open("w") as lock:  # tests run in several processes
        flock(lock, LOCK_EX)
        if not (folder / "complete").is_file():
            venv.create(folder, clear=True)
            pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", folder]
            command = [*pip, "install", "--quiet", "--no-deps", "--only-binary=:all:", "-r", _REQUIREMENTS]
            made = subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_S, check=False)
            if made.returncode:
                reason = f"pm4py cannot be installed: {made.stderr[-500:]}"
                if os.environ.get("CI"):  # noqa: TID251 -- see above
                    pytest.fail(reason)
                pytest.skip(reason)
            (folder / "complete").touch()
    return folder / "bin" / "python"


def read(pm4py: Path, form: str, text: str, folder: Path) -> dict[str, Any]:
    """What pm4py finds in a log."""
    path = folder / f"log.{'xes' if form == 'xes' else 'jsonocel'}"
    path.write_text(text, "utf-8")
    done = subprocess.run([pm4py, _HERE / "reader.py", form, path], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.rpartition("RESULT ")[2])
    return found


def filled(site: Site) -> None:
    """A finished case that went through everything, and one about an order of a customer's device with a part."""
    repairs.eventful(site.engine, site.clock)
    ordered(site)


def test_pm4py_finds_our_cases_and_events_in_xes(site: Site, pm4py: Path, tmp_path: Path) -> None:
    """Given finished and running cases, XES as pm4py reads it has every case, a completion for every completed run, and everybody who did something."""
    filled(site)

    found = read(pm4py, "xes", taken(site, "/exports/cases?form=xes"), tmp_path)

    with site.engine.database.session() as session:
        cases = session.scalars(select(ProcessInstance.id).where(ProcessInstance.parent_id.is_(None))).all()
        completed = session.scalar(select(func.count()).where(ElementInstance.state == "completed"))
        people = set(session.scalars(select(UserTask.completed_by).where(UserTask.completed_by.is_not(None))))
    rows = taken(site, "/exports/cases?form=jsonl").count('"type":"ElementCompleted"')
    assert found["cases"] == sorted(cases)
    assert found["transitions"]["complete"] == completed == rows
    assert sum(found["transitions"].values()) == found["events"] == sum(found["activities"].values())
    assert people <= set(found["people"])


def test_pm4py_finds_our_objects_and_events_in_ocel(site: Site, pm4py: Path, tmp_path: Path) -> None:
    """Given the same cases, OCEL 2.0 as pm4py reads it has as many events, objects of each type and relations as were written, and as the database has."""
    filled(site)
    text = taken(site, "/exports/cases?form=ocel")

    found = read(pm4py, "ocel", text, tmp_path)

    written = json.loads(text)
    assert found["events"] == len(written["events"])
    assert found["event_types"] == Counter(event["type"] for event in written["events"])
    assert found["objects"] == Counter(thing["type"] for thing in written["objects"])
    assert found["relations"] == sum(len(event["relationships"]) for event in written["events"])
    assert found["object_relations"] == sum(len(thing["relationships"]) for thing in written["objects"])
    with site.engine.database.session() as session:
        assert found["objects"]["case"] == session.scalar(select(func.count()).select_from(ProcessInstance))
        assert found["objects"]["work_item"] == session.scalar(select(func.count()).select_from(UserTask))
    assert {"case", "work_item", "person", "group", "definition_version", "order", "customer", "device", "part"} <= set(found["objects"])

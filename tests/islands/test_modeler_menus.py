"""What the modeler offers to draw is what runs."""

from typing import Any

import pytest
from playwright.sync_api import Page

from engine.diagrams.checks.events import KINDS
from engine.runtime.execution.compile import RUNNABLE_TYPES
from tests.islands.site import State
from tests.islands.words import every_element

#: What is drawn only, and never refused.
_DRAWING = {"participant", "dataObjectReference", "dataStoreReference"}
#: Every entry of every menu with what it would draw: the services that would draw it only note it.
_OFFERED = """() => {
  const service = window.opened.service;
  const noted = [];
  let at = {};
  const note = ({ $type, type, eventDefinitionType, eventDefinitions }) =>
    noted.push({ ...at, type: $type ?? type, event: eventDefinitionType ?? eventDefinitions?.[0]?.$type ?? '' });
  service('bpmnReplace').replaceElement = (element, target) => note(target);
  service('create').start = (event, shapes) => note([shapes].flat()[0].businessObject);
  service('autoPlace').append = (source, shape) => note(shape.businessObject);
  const menus = service('popupMenu');
  const walk = (menu, target) => {
    for (const [id, entry] of Object.entries(menus._getEntries(target, menus._getProviders(menu)))) {
      if (id.includes('template') || /flow$|pool$/.test(id)) continue;
      const { $type, $parent } = target.businessObject;
      at = { menu, id, from: $type, inside: $parent.triggeredByEvent ? 'eventSubProcess' : $parent.$type };
      const act = typeof entry.action === 'function' ? entry.action : entry.action.click;
      act(new MouseEvent('click'), entry);
    }
  };
  walk('bpmn-create', service('canvas').getRootElement());
  service('elementRegistry').forEach((element) => {
    if (element.type === 'label' || element.labelTarget || !element.parent) return;
    walk('bpmn-append', element);
    walk('bpmn-replace', element);
  });
  return noted;
}"""


@pytest.fixture
def offered(page: Page, state: State) -> list[dict[str, Any]]:
    """Every entry for a diagram with one element of each kind."""
    state.studio.saved["all.bpmn"], _ = every_element()
    page.add_init_script("addEventListener('studio:ready', (event) => { window.opened = event.detail.editor; })")
    page.goto("/studio/edit/all.bpmn?lang=zh")
    page.wait_for_selector("[data-island][data-ready]")
    found: list[dict[str, Any]] = page.evaluate(_OFFERED)
    return found


def test_every_entry_of_the_menus_runs(offered: list[dict[str, Any]]) -> None:
    """Given one element of each kind, then whatever can be created, appended or made of it is of a type and an event that the deployment check lets pass there."""
    assert {item["menu"] for item in offered} == {"bpmn-create", "bpmn-append", "bpmn-replace"}
    assert len(offered) > 300
    for item in offered:
        kind = local(item["type"])
        assert kind in RUNNABLE_TYPES | _DRAWING, item
        if kind in KINDS:
            assert (local(item["event"]).removesuffix("EventDefinition") or "none") in allowed(kind, item), item


def test_nothing_that_runs_is_hidden(offered: list[dict[str, Any]]) -> None:
    """Given the menus together, then every type that runs and every event where it runs can be drawn."""
    created = {(local(item["type"]), local(item["event"]).removesuffix("EventDefinition") or "none") for item in offered}

    assert {kind for kind, _ in created} >= RUNNABLE_TYPES
    for place in ("intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent", "startEvent"):
        assert {event for kind, event in created if kind == place} >= KINDS[place], place


def allowed(kind: str, item: dict[str, Any]) -> set[str]:
    """The events that may be there; where a new start event goes is not known before it is put there."""
    if kind != "startEvent":
        return KINDS[kind]
    start, inner = KINDS["startEvent"], KINDS["eventSubProcessStart"] | {"none"}
    return start | inner if item["menu"] == "bpmn-create" else inner if item["inside"] == "eventSubProcess" else start


def local(name: str) -> str:
    """`bpmn:UserTask` as the file writes it."""
    bare = name.rpartition(":")[2]
    return bare[:1].lower() + bare[1:]

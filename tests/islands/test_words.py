"""Every word of the modelers is in the reader's language: Chinese pages say nothing in English, English pages nothing in Chinese."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.islands.site import State
from tests.islands.studio import TEMPLATES
from tests.islands.words import CHINESE, ENGLISH, every_component, every_element, wrong_words

WRONG = {"zh": ENGLISH, "en": CHINESE}
_NOTE = "addEventListener('studio:ready', (event) => { window.missing = () => [...event.detail.missing]; })"


def open_studio(page: Page, key: str, language: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.add_init_script(_NOTE)
    page.goto(f"/studio/edit/{key}?lang={language}")
    page.wait_for_selector("[data-island][data-ready]")


def select(page: Page, element: str) -> None:
    page.evaluate(
        "(id) => document.querySelector('[data-island]').dispatchEvent(new CustomEvent('studio:focus', { detail: { elementId: id } }))",
        element,
    )
    page.wait_for_timeout(60)


def open_groups(page: Page) -> None:
    """Unfold everything in the properties panel."""
    page.evaluate(
        """() => { for (const header of document.querySelectorAll('.bio-properties-panel-group-header:not(.open)')) header.click(); }"""
    )
    page.wait_for_timeout(60)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_diagram_modeler_speaks_one_language(page: Page, state: State, language: str) -> None:
    """Given a diagram with every kind of element, when each is selected and every menu opened, then nothing is said in the other language."""
    content, ids = every_element()
    state.studio.saved["all.bpmn"] = content
    open_studio(page, "all.bpmn", language)
    found = set[str]()

    def look() -> None:
        found.update(wrong_words(page, WRONG[language]))

    look()
    for identity in ids:
        select(page, identity)
        open_groups(page)
        look()
    for step in menus(page):
        step()
        page.wait_for_timeout(300)
        look()
    if language == "zh":
        found |= set(page.evaluate("() => window.missing()")) - {template["name"] for template in TEMPLATES}
    assert sorted(found) == []


def menus(page: Page) -> list[Callable[[], object]]:
    """Everything that opens: menus of change, append and create, lists of the panel, templates, map, simulation, search."""

    def pad(element: str, action: str) -> Callable[[], object]:
        def step() -> None:
            page.keyboard.press("Escape")  # the menu that is open
            page.keyboard.press("Escape")  # what is selected: its pad comes anew
            select(page, element)
            page.locator(f".djs-context-pad [data-action={action}]:visible").click(force=True)  # a pad that still moves counts

        return step

    def add_to_lists() -> None:
        page.keyboard.press("Escape")
        select(page, "servicetask")
        for add in page.locator(".bio-properties-panel-add-entry:visible").all():
            add.click()

    return [
        *(pad(element, "replace") for element in ("usertask", "startevent", "endevent", "intermediatethrowevent", "exclusivegateway", "subprocess")),
        *(pad(element, "append") for element in ("usertask", "eventbasedgateway")),
        lambda: (page.keyboard.press("Escape"), page.locator(".djs-palette [data-action=create]").click()),
        add_to_lists,
        lambda: page.locator(".bio-properties-panel-select-template-button").click(),
        lambda: (page.keyboard.press("Escape"), page.locator(".djs-minimap .toggle").click()),
        lambda: (page.locator(".djs-container").focus(), page.keyboard.press("Control+f")),
        lambda: (page.keyboard.press("Escape"), page.locator(".bts-toggle-mode").click()),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_form_editor_speaks_one_language(page: Page, state: State, language: str) -> None:
    """Given a form with every component, when each is selected and its groups unfolded, then nothing is said in the other language."""
    content, ids = every_component()
    state.studio.saved["all.form"] = content
    open_studio(page, "all.form", language)
    found = wrong_words(page, WRONG[language])
    for identity in ids:
        select(page, identity)
        open_groups(page)
        found |= wrong_words(page, WRONG[language])
    assert sorted(found) == []

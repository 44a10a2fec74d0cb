"""The decision editor, as a process owner uses it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.islands.browsing import until
from tests.islands.faithful import said_by_xml
from tests.islands.site import State
from tests.islands.studio import PROCESSES, both
from tests.islands.words import CHINESE, ENGLISH, wrong_words

COVERAGE = "shared/dmn_coverage.dmn"
SAVED_AT = re.compile(r"已保存 \d")
TABLES = sorted(path.relative_to(PROCESSES).as_posix() for path in PROCESSES.glob("*/*.dmn"))


@pytest.fixture
def desk(page: Page) -> Page:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.add_init_script(
        "addEventListener('studio:ready', (event) => { window.opened = event.detail.editor; window.missing = event.detail.missing; })"
    )
    return page


def open_table(page: Page, key: str = COVERAGE, language: str = "zh") -> None:
    page.goto(f"/studio/edit/{key}?lang={language}")
    page.wait_for_selector("[data-island][data-ready]")


def test_a_cell_is_changed_and_saved(desk: Page, state: State) -> None:
    """Given a decision table, when a cell is typed anew, then it is saved by itself, and undone by the button."""
    open_table(desk)
    cell = desk.locator("td.output-cell").first
    cell.click()
    cell.locator("[contenteditable]").first.fill('"paid"')
    desk.locator("td.output-cell").nth(3).click()
    expect(desk.locator(".ops-studio-state")).to_have_text(SAVED_AT, timeout=10_000)
    assert "<text>&#34;paid&#34;</text>" in state.studio.saved[COVERAGE] or '<text>"paid"</text>' in state.studio.saved[COVERAGE]

    desk.get_by_role("button", name="撤销（Ctrl+Z）").click()
    expect(cell).to_contain_text('"free"')


def test_undo_reaches_over_views(desk: Page, state: State) -> None:
    """Given changes in a table and then in the overview, then undo takes them back one by one and shows where, redo does them again, and what is undone is saved."""
    open_table(desk)
    cells = desk.locator("td.output-cell")
    for number, text in ((0, '"paid"'), (2, '"half"')):
        cells.nth(number).click()
        cells.nth(number).locator("[contenteditable]").first.fill(text)
    cells.nth(5).click()
    desk.get_by_role("button", name="总图", exact=True).click()
    name = desk.evaluate(
        """() => {
          const viewer = window.opened.modeler.getActiveViewer();
          const shape = viewer.get('elementRegistry').find((each) => each.businessObject?.$type === 'dmn:Decision');
          viewer.get('modeling').updateProperties(shape, { name: '收费判定' });
          return shape.id;
        }"""
    )
    expect(desk.locator(f"[data-element-id={name}]").first).to_contain_text("收费判定")
    undo, redo = desk.get_by_role("button", name="撤销（Ctrl+Z）"), desk.get_by_role("button", name="重做（Ctrl+Y）")

    undo.click()
    expect(desk.locator(f"[data-element-id={name}]").first).to_contain_text("判定收费")
    undo.click()  # the overview has nothing left: the table comes
    expect(cells.nth(2)).not_to_contain_text('"half"')
    expect(cells.nth(0)).to_contain_text('"paid"')
    undo.click()
    expect(cells.nth(0)).to_contain_text('"free"')
    expect(undo).to_be_disabled()
    redo.click()
    expect(cells.nth(0)).to_contain_text('"paid"')
    redo.click()
    expect(cells.nth(2)).to_contain_text('"half"')
    redo.click()
    expect(desk.locator(f"[data-element-id={name}]").first).to_contain_text("收费判定")
    expect(redo).to_be_disabled()
    expect(desk.locator(".ops-studio-state")).to_have_text(SAVED_AT, timeout=10_000)
    until(desk, lambda: "收费判定" in state.studio.saved[COVERAGE])
    assert "half" in state.studio.saved[COVERAGE]


def test_a_finding_leads_to_its_rule(desk: Page, state: State) -> None:
    """Given a finding at a rule, then the list names the rule by its number and leads to it."""
    finding = {
        "elementId": "dmn_coverage_rule_3",
        "fieldPath": None,
        "severity": "warning",
        "code": "x",
        "message": both("重叠", "Overlap"),
    }
    state.studio.findings = [finding | {"advice": None, "fix": None}]
    open_table(desk)
    desk.get_by_role("button", name="检查").click()
    place = desk.get_by_role("button", name="第 3 条规则")
    place.click()
    expect(desk.locator("[data-row-id=dmn_coverage_rule_3]").first).to_be_in_viewport()


def test_opening_and_saving_the_shipped_tables_loses_nothing(desk: Page) -> None:
    """Given every shipped decision table, when the editor opens it and writes it again, then the file says the same."""
    open_table(desk)
    for key in TABLES:
        content = (PROCESSES / key).read_text("utf-8")
        written = desk.evaluate(
            "async (content) => { await window.opened.open(content); return await window.opened.content(); }",
            content,
        )
        assert said_by_xml(written) == said_by_xml(content), key


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_decision_editor_speaks_one_language(desk: Page, state: State, language: str) -> None:
    """Given a table, when its headers, cells, menus and the overview are opened, then nothing is said in the other language."""
    content = state.studio.content(COVERAGE)
    state.studio.saved[COVERAGE] = re.sub(r"[\u4e00-\u9fff（）、，]+", "x", content) if language == "en" else content
    open_table(desk, language=language)
    pattern = ENGLISH if language == "zh" else CHINESE
    found = wrong_words(desk, pattern)
    for header in (".hit-policy", "th.input-cell", "th.output-cell"):
        desk.locator(header).first.click()
        desk.wait_for_timeout(200)
        found |= wrong_words(desk, pattern)
        desk.keyboard.press("Escape")
    for column in range(9):
        desk.locator("tbody tr").first.locator("td.input-cell, td.output-cell").nth(column).click()
        desk.wait_for_timeout(100)
        found |= wrong_words(desk, pattern)
    for place in ("td.input-cell", "th.input-cell", "th.output-cell"):
        desk.locator(place).nth(1).click(button="right")
        desk.wait_for_timeout(200)
        found |= wrong_words(desk, pattern)
        desk.keyboard.press("Escape")
    desk.get_by_role("button", name="总图" if language == "zh" else "Overview", exact=True).click()
    desk.locator(".djs-shape").first.click()
    desk.wait_for_timeout(200)
    found |= wrong_words(desk, pattern)
    if language == "zh":
        found |= set(desk.evaluate("() => [...window.missing]"))
    assert found == set()

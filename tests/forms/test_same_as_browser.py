"""The server checks forms exactly as form-js does in a real browser: the same random contents go through both."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random  # noqa: TID251 -- seeded: the same contents every time
from typing import Any

import pytest
from playwright.sync_api import Page

from engine.errors import FormRejected
from engine.feel import Environment
from engine.forms import check_schema, initial_values, submit
from engine.forms.components import path_text
from engine.forms.filled import read_filled
from engine.forms.twins import Twins
from tests.islands.browsing import running_chromium, running_site
from tests.islands.site import State

XY = [{"label": "X", "value": "x"}, {"label": "Y", "value": "y"}]
YES_NO = [{"label": "是", "value": True}, {"label": "否", "value": False}]
RULES: dict[str, Any] = {
    "id": "rules", "type": "default", "schemaVersion": 19, "components": [
        {"type": "textfield", "id": "a", "key": "a", "label": "a", "validate": {"required": True, "minLength": 2, "maxLength": 5}},
        {"type": "textfield", "id": "b", "key": "b", "label": "b", "validate": {"pattern": "^C-[0-9]+$"}},
        {"type": "textfield", "id": "own", "key": "own", "label": "own", "validate": {"pattern": "^1\\d{2}$", "patternErrorMessage": "no"}},
        {"type": "textfield", "id": "em", "key": "em", "label": "em", "validate": {"validationType": "email"}},
        {"type": "textfield", "id": "ph", "key": "ph", "label": "ph", "validate": {"validationType": "phone"}},
        {"type": "textarea", "id": "long", "key": "long", "label": "long", "validate": {"minLength": "=lo", "maxLength": "=if n = null then 3 else 8"}},
        {"type": "number", "id": "n", "key": "n", "label": "n", "decimalDigits": 2, "increment": "0.5",
         "validate": {"min": "=lo", "max": 100, "required": True}},
        {"type": "number", "id": "lo", "key": "lo", "label": "lo"},
        {"type": "number", "id": "whole", "key": "whole", "label": "whole", "decimalDigits": 0, "serializeToString": True, "validate": {"min": 1}},
        {"type": "checkbox", "id": "cb", "key": "cb", "label": "cb", "validate": {"required": True}},
        {"type": "select", "id": "s", "key": "s", "label": "s", "values": XY, "validate": {"required": True}, "conditional": {"hide": "=cb = true"}},
        {"type": "radio", "id": "yn", "key": "yn", "label": "yn", "values": YES_NO, "validate": {"required": True}},
        {"type": "radio", "id": "keyed", "key": "keyed", "label": "keyed", "valuesKey": "colours"},
        {"type": "select", "id": "computed", "key": "computed", "label": "computed", "valuesExpression": '=if yn = true then ["p", "q"] else ["q"]'},
        {"type": "checklist", "id": "cl", "key": "cl", "label": "cl", "values": XY, "validate": {"required": True}},
        {"type": "taglist", "id": "tl", "key": "tl", "label": "tl", "values": XY, "conditional": {"hide": "=not(yn)"}},
        {"type": "datetime", "id": "d", "key": "d", "dateLabel": "d", "subtype": "date", "validate": {"required": True}},
        {"type": "datetime", "id": "t", "key": "t", "timeLabel": "t", "subtype": "time", "timeSerializingFormat": "no_timezone"},
        {"type": "datetime", "id": "dt", "key": "dt", "dateLabel": "dt", "subtype": "datetime", "timeSerializingFormat": "utc_offset"},
        {"type": "textarea", "id": "late", "key": "late", "label": "late", "validate": {"required": True},
         "conditional": {"hide": '=d = null or date(d) < date("2026-06-01")'}},
        {"type": "textarea", "id": "h1", "key": "h1", "label": "h1", "validate": {"required": True}, "conditional": {"hide": "=n > 50"}},
        {"type": "textarea", "id": "h2", "key": "h2", "label": "h2", "validate": {"required": True}, "conditional": {"hide": "=h1 = null"}},
        {"type": "textarea", "id": "h3", "key": "h3", "label": "h3", "validate": {"required": True}, "conditional": {"hide": "=n"}},
        {"type": "textarea", "id": "h4", "key": "h4", "label": "h4", "validate": {"required": True}, "conditional": {"hide": '=not(list contains(cl, "x"))'}},
        {"type": "expression", "id": "total", "key": "total", "expression": "=sum(rows.r2)", "computeOn": "change"},
        {"type": "textfield", "id": "big", "key": "big", "label": "big", "validate": {"required": True}, "conditional": {"hide": "=total = null or total < 3"}},
        {"type": "textfield", "id": "ro", "key": "ro", "label": "ro", "readonly": True, "validate": {"required": True}},
        {"type": "textfield", "id": "dis", "key": "dis", "label": "dis", "disabled": True, "validate": {"required": True}},
        {"type": "group", "id": "g", "path": "grp", "label": "g", "conditional": {"hide": '=s = "y"'}, "components": [
            {"type": "textfield", "id": "g1", "key": "g1", "label": "g1", "validate": {"required": True}}]},
        {"type": "dynamiclist", "id": "dl", "path": "rows", "label": "dl", "isRepeating": True, "allowAddRemove": True, "defaultRepetitions": 1,
         "disableCollapse": True, "components": [
            {"type": "textfield", "id": "r1", "key": "r1", "label": "r1", "validate": {"required": True}},
            {"type": "number", "id": "r2", "key": "r2", "label": "r2", "validate": {"min": 1}, "conditional": {"hide": '=this.r1 = "skip"'}}]},
    ],
}  # fmt: skip

OMITTED = object()
CHOICES: dict[str, list[Any]] = {
    "a": [OMITTED, None, "", "a", "ab", "张三丰", "abcdef", "  a  ", "😀😀😀"], "b": [OMITTED, "", "C-12", "X", "C-1\n"], "own": [OMITTED, "123", "x"],
    "em": [OMITTED, "a@b.cn", "bad", ""], "ph": [OMITTED, "+8613800138000", "13800138000", "0044"], "long": [OMITTED, "", "abcd", "a", "abcdefghijk"],
    "n": [OMITTED, None, 0, 1, 0.5, 2.55, 2.3, 60, 101, -3, "7"], "lo": [OMITTED, None, 0, 1, 5], "whole": [OMITTED, "3", "0", "2.5", 4],
    "cb": [OMITTED, True, False], "s": [OMITTED, None, "x", "y", "z"], "yn": [OMITTED, True, False, None], "keyed": [OMITTED, "red", "blue", None],
    "computed": [OMITTED, "p", "q", "z"], "cl": [OMITTED, [], ["x"], ["x", "y"], ["z"]], "tl": [OMITTED, [], ["y"], ["x", "y"]],
    "d": [OMITTED, None, "2026-05-31", "2026-06-01", "yesterday"], "t": [OMITTED, None, "09:30", "23:59", "later"],
    "dt": [OMITTED, None, "2026-11-20T09:30+08:00", "2026-11-20T01:30Z", "soon"], "late": [OMITTED, "", "t"], "h1": [OMITTED, "", "t"],
    "h2": [OMITTED, "t"], "h3": [OMITTED, "t"], "h4": [OMITTED, "", "t"], "big": [OMITTED, "", "t"], "dis": [OMITTED, "z"],
    "grp": [OMITTED, {"g1": ""}, {"g1": "t"}], "rows": [OMITTED, [], [{"r1": "a", "r2": 0}], [{"r1": "skip", "r2": 0}, {"r1": "", "r2": 5}], [{"r1": "b", "r2": 2}]],
}  # fmt: skip
ONLY_BEFORE: dict[str, list[Any]] = {"ro": [OMITTED, "", "kept"], "colours": [OMITTED, ["red"], [{"label": "红", "value": "red"}, "blue"]]}

#: fills forms in the page and reads what form-js would send and what it complains about
IN_BROWSER = """async ([schema, contents]) => {
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const pathOf = (parts) => parts.map((p, i) => (typeof p === 'number' ? `[${p}]` : (i ? '.' : '') + p)).join('');
  const answer = async ({ before, after }) => {
    const container = document.createElement('div');
    const form = new window.Form({ container, debounce: false });
    await window.openForm(form, schema, before, after);
    let values = null;
    for (let round = 0, last = ''; round < 20 && (round < 4 || last !== JSON.stringify(values)); round += 1) {
      last = JSON.stringify(values);
      await pause(8);
      values = JSON.parse(JSON.stringify(window.valuesOf(form)));
    }
    const errors = form.validate();
    const first = {};
    for (const { id, indexes, valuePath } of form.get('formFieldInstanceRegistry').getAllKeyed()) {
      const found = [id, ...Object.values(indexes ?? {})].reduce((node, part) => node?.[part], errors);
      if (found?.length) first[pathOf(valuePath)] = found[0];
    }
    form.destroy();
    return { values, errors: first };
  };
  const answers = [];
  while (answers.length < contents.length) answers.push(...(await Promise.all(contents.slice(answers.length, answers.length + 10).map(answer))));
  return answers;
}"""


@pytest.fixture(scope="module")
def form_page() -> Iterator[Page]:
    """A page that has form-js, taken from the form island."""
    with running_chromium() as chromium, running_site(State()) as site:
        page = chromium.new_page(timezone_id="Asia/Shanghai", locale="zh-CN")
        page.add_init_script(
            "addEventListener('form:ready', ({ detail }) => { window.Form = detail.form.constructor; Object.assign(window, { openForm: detail.openForm, valuesOf: detail.valuesOf }); })"
        )
        page.goto(f"{site}/readonly?lang=en")
        page.wait_for_selector("[data-island=form][data-ready]")
        yield page


def pick(random: Random, choices: dict[str, list[Any]], share: float) -> dict[str, Any]:
    picked = {name: random.choice(values) for name, values in choices.items() if random.random() < share}
    return {name: value for name, value in picked.items() if value is not OMITTED}


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_the_server_says_the_same_as_the_browser(form_page: Page, seed: int) -> None:
    """Given random variables and random input, the browser and the server find the same fields, values and complaints."""
    random = Random(seed)
    contents = [{"before": pick(random, CHOICES | ONLY_BEFORE, 0.4), "after": pick(random, CHOICES, 0.7)} for _ in range(100)]
    answers = form_page.evaluate(IN_BROWSER, [RULES, contents])
    env = Environment(now=datetime(2026, 3, 5, 2, 0, tzinfo=UTC))
    for content, answer in zip(contents, answers, strict=True):
        twins = Twins(RULES, content["before"], initial_values(RULES, content["before"]))
        filled = read_filled(RULES, answer["values"], content["before"], twins, env)
        try:
            submit(RULES, answer["values"], content["before"], env)
            complaints: dict[str, str] = {}
        except FormRejected as rejected:
            complaints = {path: problem.en for path, problem in rejected.fields.items()}
        assert {path_text(field.path) for field in filled.fields} >= set(answer["errors"]), content
        assert (complaints, filled.values) == (answer["errors"], answer["values"]), content


def test_the_form_of_this_test_may_be_deployed() -> None:
    """The form above uses only what deployment allows; two of its conditions hide on null on purpose and are warned about."""
    assert {(problem.code, problem.severity, problem.element_id) for problem in check_schema(RULES, "rules.form")} == {
        ("form-hide-null", "warning", "h1"),
        ("form-hide-null", "warning", "h3"),
    }

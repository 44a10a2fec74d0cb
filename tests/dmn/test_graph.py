"""Decision requirements graphs, boxed expressions and item definitions."""

from typing import Any

import pytest

from engine.dmn import namespace_of, read_dmn
from engine.feel import to_json
from tests.dmn.models import NAMESPACE, decided, decision, definitions, input_data, literal, read, table
from tests.feel.evaluating import environment

CONTEXT = (
    f'<context><contextEntry><variable name="a"/>{literal("1")}</contextEntry><contextEntry><variable name="b"/>{literal("a + 1")}</contextEntry>'
    "{result}</context>"
)
FUNCTION = (
    '<businessKnowledgeModel id="fee" name="fee"><variable name="fee"/><encapsulatedLogic><formalParameter name="km" typeRef="number"/>'
    f"{literal('if km <= 0 then 0 else 2 + fee(km - 1)')}</encapsulatedLogic></businessKnowledgeModel>"
)
INVOCATION = f'<invocation>{literal("fee")}<binding><parameter name="km"/>{literal("n")}</binding></invocation>'


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (CONTEXT.format(result=""), {"a": 1, "b": 2}),
        (CONTEXT.format(result=f"<contextEntry>{literal('a + b')}</contextEntry>"), 3),
        (f"<list>{literal('1')}{literal('n')}</list>", [1, 4]),
        (f'<relation><column name="x"/><column name="y"/><row>{literal("1")}{literal("n")}</row></relation>', [{"x": 1, "y": 4}]),
        (f"<conditional><if>{literal('n > 3')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>", 1),
        (f"<conditional><if>{literal('null')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>", 2),
        (f"<filter><in>{literal('[1, 5, 9]')}</in><match>{literal('item > n')}</match></filter>", [5, 9]),
        (f'<for iteratorVariable="x"><in>{literal("[1, 2]")}</in><return>{literal("x * n")}</return></for>', [4, 8]),
        (f'<for iteratorVariable="x"><in>{literal("1..3")}</in><return>{literal("count(partial)")}</return></for>', None),
        (f'<every iteratorVariable="x"><in>{literal("[1, 2]")}</in><satisfies>{literal("x < n")}</satisfies></every>', True),
        (f'<some iteratorVariable="x"><in>{literal("[1, 2]")}</in><satisfies>{literal("x > n")}</satisfies></some>', False),
        (INVOCATION, 8),
        (literal("fee(n) + fee(km: 1)"), 10),
        (literal('fee("x")'), None),
    ],
)
def test_boxed_expressions(logic: str, expected: Any) -> None:
    """Given a decision written as a boxed expression, when it is decided, then its value is the standard's."""
    model = input_data("n", "number") + FUNCTION + decision("d", logic, "input:n knowledge:fee")
    got = read_dmn(definitions(model)).decide("d", {"n": 4}, environment()).value

    assert to_json(got) == expected


def test_a_decision_uses_the_decisions_it_requires() -> None:
    """Given a decision that requires another, when it is decided, then both are traced and only required names are seen."""
    model = read(
        input_data("距离", "number")
        + decision("区域", table(["距离"], ["zone"], [["<= 80", '"近"'], ["> 80", '"远"']]), "input:距离")
        + decision("费用", literal('if 区域 = "远" then 100 else 0'), "decision:区域")
        + decision("盲", literal("距离"))
    )
    result = model.decide("费用", {"距离": 81}, environment())

    assert result.json_value == 100
    assert [(step.decision_name, step.value, step.matched_rules[0]["index"]) for step in result.trace] == [("区域", "远", 2)]
    assert model.decide("盲", {"距离": 81}, environment()).value is None


def test_process_variables_are_seen_by_tables_without_inputs_in_the_graph() -> None:
    """Given a table as dmn-js draws it, without input data, when it is decided, then it sees the caller's variables."""
    assert decided(decision("t", table(["order.km"], ["fee"], [["> 1", "order.km * rate"]])), "t", {"order": {"km": 3}, "rate": 2}) == 6


def test_a_circle_of_requirements_ends() -> None:
    """Given two decisions that require each other, when one is decided, then the result is null with a reason and not an endless loop."""
    env = environment()
    circle = decision("a", literal("b"), "decision:b") + decision("b", literal("a"), "decision:a")

    assert decided(circle, "a", env=env) is None
    assert any("间接地需要它自己" in warning.zh for warning in env.warnings)


SERVICE = (
    input_data("n", "number")
    + decision("base", literal("n * 2"), "input:n")
    + decision("total", literal("base + 1"), "decision:base")
    + '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#total"/><encapsulatedDecision href="#base"/><inputData href="#n"/></decisionService>'
    + '<decisionService id="half" name="half"><variable name="half"/><outputDecision href="#total"/><inputDecision href="#base"/></decisionService>'
    + decision("user", literal("s(5) + half(base: 100)"), "knowledge:s knowledge:half")
)


def test_decision_services_are_functions() -> None:
    """Given services, when they are called from outside or from an expression, then input decisions are taken as given."""
    assert decided(SERVICE, "s", {"n": 5}) == 11
    assert decided(SERVICE, "half", {"base": 10}) == 11
    assert decided(SERVICE, "user") == 11 + 101


TYPES = """
<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"VIP", "普通"</text></allowedValues></itemDefinition>
<itemDefinition name="tCustomer"><itemComponent name="grade"><typeRef>tGrade</typeRef></itemComponent><itemComponent name="age"><typeRef>number</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tGrades" isCollection="true"><typeRef>tGrade</typeRef></itemDefinition>
<itemDefinition name="tPair" isCollection="true"><typeRef>number</typeRef><typeConstraint><text>count(?) = 2</text></typeConstraint></itemDefinition>
"""


@pytest.mark.parametrize(
    ("type_name", "given", "kept"),
    [
        ("tGrade", "VIP", True), ("tGrade", "gold", False), ("tGrade", 1, False), ("tGrade", None, True), ("tGrade", ["VIP"], True),
        ("tCustomer", {"grade": "VIP", "age": 3}, True), ("tCustomer", {"grade": "gold", "age": 3}, False), ("tCustomer", {"grade": "VIP"}, False),
        ("tGrades", ["VIP", "普通"], True), ("tGrades", ["gold"], False), ("tGrades", "VIP", True), ("tPair", [1, 2], True), ("tPair", [1], False),
        ("number", 1, True), ("number", "1", False), ("integer", 3, True), ("feel:string", "x", True), ("list&lt;number&gt;", [1, "a"], False),
        ("date", "2026-01-01", True), ("date", "soon", False), ("date and time", "2026-01-01T09:30", True),
    ],
)  # fmt: skip
def test_inputs_are_checked_against_their_type(type_name: str, given: Any, kept: bool) -> None:
    """Given an input with a declared type, when a value does not belong to it, then the decision sees null and a warning tells."""
    env = environment()
    model = TYPES + input_data("x", type_name) + decision("d", literal("x = null"), "input:x")

    assert decided(model, "d", {"x": given}, env) is (given is None or not kept)
    assert bool(env.warnings) is not kept


def test_a_text_is_read_as_the_date_that_the_input_declares() -> None:
    """Given JSON, which has no dates, when an input declares one, then the text becomes a date; the standard itself knows no such reading."""
    model = input_data("day", "date") + decision("d", literal("day.weekday"), "input:day")

    assert decided(model, "d", {"day": "2026-11-20"}) == 5
    assert decided(model, "d", {"day": "2026-11-20"}, environment(standard=True)) is None


def test_results_are_checked_against_their_type() -> None:
    """Given a decision with a declared type, when its value is another, then the result is null; one element stands for a list of one."""
    assert decided(decision("d", literal('"a"'), type_name="number"), "d") is None
    assert decided(decision("d", literal("[5]"), type_name="number"), "d") == 5
    assert decided(decision("d", literal("5"), type_name="list<number>"), "d") == [5]


def test_models_import_each_other() -> None:
    """Given a library with a function, a type and an input, when another model imports it, then it uses them under the import's name."""
    library = definitions(TYPES + FUNCTION + input_data("km", "number") + decision("double", literal("km * 2"), "input:km"), name="library")
    namespace = namespace_of(library)
    user = definitions(
        f'<import name="lib" namespace="{namespace}" importType="{NAMESPACE}"/>'
        + input_data("grade", "lib.tGrade")
        + '<decision id="d" name="d"><informationRequirement><requiredDecision href="'
        + f'{namespace}#double"/></informationRequirement><knowledgeRequirement><requiredKnowledge href="{namespace}#fee"/></knowledgeRequirement>'
        + '<informationRequirement><requiredInput href="#grade"/></informationRequirement>'
        + literal("[lib.double, lib.fee(2), grade]")
        + "</decision>"
    )
    model = read_dmn(user, {namespace: library})

    assert not model.problems
    assert model.decide("d", {"km": 4, "grade": "gold"}, environment()).json_value == [8, 4, None]
    assert [problem.code for problem in read_dmn(user).problems] == ["dmn-import"]


def test_an_external_function_is_never_run() -> None:
    """Given a function that names a Java class, when it is called, then the result is null and nothing is loaded."""
    java = '<functionDefinition kind="Java"><formalParameter name="x"/></functionDefinition>'
    model = read_dmn(
        definitions(
            decision(
                "d",
                f'<context><contextEntry><variable name="f"/>{java}</contextEntry><contextEntry>{literal("f(1)")}</contextEntry></context>',
            )
        )
    )

    assert model.decide("d", {}, environment()).value is None


def test_every_version_of_the_standard_is_read() -> None:
    """Given the same model in the namespaces of DMN 1.1 to 1.5, when it is read, then it decides the same."""
    for namespace in (
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        NAMESPACE,
    ):
        content = definitions(decision("d", literal("1 + 1"))).replace(NAMESPACE.encode(), namespace.encode())
        assert read_dmn(content).decide("d", {}, environment()).json_value == 2

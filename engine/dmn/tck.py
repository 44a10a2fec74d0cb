"""Runs the cases of the public DMN Technology Compatibility Kit and counts."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from lxml import etree

from engine.dmn.model import Model
from engine.dmn.reader import namespace_of, read_dmn
from engine.dmn.tck_values import read_value, same, shown
from engine.errors import OpsbookError
from engine.feel import Environment
from engine.xml import read_xml

TCK = "{http://www.omg.org/spec/DMN/20160719/testcase}"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class CaseResult:
    """One case; `expected` and `got` are those of its first result that is wrong."""

    file: str
    case: str
    node: str
    passed: bool
    expected: str
    got: str


def run(path: Path, *, verbose: bool, json_file: Path | None, echo: Callable[[str], None]) -> bool:
    """Run every `*-test-*.xml` under a folder.

    Args:
        path: the kit, or a part of it.
        verbose: whether each failure is told.
        json_file: where the results are written as JSON.
        echo: tells a line to the person.

    Returns:
        Whether all passed.
    """
    results = [result for file in sorted(path.rglob("*-test-*.xml")) for result in run_file(file)]
    failures = [result for result in results if not result.passed]
    for failure in failures if verbose else ():
        echo(f"{failure.file} {failure.case} {failure.node}: expected {failure.expected}, got {failure.got}")
    if json_file is not None:
        json_file.write_text(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1), encoding="utf-8")
    echo(f"{len(results) - len(failures)} passed, {len(failures)} failed")
    return not failures


def run_file(file: Path) -> Iterator[CaseResult]:
    """The results of one test file."""
    root = read_xml(file.read_bytes())
    name = (root.findtext(f"{TCK}modelName") or "").strip()
    try:
        model: Model | OpsbookError = _model(file.parent / name)
    except OpsbookError as error:
        model = error
    for case in root.iter(f"{TCK}testCase"):
        results = [_run_node(file, case, node, model) for node in case.iter(f"{TCK}resultNode")]
        yield next((result for result in results if not result.passed), results[0])


def _model(path: Path) -> Model:
    others = {namespace_of(other.read_bytes()): other.read_bytes() for other in sorted(path.parent.glob("*.dmn")) if other != path}
    return read_dmn(path.read_bytes(), others, path.name)


def _run_node(file: Path, case: etree._Element, node: etree._Element, model: Model | OpsbookError) -> CaseResult:
    name = node.get("name") or ""
    expected_element = node.find(f"{TCK}expected")
    expected = None if expected_element is None else read_value(expected_element)
    place = (file.name, case.get("id") or "", name)
    if isinstance(model, OpsbookError):
        return CaseResult(*place, passed=False, expected=shown(expected), got=f"the model is refused: {model.en}")
    key = (case.get("invocableName") or name) if case.get("type") in ("decisionService", "bkm") else name
    env = Environment(now=_NOW, time_zone="UTC", standard=True)
    try:
        got = _invoke(model, key, case, env, name)
    except OpsbookError as error:
        return CaseResult(*place, passed=expected is None, expected=shown(expected), got=f"{type(error).__name__}: {error.en}")
    notes = "" if not env.warnings else f" ({env.warnings[-1].en})"
    return CaseResult(*place, passed=same(got, expected), expected=shown(expected), got=shown(got) + notes)


def _invoke(model: Model, key: str, case: etree._Element, env: Environment, output: str) -> Any:
    context: dict[str, Any] = {}
    for item in case.findall(f"{TCK}inputNode"):
        name, namespace = item.get("name") or "", item.get("namespace")
        context[f"{namespace}#{name}" if namespace else name] = read_value(item)
    value = model.decide(key, context, env, strict=False).value
    several = isinstance(value, dict) and key != output and output in value
    return value[output] if several else value


@click.command("tck")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--verbose", is_flag=True, help="Tell each failure: expected and got.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the results to a file.")
def tck_command(path: Path, verbose: bool, json_file: Path | None) -> None:
    """Run the DMN test cases under PATH; exit code 1 when any fails."""
    if not run(path, verbose=verbose, json_file=json_file, echo=click.echo):
        raise click.exceptions.Exit(1)

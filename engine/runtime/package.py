"""The files of a deployment, read from a folder or from bytes; what cannot be read becomes a problem."""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import orjson
import yaml

from engine.diagrams.model import Process
from engine.diagrams.reader import Diagram, read_diagram
from engine.dmn import Model, read_dmn
from engine.errors import InvalidInput, OpsbookError, Problem
from engine.forms.components import are_components
from engine.manuals.catalogue import CLAUSES, MANUALS, read_catalogue
from engine.manuals.parameters import PARAMETERS, read_parameters

Files = dict[str, bytes]
_SUFFIXES = frozenset((".bpmn", ".dmn", ".form", ".yaml"))
ENGLISH = "en.yaml"
_DIAGRAMS, _BPMN = (".bpmn", ".bpmn20.xml"), b"http://www.omg.org/spec/BPMN/"
_DECISIONS, _DMN = (".dmn", ".dmn11.xml"), b"https://www.omg.org/spec/DMN/"


@dataclass
class Package:
    """The files of a deployment, read."""

    files: Files
    diagrams: dict[str, Diagram] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    english: dict[str, dict[str, str]] = field(default_factory=dict)  #: folder to catalogue
    problems: list[Problem] = field(default_factory=list)

    @property
    def processes(self) -> list[Process]:
        """Every process of every diagram."""
        return [process for diagram in self.diagrams.values() for process in diagram.processes]

    def with_changes(self, changed: "Package", gone: Collection[str] = ()) -> "Package":
        """This package with files of another in place of its own of the same names, and without some."""
        left = self.files.keys() - changed.files.keys() - set(gone)
        return Package(
            files={name: self.files[name] for name in self.files if name in left} | changed.files,
            diagrams={name: item for name, item in self.diagrams.items() if name in left} | changed.diagrams,
            models={name: item for name, item in self.models.items() if name in left} | changed.models,
            forms={name: item for name, item in self.forms.items() if name in left} | changed.forms,
            english=self.english | changed.english,
            problems=[problem for problem in self.problems if problem.resource in left] + changed.problems,
        )

    def english_of(self, resource: str) -> dict[str, str]:
        """The English labels for a file: those of its folder over the shared ones."""
        shared = next((words for folder, words in self.english.items() if PurePosixPath(folder).name == "shared"), {})
        return shared | self.english.get(str(PurePosixPath(resource).parent), {})


def read_directory(path: Path) -> Files:
    """The files of a folder that a deployment takes, by their relative names.

    Raises:
        InvalidInput: no such folder, or nothing in it.
    """
    files = {
        item.relative_to(path).as_posix(): item.read_bytes()
        for item in sorted(path.rglob("*"))
        if item.is_file() and item.suffix in _SUFFIXES and "scenarios" not in item.parts
    }
    if not files:
        raise InvalidInput(f"“{path}”里没有可部署的文件。", f"There is nothing to deploy in “{path}”.", path=str(path))
    return files


def read_package(files: Files) -> Package:
    """Read the files by their suffixes; what has another one is kept and not read."""
    package = Package(files)
    for name, content in files.items():
        try:
            if name.endswith(_DIAGRAMS) or _says(name, content, _BPMN):
                package.diagrams[name] = read_diagram(content)
            elif name.endswith(_DECISIONS) or _says(name, content, _DMN):
                package.models[name] = read_dmn(content)
            elif name.endswith(".form"):
                package.forms[name] = _read_form(content)
            elif PurePosixPath(name).name == ENGLISH:
                package.english[str(PurePosixPath(name).parent)] = yaml.safe_load(content) or {}
            elif name == PARAMETERS:
                read_parameters(content)
            elif name == CLAUSES:
                read_catalogue(content)
            elif name == MANUALS:
                read_catalogue(b"", content)
        except OpsbookError as error:
            package.problems.append(Problem("unreadable", error.zh, error.en, name, line=_line(error)))
        except yaml.YAMLError as error:
            package.problems.append(Problem("unreadable", f"不是有效的 YAML：{error}", f"Not valid YAML: {error}", name))
    return package


def _says(name: str, content: bytes, namespace: bytes) -> bool:
    """Whether a file without a suffix (some clients send none) is of a language, by the namespace at its beginning."""
    return "." not in PurePosixPath(name).name and namespace in content[:4096]


def _line(error: OpsbookError) -> int:
    line = error.details.get("line", 0)
    return line if isinstance(line, int) else 0


def _read_form(content: bytes) -> dict[str, Any]:
    try:
        schema = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(
            f"第 {error.lineno} 行：表单不是有效的 JSON（{error.msg}）。",
            f"Line {error.lineno}: the form is not valid JSON ({error.msg}).",
            line=error.lineno,
        ) from None
    if not isinstance(schema, dict) or not are_components(schema.get("components")) or not schema.get("id"):
        raise InvalidInput("表单要有 id 和 components（一列组件）。", "A form has an id and components, a list of objects.")
    return schema

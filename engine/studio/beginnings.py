"""New files: from a pattern, or from a file that somebody brings. Both begin as drafts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from engine.errors import Conflict, InvalidInput
from engine.runtime.engine import Engine
from engine.runtime.folder import SAFE_NAME
from engine.runtime.package import Package, read_package
from engine.studio.drafts import find_draft, save_draft
from engine.studio.labels import Words
from engine.studio.live import KINDS, Kind, live_files

_PATTERNS = Path(__file__).parent / "patterns"
#: Stands in names and contents of the patterns' files where the new id goes.
_PLACE = "PATTERN"
_ID = re.compile(r"[a-z][a-z0-9_]{1,59}")
_LONGEST_NAME = 100
#: Folder of forms and decision tables that belong to no process.
SHARED = "shared"


@dataclass(frozen=True)
class Pattern:
    """What a new file may begin as."""

    name: str
    kind: Kind
    title: Words
    about: Words


@lru_cache(maxsize=1)
def patterns() -> tuple[Pattern, ...]:
    """Every pattern, the blank one of each kind first."""
    described: list[dict[str, Any]] = yaml.safe_load((_PATTERNS / "patterns.yaml").read_bytes())
    return tuple(
        Pattern(item["name"], item["kind"], {"zh": item["zh"], "en": item["en"]}, {"zh": item["about_zh"], "en": item["about_en"]})
        for item in described
    )


def files_of(pattern: Pattern, new_id: str, *, name: str = "", folder: str = "", locale: str = "zh") -> dict[str, bytes]:
    """The files of a pattern under a new id.

    Args:
        pattern: what they begin as.
        new_id: id of the process; of a form or decision table the part after its prefix.
        name: of the process or decision; default is the pattern's.
        folder: where they go; default is the process's own folder, or the shared one.
        locale: language of the labels, `zh` or anything else for English.
    """
    folder = folder or (new_id if pattern.kind == "bpmn" else SHARED)
    found = {}
    for path in sorted((_PATTERNS / pattern.name).iterdir()):
        text = path.read_text("utf-8")
        if not locale.startswith("zh"):
            for chinese, english in _english().items():
                text = text.replace(f'"{chinese}"', f'"{english}"')
        if name and path.stem in (_PLACE, f"dmn_{_PLACE}"):
            text = _renamed(text, name)
        found[f"{folder}/{path.name.replace(_PLACE, new_id)}"] = text.replace(_PLACE, new_id).encode()
    return found


def begin(engine: Engine, pattern_name: str, new_id: str, *, name: str, folder: str, locale: str, actor: str) -> tuple[Kind, str]:
    """Begin drafts of a pattern's files; returns kind and name of the one to open first.

    Raises:
        InvalidInput: no such pattern, or the id or the name is none.
        Conflict: there is something of this id already.
    """
    pattern = next((item for item in patterns() if item.name == pattern_name), None)
    if pattern is None:
        raise InvalidInput("请选择一个模板。", "Choose a template.")
    if not _ID.fullmatch(new_id):
        raise InvalidInput(
            "标识用小写英文字母开头，只含小写字母、数字和下划线，2 到 60 个字符。",
            "An id begins with a lower-case letter and has lower-case letters, digits and underscores, 2 to 60 of them.",
        )
    if len(name) > _LONGEST_NAME:
        raise InvalidInput("名称太长。", "The name is too long.")
    files = files_of(pattern, new_id, name=name, folder=folder, locale=locale)
    with engine.database.session() as session:
        _require_new(session, files, actor)
    for key, content in files.items():
        save_draft(engine, kind_of(key), key, content, actor=actor, seen=0, source="created")
    first = next(key for key in sorted(files, key=len) if kind_of(key) == pattern.kind)
    return pattern.kind, first


def place_of(session: Session, file_name: str, content: bytes) -> tuple[Kind, str]:
    """Kind and name that a file has here: of the live file that holds the same process, decision or form, otherwise a new name.

    Raises:
        InvalidInput: it is no readable diagram, decision table or form; the message says why.
    """
    suffix = Path(file_name).suffix.lower().removeprefix(".")
    kind: Kind | None = next((item for item in KINDS if item == suffix), None)
    if kind is None:
        raise InvalidInput(
            f"“{file_name}”不是 .bpmn、.dmn 或 .form 文件。", f"“{file_name}” is no .bpmn, .dmn or .form file.", name=file_name
        )
    package = read_package({f"file.{kind}": content})
    if package.problems:
        problem = package.problems[0]
        raise InvalidInput(f"“{file_name}”读不出来：{problem.zh}", f"“{file_name}” cannot be read: {problem.en}", name=file_name)
    defined = _defined(package)
    if not defined:
        raise InvalidInput(
            f"“{file_name}”里没有可执行的流程或决策。", f"“{file_name}” has no executable process or decision in it.", name=file_name
        )
    for key, live in live_files(session).items():
        if live.kind == kind and set(live.definitions) & set(defined):
            return kind, key
    key = f"{defined[0] if kind == 'bpmn' else SHARED}/{defined[0]}.{kind}"
    if not SAFE_NAME.fullmatch(key):
        raise InvalidInput(f"标识“{defined[0]}”不能用作文件名。", f"The id “{defined[0]}” cannot be a file name.", id=defined[0])
    return kind, key


def bring_in(engine: Engine, kind: Kind, key: str, content: bytes, *, actor: str) -> None:
    """Make a file that somebody brings the newest state of their draft."""
    with engine.database.session() as session:
        draft, live = find_draft(session, key, actor), live_files(session).get(key)
    seen = draft.revision if draft is not None else 0
    base = live.resource_id if live is not None else None
    save_draft(engine, kind, key, content, actor=actor, seen=seen, base_resource_id=base, source="imported")


def kind_of(key: str) -> Kind:
    """The kind of a file by its name."""
    return next((kind for kind in KINDS if key.endswith(f".{kind}")), "form")


def _defined(package: Package) -> list[str]:
    """Keys of what a file defines."""
    found = [process.id for process in package.processes]
    found += [key for model in package.models.values() for key, _ in model.decisions]
    return found + [str(schema["id"]) for schema in package.forms.values()]


def _require_new(session: Session, files: Mapping[str, bytes], actor: str) -> None:
    live, package = live_files(session), read_package(dict(files))
    taken = {definition for file in live.values() for definition in file.definitions}
    for key in files:
        if key in live or find_draft(session, key, actor) is not None:
            raise Conflict(f"已经有文件“{key}”，请换一个标识。", f"There is a file “{key}” already; choose another id.", key=key)
    for definition in _defined(package):
        if definition in taken:
            raise Conflict(f"标识“{definition}”已被占用。", f"The id “{definition}” is taken.", id=definition)


def _renamed(text: str, name: str) -> str:
    """The process or the decision under another name."""
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    pattern = re.compile(rf'(<(?:bpmn:process|decision) id="(?:dmn_)?{_PLACE}" name=)"[^"]*"')
    return pattern.sub(lambda found: f'{found.group(1)}"{escaped}"', text)


@lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load((_PATTERNS / "en.yaml").read_bytes())
    return found

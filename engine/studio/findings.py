"""Everything `opsbook check` knows, said of one file as it stands on the screen, together with what is live and the person's other drafts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from engine.diagrams.layout import check_layout
from engine.errors import Conflict, Problem
from engine.runtime.deployment_checks import check_package
from engine.runtime.deployment_knowledge import known_to
from engine.runtime.engine import Engine
from engine.runtime.manuals import check_figures
from engine.runtime.package import Package
from engine.studio.fixes import Around, Fix, fix_for
from engine.studio.labels import Words
from engine.studio.together import live_package, with_drafts

#: The end of the first sentence, in Chinese and in English.
_SENTENCE = {"zh": re.compile(r"(?<=[。；])"), "en": re.compile(r"(?<=[.;])\s")}
_GRAVITY = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Finding:
    """One finding as it is shown at an element."""

    element_id: str | None
    field_path: str | None
    severity: str
    code: str
    message: Words
    advice: Words
    fix: Fix | None = None


def find(engine: Engine, session: Session, key: str, content: bytes, drafts: Mapping[str, bytes]) -> list[Finding]:
    """What is wrong with a file, the grave first.

    Args:
        engine: whose handlers there are.
        session: to read what is live.
        key: name of the file.
        content: as it stands on the screen, saved or not.
        drafts: the person's other drafts, which take the place of what is live.
    """
    live = live_package(engine, session)
    package = with_drafts(live, {**drafts, key: content})
    problems = problems_of(engine, session, package, [key])
    problems.sort(key=gravity)
    around = Around(key, package, live, known_to(engine, session, package))
    return [replace(shown(problem, package), fix=fix_for(problem, around)) for problem in problems]


def mend(engine: Engine, session: Session, key: str, content: bytes, drafts: Mapping[str, bytes], fix_id: str) -> bytes:
    """The content with one finding mended; arguments as for `find`.

    Raises:
        Conflict: the finding is not there any more, or cannot be mended so.
    """
    for finding in find(engine, session, key, content, drafts):
        if finding.fix is not None and finding.fix.id == fix_id:
            return finding.fix.mend(content)
    raise Conflict("内容已经改过，这个修正用不上了。", "The content has changed; this does not apply any more.", fix=fix_id)


def gravity(problem: Problem) -> tuple[int, int]:
    """Sorts problems: the grave first, then as they stand in the file."""
    return _GRAVITY.get(problem.severity, 0), problem.line


def problems_of(engine: Engine, session: Session, package: Package, keys: list[str]) -> list[Problem]:
    """All problems of some files of a package."""
    problems = check_package(engine, session, package, only=keys)
    problems += [problem for problem in check_figures(package, session) if problem.resource in keys]
    for key in keys:
        if key in package.diagrams:
            problems += check_layout(package.diagrams[key], key)
    return problems


def shown(problem: Problem, package: Package) -> Finding:
    """A problem as it is shown: what is wrong apart from what to do about it, and where."""
    texts = {"zh": _parts(problem.zh, "zh"), "en": _parts(problem.en, "en")}
    form = package.forms.get(problem.resource)
    return Finding(
        element_id=problem.element_id or None,
        field_path=_path_of(form, problem.element_id) if form is not None else None,
        severity=problem.severity,
        code=problem.code,
        message={language: first for language, (first, _) in texts.items()},
        advice={language: rest for language, (_, rest) in texts.items()},
    )


def _parts(text: str, language: str) -> tuple[str, str]:
    """What is wrong, and the rest: what to do."""
    first, *rest = _SENTENCE[language].split(text, maxsplit=1)
    return first.strip(), rest[0].strip() if rest else ""


def _path_of(component: Mapping[str, Any], identity: str, prefix: str = "") -> str | None:
    """Where a form's component is: keys and paths, joined by dots."""
    for child in component.get("components", ()):
        name = str(child.get("path") or child.get("key") or "")
        path = ".".join(part for part in (prefix, name) if part)
        if identity and identity in (child.get("id"), child.get("key")):
            return path or None
        found = _path_of(child, identity, path if child.get("path") else prefix)
        if found is not None:
            return found
    return None

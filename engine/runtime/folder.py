"""Writing what is published to the processes folder, so that files and database do not drift apart."""

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from engine.errors import InvalidInput
from engine.runtime.package import Files

#: A file name that is safe to write: folders and a file of one of the kinds, without anything that leads out of the folder.
SAFE_NAME = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*\.(?:bpmn|dmn|form)")
_SCENARIO = re.compile(r"[\w-][\w.-]*/scenarios/[\w-]+\.yaml")


def write_files(folder: Path, files: Files) -> None:
    """Write diagrams, decision tables and forms whose names are safe; what cannot be written stays as it is (see `write_file`)."""
    for name, content in files.items():
        write_file(folder, name, content)


def write_file(folder: Path, name: str, content: bytes) -> bool:
    """Write one file, at once or not at all; whether it stands in the folder now.

    A folder that cannot be written, or a name that leads elsewhere, is no error: the database holds what is live.
    """
    return bool(SAFE_NAME.fullmatch(name)) and _write(folder, name, content)


def write_scenario(folder: Path, name: str, content: bytes) -> bool:
    """Write a scenario, at once or not at all; whether it stands in the folder now."""
    return bool(_SCENARIO.fullmatch(name)) and _write(folder, name, content)


def lay_out(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files of every kind into a folder of one's own.

    Raises:
        InvalidInput: a name leads out of the folder; nothing is written.
    """
    require_inside(files)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def require_inside(names: Iterable[str]) -> None:
    """Let only names pass that stay in the folder they are written to; those of deployments may be anything.

    Raises:
        InvalidInput: one leads out of it.
    """
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise InvalidInput(f"文件名“{name}”不能用。", f"The file name “{name}” cannot be used.", name=name)


def _write(folder: Path, name: str, content: bytes) -> bool:
    path = folder / name
    if not folder.is_dir():
        return False
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        return False
    return True

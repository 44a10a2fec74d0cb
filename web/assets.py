"""The built front end: tags from Vite's manifest, and precompressed files."""

import json
import mimetypes
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, send_from_directory
from markupsafe import Markup

_STATIC = Path(__file__).parent / "static"
_DIST = _STATIC / "dist"
_FOR_EVER = "public, max-age=31536000, immutable"
_TWINS = ((".br", "br"), (".gz", "gzip"))


def register(app: Flask) -> None:
    """Serve `/static/dist/…` and give the templates `front_end_tags()`, `page_styles()` and `versioned()`."""
    app.jinja_env.globals["front_end_tags"] = front_end_tags
    app.jinja_env.globals["page_styles"] = page_styles
    app.jinja_env.globals["versioned"] = versioned
    app.add_url_rule("/static/dist/<path:name>", "dist", _serve)
    app.after_request(_keep_versioned)


def front_end_tags() -> Markup:
    """The tags of the page head: the theme before paint, then styles, then the modules; nothing when it was not built."""
    path = _DIST / "manifest.json"
    if not path.is_file():
        return Markup("")
    manifest = _manifest(path, path.stat().st_mtime_ns)
    styles, chunks = _static_imports(manifest, "src/main.js")
    tags = [Markup('<script src="/static/dist/{}"></script>').format(manifest["src/theme.js"]["file"])]
    tags += [Markup('<link rel="stylesheet" href="/static/dist/{}">').format(name) for name in styles]
    tags += [Markup('<link rel="modulepreload" href="/static/dist/{}">').format(name) for name in chunks]
    tags.append(Markup('<script type="module" src="/static/dist/{}"></script>').format(manifest["src/main.js"]["file"]))
    return Markup("\n").join(tags)


def page_styles() -> list[str]:
    """The own style sheets, for `versioned()`: what all pages share, then one sheet for each area."""
    return ["pages.css", *sorted(f"pages/{path.name}" for path in (_STATIC / "pages").glob("*.css"))]


def versioned(name: str) -> str:
    """Address of an own static file, with its content's hash so that a new version is fetched at once."""
    path = _STATIC / name
    return f"/static/{name}?v={_digest(path, path.stat().st_mtime_ns)}"


@lru_cache(maxsize=4)
def _manifest(path: Path, _changed: int) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


@lru_cache(maxsize=32)
def _digest(path: Path, _changed: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def _static_imports(manifest: dict[str, Any], entry: str) -> tuple[list[str], list[str]]:
    styles: list[str] = []
    chunks: list[str] = []
    seen: set[str] = set()

    def walk(key: str) -> None:
        if key in seen:
            return
        seen.add(key)
        for imported in manifest[key].get("imports", ()):
            walk(imported)
        styles.extend(name for name in manifest[key].get("css", ()) if name not in styles)
        if key != entry:
            chunks.append(manifest[key]["file"])

    walk(entry)
    return styles, chunks


def _keep_versioned(response: Response) -> Response:
    """An address that names the content's hash never changes its content."""
    if request.endpoint == "static" and "v" in request.args:
        response.headers["Cache-Control"] = _FOR_EVER
    return response


def _serve(name: str) -> Response:
    response = _serve_twin(name) or send_from_directory(_DIST, name)
    if name.startswith("assets/"):
        response.headers["Cache-Control"] = _FOR_EVER
    return response


def _serve_twin(name: str) -> Response | None:
    """The brotli or gzip file beside the asset, when there is one and the client takes it."""
    for suffix, encoding in _TWINS:
        if request.accept_encodings[encoding] and (_DIST / (name + suffix)).is_file():
            media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
            response = send_from_directory(_DIST, name + suffix, mimetype=media_type)
            response.headers["Content-Encoding"] = encoding
            response.headers["Vary"] = "Accept-Encoding"
            return response
    return None

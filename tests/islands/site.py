"""A small site to try the islands without the application: sample pages, and answers as the contract says.

Run it to look at the islands: `python -m tests.islands.site 8091`.
"""

import json
import sys
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import default
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.islands import samples, studio

DIST = Path(__file__).resolve().parents[2] / "web" / "static" / "dist"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'"
)
_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


class State:
    """What the site was asked, and how it is told to answer."""

    def __init__(self) -> None:
        self.submits: list[dict[str, Any]] = []
        self.drafts: list[dict[str, Any]] = []
        self.uploads: dict[str, tuple[str, str, bytes]] = {}
        self.answers: list[tuple[int, dict[str, Any]]] = []  #: taken by the next submits, then 200
        self.live = "<p>1</p>"
        self.studio = studio.Studio()


def tags() -> str:
    """The tags that the application puts into the head."""
    manifest = json.loads((DIST / "manifest.json").read_text("utf-8"))
    main, theme = manifest["src/main.js"], manifest["src/theme.js"]
    styles = "".join(f'<link rel="stylesheet" href="/static/dist/{name}">' for name in main.get("css", ()))
    scripts = f'<script src="/static/dist/{theme["file"]}"></script>'
    return f'{scripts}{styles}<script type="module" src="/static/dist/{main["file"]}"></script>'


def page(body: str, language: str = "zh", theme: str = "light") -> str:
    """A page around islands."""
    lang = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html><html lang="{lang}" data-theme="{theme}"><head><meta charset="utf-8"><title>Islands</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><meta name="csrf-token" content="token">'
        f'{tags()}</head><body><div class="page-wrapper"><main class="page-body"><div class="container-xl">{body}</div></main></div></body></html>'
    )


def island(name: str, props: dict[str, Any], identity: str = "") -> str:
    """An island with its properties, as templates write it."""
    identity = identity or f"{name}-props"
    content = json.dumps(props, ensure_ascii=False).replace("<", "\\u003c")
    return f'<div data-island="{name}" data-props="{identity}"></div><script type="application/json" id="{identity}">{content}</script>'


class Handler(BaseHTTPRequestHandler):
    """Serves the sample pages and the built front end."""

    protocol_version = "HTTP/1.1"

    def __init__(self, state: State, *args: Any) -> None:
        self.state = state
        super().__init__(*args)

    def log_message(self, *_args: Any) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        """A page, an asset, or an uploaded file."""
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        language, theme = query.get("lang", "zh"), query.get("theme", "light")
        name = address.path.strip("/")
        if name.startswith("static/dist/"):
            path = DIST / name.removeprefix("static/dist/")
            self._send(200, path.read_bytes(), _TYPES.get(path.suffix, "application/octet-stream"))
        elif name.startswith("attachments/"):
            _file, media_type, upload = self.state.uploads[name.removeprefix("attachments/")]
            self._send(200, upload, media_type)
        elif name == "live":
            self._send(200, self.state.live.encode(), "text/html")
        elif name == "inbox":
            self._send(200, page("<h1>收件箱</h1>").encode(), "text/html; charset=utf-8")
        elif name.startswith("studio/edit/"):
            key = name.removeprefix("studio/edit/")
            props = studio.props(key, language, readonly="readonly" in query)
            body = island(studio.KINDS[Path(key).suffix], props)
            self._send(200, page(body, language, theme).encode(), "text/html; charset=utf-8")
        elif name.startswith("studio/"):
            content, media_type, tag = studio.answer(self.state.studio, name.removeprefix("studio/"))
            self._send(200, content.encode(), media_type, {"ETag": tag})
        elif name.startswith("processes/"):
            body = samples.shipped(name.removeprefix("processes/"), query.get("focus"))
            self._send(200, page(body, language, theme).encode(), "text/html; charset=utf-8")
        else:
            body = samples.PAGES.get(name, samples.task)(language)
            self._send(200, page(body, language, theme).encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        """A submit or an upload."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/attachments":
            self._json(201, self._keep_upload(content))
            return
        if self.path.startswith("/studio/check/"):
            fix = parse_qs(urlsplit(self.path).query).get("fix", [None])[0]
            self._json(200, self.state.studio.check(content.decode(), fix))
            return
        self.state.submits.append(
            {"data": json.loads(content)["data"], "key": self.headers["Idempotency-Key"], "csrf": self.headers["X-CSRFToken"]}
        )
        status, answer = (
            self.state.answers.pop(0) if self.state.answers else (200, {"redirect": "/inbox", "message": {"zh": "已完成。", "en": "Done."}})
        )
        self._json(status, answer)

    def do_PUT(self) -> None:
        """A draft."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/studio/content/"):
            key, revision = self.path.removeprefix("/studio/content/"), int(self.headers["If-Match"].strip('"'))
            self._json(*self.state.studio.save(key, content.decode(), revision))
            return
        self.state.drafts.append(json.loads(content)["data"])
        self._json(200, {})

    def _keep_upload(self, content: bytes) -> dict[str, str]:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = {
            part.get_param("name", header="content-disposition"): part
            for part in BytesParser(policy=default).parsebytes(head + content).iter_parts()
        }
        file = parts["file"]
        identity = f"att{len(self.state.uploads) + 1}"
        name, media_type = file.get_filename() or "", file.get_content_type()
        upload = file.get_payload(decode=True)
        assert isinstance(upload, bytes)
        self.state.uploads[identity] = (name, media_type, upload)
        return {"id": identity, "name": name, "url": f"/attachments/{identity}", "content_type": media_type}

    def _json(self, status: int, content: dict[str, Any]) -> None:
        self._send(status, json.dumps(content, ensure_ascii=False).encode(), "application/json")

    def _send(self, status: int, content: bytes, media_type: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(content)


def make_server(port: int, state: State) -> ThreadingHTTPServer:
    """The site on 127.0.0.1; port 0 takes a free one."""
    handler: Callable[..., BaseHTTPRequestHandler] = partial(Handler, state)
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


if __name__ == "__main__":
    make_server(int(sys.argv[1]) if len(sys.argv) > 1 else 8091, State()).serve_forever()

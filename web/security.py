"""What the browser is told, and what the server refuses, on every request."""

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.settings import Settings
from web.current import engine
from web.rest import tree

csrf = CSRFProtect()

#: No inline script, no eval, nothing from elsewhere.
CONTENT_SECURITY_POLICY = "; ".join(
    f"{directive} {sources}"
    for directive, sources in {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }.items()
)

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

#: Largest form or JSON body that is not a file, in bytes.
_MAX_FORM_BYTES = 1_000_000


def protect(app: Flask) -> None:
    """Switch on CSRF checks, size limits, host checks, cookie rules and the response headers."""
    settings = app.extensions["opsbook"].settings
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024 + _MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=_MAX_FORM_BYTES,
        MAX_FORM_PARTS=1000,
        SESSION_COOKIE_NAME="__Host-opsbook" if settings.https else "opsbook",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        WTF_CSRF_TIME_LIMIT=None,  # a form left open over lunch is still valid: the token ends with its session
        TRUSTED_HOSTS=_trusted_hosts(settings),
    )
    if settings.proxies:  # the limit on guessing counts per address: it must be the client's, not the proxy's
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(_refuse_large_bodies)  # before anything looks at the body
    csrf.init_app(app)
    app.after_request(_add_headers)


def _trusted_hosts(settings: Settings) -> list[str] | None:
    listed = [host.strip() for host in settings.trusted_hosts.split(",") if host.strip()]
    if not listed and settings.host in _LOOPBACK:
        return list(_LOOPBACK)  # a page elsewhere cannot reach us through a name of its own
    return listed or None


def _refuse_large_bodies() -> None:
    """Give bodies that are not files the small limit (Flask's own counts everything together)."""
    if request.mimetype == "application/json" and not tree.asked():  # variables of REST calls may hold files
        request.max_content_length = _MAX_FORM_BYTES


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if engine().settings.https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")  # pages name people and their cases
    return response

"""Which error becomes which answer: one table; a page, an htmx fragment, or JSON, by who asks. REST callers: `web.rest.errors`."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError
from werkzeug.wrappers import Response as BaseResponse

from engine.errors import (
    Conflict,
    DatabaseUnavailable,
    Forbidden,
    FormRejected,
    HandlerFailed,
    IntegrityViolated,
    InvalidInput,
    NotFound,
    OpsbookError,
    StepBudgetExceeded,
)
from web.current import engine
from web.language import locale
from web.rest import errors as rest_errors
from web.rest import tree

_log = logging.getLogger(__name__)

#: When a program should ask again after an outage of the database.
_RETRY_AFTER_S = 5

#: The most specific class wins.
STATUS: dict[type[OpsbookError], HTTPStatus] = {
    FormRejected: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvalidInput: HTTPStatus.BAD_REQUEST,
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    StepBudgetExceeded: HTTPStatus.INTERNAL_SERVER_ERROR,
    HandlerFailed: HTTPStatus.INTERNAL_SERVER_ERROR,
    DatabaseUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    IntegrityViolated: HTTPStatus.INTERNAL_SERVER_ERROR,
    OpsbookError: HTTPStatus.INTERNAL_SERVER_ERROR,
}


def register(app: Flask) -> None:
    """Answer every error of Opsbook, of HTTP and of nobody's in the reader's language."""
    app.register_error_handler(SecurityError, _foreign_host)
    answers: dict[type[Exception], Callable[[Any], BaseResponse]] = {
        OpsbookError: _opsbook_error,
        DatabaseUnavailable: _outage,
        CSRFError: _csrf_error,
        RequestEntityTooLarge: _too_large,
        HTTPException: _http_error,
        Exception: _unexpected_error,
    }
    for kind, answer in answers.items():
        app.register_error_handler(kind, _by_caller(answer))


def _by_caller(answer: Callable[[Any], BaseResponse]) -> Callable[[Exception], BaseResponse]:
    """Programs that speak Camunda's REST API get their errors in its form."""
    return lambda error: rest_errors.answer(error) if tree.asked() else answer(error)


def status_of(error: OpsbookError) -> HTTPStatus:
    """The HTTP status of an error's class or of its nearest base."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def wants_json() -> bool:
    """Whether the caller is a program (the form island, fetch) and not a browser that shows a page."""
    if request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" and request.accept_mimetypes[best] > request.accept_mimetypes["text/html"]


def sign_in_needed() -> BaseResponse:
    """The answer to somebody who is not signed in."""
    zh, en = "请先登录。", "Please sign in first."
    if wants_json():
        return _json(HTTPStatus.UNAUTHORIZED, "OPS-301", zh, en)
    target = url_for("auth.login", next=request.full_path.rstrip("?") if request.method == "GET" else None)
    if "HX-Request" in request.headers:
        response = make_response("", HTTPStatus.UNAUTHORIZED)
        response.headers["HX-Redirect"] = target
        return response
    return redirect(target)


def _opsbook_error(error: OpsbookError) -> BaseResponse:
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s: %s", error.code, error, exc_info=error)
    fields = error.details.get("fields") if isinstance(error, FormRejected) else None
    return _answer(status, error.code, error.zh, error.en, fields)


def _outage(error: DatabaseUnavailable) -> BaseResponse:
    """Without a word to the database: in both languages, since the reader's is kept there."""
    _log.error("%s: %s (%s)", error.code, error, error.details.get("cause"))
    status = status_of(error)
    if wants_json():
        response: BaseResponse = _json(status, error.code, error.zh, error.en)
    elif "HX-Request" in request.headers:
        response = make_response(_render_alone("error_fragment.html", text=f"{error.zh} {error.en}"), status)
    else:
        response = make_response(_render_alone("outage.html", zh=error.zh, en=error.en, code=error.code), status)
    response.headers["Retry-After"] = str(_RETRY_AFTER_S)
    return response


def _render_alone(template: str, **values: object) -> str:
    """Render without Flask's context processors, which load the person."""
    return current_app.jinja_env.get_template(template).render(values)


def _csrf_error(error: CSRFError) -> BaseResponse:
    _log.warning("CSRF check failed: %s", error.description)
    return _answer(
        HTTPStatus.BAD_REQUEST,
        "OPS-102",
        "页面的安全令牌已失效（可能重新登录过）。请刷新页面后再试，输入的内容可先复制保存。",
        "The page's security token is no longer valid (perhaps you signed in again). Copy your input, reload the page and try again.",
    )


def _too_large(_error: RequestEntityTooLarge) -> BaseResponse:
    limit = engine().settings.max_upload_mb
    return _answer(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "OPS-103",
        f"内容太大：文件最多 {limit} MB。",
        f"Too large: a file may have at most {limit} MB.",
    )


def _foreign_host(_error: SecurityError) -> BaseResponse:
    """Plain text: for a host that is not ours no address can be built, so no page either."""
    response = make_response("This server does not answer to that host name.\n", HTTPStatus.BAD_REQUEST)
    response.mimetype = "text/plain"
    return response


def _http_error(error: HTTPException) -> BaseResponse:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:  # a redirect, or an abort() that brings its own answer
        return error.get_response()
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    words = {
        HTTPStatus.BAD_REQUEST: ("请求不完整或格式不对。", "The request is incomplete or malformed."),
        HTTPStatus.NOT_FOUND: ("没有这个页面，或者您无权查看。", "There is no such page, or you may not see it."),
        HTTPStatus.METHOD_NOT_ALLOWED: ("这个地址不能这样使用。", "This address cannot be used that way."),
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("不支持这种内容格式。", "This content type is not supported."),
    }
    zh, en = words.get(status, ("请求无法处理。", "The request cannot be processed."))
    return _answer(status, f"HTTP-{status.value}", zh, en)


def _unexpected_error(error: Exception) -> BaseResponse:
    if current_app.testing:
        raise error
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _answer(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "OPS-000",
        "程序出错了，已记入日志。请稍后再试。",
        "Something went wrong; it has been logged. Please try again later.",
    )


def _answer(status: HTTPStatus, code: str, zh: str, en: str, fields: object = None) -> BaseResponse:
    if wants_json():
        return _json(status, code, zh, en, fields)
    text = zh if locale() == "zh" else en
    if "HX-Request" in request.headers:
        return make_response(render_template("error_fragment.html", text=text), status)
    title = {
        HTTPStatus.NOT_FOUND: gettext("找不到"),
        HTTPStatus.FORBIDDEN: gettext("没有权限"),
        HTTPStatus.CONFLICT: gettext("已被他人处理"),
        HTTPStatus.INTERNAL_SERVER_ERROR: gettext("出错了"),
    }.get(status, gettext("无法处理"))
    return make_response(render_template("error.html", title=title, text=text, code=code), status)


def _json(status: HTTPStatus, code: str, zh: str, en: str, fields: object = None) -> Response:
    body: dict[str, object] = {"code": code, "message": {"zh": zh, "en": en}}
    if fields is not None:
        body["fields"] = fields
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/json"
    return response

"""Errors as Camunda 7 clients know them: one table from the engine's errors to status, type and code."""

import logging
from http import HTTPStatus
from typing import Any

from flask import current_app, g
from flask_login import current_user
from pydantic import ValidationError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from engine.errors import (
    AmbiguousMessage,
    ChangedMeanwhile,
    Conflict,
    DatabaseUnavailable,
    DeploymentRefused,
    Forbidden,
    FormRejected,
    InvalidInput,
    MessageNotCorrelated,
    NotFound,
    OpsbookError,
    Problem,
)
from web.language import locale
from web.rest.answers import Answer, json_answer
from web.rest.types import Dto

_log = logging.getLogger(__name__)

#: When a program should ask again after an outage of the database.
_RETRY_AFTER_S = 5

_INVALID, _REST, _ENGINE = "InvalidRequestException", "RestException", "ProcessEngineException"
_OTHER_CODE, _LOCKING_CODE, _COLUMN_CODE = 0, 1, 10002

#: The most specific class wins: status, type, code (`null` when no engine is behind it).
TABLE: dict[type[OpsbookError], tuple[int, str, int | None]] = {
    DeploymentRefused: (400, "ParseException", _OTHER_CODE),
    FormRejected: (400, _REST, _OTHER_CODE),
    InvalidInput: (400, _INVALID, None),
    NotFound: (404, _INVALID, None),
    Forbidden: (403, "AuthorizationException", _OTHER_CODE),
    ChangedMeanwhile: (500, "OptimisticLockingException", _LOCKING_CODE),
    MessageNotCorrelated: (400, _REST, _OTHER_CODE),
    AmbiguousMessage: (400, _REST, _OTHER_CODE),
    Conflict: (400, _REST, _OTHER_CODE),
    OpsbookError: (500, _ENGINE, _OTHER_CODE),
}


class Refused(OpsbookError):
    """An answer that Camunda's clients expect in exactly this form."""

    def __init__(self, status: int, kind: str, zh: str, en: str, **details: object) -> None:
        """Args: kind: the `type` of the answer, a name of Camunda's exceptions."""
        super().__init__(zh, en, **details)
        self.status, self.kind = status, kind


class MissingAuthorization(Dto):
    """One permission that would have been needed."""

    permission_name: str | None = None
    resource_name: str | None = None
    resource_id: str | None = None


class ErrorDto(Dto):
    """What went wrong. `AuthorizationException` also says who lacked what, `ParseException` also where in the files."""

    type: str
    message: str
    code: int | None = None


def answer(error: Exception) -> Answer:
    """The answer to any error under the interface's addresses."""
    if isinstance(error, HTTPException):
        return _http(error)
    if isinstance(error, DatabaseUnavailable):
        return _outage(error)
    if isinstance(error, OpsbookError):
        return _deliberate(error)
    if isinstance(error, DataError):  # longer or larger than the database's column: a limit that no declaration knew
        return _body(400, _INVALID, _in_words("有一个值太长或太大。", "A value is too long or too large."), _COLUMN_CODE)
    if current_app.testing:
        raise error
    _log.error("REST call failed", exc_info=error)
    return _body(
        500, "InternalServerError", _in_words("程序出错了，已记入日志。", "Something went wrong; it has been logged."), _OTHER_CODE
    )


def invalid(error: ValidationError, what: str) -> InvalidInput:
    """The refusal of a request whose parameters or body do not fit their declaration; `what` names the part, in English."""
    found = "; ".join(f"{'.'.join(str(part) for part in item['loc']) or what}: {item['msg']}" for item in error.errors(include_url=False))
    return InvalidInput(f"请求的 {what} 不对：{found}", f"Invalid {what}: {found}")


def unauthorized(*, browser: bool) -> Answer:
    """401 without a body. A browser tab is not asked for a password: it would send it along for any page that posts to us afterwards."""
    empty = Answer(b"", 401)
    empty.headers["WWW-Authenticate"] = 'Bearer realm="default"' if browser else 'Basic realm="default"'
    del empty.headers["Content-Type"]
    return empty


def _deliberate(error: OpsbookError) -> Answer:
    text = error.text(locale())
    if isinstance(error, Refused):
        return _body(error.status, error.kind, text, _OTHER_CODE if error.status >= 500 else None)
    status, kind, code = next(TABLE[base] for base in type(error).__mro__ if base in TABLE)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s: %s", error.code, error, exc_info=error)
    more: dict[str, Any] = {}
    if isinstance(error, DeploymentRefused):
        text, more = _parse_error(error)
    elif isinstance(error, FormRejected):
        more = {"fields": error.details["fields"]}
        text = f"{text} " + "; ".join(f"{path}: {problem.zh if locale() == 'zh' else problem.en}" for path, problem in error.fields.items())
    elif isinstance(error, Forbidden):
        more = _missing(error)
    return _body(status, kind, text, code, **more)


def _outage(error: DatabaseUnavailable) -> Answer:
    """Without a word to the database: in both languages, since the caller's is kept there, and without a note of the call."""
    _log.error("%s: %s (%s)", error.code, error, error.details.get("cause"))
    g.rest_unaudited = True
    made = _body(503, _ENGINE, f"{error.zh} {error.en}", _OTHER_CODE)
    made.headers["Retry-After"] = str(_RETRY_AFTER_S)
    return made


def _missing(error: Forbidden) -> dict[str, Any]:
    names = {name: error.details.get(name) for name in ("permissionName", "resourceName", "resourceId")}
    user_id = current_user.id if current_user.is_authenticated else None
    return {"userId": user_id, **names, "missingAuthorizations": [names]}


def _parse_error(error: DeploymentRefused) -> tuple[str, dict[str, Any]]:
    """The Modeler takes a text for a diagram's problems only with this beginning."""
    files: dict[str, dict[str, list[dict[str, Any]]]] = {}
    lines = []
    for problem in error.problems:
        if problem.severity == "info":
            continue
        kept = files.setdefault(problem.resource, {"errors": [], "warnings": []})
        kept["errors" if problem.severity == "error" else "warnings"].append(_problem(problem))
        if problem.severity == "error":
            words = problem.zh if locale() == "zh" else problem.en
            named = f"[{problem.element_id}] " if problem.element_id else ""
            lines.append(f"* {named}{words} | resource {problem.resource} | line {problem.line} | column 0")
    return "ENGINE-09005 Could not parse BPMN process. Errors: \n" + "\n".join(lines), {"details": files}


def _problem(problem: Problem) -> dict[str, Any]:
    elements = [problem.element_id] if problem.element_id else []
    return {
        "message": problem.zh if locale() == "zh" else problem.en,
        "line": problem.line,
        "column": 0,
        "mainElementId": problem.element_id or None,
        "elementIds": elements,
        "\u0435lementIds": elements,  # Camunda's own spelling, with a Cyrillic е: clients read either
    }


def _http(error: HTTPException) -> Answer:
    status = error.code or 500
    words = {
        404: ("这里没有这样的调用；支持的调用见 /engine-rest/docs。", "There is no such call; see /engine-rest/docs for those there are."),
        405: ("这个地址不支持这种方法。", "This address does not support that method."),
        413: ("内容太大。", "The content is too large."),
        415: ("需要 application/json 的内容。", "A body of type application/json is needed."),
    }
    zh, en = words.get(status, ("请求无法处理。", "The request cannot be processed."))
    kind = {404: "NotFoundException", 405: "NotAllowedException", 415: "NotSupportedException"}.get(status, _INVALID)
    made = _body(status, kind, _in_words(zh, en), None)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            made.headers[name] = value
    return made


def _in_words(zh: str, en: str) -> str:
    return zh if locale() == "zh" else en


def _body(status: int, kind: str, message: str, code: int | None, **more: Any) -> Answer:
    g.rest_error = kind
    return json_answer({"type": kind, "message": message, "code": code, **more}, status)

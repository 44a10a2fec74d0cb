"""From a request to an operation and back: who calls, what was sent, what is answered, what is noted."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import orjson
from flask import Blueprint, g, request
from flask_login import current_user
from pydantic import ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from engine.errors import Forbidden, InvalidInput
from engine.ids import new_id
from engine.storage.tables import RestCall
from web.current import database, now
from web.rest import caller, hal, limits
from web.rest.answers import Answer
from web.rest.errors import invalid, unauthorized
from web.rest.operation import OPERATIONS, Operation

#: What a page of the desktop Modeler gives as its origin, and a program none.
_OWN_ORIGINS = ("file://", "null")


def make_blueprint() -> Blueprint:
    """Every declared operation under its address; registered once for each prefix."""
    blueprint = Blueprint("rest", __name__, template_folder="templates")
    for declared in OPERATIONS:
        path = declared.path.replace("{", "<").replace("}", ">")
        blueprint.add_url_rule(path, f"{declared.tag}-{declared.name}", _view(declared), methods=[declared.method])
    blueprint.after_request(_finish)
    return blueprint


def _view(declared: Operation) -> Callable[..., Answer]:
    def view(**path: str) -> Answer:
        return perform(declared, path)

    return view


def perform(declared: Operation, path: dict[str, str]) -> Answer:
    """Answer one call."""
    if declared.scope != "open":
        if not current_user.is_authenticated:
            return unauthorized(browser=request.headers.get("Sec-Fetch-Mode") == "navigate")
        g.rest_operation = declared
        _refuse_foreign_pages()
        used = caller.token()
        limits.spend(used.id if used else f"user {current_user.id}")
        caller.require_scope(declared.scope)
    arguments: dict[str, Any] = dict(path)
    if any("\0" in value for value in (*path.values(), *request.args.values())):
        raise InvalidInput("地址里不能有空字符。", "An address must not contain NUL.")
    if declared.query is not None:
        arguments |= _query(declared)
    if declared.body is not None:
        arguments["body"] = _body(declared)
    return _answer(declared, declared.function(**arguments))


def _refuse_foreign_pages() -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin not in (*_OWN_ORIGINS, request.host_url.rstrip("/")):
        raise Forbidden(f"不接受来自网页 {origin} 的调用。", f"Calls from pages of {origin} are not accepted.")


def _query(declared: Operation) -> dict[str, Any]:
    model = declared.query
    assert model is not None
    known = {field.alias or name for name, field in model.model_fields.items()}
    given = {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}
    g.rest_ignored = sorted(set(given) - known)
    try:
        found = model.model_validate(given)
    except ValidationError as error:
        raise invalid(error, "query parameters") from None
    return {name: getattr(found, name) for name in model.model_fields}


def _body(declared: Operation) -> Any:
    assert declared.body is not None
    content = request.get_data()
    if content and not request.is_json:
        raise UnsupportedMediaType
    try:
        given = orjson.loads(content or b"{}")
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"内容不是有效的 JSON：{error}", f"The body is not valid JSON: {error}") from None
    if b"\\u0000" in content and _holds_nul(given):
        raise InvalidInput("内容里不能有空字符。", "The body must not contain NUL.")
    try:
        return declared.body.validate_python(given)
    except ValidationError as error:
        raise invalid(error, "body") from None


def _holds_nul(value: Any) -> bool:
    """No database keeps a NUL in a text."""
    if isinstance(value, dict):
        return any(_holds_nul(name) or _holds_nul(item) for name, item in value.items())
    if isinstance(value, list):
        return any(map(_holds_nul, value))
    return isinstance(value, str) and "\0" in value


def _answer(declared: Operation, result: Any) -> Answer:
    if isinstance(result, Answer):
        return result
    if result is None and declared.may_be_empty:
        empty = Answer(b"", 204)
        del empty.headers["Content-Type"]
        return empty
    assert declared.answer is not None
    if hal.wanted(declared.id):
        shown = hal.formed(declared.answer.dump_python(result, mode="json", by_alias=True))
        return Answer(orjson.dumps(shown), content_type=hal.MEDIA_TYPE)
    return Answer(declared.answer.dump_json(result, by_alias=True), content_type="application/json")


def _links(answer: Answer) -> None:
    """What can be done at an address: the answer to OPTIONS."""
    methods = sorted(set(answer.allow) - {"HEAD", "OPTIONS"})
    links = [{"method": method, "href": request.base_url, "rel": "self" if method == "GET" else method.lower()} for method in methods]
    answer.set_data(orjson.dumps({"links": links}))
    answer.content_type = "application/json"


def _finish(answer: Answer) -> Answer:
    if request.method == "OPTIONS" and answer.status_code == HTTPStatus.OK:
        _links(answer)
    declared: Operation | None = g.get("rest_operation")
    if declared is not None and declared.changes and not g.get("rest_unaudited"):
        _audit(declared, answer.status_code)
    if g.get("rest_ignored"):
        answer.headers["X-Ignored-Params"] = ",".join(name for name in g.rest_ignored if name.isascii() and name.isprintable())
    if g.get("rest_ignored_topics"):
        answer.headers["X-Ignored-Topics"] = ",".join(g.rest_ignored_topics)
    origin = request.headers.get("Origin")
    if origin in _OWN_ORIGINS:
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Vary"] = "Origin"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.method == "OPTIONS":
            answer.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE"
            answer.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    return answer


def _audit(declared: Operation, status: int) -> None:
    used = caller.token()
    with database().transaction() as session:
        session.add(
            RestCall(
                id=new_id(), called_at=now(), user_id=current_user.id, token_id=used.id if used else None, operation=declared.id,
                path=request.path[:255], status=status, error=g.get("rest_error"), address=request.remote_addr or "",
            )
        )  # fmt: skip

"""Operations declared where they are implemented: routes, reading of parameters, and the OpenAPI description all come from here.

A function's signature is the declaration. Parameters named in the path are its path parameters, `body` is its JSON body, every other one is a
query parameter (camelCase outside); the return type is the answer (`None`: 204). The docstring is the description.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from flask import Response
from pydantic import TypeAdapter, create_model
from werkzeug.wrappers import Response as BaseResponse

from web.rest.types import Dto

Scope = Literal["open", "read", "tasks", "external-tasks", "deploy", "operate"]
Function = TypeVar("Function", bound=Callable[..., Any])

#: Every declared operation, in the order of declaration.
OPERATIONS: list["Operation"] = []

#: What an error can be without being declared.
_ALWAYS = frozenset((400, 401, 403, 429))


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    method: str
    path: str  #: `/task/{task_id}/claim`
    tag: str
    name: str  #: unique within its tag
    function: Callable[..., Any]
    scope: Scope  #: what a token must allow; `open` needs no sign-in
    query: type[Dto] | None
    body: TypeAdapter[Any] | None
    answer: TypeAdapter[Any] | None  #: None: a file or text, see `media_type`
    may_be_empty: bool  #: whether 204 is an answer
    refuses: frozenset[int]  #: error statuses
    description: str
    changes: bool  #: whether it is audited
    media_type: str  #: of the answer
    multipart: Mapping[str, Any] | None  #: JSON schema of a multipart body, which the function reads itself

    @property
    def id(self) -> str:
        """The operation's name in the description and the audit."""
        return f"{self.tag}.{self.name}"


def operation(
    method: str,
    path: str,
    *,
    tag: str,
    scope: Scope | None = None,
    name: str | None = None,
    about: str | None = None,
    refuses: tuple[int, ...] = (),
    changes: bool | None = None,
    media_type: str = "application/json",
    multipart: Mapping[str, Any] | None = None,
) -> Callable[[Function], Function]:
    """Declare a function as an operation.

    Args:
        method: of HTTP.
        path: with its parameters in braces.
        tag: the resource it belongs to.
        scope: what a token must allow; reading needs `read`, everything else must say what it needs.
        name: unique within its tag; default is the function's.
        about: the description; default is the function's docstring.
        refuses: error statuses beyond 400, 401, 403, 429 (and 404 where the path has parameters).
        changes: whether it is audited; default is every method but GET.
        media_type: of an answer that is not JSON.
        multipart: JSON schema of a multipart body.
    """

    def declare(function: Function) -> Function:
        hints = get_type_hints(function, include_extras=True)
        answer = hints.pop("return")
        in_path = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        body = hints.pop("body", None)
        defaults = {
            name: ... if parameter.default is inspect.Parameter.empty else parameter.default
            for name, parameter in inspect.signature(function).parameters.items()
        }
        in_query = {name: (kind, defaults[name]) for name, kind in hints.items() if name not in in_path}
        kinds = _members(answer)
        json_kinds = [kind for kind in kinds if kind is not NoneType and not _is_response(kind)]
        found_scope = scope or ("read" if method == "GET" else None)
        if found_scope is None:
            message = f"{method} {path} must say which scope it needs"
            raise TypeError(message)
        OPERATIONS.append(
            Operation(
                method=method,
                path=path,
                tag=tag,
                name=name or function.__name__,
                function=function,
                scope=found_scope,
                query=query_model(f"{tag}_{name or function.__name__}", in_query) if in_query else None,
                body=TypeAdapter(body) if body is not None else None,
                answer=TypeAdapter(reduce(or_, json_kinds)) if json_kinds else None,
                may_be_empty=NoneType in kinds,
                refuses=_ALWAYS | set(refuses) | ({404} if in_path else set()) | ({413, 415} if body is not None or multipart else set()),
                description=about or inspect.getdoc(function) or "",
                changes=method != "GET" if changes is None else changes,
                media_type=media_type,
                multipart=multipart,
            )
        )
        return function

    return declare


def query_model(name: str, fields: Mapping[str, tuple[Any, Any]]) -> type[Dto]:
    """A model of query parameters from names, types and defaults."""
    model: type[Dto] = create_model(name, __base__=Dto, **dict(fields))  # type: ignore[call-overload]
    return model


def _members(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind if kind is not None else NoneType,)


def _is_response(kind: Any) -> bool:
    return inspect.isclass(kind) and issubclass(kind, (Response, BaseResponse))

"""The description of the interface, made from the declared operations: OpenAPI 3.1."""

import copy
from functools import lru_cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from pydantic import TypeAdapter

from web.rest.errors import ErrorDto
from web.rest.operation import OPERATIONS, Operation
from web.rest.types import Dto, InQuery

_REF = "#/components/schemas/{model}"
Json = dict[str, Any]


@lru_cache(maxsize=1)
def description() -> Json:
    """The whole description, without the server's address."""
    inputs: list[tuple[str, Any, TypeAdapter[Any]]] = [("error", "serialization", TypeAdapter(ErrorDto))]
    for declared in OPERATIONS:
        if declared.body is not None:
            inputs.append((f"{declared.id} body", "validation", declared.body))
        if declared.answer is not None:
            inputs.append((f"{declared.id} answer", "serialization", declared.answer))
    found, definitions = TypeAdapter.json_schemas(inputs, by_alias=True, ref_template=_REF)
    schemas = {key: schema for (key, _mode), schema in found.items()}
    paths: dict[str, Json] = {}
    for declared in OPERATIONS:
        paths.setdefault(declared.path, {})[declared.method.lower()] = _operation(declared, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Opsbook REST API",
            "version": version("opsbook"),
            "description": "The Camunda 7 REST API, as far as Opsbook speaks it.",
        },
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}, "token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"basic": []}, {"token": []}],
        "tags": [{"name": tag} for tag in sorted({declared.tag for declared in OPERATIONS})],
    }


def _operation(declared: Operation, schemas: Json) -> Json:
    summary, _, rest = declared.description.partition("\n")
    made: Json = {
        "operationId": declared.id,
        "tags": [declared.tag],
        "summary": summary,
        "description": f"{rest.strip()}\n\nScope of a token: `{declared.scope}`.".strip(),
        "parameters": [*_path_parameters(declared), *_query_parameters(declared)],
        "responses": _answers(declared, schemas),
    }
    if declared.scope == "open":
        made["security"] = []
        made["description"] = rest.strip()
    if declared.body is not None:
        made["requestBody"] = {"content": {"application/json": {"schema": schemas[f"{declared.id} body"]}}}
    if declared.multipart is not None:
        made["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": dict(declared.multipart)}}}
    return made


def _path_parameters(declared: Operation) -> list[Json]:
    names = [part[1:-1] for part in declared.path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}} for name in names]


def _query_parameters(declared: Operation) -> list[Json]:
    if declared.query is None:
        return []
    schema = declared.query.model_json_schema(by_alias=True)
    overrides = _overrides(declared.query)
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "explode": False, "schema": overrides.get(name) or _plain(kind)}
        for name, kind in schema["properties"].items()
    ]


def _overrides(model: type[Dto]) -> Json:
    found: Json = {}
    for name, field in model.model_fields.items():
        described = next((item.schema for item in _metadata(field.annotation, field.metadata) if isinstance(item, InQuery)), None)
        if described is not None:
            found[field.alias or name] = described
    return found


def _metadata(annotation: Any, direct: list[Any]) -> list[Any]:
    """What is annotated on a type or, when it is optional, on its member."""
    members = getattr(annotation, "__args__", ())
    return [*direct, *(item for member in members for item in getattr(member, "__metadata__", ()))]


def _plain(kind: Json) -> Json:
    """A query parameter is left out where a body has `null`."""
    kind = copy.deepcopy(kind)
    kind.pop("title", None)
    if kind.get("default", 0) is None:
        kind.pop("default")
    choices = [choice for choice in kind.pop("anyOf", []) if choice != {"type": "null"}]
    return {**kind, **choices[0]} if len(choices) == 1 else ({**kind, "anyOf": choices} if choices else kind)


def _answers(declared: Operation, schemas: Json) -> Json:
    answers: Json = {}
    if declared.answer is not None:
        answers["200"] = {"description": "OK", "content": {"application/json": {"schema": schemas[f"{declared.id} answer"]}}}
    elif not declared.may_be_empty:
        answers["200"] = {"description": "OK", "content": {declared.media_type: {}}}
    if declared.may_be_empty:
        answers["204"] = {"description": "No content"}
    for status in sorted(declared.refuses if declared.scope != "open" else declared.refuses - {401, 403, 429}):
        answers[str(status)] = {"description": HTTPStatus(status).phrase}
        if status != HTTPStatus.UNAUTHORIZED:  # its body is empty
            answers[str(status)]["content"] = {"application/json": {"schema": schemas["error"]}}
    return answers


def kind_of(schema: Json) -> str:
    """A schema in a word, for people."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(kind_of(choice) for choice in schema["anyOf"] if choice != {"type": "null"})
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"{kind_of(schema.get('items', {}))}[]"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"{{…: {kind_of(schema['additionalProperties'])}}}"
    return str(schema.get("const") or schema.get("type") or "any")

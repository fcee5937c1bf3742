"""The description of the API: OpenAPI 3.1, whose schemas are those that `inotrope schema` prints.

A published schema keeps its parts in itself, under `$defs`; here each stands beside it, as `<schema>.<part>`, since a
description is one document and is referred into from its top.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from inotrope.access.roles import WAYS, Role
from inotrope.drug import list_drugs
from inotrope.plan import NOTICE
from inotrope.plan.published import SCHEMAS, published_schema
from inotrope.plan.versions import program_version
from inotrope.web.api import PREFIX
from inotrope.web.api.operations import OPERATIONS, OPTIONS, Operation

JSON = "application/json"
COMPONENTS = "#/components/schemas/"
WRONG = {
    "400": "The request cannot be read.",
    "401": "Nobody is logged in, where the server asks for that.",
    "403": "A page of another origin asks, or somebody who may not, or without the proof of a session.",
    "408": "The body came too slowly.",
    "413": "The body is larger than 1,000,000 bytes.",
    "415": "The body is not application/json, or is packed.",
    "421": "The server is asked under a name that is not its own.",
    "422": "What was asked means nothing: as the command line tells it, with exit code 2.",
    "500": "Something failed inside.",
    "503": "Too much is being computed; `Retry-After` says when to ask again.",
}
"""What is told with the error object, by status."""
OF_A_LOOK = ("400", "401", "403", "421", "500")
"""Which of them a GET can have."""
Json = dict[str, Any]


@cache
def described() -> Json:
    """Return the whole description."""
    paths: Json = {f"{PREFIX}/{item.name}": {"post": _operation(item)} for item in OPERATIONS}
    text: Json = {"type": "string"}
    health = _object({"status": {"const": "ok"}, "version": text, "drugs": {"type": "array", "items": text}})
    roles = {"type": "array", "items": {"enum": list(Role)}}
    asks = _object({"name": text, "roles": roles, "way": {"enum": list(WAYS)}, "csrf": text})
    listed = {"type": "array", "items": _object({"name": text, "folder": text, "digest": text})}
    anything: Json = {"type": "object"}
    names, drugs = {"enum": list(SCHEMAS)}, {"enum": list(list_drugs())}
    paths |= {
        f"{PREFIX}/health": _look("health", "That the server answers, and by which version.", health),
        f"{PREFIX}/who": _look("who", "Who asks, and the proof that is sent as the header X-CSRF-Token.", asks),
        f"{PREFIX}/drugs": _look("drugs", "The drugs of the library.", listed),
        f"{PREFIX}/drug/{{name}}": _look("drug", "One drug's folder: `inotrope drug show`.", anything, drugs),
        f"{PREFIX}/schema/{{name}}": _look("schema", "A JSON Schema: `inotrope schema`.", anything, names),
        f"{PREFIX}/openapi.json": _look("openapi", "This description.", anything),
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Inotrope", "version": program_version(), "description": NOTICE},
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": components()},
    }


def components() -> Json:
    """Return every published schema, its parts beside it."""
    found: Json = {}
    for name in SCHEMAS:
        schema = _moved(published_schema(name), name)
        for part, content in schema.pop("$defs", {}).items():
            found[f"{name}.{part}"] = content
        schema.pop("$schema", None)
        found[name] = schema
    return found


def _moved(value: Any, name: str) -> Any:
    """Return a schema whose references lead to where its parts stand in the description."""
    if isinstance(value, list):
        return [_moved(item, name) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: item.replace("#/$defs/", f"{COMPONENTS}{name}.") if key == "$ref" else _moved(item, name)
        for key, item in value.items()
    }


def _operation(operation: Operation) -> Json:
    parts = {name: _reference(of) if isinstance(of, str) else of for name, of, _ in operation.takes}
    if operation.options:
        parts["options"] = _object({name: OPTIONS[name] for name in operation.options}, required=())
    body = _object(parts, required=[name for name, _, required in operation.takes if required])
    return {
        "operationId": operation.name,
        "summary": operation.says,
        "requestBody": {"required": True, "content": {JSON: {"schema": body}}},
        "responses": _responses(_reference(operation.answers), tuple(WRONG)),
    }


def _look(name: str, says: str, schema: Json, one_of: Json | None = None) -> Json:
    found: Json = {"operationId": name, "summary": says, "responses": _responses(schema, OF_A_LOOK)}
    if one_of is not None:
        known = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", **one_of}}
        found["parameters"] = [known]
        found["responses"]["404"] = _wrong("There is none of that name; the nearest is told.")
    return {"get": found}


def _responses(schema: Json, wrong: tuple[str, ...]) -> Json:
    done = {"description": "The answer; a stopped or refused plan is one.", "content": {JSON: {"schema": schema}}}
    return {"200": done, **{status: _wrong(WRONG[status]) for status in wrong}}


def _wrong(says: str) -> Json:
    return {"description": says, "content": {JSON: {"schema": _reference("error")}}}


def _reference(name: str) -> Json:
    return {"$ref": COMPONENTS + name}


def _object(properties: Json, required: list[str] | tuple[str, ...] | None = None) -> Json:
    needed = list(properties) if required is None else list(required)
    found: Json = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | ({"required": needed} if needed else {})

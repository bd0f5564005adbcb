"""Takes out of the responses of a merged document what the gateway itself answers: it follows from the rest, and differs with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from specgw.changes.clients.side import resolve

Document = Mapping[str, Any]

_PROBLEM_TYPE = "application/problem+json"
_RESPONSES = "#/components/responses/"
_SCHEMAS = "#/components/schemas/"


def declared(document: Document, responses: Document) -> dict[str, Any]:
    """The responses of an operation that its author declared, by status."""
    stated = {str(status): value for status, value in responses.items() if not str(status).startswith("x-")}
    return {status: value for status, value in stated.items() if not _own(document, value)}


def declared_content(document: Document, response: Document) -> dict[str, Any]:
    """The content of a declared response without the problem that may stand in its place."""
    content = response.get("content")
    made = dict(content) if isinstance(content, dict) else {}
    stated = made.get(_PROBLEM_TYPE)
    media: dict[str, Any] = stated if isinstance(stated, dict) else {}
    schema = media.get("schema")
    problem = _problem(document)
    if schema == problem and len(made) > 1:
        del made[_PROBLEM_TYPE]
    elif isinstance(schema, dict) and isinstance(members := schema.get("anyOf"), list) and len(members) == 2 and members[1] == problem:
        made[_PROBLEM_TYPE] = {**media, "schema": members[0]}
    return made


def _own(document: Document, response: Any) -> bool:
    """Whether it is a component of the gateway's: by its name, and by its being nothing but a problem."""
    name = response.get("$ref") if isinstance(response, dict) else None
    if not isinstance(name, str) or not name.startswith((f"{_RESPONSES}Gateway", f"{_RESPONSES}gateway.")):
        return False
    content = resolve(document, response).get("content")
    return bool(content == {_PROBLEM_TYPE: {"schema": _problem(document)}})


def _problem(document: Document) -> dict[str, str]:
    """The reference to the gateway's problem, which gives way where an author has one of that name."""
    schemas = (document.get("components") or {}).get("schemas") or {}
    return {"$ref": f"{_SCHEMAS}{'gateway.Problem' if 'gateway.Problem' in schemas else 'Problem'}"}

"""Takes out of the responses of a merged document what the gateway itself answers: it follows from the rest, and differs with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from specgw.changes.clients.side import resolve

Document = Mapping[str, Any]

_PROBLEM_TYPE = "application/problem+json"
_RESPONSES = "#/components/responses/"
_SCHEMAS = "#/components/schemas/"


def declared(document: Document, responses: Document) -> dict[str, Any]:
    """The responses of an operation that its author declared, by status."""
    stated = {str(status): value for status, value in responses.items() if not str(status).startswith("x-")}
    own = {status for status, value in stated.items() if _own(document, value)}
    return {status: value for status, value in stated.items() if status not in own and not _repeated(document, status, stated)}


def covering(status: str, responses: Collection[str]) -> str | None:
    """The key of responses that speaks of a status which they do not have: its range; or `default`, which no success is meant by."""
    if status.startswith(("1", "2", "3")) or status == "default":
        return f"{status[0]}XX" if f"{status[0]}XX" in responses else None
    return next((key for key in (f"{status[0]}XX", "default") if key in responses and key != status), None)


def _repeated(document: Document, status: str, responses: Document) -> bool:
    """Whether it says what its range or `default` says: so it stands there only because the gateway answers it, too."""
    key = covering(status, responses)
    if key is None or not status.isdigit():
        return False
    one, other = (dict(resolve(document, responses[each])) for each in (status, key))
    own = {_PROBLEM_TYPE: {"schema": _problem(document)}}
    one["content"], other["content"] = ({} if said.get("content") == own else declared_content(document, said) for said in (one, other))
    return one == other


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

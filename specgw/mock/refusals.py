"""Made bodies of errors, in the words of errors: a 409 that says 409, and not that all is well."""

from __future__ import annotations

from typing import Any

from specgw.http import REASONS
from specgw.mock.generation import Generator

_REFUSED = {
    400: "The request is not what this operation takes.",
    401: "Credentials are missing or were not accepted.",
    403: "These credentials do not allow this.",
    404: "There is nothing with this name.",
    409: "This does not fit what is there already.",
    410: "What was here is gone for good.",
    412: "It has been changed since it was last read.",
    422: "The request can be read, but not carried out.",
    429: "There were too many requests: wait before the next one.",
}
_FAILED = "The service cannot answer this at present."
_SENTENCES = ("detail", "message", "error_description", "errorMessage", "error_message")
_STATUSES = ("status", "statusCode", "status_code")
_INSIDE = ("error", "fault")


def in_words(value: Any, status: int, reference: str, generator: Generator) -> Any:
    """A made body as an answer of this status says it: of an error the members that say so, as far as the schema leaves them open.

    Members that the schema shows values of stay as they are; so does what would no longer be valid.
    """
    if status < 400 or not isinstance(value, dict):
        return value
    accepts, opened = generator.accepts(reference), generator.unsaid(reference)
    told = dict(value)
    for name, better in _better(value, status).items():
        if name in opened and accepts({**told, name: better}):
            told[name] = better
    for name in _INSIDE:
        inside = told.get(name)
        # An object inside is made for the same schema: what it says is tried as a whole.
        if isinstance(inside, dict) and name in opened and accepts(candidate := {**told, name: {**inside, **_better(inside, status)}}):
            told = candidate
    return told


def _better(value: dict[str, Any], status: int) -> dict[str, Any]:
    """The members that can be said better."""
    found: dict[str, Any] = {name: status for name in _STATUSES if type(value.get(name)) is int}
    sentence = _REFUSED.get(status, _FAILED if status >= 500 else _REFUSED[400])
    found |= {name: sentence for name in _SENTENCES if isinstance(value.get(name), str)}
    if "status" in found and isinstance(value.get("title"), str):
        # RFC 9457, section 4.2.1: with this type the title is the status in words.
        found["title"] = REASONS.get(status, b"Error").decode("ascii")
        found |= {"type": "about:blank"} if isinstance(value.get("type"), str) else {}
    return found

"""Does an answer of the service keep to the contract? Status, headers, and the content once it is whole.

Under `enforce` the client gets 502 instead of what breaks the contract; under `report` it is noted in the access log.
Violations name the place and what was expected there, never a value: the answer may not be the client's to see.

Some answers have no content to check, or none that ends: HEAD, 204, 205, 304, partial content (206), event streams and
newline-delimited JSON. They pass, and `unvalidated` in the access log says why. An entry without `content` says nothing
about the content; where there is a `content` map, a type that it does not cover is a violation.
"""

from __future__ import annotations

from dataclasses import dataclass

from specgw.http import parse_media_type
from specgw.plan.model import Edits, Response, Route
from specgw.policies.base import Exchange
from specgw.policies.edits import RequestFields
from specgw.policies.validation.bodies import Bodies, Covered
from specgw.policies.validation.codings import decode_content
from specgw.policies.validation.fields import by_name
from specgw.policies.validation.media import MediaRanges
from specgw.policies.validation.parameters import HeaderFields
from specgw.policies.validation.refusal import refuse
from specgw.policies.validation.validators import Validators
from specgw.problems import INVALID_RESPONSE, Problem, Violation

# RFC 9110: statuses whose answers have no content, or only a part of it.
_WITHOUT_CONTENT = frozenset((204, 205, 304))
_PARTIAL = 206

_SEQUENCES = frozenset(
    (
        "text/event-stream",
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/json-seq",
        "application/json-lines",
        "application/stream+json",
        "multipart/x-mixed-replace",
    )
)


def build_response(route: Route, validators: Validators) -> ResponseValidation | None:
    """The validation of a route's answers; None where `validate.response` is off or no response is declared."""
    if route.validate.response == "off" or not route.responses:
        return None
    return ResponseValidation(route, validators)


@dataclass(frozen=True, slots=True)
class _Declared:
    """A declared response made ready."""

    headers: HeaderFields
    media: MediaRanges[Covered] | None


class ResponseValidation:
    """Policy: status and header fields in `response`, the held content in `response_body`."""

    __slots__ = ("_any", "_by_class", "_by_status", "_enforce", "_limit", "_uncoded")

    def __init__(self, route: Route, validators: Validators) -> None:
        self._uncoded = RequestFields(Edits(set={"Accept-Encoding": "identity"}))
        self._enforce = route.validate.response == "enforce"
        self._limit = route.max_response
        self._by_status: dict[int, _Declared] = {}
        self._by_class: dict[int, _Declared] = {}
        self._any: _Declared | None = None
        bodies = Bodies(validators, formats=route.validate.formats, max_depth=route.max_depth)
        for response in route.responses:
            declared = _declare(response, route, validators, bodies)
            status = response.status.upper()
            if status == "DEFAULT":
                self._any = declared
            elif status.endswith("XX"):
                self._by_class[int(status[0])] = declared
            else:
                self._by_status[int(status)] = declared

    def request(self, exchange: Exchange) -> None:
        """Ask the service for no content coding (RFC 9110 section 12.5.3): a client may know some that we cannot remove."""
        self._uncoded.request(exchange)

    def response(self, exchange: Exchange) -> Problem | None:
        """Check status and header fields, and decide whether the content has to be held."""
        status = exchange.status
        if status < 200:
            return None
        # OpenAPI "Responses Object": an explicit status takes precedence over its range, and both over `default`.
        declared = self._by_status.get(status) or self._by_class.get(status // 100) or self._any
        if declared is None:
            return self._conclude(exchange, [Violation("status", f"status {status} is not declared", "status")])
        fields = by_name(exchange.response_headers)
        found = declared.headers(fields) or []
        media = declared.media
        if media is None:
            return self._conclude(exchange, found) if found else None
        exempt = _exempt(exchange, fields)
        if exempt is not None:
            exchange.notes["unvalidated"] = exempt
            return self._conclude(exchange, found) if found else None
        content_type = fields.get(b"content-type")
        covered = None if content_type is None else media.get(content_type)
        if covered is None or covered.refusal is not None:
            found.append(_not_covered(content_type, covered, media.allowed))
        elif covered.check is not None and not (found and self._enforce):
            exchange.media_type = covered
            exchange.holds_response = True
        return self._conclude(exchange, found) if found else None

    def response_body(self, exchange: Exchange) -> Problem | None:
        """Check the content that was held."""
        covered = exchange.media_type
        content = exchange.response_body
        if not isinstance(covered, Covered) or covered.check is None or content is None:
            return None
        codings = [value.decode("latin-1") for name, value in exchange.response_headers if name == b"content-encoding"]
        if codings:
            decoded = decode_content(codings, content, self._limit)
            if isinstance(decoded, Problem):
                return self._conclude(exchange, [Violation("body", "has a content coding that cannot be removed", "encoding")])
            content = decoded
        found = covered.check(content)
        return None if found is None else self._conclude(exchange, found)

    def _conclude(self, exchange: Exchange, found: list[Violation]) -> Problem | None:
        if self._enforce:
            return refuse(INVALID_RESPONSE, "answer of the service", found)
        exchange.violations += found
        before = exchange.notes.get("response_violations", 0)
        exchange.notes["response_violations"] = len(found) + (before if isinstance(before, int) else 0)
        return None


def _declare(response: Response, route: Route, validators: Validators, bodies: Bodies) -> _Declared:
    # OpenAPI "Response Object": a declared Content-Type header is ignored, `content` speaks of it.
    headers = [header for header in response.headers if header.name.lower() != "content-type"]
    for content in response.content:
        bodies.prepare(content)
    return _Declared(
        HeaderFields(headers, validators, formats=route.validate.formats, max_depth=route.max_depth),
        MediaRanges(response.content, bodies.cover) if response.content else None,
    )


def _exempt(exchange: Exchange, fields: dict[bytes, bytes]) -> str | None:
    """Why the content of an answer is not looked at; None when it is."""
    if exchange.method == "HEAD" or exchange.status in _WITHOUT_CONTENT:
        return "no content"
    if exchange.status == _PARTIAL:
        return "partial content"
    media = parse_media_type(fields.get(b"content-type", b"").decode("latin-1"))
    if media is not None and media.essence in _SEQUENCES:
        return "a sequence without end"
    return None


def _not_covered(content_type: bytes | None, covered: Covered | None, allowed: str) -> Violation:
    if covered is not None:
        message = f"names a charset that is not supported: {covered.refusal}"
    elif content_type is None:
        message = f"is required: one of {allowed}"
    else:
        message = f"is not declared for this status; declared: {allowed}"
    return Violation("header", message, "mediaType", "Content-Type")

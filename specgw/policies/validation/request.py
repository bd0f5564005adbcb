"""Does a request keep to the contract of its operation? Parameters at the head, the body once it is whole.

In `enforce` every violation of both is told in one answer. A body is held only where its content is checked; JSON always is,
even against a schema that accepts everything: repeated keys and depth matter to the service all the same.

A body whose type the operation does not declare, or that names no type at all, is refused with 415: nothing could
be said about it (RFC 9110 section 8.3 leaves the guess to the recipient, and two recipients may guess differently).
A body where the operation declares none is a violation of its own; `Content-Length: 0` is no body.
"""

from __future__ import annotations

from collections.abc import Callable

from specgw.plan.model import Parameter, Route
from specgw.policies.base import Exchange
from specgw.policies.validation.bodies import Bodies, Covered
from specgw.policies.validation.escapes import Malformed
from specgw.policies.validation.explain import MAX_VIOLATIONS
from specgw.policies.validation.fields import by_name, carries_body, split_cookies, split_pairs
from specgw.policies.validation.media import MediaRanges
from specgw.policies.validation.parameters import HeaderFields, NamedFields, PathValues
from specgw.policies.validation.querystring import querystring
from specgw.policies.validation.refusal import refuse
from specgw.policies.validation.validators import Validators
from specgw.problems import INVALID_REQUEST, UNSUPPORTED_MEDIA_TYPE, Problem, Violation

# OpenAPI "Parameter Object": header parameters of these names are ignored.
_NOT_PARAMETERS = frozenset(("accept", "content-type", "authorization"))

_BODY_MISSING = Violation("body", "is required", "required")
_BODY_UNDECLARED = Violation("body", "must not be sent: this operation declares no request body", "mediaType")


def build(route: Route, validators: Validators, credentials: frozenset[str] = frozenset()) -> RequestValidation | None:
    """The validation of a route's requests; None where `validate.request` is off.

    `credentials` are query parameters that `security` declares, and no parameter has to declare again.
    """
    return None if route.validate.request == "off" else RequestValidation(route, validators, credentials)


class RequestValidation:
    """Policy: parameters in `request`, the held body in `body`."""

    __slots__ = (
        "_body_required",
        "_cookies",
        "_credentials",
        "_declares_query",
        "_enforce",
        "_headers",
        "_media",
        "_path",
        "_query",
        "_querystring",
        "_reject_unknown",
        "_unknown",
    )

    def __init__(self, route: Route, validators: Validators, credentials: frozenset[str] = frozenset()) -> None:
        formats = route.validate.formats
        depth = route.max_depth

        def located(location: str) -> list[Parameter]:
            return [parameter for parameter in route.parameters if parameter.location == location]

        headers = [parameter for parameter in located("header") if parameter.name.lower() not in _NOT_PARAMETERS]
        # None where nothing is declared, since asking an empty check costs as well.
        self._path = PathValues(located("path"), validators, formats=formats, max_depth=depth) or None
        self._query = NamedFields(located("query"), validators, formats=formats, max_depth=depth)
        self._declares_query = bool(self._query)
        self._headers = HeaderFields(headers, validators, formats=formats, max_depth=depth) or None
        self._cookies = NamedFields(located("cookie"), validators, formats=formats, max_depth=depth) or None
        self._querystring = _whole_query(located("querystring"), Bodies(validators, formats=formats, max_depth=depth))
        self._enforce = route.validate.request == "enforce"
        self._credentials = credentials
        self._unknown = route.validate.unknown_query != "ignore"
        self._reject_unknown = route.validate.unknown_query == "reject"
        self._body_required = False
        self._media: MediaRanges[Covered] | None = None
        if route.body is not None:
            bodies = Bodies(validators, formats=formats, max_depth=depth, reads_all=True)
            for content in route.body.content:
                bodies.prepare(content)
            self._media = MediaRanges(route.body.content, bodies.cover)
            self._body_required = route.body.required

    def request(self, exchange: Exchange) -> Problem | None:
        """Check the parameters, and decide whether the body has to be held."""
        found: list[Violation] | None = None
        if self._path is not None:
            found = self._path(exchange.path_values)
        query = exchange.query
        if self._querystring is not None:
            found = _both(found, self._querystring(query))
        elif query:
            if self._declares_query or self._unknown:
                found = _both(found, self._check_query(exchange, query))
        elif self._declares_query:
            found = _both(found, self._query.absent())
        fields = by_name(exchange.headers)
        if self._headers is not None:
            found = _both(found, self._headers(fields))
        if self._cookies is not None:
            cookie = fields.get(b"cookie")
            found = _both(found, self._cookies(split_cookies(cookie)) if cookie is not None else self._cookies.absent())
        if carries_body(fields):
            if self._media is None:
                found = _both(found, [_BODY_UNDECLARED])
            else:
                refusal = self._cover(exchange, fields.get(b"content-type"))
                if refusal is not None:
                    if self._enforce:
                        return refusal
                    found = _both(found, [Violation("header", refusal.detail, "mediaType", "Content-Type")])
        elif self._body_required:
            found = _both(found, [_BODY_MISSING])
        if found is None:
            return None
        covered = exchange.media_type
        if isinstance(covered, Covered) and covered.check is not None:
            # The answer waits for the body, so that it lists everything that is wrong.
            exchange.violations += found
            return None
        return self._conclude(exchange, found)

    def body(self, exchange: Exchange) -> Problem | None:
        """Check the body that was held."""
        covered = exchange.media_type
        if not isinstance(covered, Covered) or covered.check is None:
            return None
        found: list[Violation] | None = None
        if exchange.body:
            found = covered.check(exchange.body)
        elif self._body_required:
            found = [_BODY_MISSING]  # announced by Transfer-Encoding, and empty after all
        if found is None and not exchange.violations:
            return None
        return self._conclude(exchange, found or [])

    def _check_query(self, exchange: Exchange, query: bytes) -> list[Violation] | None:
        try:
            fields = split_pairs(query)
        except Malformed as malformed:
            return [Violation("query", f"the query string {malformed.message}", malformed.keyword)]
        found = self._query(fields)
        if self._unknown:
            unknown = [name for name in self._query.unknown(fields) if name not in self._credentials]
            if unknown:
                extra = [Violation("query", "is not declared", "additionalProperties", name) for name in unknown[: MAX_VIOLATIONS + 1]]
                if self._reject_unknown:
                    return _both(found, extra)
                exchange.notes["unknown_query"] = len(unknown)
        return found

    def _cover(self, exchange: Exchange, content_type: bytes | None) -> Problem | None:
        """Choose the entry for the body; a Problem when no entry covers it."""
        media = self._media
        assert media is not None, "only asked where a body is declared"
        covered = media.get(content_type) if content_type is not None else None
        if covered is None:
            what = "This Content-Type is not declared" if content_type is not None else "A body needs a Content-Type"
            return Problem(UNSUPPORTED_MEDIA_TYPE, f"{what}; allowed: {media.allowed}.")
        if covered.refusal is not None:
            return Problem(UNSUPPORTED_MEDIA_TYPE, f"The body's charset is not supported: {covered.refusal}.")
        exchange.media_type = covered
        if covered.check is not None:
            exchange.holds_body = True
        return None

    def _conclude(self, exchange: Exchange, found: list[Violation]) -> Problem | None:
        if self._enforce:
            return refuse(INVALID_REQUEST, "request", [*exchange.violations, *found])
        exchange.violations += found
        exchange.notes["violations"] = len(exchange.violations)
        return None


def _whole_query(parameters: list[Parameter], bodies: Bodies) -> Callable[[bytes | None], list[Violation] | None] | None:
    for parameter in parameters:
        if parameter.content is not None:
            bodies.prepare(parameter.content)
    return querystring(parameters[0], bodies) if parameters else None


def _both(found: list[Violation] | None, more: list[Violation] | None) -> list[Violation] | None:
    if more is None:
        return found
    return more if found is None else found + more

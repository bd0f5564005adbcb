"""Every error a client can get from the gateway itself, as RFC 9457 problems.

The catalogue below is the only list; docs/problems.md is held against it by a test. A problem never carries the
submitted value of a secret: a violation says what was expected, and shows a value only where the schema is public
and the place is not a credential.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

TYPE_PREFIX = "urn:specgw:problem:"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: `type` is stable and names the entry in docs/problems.md."""

    slug: str
    status: int
    title: str
    meaning: str

    @property
    def type(self) -> str:
        """The problem type URI (RFC 9457 section 3.1.1)."""
        return TYPE_PREFIX + self.slug


class Violation(msgspec.Struct, frozen=True, omit_defaults=True, rename={"location": "in"}):
    """One way in which a request or response does not match its contract.

    `location` (shown as `in`) is path, query, header, cookie, body or status; `name` is the parameter's name; `pointer` is the
    RFC 6901 pointer inside the parameter's value or the body; `keyword` is the JSON Schema keyword (or `style`,
    `encoding`, `mediaType`, `syntax`) that failed; `message` says what was expected.
    """

    location: str
    message: str
    keyword: str
    name: str | None = None
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One answer of the gateway itself: a kind, what happened this time, and every violation found."""

    kind: Kind
    detail: str
    violations: tuple[Violation, ...] = ()
    headers: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return self.kind.status

    def body(self, request_id: str | None = None) -> bytes:
        """The application/problem+json document."""
        document: dict[str, object] = {
            "type": self.kind.type,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
        }
        if request_id is not None:
            document["requestId"] = request_id
        if self.violations:
            document["violations"] = self.violations
        return msgspec.json.encode(document)


NO_ROUTE = Kind("no-route", 404, "No such path", "No document declares this path, host and conditions together.")
METHOD_NOT_ALLOWED = Kind(
    "method-not-allowed", 405, "Method not allowed", "The path is declared, but not with this method; `Allow` lists those that are."
)
MALFORMED_REQUEST = Kind(
    "malformed-request",
    400,
    "Malformed HTTP request",
    "The message breaks a rule of HTTP/1.1 that the gateway insists on; the connection is closed.",
)
INVALID_PATH = Kind(
    "invalid-path",
    400,
    "Ambiguous path",
    "The path holds dot segments, empty segments, a backslash, %00, a bad escape or an encoded slash. Nothing is normalised and passed on.",
)
INVALID_REQUEST = Kind(
    "invalid-request",
    400,
    "The request does not match the contract",
    "Parameters or body break the operation's schema; `violations` lists all of them.",
)
UNSUPPORTED_MEDIA_TYPE = Kind(
    "unsupported-media-type",
    415,
    "Unsupported media type",
    "The operation does not declare this Content-Type (or none was sent with a body).",
)
UNSUPPORTED_ENCODING = Kind(
    "unsupported-encoding",
    415,
    "Unsupported content coding",
    "The body's Content-Encoding is unknown here, so that its content could not be validated.",
)
PAYLOAD_TOO_LARGE = Kind(
    "payload-too-large", 413, "Payload too large", "The body is larger than the operation's `maxBody`, or than what the portal reads."
)
URI_TOO_LONG = Kind("uri-too-long", 414, "Request target too long", "The request line is longer than `limits.requestLine`.")
HEADERS_TOO_LARGE = Kind(
    "headers-too-large", 431, "Header fields too large", "Too many header fields, or too large in all (`limits.headers`)."
)
EXPECTATION_FAILED = Kind("expectation-failed", 417, "Expectation failed", "`Expect` names something other than 100-continue.")
NOT_IMPLEMENTED = Kind("not-implemented", 501, "Not implemented", "The request uses a transfer coding other than `chunked`.")
VERSION_NOT_SUPPORTED = Kind(
    "version-not-supported", 505, "HTTP version not supported", "Only HTTP/1.1 and HTTP/1.0 are spoken on this port."
)
REQUEST_TIMEOUT = Kind("request-timeout", 408, "Request timeout", "The request did not arrive whole within the edge limits.")
INVALID_HANDSHAKE = Kind(
    "invalid-handshake", 400, "Invalid WebSocket handshake", "The request asks for a WebSocket, but not as RFC 6455 section 4.2.1 wants it."
)
ORIGIN_NOT_ALLOWED = Kind(
    "origin-not-allowed", 403, "Origin not allowed", "A page of this origin may not open a WebSocket here (`websocket.origins`)."
)
WEBSOCKET_VERSION = Kind(
    "websocket-version",
    426,
    "WebSocket version not supported",
    "The request asks for a WebSocket of another version than 13, the only one that there is (RFC 6455 section 4.4).",
)
UNAUTHENTICATED = Kind(
    "unauthenticated",
    401,
    "Credentials needed",
    "The operation's `security` asks for credentials, and none were sent, or they were not accepted; `WWW-Authenticate` says which.",
)
INSUFFICIENT_SCOPE = Kind(
    "insufficient-scope",
    403,
    "Not allowed with these credentials",
    "The credentials are good, but they lack scopes or roles that the operation asks for.",
)
TOO_MANY_FAILURES = Kind(
    "too-many-failures",
    429,
    "Too many wrong credentials",
    "Credentials from this address were wrong too often (`limits.failedLogins`). They are looked at again after `Retry-After`.",
)
CROSS_SITE = Kind(
    "cross-site",
    403,
    "Request of another site",
    "A cookie says who calls, and nothing shows that a page of the gateway's own origin asked for this request (`csrf`).",
)
NOT_SIGNED_IN = Kind(
    "not-signed-in",
    403,
    "Not signed in",
    "The portal's keys are for people who are signed in: no session was sent, or it is over.",
)
REQUIREMENT_NOT_MET = Kind(
    "requirement-not-met",
    403,
    "Requirement not met",
    "The caller is known, and is not who the operation's `require` asks for.",
)
IDENTITY_UNAVAILABLE = Kind(
    "identity-unavailable",
    503,
    "Credentials cannot be checked at the moment",
    "Nobody who knows about these credentials can be reached: a key store, or a provider of identities.",
)
NO_SUCH_KEY = Kind("no-such-key", 404, "No such key", "The person who is signed in to the portal has no valid key with this id.")
TOO_MANY_KEYS = Kind(
    "too-many-keys",
    429,
    "Too many keys",
    "The person who is signed in to the portal has as many valid keys as one may have, or has made too many within the last hour; "
    "then `Retry-After` says when there may be more.",
)
NOT_ACCEPTABLE = Kind(
    "not-acceptable",
    406,
    "Not acceptable",
    "The sandbox has the response in none of the media types that `Accept` asks for (RFC 9110 section 15.5.7).",
)
NO_SUCH_MOCK = Kind(
    "no-such-mock",
    404,
    "No such mock response",
    "`Prefer` asks the sandbox for a response or an example that the document does not declare for this operation.",
)
NO_SUCH_OBJECT = Kind(
    "no-such-object",
    404,
    "No such object",
    "With `mock.state: crud`: the sandbox keeps no object of this caller at this path, and the document declares no 404 of its own.",
)
NO_MOCK = Kind(
    "no-mock",
    501,
    "Nothing to answer with",
    "The sandbox cannot answer: the document declares no response, or no value was found that the response's schema accepts.",
)
MOCK_FAULT = Kind(
    "mock-fault", 503, "Fault on purpose", "`mock.faults` of the operation asks for failures like this one; their status is its `status`."
)
NO_UPSTREAM = Kind("no-upstream", 503, "No upstream", "The operation has no upstream, or none of its endpoints can be used.")
OVERLOADED = Kind("overloaded", 503, "Overloaded", "Held bodies reached `limits.bufferedBytes` or connections theirs, or it is stopping.")
UPSTREAM_UNREACHABLE = Kind(
    "upstream-unreachable", 502, "Upstream unreachable", "No connection to the service could be made, or it broke before an answer."
)
UPSTREAM_INVALID = Kind(
    "upstream-invalid", 502, "Invalid answer from upstream", "The service answered with something that is not valid HTTP/1.1."
)
INVALID_RESPONSE = Kind(
    "invalid-response",
    502,
    "The response does not match the contract",
    "`validate.response: enforce` and the service's answer breaks the operation's schema.",
)
UPSTREAM_TIMEOUT = Kind(
    "upstream-timeout", 504, "Upstream timeout", "The service did not connect or answer within the operation's `timeout`."
)
INTERNAL = Kind("internal", 500, "Internal error", "A defect of the gateway itself; the access log has the request id.")

KINDS: tuple[Kind, ...] = (
    NO_ROUTE,
    METHOD_NOT_ALLOWED,
    MALFORMED_REQUEST,
    INVALID_PATH,
    INVALID_REQUEST,
    UNSUPPORTED_MEDIA_TYPE,
    UNSUPPORTED_ENCODING,
    PAYLOAD_TOO_LARGE,
    URI_TOO_LONG,
    HEADERS_TOO_LARGE,
    EXPECTATION_FAILED,
    NOT_IMPLEMENTED,
    VERSION_NOT_SUPPORTED,
    REQUEST_TIMEOUT,
    INVALID_HANDSHAKE,
    ORIGIN_NOT_ALLOWED,
    WEBSOCKET_VERSION,
    UNAUTHENTICATED,
    INSUFFICIENT_SCOPE,
    TOO_MANY_FAILURES,
    CROSS_SITE,
    NOT_SIGNED_IN,
    REQUIREMENT_NOT_MET,
    IDENTITY_UNAVAILABLE,
    NO_SUCH_KEY,
    TOO_MANY_KEYS,
    NOT_ACCEPTABLE,
    NO_SUCH_MOCK,
    NO_SUCH_OBJECT,
    NO_MOCK,
    MOCK_FAULT,
    NO_UPSTREAM,
    OVERLOADED,
    UPSTREAM_UNREACHABLE,
    UPSTREAM_INVALID,
    INVALID_RESPONSE,
    UPSTREAM_TIMEOUT,
    INTERNAL,
)
CATALOGUE: dict[str, Kind] = {kind.slug: kind for kind in KINDS}

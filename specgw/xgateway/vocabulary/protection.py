"""Who may call and what browsers are told: requirements beyond `security`, CORS, secure headers, addresses, WebSocket origins."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from specgw.xgateway.vocabulary.part import Part, wrong
from specgw.xgateway.vocabulary.routing import distinct, kind
from specgw.xgateway.vocabulary.values import Cidr, Duration, Size, Text, TimeLimit, patterned
from specgw.xgateway.vocabulary.web import HeaderName, HeaderValue, ResponseHeaderName

Origin = Annotated[
    str,
    *patterned(
        r"(?:\*|null|https?://(?:\*\.)?[A-Za-z0-9.\[\]:_-]+)",
        "an origin such as 'https://app.example.com', or '*'",
        hint="an origin has a scheme, a host and perhaps a port, and no path",
    ),
]

Method = Annotated[str, *patterned(r"[A-Z]+|\*", "a method in upper case, or '*'")]


class Require(Part):
    """What a caller needs beyond the document's `security`."""

    roles: list[Text] | None = None
    """Roles, one of which is needed."""
    scopes: list[Text] | None = None
    """Scopes, all of which are needed."""
    claims: dict[Text, Any] | None = None
    """Claims and the value that each has to have, or to hold where it is a list; dots lead inside."""
    when: Text | None = None
    """A CEL expression over `request`, `identity` and `claims` that has to be true. See [require.md](require.md)."""


class Cors(Part):
    """Cross-origin requests (Fetch standard, section "CORS protocol")."""

    origins: Annotated[list[Origin], Field(min_length=1)]
    """Who may call from a browser."""
    methods: list[Method] | None = None
    """Methods that may be used. Default: those that the path declares."""
    headers: list[HeaderName] | None = None
    """Request headers that may be sent. Default: those that the operation declares."""
    expose: list[HeaderName] | None = None
    """Response headers that scripts may read."""
    credentials: bool | None = None
    """Whether cookies and authorisation may be sent. Default: `false`."""
    max_age: Duration | None = None
    """How long a browser may remember the answer. Default: `10m`."""


def _credentials_need_origins(cors: Cors) -> Cors:
    # Fetch standard, section "CORS protocol and credentials": browsers refuse the combination.
    if cors.credentials and "*" in cors.origins:
        raise wrong("a mapping without 'credentials: true' where 'origins' holds '*'", hint="list the origins")
    return cors


CorsSetting = Annotated[Cors, AfterValidator(_credentials_need_origins)]

SecureHeadersSetting = Annotated[
    Annotated[Literal["on", "off"], Tag("text")]
    | Annotated[Annotated[dict[ResponseHeaderName, HeaderValue | None], AfterValidator(distinct)], Tag("mapping")],
    Discriminator(kind, custom_error_type="wrong-value", custom_error_message="'on', 'off', or a mapping of header names and values"),
]


class Addresses(Part):
    """Who may connect. `deny` is looked at first."""

    allow: list[Cidr] | None = None
    """Address blocks that may call. Default: all."""
    deny: list[Cidr] | None = None
    """Address blocks that may not."""


class WebSocket(Part):
    """Upgrades to WebSocket (RFC 6455)."""

    astray: ClassVar[dict[str, str]] = {"maxSize": "the key is 'maxMessage'"}

    origins: list[Origin] | None = None
    """Whose pages may connect from a browser: origins, `https://*.example.com` for all below a domain, `null`, or `*` for all.
    Default: the gateway's own origin. Clients that send no `Origin` are no browsers, and may."""
    idle: TimeLimit | None = None
    """How long both sides may be silent, ping and pong included; then both are told 1001. Default: `60s`."""
    max_message: Size | None = None
    """The largest message, either way, in bytes of payload on the wire; beyond it both are told 1009. Default: `1MiB`."""

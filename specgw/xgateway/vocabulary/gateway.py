"""gateway.yaml: what is said about the gateway as a whole, under its one root key."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from specgw.xgateway.vocabulary.part import Later, Part, wrong
from specgw.xgateway.vocabulary.portal import Portal
from specgw.xgateway.vocabulary.routing import kind
from specgw.xgateway.vocabulary.schemes import Secret
from specgw.xgateway.vocabulary.upstreams import NamedUpstream
from specgw.xgateway.vocabulary.values import Cidr, Duration, Name, Percentage, Size, Text, TimeLimit, patterned
from specgw.xgateway.vocabulary.web import BindHost, Location, Port, PublicUrl, Url


class ListenTls(Part):
    """A certificate that a listener shows to clients. Files are relative to gateway.yaml, or named by `${NAME}` references."""

    cert: Location
    """File with the certificate and the chain behind it (PEM)."""
    key: Location
    """File with its private key (PEM, not encrypted)."""
    client_ca: Location | None = None
    """File with authorities (PEM): every client has to show a certificate of one of them. In a list each entry says the same."""


def _one_authority(certificates: list[ListenTls]) -> list[ListenTls]:
    # Names are chosen by the client: an authority for one name would be none at all.
    if len({certificate.client_ca for certificate in certificates}) > 1:
        raise wrong("a list whose entries all have the same 'clientCa'", hint="client certificates are asked for before any Host is known")
    return certificates


ListenTlsSetting = Annotated[
    Annotated[ListenTls, Tag("mapping")]
    | Annotated[Annotated[list[ListenTls], Field(min_length=1), AfterValidator(_one_authority)], Tag("list")],
    Discriminator(kind, custom_error_type="wrong-value", custom_error_message="a mapping with 'cert' and 'key', or a list of them"),
]


class Listen(Part):
    """Where a listener binds."""

    host: BindHost | None = None
    """Address or name; may hold `${NAME}` references. Default: `127.0.0.1`."""
    port: Port | None = None
    """Port, or a `${NAME}` reference; 0 takes a free one. Default: `8080`, for `admin` `9901`."""
    public_url: PublicUrl | None = None
    """How clients reach it, for the merged document's `servers`; may hold `${NAME}` references. Default: `/`."""
    tls: ListenTlsSetting | None = None
    """HTTPS instead of HTTP. A list holds certificates for several names: the client's SNI chooses, the first one is for all others."""


FailedLogins = Annotated[str, *patterned(r"off|[1-9][0-9]{0,8}/[smhd]", "a rate such as '20/m' or '100/h', or 'off'")]


class Limits(Part):
    """Limits at the edge, before any route is known."""

    request_line: Size | None = None
    """The longest request line; beyond it 414. Default: `8KiB`."""
    headers: Size | None = None
    """All header fields together; beyond it 431. Default: `32KiB`."""
    header_count: Annotated[int, Field(ge=1, le=10000)] | None = None
    """The number of header fields; beyond it 431. Default: `100`."""
    header_time: TimeLimit | None = None
    """How long the head of a request may take; beyond it 408. Default: `10s`."""
    idle: TimeLimit | None = None
    """How long a connection may be silent between requests. Default: `75s`."""
    connections: Annotated[int, Field(ge=1)] | None = None
    """Connections of clients at once; beyond it 503. Cut to what the file descriptors of the process allow. Default: `10000`."""
    connections_per_ip: Annotated[int, Field(ge=1)] | None = None
    """Connections of one address at once, for IPv6 of one /64; beyond it 503. `trustedProxies` do not count. Default: a quarter of all."""
    connection_requests: Annotated[int, Field(ge=1)] | None = None
    """Requests on one connection; the last one is answered with `Connection: close`. Default: `100000`."""
    body_rate: Size | None = None
    """Bytes in a second that a client has to send of a body; slower, it gets 408. 0: no such limit. Default: `240`."""
    answer_rate: Size | None = None
    """Bytes in a second that a client has to take of an answer; slower, its connection ends. 0: no such limit. Default: `240`."""
    rate_grace: Duration | None = None
    """How long a client may be slower than `bodyRate` or `answerRate`. Default: `5s`."""
    buffered_bytes: Size | None = None
    """All held bodies together; beyond it 503. Default: `64MiB`."""
    drain: Duration | None = None
    """How long a stopping gateway waits for requests in flight. Default: `30s`."""
    failed_logins: FailedLogins | None = None
    """How many wrong credentials may come from one client address (IPv6: one /64); beyond it 429, before further ones are looked at.
    `off`: any number. Default: `20/m`."""


class Fallback(Part):
    """What answers when no route matches."""

    upstream: Name
    """Name of one of the `upstreams`."""


class State(Part):
    """Where nodes keep what they share."""

    redis: Secret | None = None
    """URL of a Redis, as a `${NAME}` reference where it holds a password. Default: `REDIS_URL`."""
    path: Location | None = None
    """SQLite file for keys, relative to gateway.yaml, where there is no Redis. Default: `specgw/keys.sqlite` below `$XDG_STATE_HOME`
    or `~/.local/state`."""


class Consumer(Part):
    """Someone who calls."""

    roles: list[Text] | None = None
    """Roles that it has."""
    tier: Name | None = None
    """The tier whose limits apply."""
    keys: list[Secret] | None = None
    """API keys for development; refused outside a dev profile."""


class Traces(Part):
    """Spans over OTLP."""

    endpoint: Url
    """Where they are sent."""
    sample: Percentage | None = None
    """The share of requests that is recorded. Default: `100%`."""


class Telemetry(Part):
    """What is recorded."""

    access_log: Location | None = None
    """`stdout`, `off` or the path of a file; may hold `${NAME}` references. Default: `stdout`."""
    metrics: Annotated[Literal["on", "off"] | None, Later()] = None
    """Whether `/metrics` is served. Default: `on`."""
    traces: Annotated[Traces | None, Later()] = None
    """Spans of every request."""


class Gateway(Part):
    """What gateway.yaml says under `gateway:`."""

    astray: ClassVar[dict[str, str]] = {
        "routes": "routes come from the documents' 'paths'",
        "services": "services are 'upstreams'",
        "timeout": "it belongs under 'defaults'",
        "profiles": "profiles are files beside this one: gateway.NAME.yaml",
    }

    listen: Listen | None = None
    """The public listener."""
    admin: Listen | None = None
    """The listener for operators: admin API and metrics."""
    specs: list[Location] | None = None
    """Documents and folders, relative to this file, when none are named on the command line; may hold `${NAME}` references."""
    trusted_proxies: list[Cidr] | None = None
    """Address blocks whose forwarded headers are believed. Default: none."""
    limits: Limits | None = None
    """Limits at the edge."""
    fallback: Fallback | None = None
    """What answers when no route matches. Default: 404."""
    upstreams: dict[Name, NamedUpstream | None] | None = None
    """Services by name, for `upstream: NAME`."""
    defaults: dict[str, Any] | None = None
    """The weakest level of `x-gateway`."""
    state: State | None = None
    """Where nodes keep what they share: for now, the keys of consumers. Default: `REDIS_URL` where it is set, otherwise a file.
    See [keys.md](keys.md)."""
    consumers: dict[Name, Consumer | None] | None = None
    """Who calls, by name."""
    telemetry: Telemetry | None = None
    """What is recorded."""
    portal: Portal | None = None
    """The developer portal. See [portal.md](portal.md)."""


class GatewayFile(Part):
    """The whole file."""

    astray: ClassVar[dict[str, str]] = {info.alias or name: "it belongs under 'gateway'" for name, info in Gateway.model_fields.items()}

    gateway: Gateway
    """Everything else stands under this key."""

"""Services and how they are reached: a named upstream of gateway.yaml, or an inline one."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema, model_validator

from specgw.xgateway.vocabulary.part import Later, Part, wrong
from specgw.xgateway.vocabulary.routing import Match, kind
from specgw.xgateway.vocabulary.values import NAME, Duration, Host, Percentage, Text, TimeLimit, matches, text_of
from specgw.xgateway.vocabulary.web import Location, Path, Url, read_upstream_url


class Target(Part):
    """One address of an upstream."""

    url: Url
    """http or https, with an optional base path; may hold `${NAME}` references."""
    weight: Annotated[int, Field(ge=1, le=65535)] | None = None
    """Its share of the requests, relative to the others. Default: `1`."""


class Discovery(Part):
    """Where the addresses come from when they are not listed; one of these."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    dns: Text | None = None
    """A name with A or AAAA records (`users.internal:8081`), or an SRV name (`_http._tcp.users.internal`)."""
    file: Location | None = None
    """A YAML or JSON file with a list of targets, read again when it changes."""
    consul: Text | None = None
    """The name of a service in Consul."""
    etcd: Text | None = None
    """A key prefix in etcd."""
    kubernetes: Text | None = None
    """`namespace/service:port`, from EndpointSlices."""

    @model_validator(mode="after")
    def _one(self) -> Discovery:
        if len([name for name in ("dns", "file", "consul", "etcd", "kubernetes") if getattr(self, name) is not None]) != 1:
            raise wrong("a mapping with one of 'dns', 'file', 'consul', 'etcd', 'kubernetes'")
        return self


class ActiveHealth(Part):
    """Requests that the gateway makes to find out."""

    path: Path
    """What is asked for."""
    interval: TimeLimit | None = None
    """Time between two requests. Default: `10s`."""
    timeout: TimeLimit | None = None
    """How long an answer may take. Default: `2s`."""
    healthy: Annotated[int, Field(ge=1)] | None = None
    """Successes in a row that bring an endpoint back. Default: `2`."""
    unhealthy: Annotated[int, Field(ge=1)] | None = None
    """Failures in a row that take it out. Default: `3`."""


class PassiveHealth(Part):
    """What ordinary requests show."""

    failures: Annotated[int, Field(ge=1)] | None = None
    """Failures within `window` that take an endpoint out. Default: `5`."""
    window: TimeLimit | None = None
    """Default: `10s`."""
    eject_for: TimeLimit | None = None
    """How long it stays out. Default: `30s`."""
    max_ejected: Percentage | None = None
    """The share of endpoints that may be out at once. Default: `50%`."""


class Health(Part):
    """How endpoints that do not work are found."""

    active: ActiveHealth | None = None
    """By requests of the gateway."""
    passive: PassiveHealth | None = None
    """By watching the ordinary ones."""


class CircuitBreaker(Part):
    """When an upstream is not asked for a while."""

    failures: Annotated[int, Field(ge=1)] | None = None
    """Failures within `window` that open the circuit. Default: `10`."""
    window: TimeLimit | None = None
    """Default: `10s`."""
    open_for: TimeLimit | None = None
    """How long it stays open before one request tries. Default: `30s`."""


class UpstreamTls(Part):
    """TLS towards the service."""

    ca: Location | None = None
    """File with the authorities that are trusted. Default: those of the system."""
    cert: Location | None = None
    """File with the certificate that the gateway shows."""
    key: Location | None = None
    """File with its private key."""
    server_name: Host | None = None
    """The name that the service's certificate has to have. Default: the URL's."""
    verify: bool | None = None
    """Whether the service's certificate is verified. Default: `true`."""


class Upstream(Part):
    """A service: where it is, and how its endpoints are chosen."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["targets"]}, {"required": ["discovery"]}], "not": {"required": ["targets", "discovery"]}}
    )

    astray: ClassVar[dict[str, str]] = {
        "url": "write the URL as 'upstream: URL', or under 'targets'",
        "urls": "write them under 'targets'",
        "upstream": "a choice by conditions is a list of '{match, upstream}'",
        "match": "a choice by conditions is a list of '{match, upstream}'",
    }

    targets: Annotated[list[Target], Field(min_length=1)] | None = None
    """Its addresses."""
    discovery: Annotated[Discovery | None, Later()] = None
    """Where the addresses come from, instead of `targets`."""
    balance: Annotated[
        Literal["roundRobin", "random", "leastConnections", "hash"] | None, Later(("random", "leastConnections", "hash"))
    ] = None
    """How an endpoint is chosen for a request. Default: `roundRobin`."""
    hash_by: Annotated[Text | None, Later()] = None
    """What `balance: hash` looks at: `ip`, `header:NAME`, `cookie:NAME`, `query:NAME` or `path:NAME`."""
    slow_start: Annotated[Duration | None, Later()] = None
    """How long an endpoint that came back takes to get its full share."""
    health: Annotated[Health | None, Later()] = None
    """How endpoints that do not work are found."""
    circuit_breaker: Annotated[CircuitBreaker | None, Later()] = None
    """When the service is not asked for a while."""
    max_connections: Annotated[Annotated[int, Field(ge=1)] | None, Later()] = None
    """Connections to the service at once."""
    max_queue: Annotated[Annotated[int, Field(ge=0)] | None, Later()] = None
    """Requests that may wait for one of them."""
    tls: Annotated[UpstreamTls | None, Later()] = None
    """TLS towards the service; an `https` URL needs none of this."""
    protocol: Annotated[Literal["http1", "h2c", "grpc"] | None, Later(("h2c", "grpc"))] = None
    """What is spoken to the service. Default: `http1`."""

    @model_validator(mode="after")
    def _addresses(self) -> Upstream:
        if (self.targets is None) == (self.discovery is None):
            raise wrong("a mapping with either 'targets' or 'discovery'")
        return self


def read_name_or_url(value: object) -> str:
    """The name of an upstream, or the URL of one that has no name (it holds `://` or is a `${NAME}` reference)."""
    phrase = "the name of an upstream, or a URL"
    text = text_of(value, phrase)
    if "://" in text or text.startswith("${"):
        return read_upstream_url(text)
    if not matches(NAME, text):
        raise wrong(phrase, hint=f"did you mean 'http://{text}'?" if matches(r"[A-Za-z0-9.-]+:[0-9]+(?:/.*)?", text) else None)
    return text


NameOrUrl = Annotated[
    str,
    BeforeValidator(read_name_or_url),
    WithJsonSchema(
        {
            "type": "string",
            "anyOf": [{"pattern": f"^{NAME}$"}, {"pattern": r"^(?:https?://[^\s?#@]+|[^\s?#@]*\$\{[^\s]*)$"}],
            "examples": ["users", "http://127.0.0.1:8081"],
        }
    ),
]

OneUpstream = Annotated[
    Annotated[NameOrUrl, Tag("text")] | Annotated[Upstream, Tag("mapping")],
    Discriminator(
        kind, custom_error_type="wrong-value", custom_error_message="the name of an upstream, a URL, or a mapping with 'targets'"
    ),
]


class Choice(Part):
    """One line of a conditional `upstream`."""

    match: Match | None = None
    """What has to hold; only the last line may leave it out."""
    upstream: OneUpstream
    """The name of an upstream, a URL, or an inline one."""


def _only_the_last_is_open(choices: list[Any]) -> list[Any]:
    for number, choice in enumerate(choices[:-1], start=1):
        if choice.match is None:
            raise wrong(f"a list in which only the last line has no 'match': nothing after line {number} is ever taken")
    return choices


Choices = Annotated[list[Choice], Field(min_length=1), AfterValidator(_only_the_last_is_open)]

UpstreamSetting = Annotated[
    Annotated[NameOrUrl, Tag("text")] | Annotated[Upstream, Tag("mapping")] | Annotated[Choices, Tag("list")],
    Discriminator(
        kind,
        custom_error_type="wrong-value",
        custom_error_message="the name of an upstream, a URL, a mapping with 'targets', or a list of '{match, upstream}'",
    ),
]

NamedUpstream = Annotated[
    Annotated[Url, Tag("text")] | Annotated[Upstream, Tag("mapping")],
    Discriminator(kind, custom_error_type="wrong-value", custom_error_message="a URL, or a mapping with 'targets'"),
]

"""How much traffic passes and what happens to it on the way: limits, retries, caching, splitting, mirroring."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from specgw.xgateway.vocabulary.part import Part, wrong
from specgw.xgateway.vocabulary.upstreams import NameOrUrl
from specgw.xgateway.vocabulary.values import Duration, Name, Percentage, Rate, Text, TimeLimit, checked, patterned
from specgw.xgateway.vocabulary.web import HeaderName

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"

LimitKey = Annotated[
    str,
    *patterned(
        rf"(?:ip|consumer|route|header:{_TOKEN}|claim:[^\s]+)",
        "one of 'ip', 'consumer', 'route', 'header:NAME', 'claim:NAME'",
        json={"examples": ["ip", "consumer", "header:X-Tenant", "claim:sub"]},
    ),
]


class Limit(Part):
    """One named limit."""

    limit: Rate | None = None
    """How many requests in which time. Required."""
    burst: Annotated[int, Field(ge=1)] | None = None
    """How many may come at once. Default: the count of `limit`."""
    by: LimitKey | None = None
    """Whose requests are counted together. Default: `ip`."""
    algorithm: Literal["tokenBucket", "slidingWindow"] | None = None
    """How they are counted. Default: `tokenBucket`."""
    fail: Literal["open", "closed", "local"] | None = None
    """What happens while the shared store cannot be reached: let pass, refuse, or count on this node alone. Default: `local`."""


def bare(value: Any) -> bool:
    """Whether a `rateLimit` is a single limit without a name."""
    return any(key in Limit.model_fields and not isinstance(part, dict) for key, part in value.items())


def _limits(value: Any) -> str | None:
    if isinstance(value, Limit):
        return "bare"
    if not isinstance(value, dict):
        return None
    return "bare" if bare(value) else "named"


LimitsSetting = Annotated[
    Annotated[Limit, Tag("bare")] | Annotated[dict[Name, Limit | None], Tag("named")],
    Discriminator(
        _limits, custom_error_type="wrong-value", custom_error_message="a limit such as '{limit: 100/s}', or a mapping of named limits"
    ),
]


def _status_or_event(value: object) -> str | int:
    if value in ("connect", "reset"):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and 400 <= value <= 599:
        return value
    hint = "write the status without quotes" if isinstance(value, str) and value.isdigit() else None
    raise wrong("'connect', 'reset' or a status from 400 to 599", hint=hint)


RetryReason = Annotated[
    str | int, *checked(_status_or_event, {"anyOf": [{"enum": ["connect", "reset"]}, {"type": "integer", "minimum": 400, "maximum": 599}]})
]


class Retry(Part):
    """Whether a failed request is sent again. Only idempotent operations are, unless `idempotent` says so."""

    attempts: Annotated[int, Field(ge=1, le=10)] | None = None
    """How often a request is sent in all. Default: `1`."""
    on: Annotated[list[RetryReason], Field(min_length=1)] | None = None
    """What counts as failed. Default: `[connect, reset, 502, 503]`."""
    backoff: Duration | None = None
    """How long to wait before the second attempt; doubled each time. Default: `50ms`."""
    budget: Percentage | None = None
    """How many requests may be repetitions. Default: `20%`."""
    idempotent: bool | None = None
    """Whether the operation may be repeated although its method says nothing of it. Default: `false`."""
    hedge: TimeLimit | None = None
    """Send a second request when the first has not answered within this time."""


class Cache(Part):
    """Answers that are kept. RFC 9111 governs where these keys are silent."""

    ttl: TimeLimit | None = None
    """How long an answer is fresh when it does not say so itself."""
    vary: list[HeaderName] | None = None
    """Request headers that tell answers apart, beside those that `Vary` names."""
    stale_while_revalidate: Duration | None = None
    """How long a stale answer may be used while a fresh one is fetched."""
    stale_if_error: Duration | None = None
    """How long a stale answer may be used while the service fails."""
    private: bool | None = None
    """Whether answers to identified consumers are kept, for each of them. Default: `false`."""
    tags: list[Text] | None = None
    """Names under which answers can be dropped."""


class Share(Part):
    """One target of a split."""

    upstream: NameOrUrl
    """The name of an upstream, or a URL."""
    weight: Annotated[int, Field(ge=0, le=65535)]
    """Its share of the requests, relative to the others."""


Sticky = Annotated[str, *patterned(rf"(?:cookie|consumer|header:{_TOKEN})", "one of 'cookie', 'consumer', 'header:NAME'")]


class Split(Part):
    """Requests divided between upstreams: canary, blue and green."""

    targets: Annotated[list[Share], Field(min_length=1)]
    """Who gets how much."""
    sticky: Sticky | None = None
    """What keeps a client on one side."""


class Mirror(Part):
    """A copy of requests for another upstream, whose answers are dropped."""

    astray: ClassVar[dict[str, str]] = {"weight": "the key is 'rate'"}

    upstream: NameOrUrl
    """The name of an upstream, or a URL."""
    rate: Percentage | None = None
    """How many requests are copied. Default: `100%`."""

"""Every key of `x-gateway` at the root, in a path item and in an operation, with its place, merge rule and default."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from specgw.xgateway.vocabulary.answers import Grpc, Mock, Plugin, Transform
from specgw.xgateway.vocabulary.edits import Headers, Query
from specgw.xgateway.vocabulary.part import BELOW_ROOT, EVERYWHERE, Key, Part
from specgw.xgateway.vocabulary.protection import Addresses, CorsSetting, Require, SecureHeadersSetting, WebSocket
from specgw.xgateway.vocabulary.routing import HostSetting, Match, Rewrite, Timeout, Validation, VersionSetting
from specgw.xgateway.vocabulary.traffic import Cache, LimitsSetting, Mirror, Retry, Split
from specgw.xgateway.vocabulary.upstreams import UpstreamSetting
from specgw.xgateway.vocabulary.values import Date, Name, Size
from specgw.xgateway.vocabulary.web import LinkTarget, Path


class Level(Part):
    """One `x-gateway` object: what it says about the routes below it. `null` removes what is inherited."""

    astray: ClassVar[dict[str, str]] = {
        "methods": "the document's path items say which methods there are",
        "path": "the document's 'paths' say it; what is sent upstream is 'rewrite'",
        "auth": "the document's 'security' says it",
        "security": "the document's own 'security' says it",
    }

    service: Annotated[Name | None, Key(("root",), None, "slug of `info.title`", "service: users", defaults=False)] = None
    """Identifier of the service that the document describes."""
    mount: Annotated[Path | None, Key(("root",), None, "none", "mount: /api")] = None
    """Public prefix: the public path is `mount` + the document's path. Two operations with the same method, path, `host`,
    `match` and `version` are an error that names both."""
    host: Annotated[HostSetting | None, Key(("root", "path"), "whole", "any", "host: [api.example.com, api.example.org]")] = None
    """Host names, without port, for which the routes are served; one or a list."""
    version: Annotated[VersionSetting | None, Key(("root",), "deep", "none", "version: {name: v1, by: path, default: true}")] = None
    """Several documents of one service side by side; `version: v1` is short for `version: {name: v1}`."""
    path_match: Annotated[Literal["exact", "prefix"] | None, Key(BELOW_ROOT, "whole", "`exact`", "pathMatch: prefix")] = None
    """Whether the path has to be the whole path of a request, or may be followed by further segments."""
    match: Annotated[Match | None, Key(BELOW_ROOT, "whole", "none", "match: {headers: {X-Beta: 'on'}, query: {preview: true}}")] = None
    """Further conditions for the route; where several routes fit, the one with more conditions wins."""
    upstream: Annotated[
        UpstreamSetting | None,
        Key(
            EVERYWHERE,
            "whole",
            "first `servers` entry, variables filled",
            "upstream:\n  - match: {headers: {X-Beta: 'on'}}\n    upstream: users-next\n  - upstream: http://127.0.0.1:8081",
        ),
    ] = None
    """The service that answers: a name from gateway.yaml, a URL, an inline upstream, or a list of `{match, upstream}` of
    which the first that fits is taken; the last one without `match` is the default."""
    rewrite: Annotated[
        Rewrite | None, Key(EVERYWHERE, "whole", "the document's path under the server's base path", "rewrite: {prefix: /v2}")
    ] = None
    """The path sent upstream."""
    enabled: Annotated[bool | None, Key(EVERYWHERE, "whole", "`true`", "enabled: false")] = None
    """Whether it is served at all."""
    visibility: Annotated[Literal["public", "internal"] | None, Key(EVERYWHERE, "whole", "`public`", "visibility: internal")] = None
    """Whether portal and merged document show it; an internal route is served all the same."""
    validation: Annotated[
        Validation | None,
        Key(
            EVERYWHERE,
            "deep",
            "`request: enforce, response: off, unknownQuery: ignore, formats: true`",
            "validate: {response: report, unknownQuery: reject}",
        ),
        Field(alias="validate"),
    ] = None
    """What is done about requests and responses that break the contract."""
    max_body: Annotated[Size | None, Key(EVERYWHERE, "whole", "`1MiB`", "maxBody: 64KiB")] = None
    """The largest request body; beyond it 413."""
    max_response: Annotated[Size | None, Key(EVERYWHERE, "whole", "`1MiB`", "maxResponse: 4MiB")] = None
    """The largest response body that is held to be validated; beyond it 502 with `validate.response: enforce`, and counted
    as unvalidated with `report`."""
    max_depth: Annotated[Annotated[int, Field(ge=1, le=1000)] | None, Key(EVERYWHERE, "whole", "`64`", "maxDepth: 16")] = None
    """How deep JSON bodies may be nested."""
    encoded_slash: Annotated[Literal["reject", "allow"] | None, Key(EVERYWHERE, "whole", "`reject`", "encodedSlash: allow")] = None
    """Whether `%2F` may stand inside a path parameter."""
    require: Annotated[
        Require | None, Key(EVERYWHERE, "deep", "none", "require: {roles: [editor], when: 'claims.tenant == request.parameters.tenant'}")
    ] = None
    """What a caller needs beyond the document's `security`."""
    csrf: Annotated[Literal["on", "off"] | None, Key(EVERYWHERE, "whole", "on where a cookie authenticates", "csrf: off")] = None
    """Protection against cross-site request forgery, where a cookie says who calls: requests that may change something have to
    come from a page of the gateway's own origin. See [auth.md](auth.md)."""
    rate_limit: Annotated[
        LimitsSetting | None, Key(EVERYWHERE, "deep", "none", "rateLimit: {limit: 100/s, burst: 200, by: consumer}", built=False)
    ] = None
    """Named limits for bursts; a single one may be written bare and is then named `default`."""
    quota: Annotated[
        LimitsSetting | None, Key(EVERYWHERE, "deep", "none", "quota: {monthly: {limit: 10000/mo, by: consumer}}", built=False)
    ] = None
    """Named limits over hours to months; a single one may be written bare and is then named `default`."""
    cors: Annotated[CorsSetting | None, Key(EVERYWHERE, "whole", "none", "cors: {origins: ['https://app.example.com']}", built=False)] = (
        None
    )
    """Cross-origin requests that browsers may make."""
    secure_headers: Annotated[
        SecureHeadersSetting | None,
        Key(EVERYWHERE, "deep", "off (on for our own pages)", "secureHeaders: {Referrer-Policy: no-referrer}", built=False),
    ] = None
    """`X-Content-Type-Options`, `Referrer-Policy`, `Strict-Transport-Security` under TLS; further ones by name."""
    ip: Annotated[Addresses | None, Key(EVERYWHERE, "whole", "any", "ip: {allow: [10.0.0.0/8]}", built=False)] = None
    """Address blocks that may call."""
    headers: Annotated[
        Headers | None,
        Key(
            EVERYWHERE, "deep", "none", "headers:\n  request: {set: {X-Caller: gateway}, remove: [X-Debug]}\n  response: {remove: [Server]}"
        ),
    ] = None
    """Changes to header fields, in the order rename, remove, set, add."""
    query: Annotated[Query | None, Key(EVERYWHERE, "deep", "none", "query:\n  request: {rename: {q: search}, set: {source: gateway}}")] = (
        None
    )
    """Changes to query parameters, in the order rename, remove, set, add."""
    transform: Annotated[Transform | None, Key(BELOW_ROOT, "whole", "none", "transform: {xml: both}", built=False)] = None
    """Bodies in another form."""
    websocket: Annotated[WebSocket | None, Key(BELOW_ROOT, "deep", "off", "websocket: {idle: 2m, maxMessage: 64KiB}")] = None
    """Whether a GET may turn into a WebSocket (RFC 6455): on where the key stands, `websocket: {}` with the defaults. See
    [websocket.md](websocket.md)."""
    timeout: Annotated[
        Timeout | None, Key(EVERYWHERE, "deep", "`connect 1s, response 15s, total 60s, idle 60s`", "timeout: {response: 5s, total: 1m30s}")
    ] = None
    """How long the gateway waits for the service; beyond it 504."""
    retry: Annotated[
        Retry | None, Key(EVERYWHERE, "deep", "`attempts: 1` (none)", "retry: {attempts: 3, on: [connect, 503]}", built=False)
    ] = None
    """Whether a failed request is sent again; only idempotent operations unless `idempotent: true`."""
    cache: Annotated[Cache | None, Key(EVERYWHERE, "deep", "off", "cache: {ttl: 5m, vary: [Accept-Language]}", built=False)] = None
    """Answers that are kept; RFC 9111 governs where it is silent."""
    mock: Annotated[Mock | None, Key(EVERYWHERE, "deep", "`mode: off`", "mock: {mode: fallback, latency: 20ms..80ms}")] = None
    """Responses made from examples and schemas instead of the service's. See [sandbox.md](sandbox.md)."""
    split: Annotated[
        Split | None,
        Key(
            EVERYWHERE,
            "whole",
            "none",
            "split:\n  targets: [{upstream: users, weight: 95}, {upstream: users-next, weight: 5}]",
            built=False,
        ),
    ] = None
    """Requests divided between upstreams."""
    mirror: Annotated[Mirror | None, Key(EVERYWHERE, "whole", "none", "mirror: {upstream: users-next, rate: 10%}", built=False)] = None
    """A copy of requests for another upstream."""
    sunset: Annotated[Date | None, Key(EVERYWHERE, "whole", "none", "sunset: 2027-06-30")] = None
    """When it ends, as the `Sunset` header (RFC 8594) of its answers; a day ends it with its first second, in UTC. Beside it the
    document says `deprecated: true`, which answers tell as `Deprecation` (RFC 9745)."""
    successor: Annotated[LinkTarget | None, Key(EVERYWHERE, "whole", "none", "successor: /api/v2/users")] = None
    """What to use instead, as a `Link` header with the relation `successor-version` (RFC 5829)."""
    grpc: Annotated[
        Grpc | None, Key(BELOW_ROOT, "whole", "none", "grpc: {service: users.v1.Users, method: Get, proto: users.proto}", built=False)
    ] = None
    """The gRPC method that answers."""
    plugins: Annotated[
        Annotated[list[Plugin], Field(min_length=1)] | None,
        Key(EVERYWHERE, "whole", "none", "plugins: [{name: audit, topic: users}]", built=False),
    ] = None
    """Policies of Python packages, in this order."""


KEYS: dict[str, Key] = {
    info.alias or name: next(mark for mark in info.metadata if isinstance(mark, Key)) for name, info in Level.model_fields.items()
}
"""Every key by its name outside, in the order of the reference page."""

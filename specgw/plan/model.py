"""The Plan: the only thing between compiling and running.

It is immutable, serialisable (see `codec`) and holds no Python callables. Durations are seconds, sizes are bytes.
Strings that come from gateway.yaml may hold `${NAME}` references: they are resolved at activation (`references`), so
that no value of the environment is ever written to generated/.
"""

from __future__ import annotations

from typing import Any, Literal

from specgw.plan.part import Part as Part
from specgw.plan.portal import Portal as Portal
from specgw.plan.sandbox import Sandbox
from specgw.plan.xml import Xml as Xml
from specgw.plan.xml import XmlNode as XmlNode

FORMAT = 2
"""Version of the serialised form; a plan of another format is refused by the codec."""

Mode = Literal["enforce", "report", "off"]
In = Literal["path", "query", "querystring", "header", "cookie"]
Style = Literal["simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject", "cookie"]


class Origin(Part, frozen=True, kw_only=True):
    """Where something of the Plan was written: relative file, line and column from 1, JSON pointer."""

    file: str
    line: int
    column: int = 1
    pointer: str = ""


class Conditions(Part, frozen=True, kw_only=True):
    """Further conditions of a `match`: every header (lower-case name) and query parameter has to have the value.

    A value of None asks only for presence.
    """

    headers: dict[str, str | None] = {}
    query: dict[str, str | None] = {}

    @property
    def weight(self) -> int:
        """How many conditions there are: more conditions win."""
        return len(self.headers) + len(self.query)


class Shape(Part, frozen=True, kw_only=True):
    """How a string of a parameter or form field becomes a JSON value: the types its schema admits.

    `types` holds JSON Schema type names, empty for "any". `items` is the shape of array items; `properties` and
    `additional` those of object members. Computed by the compiler through $ref, allOf, anyOf and oneOf.
    """

    types: tuple[str, ...] = ()
    items: Shape | None = None
    properties: dict[str, Shape] = {}
    additional: Shape | None = None


class Parameter(Part, frozen=True, kw_only=True):
    """One parameter of an operation (OpenAPI section "Parameter Object").

    `schema` is a reference into `Plan.schemas` (`URI#pointer`), None when anything goes. With `media_type` it is a
    `content` parameter: the percent-decoded text is parsed as that media type, and style and explode mean nothing. In
    `querystring`, `content` says how the whole query is read, and nothing else does.
    """

    name: str
    location: In
    style: Style
    explode: bool = False
    required: bool = False
    allow_reserved: bool = False
    allow_empty: bool = False
    shape: Shape = Shape()
    schema: str | None = None
    media_type: str | None = None
    content: Content | None = None


class Encoding(Part, frozen=True, kw_only=True):
    """How one property of a form body is written (OpenAPI section "Encoding Object").

    `content_types` are the media ranges a multipart part may have; `styled` says that style, explode or allowReserved
    were given, so that they decide instead of the content type.
    """

    content_types: tuple[str, ...] = ()
    style: Style = "form"
    explode: bool = True
    allow_reserved: bool = False
    styled: bool = False
    headers: tuple[Parameter, ...] = ()


BodyKind = Literal["json", "urlencoded", "multipart", "text", "xml", "lines", "sequence", "events", "opaque"]


class Content(Part, frozen=True, kw_only=True):
    """One entry of a `content` map: a media range and what is checked of a body that it covers.

    `kind` opaque is passed on unread (binary). `lines` (JSON Lines, NDJSON), `sequence` (JSON text sequences) and
    `events` (server-sent events) are read as one array; `items` is the schema of each of its elements. `schema` and
    `items` None mean that nothing is checked.
    """

    media_range: str
    kind: BodyKind = "opaque"
    schema: str | None = None
    shape: Shape = Shape()
    xml: Xml | None = None
    """Of the kind `xml` only."""
    encoding: dict[str, Encoding] = {}
    items: str | None = None


class Body(Part, frozen=True, kw_only=True):
    """The request body of an operation."""

    required: bool = False
    content: tuple[Content, ...] = ()


class Response(Part, frozen=True, kw_only=True):
    """A declared response: `status` is "200", "2XX" or "default". Only in the Plan where responses are validated."""

    status: str
    headers: tuple[Parameter, ...] = ()
    content: tuple[Content, ...] = ()


class Validate(Part, frozen=True, kw_only=True):
    """What is done about violations. `unknown_query` speaks of query parameters that the operation does not declare."""

    request: Mode = "enforce"
    response: Mode = "off"
    unknown_query: Literal["ignore", "report", "reject"] = "ignore"
    formats: bool = True


class Edits(Part, frozen=True, kw_only=True):
    """Changes to header fields or query parameters, applied in this order: rename, remove, set, add."""

    rename: dict[str, str] = {}
    remove: tuple[str, ...] = ()
    set: dict[str, str] = {}
    add: dict[str, tuple[str, ...]] = {}


class Timeout(Part, frozen=True, kw_only=True):
    """Seconds: to connect, until the answer's head, for the whole exchange, and between bytes of a body."""

    connect: float = 1.0
    response: float = 15.0
    total: float = 60.0
    idle: float = 60.0


class WebSocket(Part, frozen=True, kw_only=True):
    """How an operation may be asked for a WebSocket (RFC 6455), and the limits of one that is open.

    `origins` are those that browsers may connect from: lower or upper case, `*`, `null`, or `scheme://*.domain`; None: the
    gateway's own. `idle` is in seconds, without a byte either way; `max_message` in bytes on the wire, payload only.
    """

    origins: tuple[str, ...] | None = None
    idle: float = 60.0
    max_message: int = 1 << 20


class UpstreamChoice(Part, frozen=True, kw_only=True):
    """One line of a conditional `upstream`: the first whose conditions hold is taken; None always holds."""

    upstream: str
    conditions: Conditions | None = None


class Rewrite(Part, frozen=True, kw_only=True):
    """The path sent upstream instead of the document's path under the endpoint's base path.

    `prefix`: this prefix and then the document's path. `template`: path parameters filled in, in their raw form.
    Either one is the whole path: the endpoint's base path is not put in front.
    """

    prefix: str | None = None
    template: str | None = None


class SecurityScheme(Part, frozen=True, kw_only=True):
    """One scheme of a requirement, with the scopes that are all required."""

    name: str
    """As the document calls it."""
    scopes: tuple[str, ...] = ()
    scheme: str = ""
    """Its key in `Plan.schemes`."""
    roles: bool = False
    """Whether roles count as well as scopes: for every scheme but those of OAuth 2.0 and OpenID Connect, the list "MAY
    contain a list of role names which are required" (OpenAPI 3.1, "Security Requirement Object")."""


class Introspection(Part, frozen=True, kw_only=True):
    """Where tokens are asked about (RFC 7662); all three may hold `${NAME}`, and the secret is nothing but a reference."""

    url: str
    client_id: str | None = None
    client_secret: str | None = None


SchemeKind = Literal["apiKey", "basic", "token", "mutualTLS", "other"]
Algorithm = Literal["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
Forward = Literal["strip", "keep", "claims"]


class Scheme(Part, frozen=True, kw_only=True):
    """A security scheme of a document, as its credentials are verified (OpenAPI section "Security Scheme Object").

    `kind` says how: `token` is http bearer, oauth2 and openIdConnect; `other` is an http scheme that the gateway knows by
    name only, `http_scheme`. Credentials of `apiKey` are in `location` under the name `field`.
    """

    name: str
    service: str
    kind: SchemeKind
    type: str
    """For people: `apiKey in header`, `http bearer`, `oauth2` …"""
    location: Literal["header", "query", "cookie"] = "header"
    field: str = "Authorization"
    http_scheme: str | None = None
    """Lower case: the first word of `Authorization`; None where credentials are not sent that way."""
    scopes: tuple[str, ...] = ()
    """All scopes that flows of the scheme declare."""
    verify: Literal["gateway", "upstream"] = "gateway"
    """`upstream`: presence only."""
    forward: Forward = "strip"
    issuer: str | None = None
    open_id_connect_url: str | None = None
    """The discovery document."""
    audience: tuple[str, ...] = ()
    jwks: str | None = None
    """URL, or file relative to `Edge.folder`, of the key set; may hold `${NAME}`, as `issuer`, `audience` and `ca`."""
    secret: str | None = None
    """What HS algorithms verify with: nothing but a reference."""
    plain_http: bool = False
    """Whether the issuer may be asked without TLS on other machines too."""
    algorithms: tuple[Algorithm, ...] = ()
    """Empty: those that are safe with public keys."""
    leeway: float = 30.0
    introspection: Introspection | None = None
    preset: Literal["keycloak", "auth0"] | None = None
    scopes_from: str | None = None
    """The claim that holds scopes, as a path (`policies.auth.grants`); None: by the preset, or as usual."""
    roles_from: str | None = None
    users: dict[str, str] = {}
    """For basic: password hashes by user name; may hold `${NAME}`. Empty: the key store."""
    ca: str | None = None
    """For mutualTLS: file with the authorities; None: those of the listener."""
    subjects: tuple[str, ...] = ()
    """For mutualTLS: subjects that are accepted; empty: all."""
    challenge: dict[str, str] = {}
    """What a challenge of the scheme says beside its realm: only the sandbox's schemes have it."""

    @property
    def verifiable(self) -> bool:
        """Whether there is anything to verify credentials with."""
        if self.verify == "upstream":
            return True
        if self.kind == "token":
            return bool(self.issuer or self.open_id_connect_url or self.jwks or self.secret or self.introspection)
        return self.kind != "other"


class Require(Part, frozen=True, kw_only=True):
    """What a caller needs beyond `security`: one of the roles, all of the scopes, claims with these values, and a true `when`."""

    roles: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    claims: dict[str, Any] = {}
    when: str | None = None
    """An expression in CEL over request and claims."""


class Route(Part, frozen=True, kw_only=True):
    """One operation as served."""

    id: str
    """Unique in the Plan: the operationId where it is unique, otherwise `METHOD path`."""
    operation_id: str | None = None
    service: str
    method: str
    path: str
    """The public path template: mount + version + document path."""
    document_path: str
    """The path template as the document has it (under `mount`)."""
    path_match: Literal["exact", "prefix"] = "exact"
    hosts: tuple[str, ...] = ()
    """Lower-case Host names without port; empty: any."""
    version: str | None = None
    conditions: Conditions = Conditions()
    origin: Origin
    visibility: Literal["public", "internal"] = "public"
    deprecated: bool = False
    upstreams: tuple[UpstreamChoice, ...] = ()
    """Empty: no upstream is known, the route answers 503."""
    rewrite: Rewrite | None = None
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    validate: Validate = Validate()
    max_body: int = 1 << 20
    max_response: int = 1 << 20
    max_depth: int = 64
    encoded_slash: bool = False
    """Whether `%2F` is let through inside a parameter."""
    request_headers: Edits | None = None
    response_headers: Edits | None = None
    request_query: Edits | None = None
    timeout: Timeout = Timeout()
    websocket: WebSocket | None = None
    """None: a request for an upgrade is answered as any other."""
    security: tuple[tuple[SecurityScheme, ...], ...] | None = None
    """OR of ANDs. None or (): public. An empty alternative makes it optional."""
    require: Require | None = None
    csrf: Literal["on", "off"] | None = None
    """Protection against cross-site request forgery; None: on where a cookie authenticates."""
    unenforced: tuple[str, ...] = ()
    """What of the contract cannot be enforced exactly, in words, for `specgw routes` and the merged document."""

    @property
    def enforcement(self) -> Literal["full", "partial", "off"]:
        """How much of the request contract is enforced."""
        if self.validate.request != "enforce":
            return "off"
        return "partial" if self.unenforced else "full"


class Target(Part, frozen=True, kw_only=True):
    """One address of an Upstream: http or https URL with an optional base path; may hold `${NAME}`."""

    url: str
    weight: int = 1


class Upstream(Part, frozen=True, kw_only=True):
    """A named service and where it is reached."""

    name: str
    targets: tuple[Target, ...] = ()


class KeyPair(Part, frozen=True, kw_only=True):
    """A certificate chain and its private key: files, as gateway.yaml names them; may hold `${NAME}`."""

    cert: str
    key: str


class Tls(Part, frozen=True, kw_only=True):
    """TLS of a listener. The first certificate is shown to clients that ask for no name, or for one that none has.

    With `client_ca`, a file with authorities, every client has to show a certificate of one of them.
    """

    certificates: tuple[KeyPair, ...]
    client_ca: str | None = None
    scheme_ca: tuple[str, ...] = ()
    """The same of `mutualTLS` schemes: who has a certificate of one of these shows it, everybody else connects without.
    They count for nothing where `client_ca` says whose certificates are good."""

    @property
    def authorities(self) -> tuple[str, ...]:
        """The files with those whose certificates clients are asked for."""
        return self.scheme_ca if self.client_ca is None else (self.client_ca,)


class Listen(Part, frozen=True, kw_only=True):
    """Where a listener binds. `port` may be a `${NAME}` reference; `public_url` is how clients reach it."""

    host: str = "127.0.0.1"
    port: int | str = 8080
    public_url: str | None = None
    tls: Tls | None = None
    """None: plain HTTP."""


class FailedLogins(Part, frozen=True, kw_only=True):
    """How many wrong credentials may come from one client address, all at once or spread over `window` seconds."""

    count: int = 20
    window: float = 60.0


class Limits(Part, frozen=True, kw_only=True):
    """Edge limits, bytes, seconds and counts, before any route is known."""

    request_line: int = 8192
    headers: int = 32768
    header_count: int = 100
    header_time: float = 10.0
    idle: float = 75.0
    connections: int = 10000
    connections_per_ip: int | None = None
    """Of one address, for IPv6 of one /64; None: a quarter of all. Trusted proxies do not count."""
    connection_requests: int = 100_000
    """Requests on one connection, after which it is closed."""
    body_rate: int = 240
    """Bytes in a second of a body that a client has to send at least; 0: no limit."""
    answer_rate: int = 240
    """Bytes in a second of an answer that a client has to take at least; 0: no limit."""
    rate_grace: float = 5.0
    """How long a client may be slower before it counts."""
    buffered_bytes: int = 64 << 20
    drain: float = 30.0
    """How long a stopping gateway waits for requests in flight."""
    failed_logins: FailedLogins | None = FailedLogins()
    """None: nobody counts them."""


class Telemetry(Part, frozen=True, kw_only=True):
    """What is recorded. `access_log`: `stdout`, `off`, or a file path."""

    access_log: str = "stdout"


class Consumer(Part, frozen=True, kw_only=True):
    """Someone who calls, as gateway.yaml says it. `keys` are for development only: `sha256:` and the digest, or a `${NAME}`."""

    roles: tuple[str, ...] = ()
    tier: str | None = None
    keys: tuple[str, ...] = ()


class State(Part, frozen=True, kw_only=True):
    """Where nodes keep what they share; both may hold `${NAME}`. None: `REDIS_URL`, and a SQLite file of the default name."""

    redis: str | None = None
    path: str | None = None
    """File for keys, relative to `Edge.folder`."""


class Edge(Part, frozen=True, kw_only=True):
    """What gateway.yaml says about the gateway as a whole."""

    listen: Listen = Listen()
    admin: Listen = Listen(port=9901)
    trusted_proxies: tuple[str, ...] = ()
    limits: Limits = Limits()
    fallback: str | None = None
    """Name of the upstream for what no route matches; None: 404."""
    telemetry: Telemetry = Telemetry()
    state: State = State()
    consumers: dict[str, Consumer] = {}
    portal: Portal = Portal()
    folder: str = ""
    """The folder from which relative file names (of `tls`, `state` and schemes) count: gateway.yaml's. In a built folder it
    is written relative to that folder; whoever reads a Plan fills in where it really is."""


class Plan(Part, frozen=True, kw_only=True, omit_defaults=False):
    """Everything that a gateway needs to run."""

    format: int = FORMAT
    edge: Edge = Edge()
    routes: tuple[Route, ...] = ()
    """Sorted by path, then method, then hosts; the operations that are served."""
    upstreams: dict[str, Upstream] = {}
    schemes: dict[str, Scheme] = {}
    """Those that some route asks for. Two services may use one name for different things: a key is `service/name`."""
    scheme_origins: dict[str, Origin] = {}
    """Where each of them was written."""
    schemas: dict[str, Any] = {}
    """JSON Schema 2020-12 resources by URI: skeletons of the documents that hold only the schemas in use."""
    sandbox: Sandbox = Sandbox()
    """What the sandbox answers."""

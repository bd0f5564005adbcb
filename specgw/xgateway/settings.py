"""What x-gateway and gateway.yaml amount to: typed, defaults filled in, each part with its place.

The models of the vocabulary are not imported here. They cost a quarter of a second, which a compile of documents
that say nothing of x-gateway is spared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from specgw.openapi.model import Node
from specgw.plan.model import Conditions, Edge, Edits, Require, Rewrite, Target, Timeout, Upstream, Validate, WebSocket
from specgw.plan.sandbox import Behaviour
from specgw.xgateway.tree import Tree, find

MAX_BODY = MAX_RESPONSE = 1 << 20
MAX_DEPTH = 64
UNCONDITIONAL = Conditions()
_VALIDATE = Validate()
_TIMEOUT = Timeout()
_BEHAVIOUR = Behaviour()


@dataclass(frozen=True, slots=True)
class VersionSetting:
    """The version that the operation belongs to."""

    name: str
    by: Literal["path", "header", "mediaType"] = "path"
    default: bool = False


@dataclass(frozen=True, slots=True)
class UpstreamLine:
    """One line of `upstream`: a name from gateway.yaml, or the targets of one that has no name."""

    place: Node
    name: str | None = None
    targets: tuple[Target, ...] = ()
    conditions: Conditions | None = None
    """None always holds."""


@dataclass(frozen=True, slots=True)
class HeaderEdits:
    """Changes to header fields; None where there are none."""

    request: Edits | None = None
    response: Edits | None = None


@dataclass(frozen=True, slots=True)
class QueryParameterEdits:
    """Changes to query parameters; None where there are none."""

    request: Edits | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The effective x-gateway of one operation. Durations are seconds, sizes are bytes."""

    service: str | None = None
    """None: made from the title of the document."""
    mount: str = ""
    host: tuple[str, ...] = ()
    """Lower-case, without port; empty: any."""
    version: VersionSetting | None = None
    path_match: Literal["exact", "prefix"] = "exact"
    match: Conditions = UNCONDITIONAL
    upstream: tuple[UpstreamLine, ...] = ()
    """Empty: the first of `servers`."""
    rewrite: Rewrite | None = None
    enabled: bool = True
    visibility: Literal["public", "internal"] = "public"
    validate: Validate = _VALIDATE
    max_body: int = MAX_BODY
    max_response: int = MAX_RESPONSE
    max_depth: int = MAX_DEPTH
    encoded_slash: bool = False
    headers: HeaderEdits = HeaderEdits()
    query: QueryParameterEdits = QueryParameterEdits()
    timeout: Timeout = _TIMEOUT
    websocket: WebSocket | None = None
    """None: off."""
    require: Require | None = None
    csrf: Literal["on", "off"] | None = None
    sunset: str | None = None
    """A day, or a moment with its offset (RFC 3339)."""
    successor: str | None = None
    mock: Behaviour = _BEHAVIOUR
    said: Tree | None = field(default=None, repr=False, compare=False)
    """All levels merged, with places."""

    def place(self, key: str) -> Node | None:
        """Where the effective value of a key was written; None for a default. Dots lead inside: `timeout.response`."""
        return find(self.said, key.split("."))


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """What is said about the portal's pages. Whether it is served stands in `Edge`."""

    name: str = ""
    """Its title; empty: that of the only service."""
    logo: str = ""
    """File name relative to gateway.yaml; empty: none."""
    accent: str = ""
    """The colour of links and buttons, `#rrggbb`; empty: the portal's own."""
    accent_dark: str = ""
    """The same on dark pages; empty: made of `accent`."""
    guides: tuple[str, ...] | None = None
    """Files and folders relative to gateway.yaml; None: the folder `guides` beside the documents."""
    renderer: Literal["swagger-ui", "none"] = "none"
    """Another view of each service."""


@dataclass(frozen=True, slots=True)
class GatewayFile:
    """What gateway.yaml says once its profiles are merged over it; the defaults where there is none."""

    edge: Edge = field(default_factory=Edge)
    upstreams: Mapping[str, Upstream] = field(default_factory=dict)
    """By name; without targets where something is wrong with one, so that its name is known all the same."""
    defaults: Tree | None = None
    """The weakest level of x-gateway, as `Inheritance` takes it."""
    portal: PortalSettings = PortalSettings()
    specs: tuple[Path, ...] = ()
    """Documents and folders; variables resolved, relative ones under the file's folder."""
    said: Tree | None = field(default=None, repr=False, compare=False)
    """All files merged, with places; None where there is no file, or it cannot be read."""
    readable: bool = True
    """Whether every file could be read, so that all names are known."""

    @property
    def names(self) -> Collection[str] | None:
        """The upstreams that documents may name; None when a file that cannot be read may name others."""
        return self.upstreams.keys() if self.readable else None

    def place(self, key: str) -> Node | None:
        """Where a value was written; None for a default. Dots lead inside: `listen.port`."""
        return find(self.said, ("gateway", *key.split(".")))

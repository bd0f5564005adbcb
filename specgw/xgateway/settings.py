"""What holds for one operation once every level has been heard: typed, defaults filled in, each part with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from specgw.openapi.model import Node
from specgw.plan.model import Conditions, Edits, Rewrite, Target, Timeout, Validate
from specgw.xgateway.tree import Tree, find, plain
from specgw.xgateway.vocabulary.edits import QueryEdits, RequestHeaderEdits, ResponseHeaderEdits
from specgw.xgateway.vocabulary.level import Level
from specgw.xgateway.vocabulary.routing import Match, Version
from specgw.xgateway.vocabulary.upstreams import Choice, Upstream

MAX_BODY = MAX_RESPONSE = 1 << 20
MAX_DEPTH = 64
_UNCONDITIONAL = Conditions()
_VALIDATE = Validate()
_TIMEOUT = Timeout()


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
    match: Conditions = _UNCONDITIONAL
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
    said: Tree | None = field(default=None, repr=False, compare=False)
    """All levels merged, with places."""

    def place(self, key: str) -> Node | None:
        """Where the effective value of a key was written; None for a default. Dots lead inside: `timeout.response`."""
        return find(self.said, key.split("."))


def settle(said: Tree) -> Settings:
    """The settings that merged levels amount to; every level was found to be sound."""
    level = Level.model_validate(plain(said))
    validation, timeout = level.validation, level.timeout
    return Settings(
        service=level.service,
        mount=level.mount or "",
        host=(level.host,) if isinstance(level.host, str) else tuple(dict.fromkeys(level.host or ())),
        version=_version(level.version),
        path_match=level.path_match or "exact",
        match=conditions(level.match) or _UNCONDITIONAL,
        upstream=_upstream(level.upstream, said),
        rewrite=_rewrite(level),
        enabled=level.enabled is not False,
        visibility=level.visibility or "public",
        validate=Validate(**validation.model_dump(exclude_none=True)) if validation else _VALIDATE,
        max_body=MAX_BODY if level.max_body is None else level.max_body,
        max_response=MAX_RESPONSE if level.max_response is None else level.max_response,
        max_depth=level.max_depth or MAX_DEPTH,
        encoded_slash=level.encoded_slash == "allow",
        headers=HeaderEdits(_edits(level.headers.request), _edits(level.headers.response)) if level.headers else HeaderEdits(),
        query=QueryParameterEdits(_edits(level.query.request)) if level.query else QueryParameterEdits(),
        timeout=Timeout(**timeout.model_dump(exclude_none=True)) if timeout else _TIMEOUT,
        said=said,
    )


def conditions(match: Match | None) -> Conditions | None:
    """The Plan's form of a `match`: lower-case header names, None for "is present"."""
    if match is None:
        return None
    return Conditions(
        headers={name.lower(): None if value is True else str(value) for name, value in (match.headers or {}).items()},
        query={name: None if value is True else str(value) for name, value in (match.query or {}).items()},
    )


def targets(upstream: str | Upstream) -> tuple[Target, ...]:
    """The Plan's form of the addresses of an inline upstream, or of a URL."""
    if isinstance(upstream, str):
        return (Target(url=upstream),)
    return tuple(Target(url=target.url, weight=target.weight or 1) for target in upstream.targets or ())


def named(upstream: object) -> bool:
    """Whether this is the name of an upstream of gateway.yaml, and no URL."""
    return isinstance(upstream, str) and "://" not in upstream and "${" not in upstream


def _version(version: str | Version | None) -> VersionSetting | None:
    if isinstance(version, str):
        return VersionSetting(version)
    if version is None or version.name is None:
        return None
    return VersionSetting(version.name, version.by or "path", bool(version.default))


def _rewrite(level: Level) -> Rewrite | None:
    if level.rewrite is None:
        return None
    prefix = level.rewrite.prefix
    return Rewrite(prefix="" if prefix == "/" else prefix, template=level.rewrite.template)


def _upstream(upstream: str | Upstream | list[Choice] | None, said: Tree) -> tuple[UpstreamLine, ...]:
    place = find(said, ("upstream",))
    if upstream is None or place is None:
        return ()
    if not isinstance(upstream, list):
        return (_line(upstream, place, None),)
    return tuple(_line(choice.upstream, place.at(number), conditions(choice.match)) for number, choice in enumerate(upstream))


def _line(upstream: str | Upstream, place: Node, conditions: Conditions | None) -> UpstreamLine:
    if isinstance(upstream, str) and named(upstream):
        return UpstreamLine(place, name=upstream, conditions=conditions)
    return UpstreamLine(place, targets=targets(upstream), conditions=conditions)


def _edits(edits: RequestHeaderEdits | ResponseHeaderEdits | QueryEdits | None) -> Edits | None:
    if edits is None or not (edits.rename or edits.remove or edits.set or edits.add):
        return None
    return Edits(
        rename={old: new for old, new in (edits.rename or {}).items() if new is not None},
        remove=tuple(dict.fromkeys(edits.remove or ())),
        set={name: value for name, value in (edits.set or {}).items() if value is not None},
        add={name: (value,) if isinstance(value, str) else tuple(value) for name, value in (edits.add or {}).items() if value is not None},
    )

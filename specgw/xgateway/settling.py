"""From the models of the vocabulary to settings: defaults filled in, names as the Plan has them."""

from __future__ import annotations

from specgw.openapi.model import Node
from specgw.plan.model import Conditions, Edits, Require, Rewrite, Target, Timeout, Validate, WebSocket
from specgw.plan.sandbox import Behaviour, Faults, Latency
from specgw.xgateway.settings import (
    MAX_BODY,
    MAX_DEPTH,
    MAX_RESPONSE,
    UNCONDITIONAL,
    HeaderEdits,
    QueryParameterEdits,
    Settings,
    UpstreamLine,
    VersionSetting,
)
from specgw.xgateway.tree import Tree, find, plain
from specgw.xgateway.vocabulary.answers import Latency as LatencyShape
from specgw.xgateway.vocabulary.answers import Mock
from specgw.xgateway.vocabulary.edits import QueryEdits, RequestHeaderEdits, ResponseHeaderEdits
from specgw.xgateway.vocabulary.level import Level
from specgw.xgateway.vocabulary.routing import Match, Version
from specgw.xgateway.vocabulary.upstreams import Choice, Upstream
from specgw.xgateway.vocabulary.values import read_duration


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
        match=conditions(level.match) or UNCONDITIONAL,
        upstream=_upstream(level.upstream, said),
        rewrite=_rewrite(level),
        enabled=level.enabled is not False,
        visibility=level.visibility or "public",
        validate=Validate(**validation.model_dump(exclude_none=True)) if validation else Validate(),
        max_body=MAX_BODY if level.max_body is None else level.max_body,
        max_response=MAX_RESPONSE if level.max_response is None else level.max_response,
        max_depth=level.max_depth or MAX_DEPTH,
        encoded_slash=level.encoded_slash == "allow",
        headers=HeaderEdits(_edits(level.headers.request), _edits(level.headers.response)) if level.headers else HeaderEdits(),
        query=QueryParameterEdits(_edits(level.query.request)) if level.query else QueryParameterEdits(),
        timeout=Timeout(**timeout.model_dump(exclude_none=True)) if timeout else Timeout(),
        websocket=_websocket(level),
        require=_require(level),
        csrf=level.csrf,
        sunset=level.sunset,
        successor=level.successor,
        mock=_mock(level.mock),
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


def _require(level: Level) -> Require | None:
    said = level.require
    if said is None or not (said.roles or said.scopes or said.claims or said.when):
        return None
    return Require(
        roles=tuple(dict.fromkeys(said.roles or ())),
        scopes=tuple(dict.fromkeys(said.scopes or ())),
        claims=dict(said.claims or {}),
        when=said.when,
    )


def _mock(mock: Mock | None) -> Behaviour:
    if mock is None:
        return Behaviour()
    faults = None if mock.faults is None else Faults(**mock.faults.model_dump(exclude_none=True))
    return Behaviour(mode=mock.mode or "off", state=mock.state or "none", latency=_latency(mock.latency), faults=faults)


def _latency(latency: str | LatencyShape | None) -> Latency | None:
    if latency is None:
        return None
    if isinstance(latency, LatencyShape):
        return Latency(median=latency.median, p99=latency.p99)
    low, _, high = latency.partition("..")
    return Latency(low=read_duration(low), high=read_duration(high or low))


def _websocket(level: Level) -> WebSocket | None:
    if level.websocket is None:
        return None
    given = level.websocket.model_dump(exclude_none=True)
    if "origins" in given:
        given["origins"] = tuple(dict.fromkeys(given["origins"]))
    return WebSocket(**given)


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

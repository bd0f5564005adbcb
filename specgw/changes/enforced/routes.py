"""What is enforced at an operation: before and now, setting by setting."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from specgw.changes.change import Change
from specgw.changes.enforced.kinds import ROUTES
from specgw.changes.enforced.side import Enforced
from specgw.changes.pairs import Key, key, pairs, subject
from specgw.changes.requirements import by_cookie
from specgw.plan.model import Conditions, Edits, Origin, Plan, Require, Route
from specgw.plan.sandbox import Behaviour


class Difference(NamedTuple):
    """One setting that differs."""

    code: str
    setting: str
    """As `x-gateway` calls it."""
    before: str
    after: str


Plans = tuple[Plan, Plan]
_Pair = tuple[Route, Route]


def compare(old: Enforced, new: Enforced) -> Iterator[Change]:
    """Differences of operations that both Plans have. What one line says of several operations of a service is one change."""
    plans = old.plan, new.plan
    found: dict[tuple[str, bool, Difference, Origin | Key], list[_Pair]] = {}
    for before, after in pairs(*plans):
        public = before.visibility == after.visibility == "public"
        for step in STEPS:
            for difference in step(before, after, plans):
                line = new.said(after, difference.setting) or old.said(before, difference.setting)
                found.setdefault((after.service, public, difference, line or key(after)), []).append((before, after))
    for (service, public, difference, _), together in found.items():
        before, after = together[0]
        code, setting, was, now = difference
        several = len(together) > 1
        kind = ROUTES[code]
        yield Change(
            grade=kind.grade,
            code=code,
            subject=f"{len(together)} operations of {service}, {setting}" if several else f"{subject(after)}, {setting}",
            message=f"{kind.effect}: {was} before, {now} now",
            before=was,
            after=now,
            old=old.place(before, setting),
            new=new.place(after, setting),
            operation=f"{after.method} {after.path}" if public and not several else "",
            service=service if public and several else "",
            operations=tuple(f"{route.method} {route.path}" for _, route in together) if public and several else (),
        )


def _address(old: Route, new: Route, plans: Plans) -> Iterator[Difference]:
    """For which requests it is there at all."""
    was, now = (frozenset(route.hosts) for route in (old, new))
    if was != now:
        shown = [", ".join(sorted(hosts)) or "any" for hosts in (was, now)]
        if now and not (was and was <= now):
            yield Difference("host-narrowed", "host", *shown)
        if was and not (now and now <= was):
            yield Difference("host-widened", "host", *shown)
    if old.conditions != new.conditions:
        before, after = (_conditions(route.conditions) for route in (old, new))
        verb = "narrowed" if before < after else "widened" if after < before else "changed"
        yield Difference(f"conditions-{verb}", "match", _listed(before), _listed(after))
    if old.path_match != new.path_match:
        yield Difference(f"prefix-{'narrowed' if new.path_match == 'exact' else 'widened'}", "pathMatch", old.path_match, new.path_match)


def _callers(old: Route, new: Route, plans: Plans) -> Iterator[Difference]:
    """Who is kept out beyond `security`; that others are let in is told of protection."""
    before, after = old.require or Require(), new.require or Require()
    kept_out = (
        bool(after.roles) and not (before.roles and set(before.roles) <= set(after.roles)),
        bool(set(after.scopes) - set(before.scopes)),
        bool(_claims(after) - _claims(before)),
        before.when is None and after.when is not None,
    )
    if any(kept_out):
        yield Difference("requirements-narrowed", "require", _required(before), _required(after))
    elif after.when is not None and before.when != after.when:
        yield Difference("requirements-changed", "require", _required(before), _required(after))
    if old.csrf == "off" and new.csrf != "off" and by_cookie(new, plans[1]):
        yield Difference("csrf-on", "csrf", "off", "on")


def _validation(old: Route, new: Route, plans: Plans) -> Iterator[Difference]:
    before, after = old.validate, new.validate
    for what, was, now in (("request", before.request, after.request), ("response", before.response, after.response)):
        if was != now:
            verb = "checked" if now == "enforce" else "unchecked" if was == "enforce" else "noted"
            yield Difference(f"{'requests' if what == 'request' else 'answers'}-{verb}", f"validate.{what}", was, now)
    checked = "off" not in (before.request, after.request)
    if checked and before.unknown_query != after.unknown_query:
        verb = "refused" if after.unknown_query == "reject" else "allowed" if before.unknown_query == "reject" else "noted"
        yield Difference(f"unknown-query-{verb}", "validate.unknownQuery", before.unknown_query, after.unknown_query)
    if checked and before.formats != after.formats:
        verb = "checked" if after.formats else "unchecked"
        yield Difference(f"formats-{verb}", "validate.formats", *(str(said.formats).lower() for said in (before, after)))
    if old.encoded_slash != new.encoded_slash:
        words = [("reject", "allow")[route.encoded_slash] for route in (old, new)]
        yield Difference(f"encoded-slash-{'allowed' if new.encoded_slash else 'refused'}", "encodedSlash", *words)


def _limits(old: Route, new: Route, plans: Plans) -> Iterator[Difference]:
    numbers: list[tuple[str, str, int, int, Callable[[int], str]]] = []
    if old.body is not None and new.body is not None:
        # Who keeps to the document sends no other bodies.
        numbers.append(("max-body", "maxBody", old.max_body, new.max_body, size))
        numbers.append(("max-depth", "maxDepth", old.max_depth, new.max_depth, str))
    if old.validate.response == new.validate.response == "enforce":
        # Elsewhere it is only what is counted as unchecked.
        numbers.append(("max-response", "maxResponse", old.max_response, new.max_response, size))
    for code, setting, was, now, show in numbers:
        if was != now:
            yield Difference(f"{code}-{'lowered' if now < was else 'raised'}", setting, show(was), show(now))
    for part in ("connect", "response", "total", "idle"):
        waited, waits = getattr(old.timeout, part), getattr(new.timeout, part)
        if waited != waits:
            yield Difference(f"timeout-{'shorter' if waits < waited else 'longer'}", f"timeout.{part}", duration(waited), duration(waits))


def _websocket(old: Route, new: Route, plans: Plans) -> Iterator[Difference]:
    before, after = old.websocket, new.websocket
    if before is None or after is None:
        if before is not after:
            yield Difference(f"websocket-{'removed' if after is None else 'added'}", "websocket", *(_on(one) for one in (before, after)))
        return
    own = ("the gateway's own",)
    was, now = (frozenset(own if said.origins is None else said.origins) for said in (before, after))
    if was - now and "*" not in now:
        yield Difference("websocket-origins-narrowed", "websocket.origins", *(", ".join(sorted(said)) or "none" for said in (was, now)))
    if before.max_message != after.max_message:
        verb = "lowered" if after.max_message < before.max_message else "raised"
        sizes = size(before.max_message), size(after.max_message)
        yield Difference(f"websocket-message-{verb}", "websocket.maxMessage", *sizes)
    if before.idle != after.idle:
        verb = "shorter" if after.idle < before.idle else "longer"
        yield Difference(f"websocket-idle-{verb}", "websocket.idle", duration(before.idle), duration(after.idle))


def _answers(old: Route, new: Route, plans: Plans) -> Iterator[Difference]:
    """Whose answers come, and what is done to them."""
    was, now = (_behaviour(route, plan) for route, plan in zip((old, new), plans, strict=True))
    if was.mode != now.mode:
        code = {"always": "made-up", "fallback": "made-up-on-failure", "off": "not-made-up"}[now.mode]
        yield Difference(code, "mock.mode", was.mode, now.mode)
    elif was != now:
        yield Difference("sandbox" if now.mode == "off" else "made-up-otherwise", "mock", _json(was), _json(now))
    edited, edits = (_edits(route.response_headers, _TOLD_OTHERWISE) for route in (old, new))
    if edited != edits:
        yield Difference("answer-fields", "headers.response", edited, edits)


def _behind(old: Route, new: Route, plans: Plans) -> Iterator[Difference]:
    """What only the service notices."""
    for setting, name in (("headers.request", "request_headers"), ("query", "request_query")):
        was, now = (_edits(getattr(route, name)) for route in (old, new))
        if was != now:
            yield Difference("request-edits", setting, was, now)
    before, after = (_upstream(route, plan) for route, plan in zip((old, new), plans, strict=True))
    if before != after:
        yield Difference("upstream", "upstream", before, after)
    if old.rewrite != new.rewrite:
        words = ["none" if rewrite is None else rewrite.template or f"{rewrite.prefix or '/'}…" for rewrite in (old.rewrite, new.rewrite)]
        yield Difference("rewrite", "rewrite", *words)


STEPS: tuple[Callable[[Route, Route, Plans], Iterator[Difference]], ...] = (
    _address,
    _callers,
    _validation,
    _limits,
    _websocket,
    _answers,
    _behind,
)
# Made from `deprecated`, `sunset` and `successor`, which are compared as such.
_TOLD_OTHERWISE = frozenset(("deprecation", "sunset", "link"))


def size(count: int) -> str:
    """Bytes as `x-gateway` writes them."""
    for unit, factor in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= factor and count % factor == 0:
            return f"{count // factor}{unit}"
    return str(count)


def duration(seconds: float) -> str:
    """A time as `x-gateway` writes it."""
    return f"{seconds:g}s" if seconds >= 1 or seconds == 0 else f"{round(seconds * 1000)}ms"


def _conditions(said: Conditions) -> frozenset[str]:
    named = (("header", said.headers), ("query", said.query))
    return frozenset(f"{what} {name}{'' if value is None else f'={value}'}" for what, values in named for name, value in values.items())


def _listed(words: frozenset[str]) -> str:
    return ", ".join(sorted(words)) or "none"


def _claims(require: Require) -> frozenset[str]:
    return frozenset(f"{name}={json.dumps(value, sort_keys=True)}" for name, value in require.claims.items())


def _required(require: Require) -> str:
    parts = [f"one of the roles {', '.join(sorted(require.roles))}"] if require.roles else []
    parts += [f"the scopes {', '.join(sorted(require.scopes))}"] if require.scopes else []
    parts += [f"the claims {', '.join(sorted(_claims(require)))}"] if require.claims else []
    parts += [require.when] if require.when is not None else []
    return "; ".join(parts) or "nothing"


def _on(value: object) -> str:
    return "off" if value is None else "on"


def _behaviour(route: Route, plan: Plan) -> Behaviour:
    mock = plan.sandbox.operations.get(route.id)
    return Behaviour() if mock is None else mock.behaviour


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _edits(edits: Edits | None, without: frozenset[str] = frozenset()) -> str:
    if edits is None:
        return "none"
    parts: list[tuple[str, Mapping[str, Any]]] = [
        ("rename", edits.rename),
        ("remove", dict.fromkeys(edits.remove)),
        ("set", edits.set),
        ("add", edits.add),
    ]
    kept = [(verb, {name: value for name, value in said.items() if name.lower() not in without}) for verb, said in parts]
    return "; ".join(f"{verb} {', '.join(_field(*each) for each in sorted(said.items()))}" for verb, said in kept if said) or "none"


def _field(name: str, value: Any) -> str:
    return name if value is None else f"{name}: {value if isinstance(value, str) else ', '.join(value)}"


def _upstream(route: Route, plan: Plan) -> str:
    words = []
    for choice in route.upstreams:
        upstream = plan.upstreams.get(choice.upstream)
        addresses = ", ".join(target.url for target in upstream.targets) if upstream is not None else ""
        condition = f" where {_listed(_conditions(choice.conditions))}" if choice.conditions is not None else ""
        words.append(f"{addresses or choice.upstream}{condition}")
    return "; ".join(words) or "none"

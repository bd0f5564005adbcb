"""References to the environment in a Plan: `${NAME}`, `${NAME:-default}`, and `$${` for a literal `${`.

They are resolved at activation and nowhere earlier, so that no value of the environment is ever written to a file. A
default is taken where the variable is unset or empty, as a shell does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

from msgspec.structs import replace

from specgw.plan.model import Consumer, Edge, Edits, Introspection, KeyPair, Listen, Plan, Route, Scheme, State, Tls, Upstream
from specgw.plan.portal import SignIn

_REFERENCE = re.compile(r"\$(?:(?P<escape>\$\{)|\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?\}|(?P<bad>\{[^}]*\}?))")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# What a URL of a service cannot hold: a query or fragment, and what has to be escaped (RFC 3986 section 2).
_NOT_IN_URL = re.compile(r"""[^!-~]|[?#\\{}<>"|^`]""")

_Item = TypeVar("_Item")


class ReferenceFault(ValueError):
    """A Plan cannot be activated in this environment; the text says why and shows no value of it."""


class UnresolvedReference(ReferenceFault):
    """Variables without a value and without a default, all of them, sorted in `names`."""

    def __init__(self, *names: str) -> None:
        self.names = tuple(sorted(set(names)))
        super().__init__("not set in the environment: " + ", ".join(self.names))


class InvalidValue(ReferenceFault):
    """A reference that is not written as one, or a value that cannot stand where the reference does."""


def malformed(text: str) -> str | None:
    """The first `${…` of a text that is not a reference; None where there is none."""
    for found in _REFERENCE.finditer(text):
        if found["bad"]:
            return found[0]
    return None


def names(text: str) -> tuple[str, ...]:
    """The variables that a text refers to, in order, each once."""
    return tuple(dict.fromkeys(found["name"] for found in _REFERENCE.finditer(text) if found["name"]))


def resolve(text: str, environ: Mapping[str, str]) -> str:
    """The text with values in the place of references.

    Raises UnresolvedReference with every variable that has neither value nor default, InvalidValue for what is not
    written as a reference.
    """
    if "$" not in text:
        return text
    wrong = malformed(text)
    if wrong is not None:
        raise InvalidValue(f"'{wrong}' is not a reference: write ${{NAME}}, or $${{ for a literal ${{")
    missing: list[str] = []

    def filled(found: re.Match[str]) -> str:
        if found["escape"]:
            return "${"
        value = environ.get(found["name"])
        if not value and found["default"] is not None:
            return str(found["default"])
        if value is None:
            missing.append(found["name"])
        return value or ""

    resolved = _REFERENCE.sub(filled, text)
    if missing:
        raise UnresolvedReference(*missing)
    return resolved


def resolve_plan(plan: Plan, environ: Mapping[str, str]) -> Plan:
    """The Plan with every reference resolved, and its ports as numbers.

    Raises UnresolvedReference once with all variables that are missing in the whole Plan, otherwise InvalidValue.
    """
    work = _Resolution(environ)
    resolved = replace(
        plan,
        edge=work.edge(plan.edge),
        routes=_each(plan.routes, work.route),
        upstreams={name: work.upstream(upstream) for name, upstream in plan.upstreams.items()},
        schemes={key: work.scheme(scheme) for key, scheme in plan.schemes.items()},
    )
    if work.missing:
        raise UnresolvedReference(*work.missing)
    if work.invalid:
        raise InvalidValue("; ".join(dict.fromkeys(work.invalid)))
    return resolved


def _each(items: tuple[_Item, ...], change: Callable[[_Item], _Item]) -> tuple[_Item, ...]:
    changed = tuple(change(item) for item in items)
    return items if all(old is new for old, new in zip(items, changed, strict=True)) else changed


def _names_a_service(url: str) -> bool:
    """Whether a URL is http or https with a host and perhaps a port and a base path, and has nothing else."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return sound and parts.username is None and _NOT_IN_URL.search(url) is None


class _Resolution:
    """Goes through the places where a Plan may hold references, and collects what is missing or wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.missing: list[str] = []
        self.invalid: list[str] = []

    def text(self, text: str, place: str) -> str:
        if "$" not in text:
            return text
        try:
            resolved = resolve(text, self.environ)
        except UnresolvedReference as error:
            self.missing += error.names
            return text
        except InvalidValue as error:
            self.invalid.append(f"{place}: {error}")
            return text
        # A value with a line break would end a header field (RFC 9110 section 5.5) and begin another one.
        if _CONTROL.search(resolved):
            self.invalid.append(f"{place}: the value holds a line break or another control character")
        return resolved

    def edge(self, edge: Edge) -> Edge:
        log = self.text(edge.telemetry.access_log, "telemetry.accessLog")
        return replace(
            edge,
            listen=self.listen(edge.listen, "listen"),
            admin=self.listen(edge.admin, "admin"),
            telemetry=replace(edge.telemetry, access_log=log),
            state=State(redis=self.optional(edge.state.redis, "state.redis"), path=self.optional(edge.state.path, "state.path")),
            consumers={name: self.consumer(name, consumer) for name, consumer in edge.consumers.items()},
            portal=replace(edge.portal, sign_in=None if edge.portal.sign_in is None else self.sign_in(edge.portal.sign_in)),
        )

    def consumer(self, name: str, consumer: Consumer) -> Consumer:
        # Nobody but a development gateway looks at the keys, and then one without a value is no key.
        keys = (resolve(key, {reference: self.environ.get(reference, "") for reference in names(key)}) for key in consumer.keys)
        return replace(consumer, keys=tuple(key for key in keys if key))

    def sign_in(self, said: SignIn) -> SignIn:
        place = "portal.signIn"
        return replace(
            said,
            issuer=self.url(said.issuer, place),
            client_secret=self.optional(said.client_secret, place),
        )

    def optional(self, text: str | None, place: str) -> str | None:
        return None if text is None else self.text(text, place)

    def scheme(self, scheme: Scheme) -> Scheme:
        place = f"security scheme {scheme.service}/{scheme.name}"
        asked = scheme.introspection
        if asked is not None:
            asked = Introspection(
                url=self.url(asked.url, place),
                client_id=self.optional(asked.client_id, place),
                client_secret=self.optional(asked.client_secret, place),
            )
        return replace(
            scheme,
            introspection=asked,
            issuer=self.optional(scheme.issuer, place),
            audience=tuple(self.text(audience, place) for audience in scheme.audience),
            jwks=self.optional(scheme.jwks, place),
            secret=self.optional(scheme.secret, place),
            ca=self.optional(scheme.ca, place),
            users={name: self.text(password, place) for name, password in scheme.users.items()},
        )

    def listen(self, listen: Listen, place: str) -> Listen:
        public = listen.public_url
        return replace(
            listen,
            host=self.text(listen.host, f"{place}.host"),
            port=self.port(listen.port, f"{place}.port"),
            public_url=None if public is None else self.text(public, f"{place}.publicUrl"),
            tls=None if listen.tls is None else self.tls(listen.tls, f"{place}.tls"),
        )

    def tls(self, tls: Tls, place: str) -> Tls:
        pairs = (KeyPair(cert=self.text(pair.cert, f"{place}.cert"), key=self.text(pair.key, f"{place}.key")) for pair in tls.certificates)
        authorities = tls.client_ca
        return replace(
            tls,
            certificates=tuple(pairs),
            client_ca=None if authorities is None else self.text(authorities, f"{place}.clientCa"),
            scheme_ca=tuple(self.text(name, "a mutualTLS scheme's ca") for name in tls.scheme_ca),
        )

    def port(self, port: int | str, place: str) -> int | str:
        before = len(self.missing) + len(self.invalid)
        text = self.text(str(port), place)
        if len(self.missing) + len(self.invalid) > before:
            return port
        if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65535:
            self.invalid.append(f"{place}: a port is a number from 0 to 65535")
            return port
        return int(text)

    def upstream(self, upstream: Upstream) -> Upstream:
        place = f"upstreams.{upstream.name}"
        return replace(upstream, targets=tuple(replace(target, url=self.url(target.url, place)) for target in upstream.targets))

    def url(self, url: str, place: str) -> str:
        before = len(self.missing) + len(self.invalid)
        resolved = self.text(url, place)
        if resolved != url and len(self.missing) + len(self.invalid) == before and not _names_a_service(resolved):
            self.invalid.append(f"{place}: with the values of the environment this is no URL of a service, such as http://users:8081/base")
        return resolved

    def route(self, route: Route) -> Route:
        request = self.edits(route.request_headers, route)
        response = self.edits(route.response_headers, route)
        if request is route.request_headers and response is route.response_headers:
            return route
        return replace(route, request_headers=request, response_headers=response)

    def edits(self, edits: Edits | None, route: Route) -> Edits | None:
        if edits is None or not (edits.set or edits.add):
            return edits
        place = f"headers of {route.id}"
        return replace(
            edits,
            set={name: self.text(value, place) for name, value in edits.set.items()},
            add={name: tuple(self.text(value, place) for value in values) for name, values in edits.add.items()},
        )

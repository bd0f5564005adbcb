"""What the service gets of the credentials (`forward`), and of who calls: `X-Identity-…` fields.

Nobody else can send those: `specgw.http.own` names them, and on every route they are dropped from requests as they are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from specgw.http import Headers
from specgw.plan.model import Route, Scheme
from specgw.policies.auth.credentials import without_cookies, without_parameter
from specgw.policies.base import Exchange
from specgw.policies.identity import Identity

# Visible ASCII and the blank pass as they are, but for the escape itself; lists escape what separates them, too.
_PLAIN = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")
_SCHEME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]*")
_IN_LIST = _PLAIN.replace(" ", "").replace(",", "")


class Handover:
    """Takes credentials out of a request, and puts in who calls."""

    __slots__ = ("_authentications", "_certificate", "_claims", "_cookies", "_fields", "_names", "_parameters", "_usual")

    def __init__(self, schemes: Mapping[str, Scheme]) -> None:
        stripped = [scheme for scheme in schemes.values() if scheme.forward != "keep"]
        keys = [scheme for scheme in stripped if scheme.kind == "apiKey"]
        self._fields = frozenset(scheme.field.lower().encode() for scheme in keys if scheme.location == "header")
        self._parameters = frozenset(scheme.field for scheme in keys if scheme.location == "query")
        self._cookies = frozenset(scheme.field.encode() for scheme in keys if scheme.location == "cookie")
        self._authentications = frozenset(scheme.http_scheme.encode() for scheme in stripped if scheme.http_scheme is not None)
        self._usual = tuple(scheme.title() + b" " for scheme in self._authentications)
        """As clients write them."""
        self._names = self._fields.union([b"authorization"] if self._authentications else (), [b"cookie"] if self._cookies else ())
        """Fields that may hold any of it."""
        self._certificate = any(scheme.kind == "mutualTLS" and scheme.forward == "keep" for scheme in schemes.values())
        self._claims = frozenset(scheme.name for scheme in stripped if scheme.forward == "claims")

    def request(self, exchange: Exchange) -> None:
        """Change what is forwarded."""
        if self._parameters and exchange.query:
            exchange.query = without_parameter(exchange.query, self._parameters)
        names = self._names
        for index, (name, _) in enumerate(exchange.headers):
            if name in names:
                self._strip(exchange, index)
                break
        if self._certificate and exchange.certificate is not None and not exchange.certificate.vouched:
            # RFC 9440: as a proxy says it. What another one has said goes on as it came.
            field = exchange.certificate.field
            exchange.headers = [*exchange.headers, (b"client-cert", field)]
            exchange.lines = [*exchange.lines, b"Client-Cert: " + field]
        identity = exchange.identity
        if identity is not None and self._claims and not self._claims.isdisjoint(identity.scheme.split(" ")):
            named = fields(identity)
            exchange.headers = exchange.headers + [(name.lower(), value) for name, value in named]
            exchange.lines = exchange.lines + [name + b": " + value for name, value in named]

    def _strip(self, exchange: Exchange, first: int) -> None:
        """Take credentials out, from the first field that may hold any."""
        names = self._names
        headers, lines = exchange.headers[:first], exchange.lines[:first]
        for index in range(first, len(exchange.headers)):
            pair, line = exchange.headers[index], exchange.lines[index]
            name, value = pair
            if name in names:
                left = self._left(name, value)
                if left is None:
                    continue
                if left is not value:
                    pair, line = (name, left), line[: line.index(b":") + 1] + b" " + left
            headers.append(pair)
            lines.append(line)
        exchange.headers, exchange.lines = headers, lines

    def _left(self, name: bytes, value: bytes) -> bytes | None:
        """What is left of a field; None where it goes as a whole."""
        if name == b"authorization" and name not in self._fields:
            return None if self._ours(value) else value
        return without_cookies(value, self._cookies) if name == b"cookie" and name not in self._fields else None

    def _ours(self, authorization: bytes) -> bool:
        """Whether this `Authorization` is of a scheme whose credentials the service does not get."""
        if authorization.startswith(self._usual):
            return True
        # Up to whatever ends a token: what is malformed behind it is no less a credential.
        found = _SCHEME.match(authorization)
        return found is not None and found[0].lower() in self._authentications


def fields(identity: Identity) -> Headers:
    """Who calls, as fields. What a field cannot hold is percent-encoded, and so is the percent sign."""
    said = [
        (b"X-Identity-Subject", quote(identity.subject, safe=_PLAIN)),
        (b"X-Identity-Consumer", quote(identity.consumer or "", safe=_PLAIN)),
        (b"X-Identity-Scopes", _listed(identity.scopes, " ")),
        (b"X-Identity-Roles", _listed(identity.roles, ",")),
    ]
    return [(name, value.encode("ascii")) for name, value in said if value]


def build(route: Route, schemes: Mapping[str, Scheme]) -> Handover | None:
    """None where no scheme is asked for, or the service gets all credentials as they are."""
    asked = {required.scheme: schemes[required.scheme] for alternative in route.security or () for required in alternative}
    return Handover(asked) if any(scheme.forward != "keep" or scheme.kind == "mutualTLS" for scheme in asked.values()) else None


def _listed(names: frozenset[str], separator: str) -> str:
    return separator.join(quote(name, safe=_IN_LIST) for name in sorted(names))

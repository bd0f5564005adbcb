"""Where credentials stand in a request: read here, and taken out of what goes to the service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from urllib.parse import unquote_plus

from specgw.plan.model import Route, Scheme
from specgw.policies.auth.base import Refusal
from specgw.policies.base import Exchange

Presented = bytes | Refusal | None
"""The credentials as sent; None: there are none."""


def reader(scheme: Scheme) -> Callable[[Exchange], Presented]:
    """What finds the credentials of a scheme in a request, whatever they are worth."""
    if scheme.kind == "apiKey" and scheme.location == "query":
        return partial(query, name=scheme.field, words=f"the query parameter {scheme.field}")
    if scheme.kind == "apiKey" and scheme.location == "cookie":
        return partial(cookie, name=scheme.field.encode(), words=f"the cookie {scheme.field}")
    if scheme.kind == "apiKey":
        return partial(header, name=scheme.field.lower().encode(), words=f"the header {scheme.field}")
    if scheme.http_scheme is not None:
        return partial(authorization, scheme=scheme.http_scheme.encode(), words="the credential in `Authorization`")
    return lambda exchange: None


def header(exchange: Exchange, name: bytes, words: str) -> Presented:
    """The value of a header field (lower-case name) that may stand there once; `words` name it in a refusal."""
    return _only([value for field, value in exchange.headers if field == name], words)


def query(exchange: Exchange, name: str, words: str) -> Presented:
    """The value of a query parameter, decoded."""
    if not exchange.query:
        return None
    pairs = (part.partition(b"=") for part in exchange.query.split(b"&"))
    return _only([_decoded(value).encode() for found, _, value in pairs if _decoded(found) == name], words)


def cookie(exchange: Exchange, name: bytes, words: str) -> Presented:
    """The value of a cookie (RFC 6265 section 4.2)."""
    fields = (value for field, value in exchange.headers if field == b"cookie")
    pairs = (pair.partition(b"=") for field in fields for pair in field.split(b";"))
    # Section 5.2: blanks around a name are no part of it, and the next hop may read it so.
    return _only([value.strip(b" \t").strip(b'"') for found, _, value in pairs if found.strip(b" \t") == name], words)


def authorization(exchange: Exchange, scheme: bytes, words: str) -> Presented:
    """What follows an authentication scheme (lower case) in `Authorization` (RFC 9110 section 11.4)."""
    found = [value for field, value in exchange.headers if field == b"authorization"]
    if not found:
        return None
    named = [value.partition(b" ") for value in found]
    ours = [rest.strip(b" ") for name, _, rest in named if name.lower() == scheme]
    if ours and len(found) > 1:
        return Refusal("`Authorization` was sent more than once", "invalid_request")
    return _only(ours, words)


def query_credentials(route: Route, schemes: Mapping[str, Scheme]) -> frozenset[str]:
    """The query parameters that a route's `security` asks for."""
    asked = (schemes[required.scheme] for alternative in route.security or () for required in alternative)
    return frozenset(scheme.field for scheme in asked if scheme.kind == "apiKey" and scheme.location == "query")


def cookie_credentials(route: Route, schemes: Mapping[str, Scheme]) -> bool:
    """Whether a cookie may be what a route's `security` asks for."""
    asked = (schemes[required.scheme] for alternative in route.security or () for required in alternative)
    return any(scheme.kind == "apiKey" and scheme.location == "cookie" for scheme in asked)


def without_parameter(query: bytes, names: frozenset[str]) -> bytes | None:
    """A query without the parameters of these names, every other byte as it came; None where nothing is left."""
    parts = query.split(b"&")
    kept = [part for part in parts if _decoded(part.partition(b"=")[0]) not in names]
    return query if len(kept) == len(parts) else b"&".join(kept) if kept else None


def without_cookies(value: bytes, names: frozenset[bytes]) -> bytes | None:
    """A `Cookie` field without the cookies of these names, the others as they came; None where none is left."""
    pairs = value.split(b";")
    kept = [pair for pair in pairs if pair.partition(b"=")[0].strip(b" \t") not in names]
    return value if len(kept) == len(pairs) else b";".join(kept).strip(b" \t") if kept else None


def _only(found: Iterable[bytes], words: str) -> Presented:
    """The one value; which of several was meant nobody can say, and two hops could choose differently."""
    values = list(found)
    if not values:
        return None
    if len(values) > 1:
        return Refusal(f"{words} was sent more than once", "invalid_request")
    return values[0] or Refusal(f"{words} is empty", "invalid_request")


def _decoded(text: bytes) -> str:
    return unquote_plus(text.decode("latin-1"), errors="replace") if b"%" in text or b"+" in text else text.decode("utf-8", "replace")

"""Answers for pages of other origins, as a sandbox for front ends needs it (the Fetch standard, section 3.2: CORS).

Every origin may read every answer: the credentials of a sandbox are known to everybody, and what they open is in a document.
"""

from __future__ import annotations

from dataclasses import replace

from specgw.http import Headers
from specgw.policies.base import Answer, Exchange, Outcome, Reply

_METHOD = b"access-control-request-method"
_FIELDS = b"access-control-request-headers"
_ALWAYS = (b"Date", b"Content-Length", b"Via", b"X-Request-Id")
"""Fields that each answer gets on its way out."""


def preflight(headers: Headers) -> bool:
    """Whether an OPTIONS request is a browser that asks whether it may send another one (CORS-preflight request)."""
    names = {name for name, _ in headers}
    return b"origin" in names and _METHOD in names


class Preflight:
    """Policy: allows whatever is asked for; the request that follows is judged by itself."""

    def request(self, exchange: Exchange) -> Outcome:
        """The answer to a preflight."""
        said = dict(exchange.headers)
        fields = [*_origin(said.get(b"origin", b"*")), (b"Access-Control-Allow-Methods", said.get(_METHOD, b""))]
        if said.get(_FIELDS):
            fields.append((b"Access-Control-Allow-Headers", said[_FIELDS]))
        return Reply(204, (*fields, (b"Access-Control-Max-Age", b"600")))


class Shared:
    """Policy: gives one answer to everybody, and lets every page read it."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def request(self, exchange: Exchange) -> Outcome:
        """The answer."""
        return shared(exchange, self._answer)


def shared(exchange: Exchange, answer: Answer) -> Answer:
    """An answer with what lets the page that asked read it, all of its fields too."""
    origin = next((value for name, value in exchange.headers if name == b"origin"), None)
    if origin is None:
        return answer
    names = dict.fromkeys(name for name, _ in answer.headers)
    exposed = (b"Access-Control-Expose-Headers", b", ".join((*names, *_ALWAYS)))
    return replace(answer, headers=(*answer.headers, *_origin(origin), exposed))


def _origin(origin: bytes) -> tuple[tuple[bytes, bytes], ...]:
    # The origin by name, since `*` is not for requests with credentials.
    return (b"Access-Control-Allow-Origin", origin), (b"Access-Control-Allow-Credentials", b"true"), (b"Vary", b"Origin")

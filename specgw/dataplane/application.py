"""The built-in pages of a listener as an ASGI application: health, readiness, metrics, the portal.

Exact paths, GET and HEAD only; what has been published beside them changes all at once, and may come with acts: whoever
finds one for a path gets the whole request, of any method. The public listener hands over only paths that it knows to be here.
"""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from specgw import problems
from specgw.http import Request
from specgw.policies.base import Answer
from specgw.problems import Problem

LARGEST_BODY = 4096
"""Bytes of a body that an act gets; beyond it 413."""
BODY_TIME = 10.0
"""Seconds for a whole body; beyond it 408."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: status, media type and body."""

    status: int
    media_type: str
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    cache: bytes = b"no-store"
    """The value of Cache-Control."""
    etag: bytes | None = None
    """The entity tag, for pages that a client may keep."""
    packed: bool = False
    """Whether the body is compressed with gzip; a client that does not take that gets it unpacked."""


Make = Callable[[], Page | Awaitable[Page]]
"""Gives a page as it is now."""
Missing = Callable[[str], Page | None]
"""Says to a person that there is no page of this path; None where a problem says it as well."""

Act = Callable[[Request], Awaitable[Answer]]
"""Answers a whole request."""

Find = Callable[[str], Act | None]
"""Finds what acts at a path; None where a page stands."""

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

# What acts answer is data, or a redirection; nobody shows it as a page of its own, frames it or uses it elsewhere.
_ACTED = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


def _no_acts(path: str) -> Act | None:
    return None


class Application:
    """An ASGI application that serves pages by exact path; everything else is a problem.

    `waiting` answers below `folder` while nothing has been published there.
    """

    def __init__(
        self,
        pages: Mapping[str, Make],
        *,
        folder: str | None = None,
        waiting: Make | None = None,
        request_id: Callable[[], str] = lambda: "",
    ) -> None:
        self._request_id = request_id
        self._acts: Find = _no_acts
        self._own = dict(pages)
        self._published: Mapping[str, Make] = {}
        self._missing: Missing | None = None
        self._folder = folder
        self._waiting = waiting
        self._paths: set[bytes] = set()
        self.publish({}, waiting=waiting)

    def publish(
        self, pages: Mapping[str, Make], *, waiting: Make | None = None, missing: Missing | None = None, acts: Find = _no_acts
    ) -> None:
        """Serve other pages beside the own ones from now on, all at once; and what acts between them.

        `missing` answers below `folder` for those that are not there.
        """
        self._published, self._waiting, self._missing, self._acts = pages, waiting, missing, acts
        paths = {path.encode("ascii") for path in (*self._own, *pages)}
        if self._folder is not None and (pages or waiting is not None):
            paths |= {self._folder.encode("ascii"), self._folder.rstrip("/").encode("ascii")}
        self._paths.difference_update(self._paths - paths)
        self._paths.update(paths)

    @property
    def paths(self) -> Set[bytes]:
        """The paths that are served: it changes with what is published."""
        return self._paths

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3.0)."""
        if scope["type"] != "http":
            return
        act = self._acts(scope["path"])
        if act is not None:
            await self._act(act, scope, receive, send)
            return
        made = self._answer(scope["method"], scope["path"])
        page = made if isinstance(made, Page) else await made
        headers = [(b"cache-control", page.cache), (b"x-content-type-options", b"nosniff"), *page.headers]
        body = page.body
        if page.packed:
            headers.append((b"vary", b"Accept-Encoding"))
        if page.etag is not None:
            headers.append((b"etag", page.etag))
        known = page.etag is not None and _names(scope["headers"], page.etag)
        if not known:
            if page.packed and _unpacks(scope["headers"]):
                headers.append((b"content-encoding", b"gzip"))
            elif page.packed:
                body = gzip.decompress(body)
            headers += [(b"content-type", page.media_type.encode("ascii")), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 304 if known else page.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if known or scope["method"] == "HEAD" else body})

    async def _act(self, act: Act, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        id = self._request_id()
        body = await _body(scope["headers"], receive)
        answer = body if isinstance(body, Problem) else await act(_request(scope, body, id))
        headers = [*_ACTED, (b"x-request-id", id.encode("ascii")), *answer.headers]
        if isinstance(answer, Problem):
            content = answer.body(id)
            headers.append((b"content-type", b"application/problem+json"))
        else:
            content = answer.body
        if answer.status != 204:
            headers.append((b"content-length", b"%d" % len(content)))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})

    def _answer(self, method: str, path: str) -> Page | Awaitable[Page]:
        make = self._own.get(path) or self._published.get(path)
        if make is None and self._waiting is not None and self._folder is not None and f"{path}/".startswith(self._folder):
            return self._waiting()  # for changes, too: whoever asks for one asks again
        if make is None and self._missing is not None and method in ("GET", "HEAD") and self._folder and path.startswith(self._folder):
            page = self._missing(path)
            if page is not None:
                return page
        if make is None:
            return problem_page(Problem(problems.NO_ROUTE, "there is no such page"))
        if method not in ("GET", "HEAD"):
            return problem_page(Problem(problems.METHOD_NOT_ALLOWED, "this page is only read", headers=((b"allow", b"GET, HEAD"),)))
        return make()


def _request(scope: Mapping[str, Any], body: bytes, id: str) -> Request:
    client = scope.get("client")
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=scope.get("query_string", b""),
        headers=list(scope["headers"]),
        body=body,
        peer=client[0].removeprefix("::ffff:") if client else "",
        secure=scope.get("scheme") == "https",
        id=id,
    )


async def _body(headers: Iterable[tuple[bytes, bytes]], receive: Receive) -> bytes | Problem:
    """The whole body, which is short and comes soon."""
    too_large = Problem(problems.PAYLOAD_TOO_LARGE, f"a body has at most {LARGEST_BODY} bytes here")
    if any(name == b"content-length" and int(value) > LARGEST_BODY for name, value in headers):
        return too_large
    body, more = b"", True
    try:
        async with asyncio.timeout(BODY_TIME):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    break
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > LARGEST_BODY:
                    return too_large
    except TimeoutError:
        return Problem(problems.REQUEST_TIMEOUT, f"the body did not arrive within {BODY_TIME:g} s")
    return body


_CODING = re.compile(rb"[ \t]*(gzip|x-gzip|\*)[ \t]*(?:;[ \t]*q=([01](?:\.[0-9]{0,3})?))?[ \t]*", re.IGNORECASE)


def _unpacks(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether Accept-Encoding takes gzip (RFC 9110 section 12.5.3): by its name, or else by `*`."""
    said: dict[bytes, bool] = {}
    for name, value in headers:
        if name == b"accept-encoding":
            for coding in value.split(b","):
                found = _CODING.fullmatch(coding)
                if found is not None:
                    said[b"*" if found[1] == b"*" else b"gzip"] = found[2] is None or float(found[2]) > 0
    return said.get(b"gzip", said.get(b"*", False))


def _names(headers: Iterable[tuple[bytes, bytes]], etag: bytes) -> bool:
    """Whether If-None-Match has the tag, compared weakly (RFC 9110 section 13.1.2)."""
    tags = [tag.strip().removeprefix(b"W/") for name, value in headers if name == b"if-none-match" for tag in value.split(b",")]
    return etag.removeprefix(b"W/") in tags or tags == [b"*"]


def problem_page(problem: Problem) -> Page:
    """A problem as an answer of the application."""
    return Page(problem.status, "application/problem+json", problem.body(), problem.headers)

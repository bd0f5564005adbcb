"""The built-in pages of a listener as an ASGI application: health, readiness, metrics, the portal.

Exact paths, GET and HEAD only. The public listener hands over only paths that it knows to be here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from specgw import problems
from specgw.problems import Problem


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


Make = Callable[[], Page | Awaitable[Page]]
"""Gives a page as it is now."""


class Application:
    """An ASGI application that serves pages by exact path; everything else is a problem."""

    def __init__(self, pages: Mapping[str, Make]) -> None:
        self._pages = dict(pages)

    @property
    def paths(self) -> frozenset[bytes]:
        """The paths that are served."""
        return frozenset(path.encode("ascii") for path in self._pages)

    async def __call__(
        self, scope: Mapping[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Mapping[str, Any]], Awaitable[None]]
    ) -> None:
        """Answer one request (ASGI 3.0)."""
        if scope["type"] != "http":
            return
        made = self._answer(scope["method"], scope["path"])
        page = made if isinstance(made, Page) else await made
        headers = [(b"cache-control", page.cache), (b"x-content-type-options", b"nosniff"), *page.headers]
        if page.etag is not None:
            headers.append((b"etag", page.etag))
        known = page.etag is not None and _names(scope["headers"], page.etag)
        if not known:
            headers += [(b"content-type", page.media_type.encode("ascii")), (b"content-length", b"%d" % len(page.body))]
        await send({"type": "http.response.start", "status": 304 if known else page.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if known or scope["method"] == "HEAD" else page.body})

    def _answer(self, method: str, path: str) -> Page | Awaitable[Page]:
        make = self._pages.get(path)
        if make is None:
            return _problem(Problem(problems.NO_ROUTE, "there is no such page"))
        if method not in ("GET", "HEAD"):
            return _problem(Problem(problems.METHOD_NOT_ALLOWED, "this page is only read", headers=((b"allow", b"GET, HEAD"),)))
        return make()


def _names(headers: Iterable[tuple[bytes, bytes]], etag: bytes) -> bool:
    """Whether If-None-Match has the tag, compared weakly (RFC 9110 section 13.1.2)."""
    tags = [tag.strip().removeprefix(b"W/") for name, value in headers if name == b"if-none-match" for tag in value.split(b",")]
    return etag in tags or tags == [b"*"]


def _problem(problem: Problem) -> Page:
    return Page(problem.status, "application/problem+json", problem.body(), problem.headers)

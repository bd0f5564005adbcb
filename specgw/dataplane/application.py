"""The built-in pages of a listener as an ASGI application: health, readiness, metrics, the portal.

Exact paths, GET and HEAD only; what has been published beside them changes all at once. The public listener hands over
only paths that it knows to be here.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Set
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
    packed: bool = False
    """Whether the body is compressed with gzip; a client that does not take that gets it unpacked."""


Make = Callable[[], Page | Awaitable[Page]]
"""Gives a page as it is now."""
Missing = Callable[[str], Page | None]
"""Says to a person that there is no page of this path; None where a problem says it as well."""


class Application:
    """An ASGI application that serves pages by exact path; everything else is a problem.

    `waiting` answers below `folder` while nothing has been published there.
    """

    def __init__(self, pages: Mapping[str, Make], *, folder: str | None = None, waiting: Make | None = None) -> None:
        self._own = dict(pages)
        self._published: Mapping[str, Make] = {}
        self._missing: Missing | None = None
        self._folder = folder
        self._waiting = waiting
        self._paths: set[bytes] = set()
        self.publish({}, waiting=waiting)

    def publish(self, pages: Mapping[str, Make], *, waiting: Make | None = None, missing: Missing | None = None) -> None:
        """Serve other pages beside the own ones from now on, all at once. `missing` answers below `folder` for those that are not there."""
        self._published, self._waiting, self._missing = pages, waiting, missing
        paths = {path.encode("ascii") for path in (*self._own, *pages)}
        if self._folder is not None and (pages or waiting is not None):
            paths |= {self._folder.encode("ascii"), self._folder.rstrip("/").encode("ascii")}
        self._paths.difference_update(self._paths - paths)
        self._paths.update(paths)

    @property
    def paths(self) -> Set[bytes]:
        """The paths that are served: it changes with what is published."""
        return self._paths

    async def __call__(
        self, scope: Mapping[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Mapping[str, Any]], Awaitable[None]]
    ) -> None:
        """Answer one request (ASGI 3.0)."""
        if scope["type"] != "http":
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

    def _answer(self, method: str, path: str) -> Page | Awaitable[Page]:
        make = self._own.get(path) or self._published.get(path)
        if make is None and self._waiting is not None and self._folder is not None and f"{path}/".startswith(self._folder):
            make = self._waiting
        if make is None and self._missing is not None and method in ("GET", "HEAD") and self._folder and path.startswith(self._folder):
            page = self._missing(path)
            if page is not None:
                return page
        if make is None:
            return problem_page(Problem(problems.NO_ROUTE, "there is no such page"))
        if method not in ("GET", "HEAD"):
            return problem_page(Problem(problems.METHOD_NOT_ALLOWED, "this page is only read", headers=((b"allow", b"GET, HEAD"),)))
        return make()


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

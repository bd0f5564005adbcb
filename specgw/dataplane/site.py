"""The portal and the merged documents of a folder that `specgw build` wrote, as built-in pages.

Everything is read once, at the start: no request reaches the file system, so no path can leave the folder.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from specgw.dataplane.application import Page

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".atom": "application/atom+xml",
    ".xml": "application/xml",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".yaml": "application/yaml",
}
# As a build names its files; what somebody else put beside them may be called anything.
_NAME = re.compile(r"[A-Za-z0-9._/-]+")
_HASHED = re.compile(r"assets/.+\.[0-9a-f]{16}\.[a-z]+")

_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    b"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# An image that is opened as a page of its own runs nothing either.
_IMAGE_POLICY = b"default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

FIELDS = ((b"content-security-policy", _POLICY), (b"referrer-policy", b"no-referrer"))
_IMAGE_FIELDS = ((b"content-security-policy", _IMAGE_POLICY), (b"referrer-policy", b"no-referrer"))


LIVE = b'{"live": true, "sandbox": "/sandbox/"}\n'
"""What session.json says here: calls can be made from the pages."""


def site_pages(directory: Path) -> dict[str, Callable[[], Page]]:
    """The pages by path: /portal/ and what is below it, and the documents that it links to. Raises OSError.

    None at all where the folder has no portal.
    """
    portal = directory / "portal"
    if not (portal / "index.html").is_file():
        return {}
    pages = {f"/portal/{name}": _page(path, name) for name, path in _files(portal)}
    pages |= {f"/{path.name}": _page(path, path.name) for path in sorted(directory.glob("openapi*.json")) if _NAME.fullmatch(path.name)}
    if "/portal/session.json" in pages:
        pages["/portal/session.json"] = Page(200, "application/json", LIVE, FIELDS, cache=b"no-store")
    pages["/portal/"] = pages["/portal/index.html"]
    pages["/portal"] = Page(308, "text/plain", b"", ((b"location", b"portal/"),))
    return {path: _always(page) for path, page in pages.items()}


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix in _TYPES and _NAME.fullmatch(name) and path.is_file():
            yield name, path


def _page(path: Path, name: str) -> Page:
    body = path.read_bytes()
    # RFC 9111 section 5.2.2 and RFC 8246: what has its hash in its name never changes; all else is asked for again.
    cache = b"public, max-age=31536000, immutable" if _HASHED.fullmatch(name) else b"no-cache"
    etag = b'"%b"' % hashlib.blake2b(body, digest_size=12).hexdigest().encode("ascii")
    fields = _IMAGE_FIELDS if path.suffix == ".svg" else FIELDS
    return Page(200, _TYPES[path.suffix], body, fields, cache=cache, etag=etag)


def _always(page: Page) -> Callable[[], Page]:
    return lambda: page

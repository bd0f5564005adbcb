"""The portal and the merged documents that it links to, as built-in pages.

They are kept packed, in memory: no request reaches the file system, so no path can leave a folder. Who renders them hands
them over whole, so that a reader never meets half of one state and half of another.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from specgw import problems
from specgw.dataplane.application import Page, problem_page
from specgw.problems import Problem

FOLDER = "/portal/"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".atom": "application/atom+xml",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_DEEPEST = 8
"""Folders inside each other that a path may name and be answered with a page: further down nothing ever is."""
# As a build names its files; what somebody else put beside them may be called anything.
_NAME = re.compile(r"[A-Za-z0-9._/-]+")
_HASHED = re.compile(r"portal/assets/.+\.[0-9a-f]{16}\.[a-z]+")

_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    b"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# An image that is opened as a page of its own runs nothing either.
_IMAGE_POLICY = b"default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
# Swagger UI draws its marks from data in its own style sheet.
_RENDERER_POLICY = _POLICY.replace(b"img-src 'self'", b"img-src 'self' data:")
_OWN = (
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
FIELDS = ((b"content-security-policy", _POLICY), *_OWN)
RENDERER_FIELDS = ((b"content-security-policy", _RENDERER_POLICY), *_OWN)
_IMAGE_FIELDS = ((b"content-security-policy", _IMAGE_POLICY), *_OWN)


def packed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files as they are kept: compressed, the same bytes for the same content."""
    return {name: gzip.compress(content, 6, mtime=0) for name, content in files.items()}


def built_files(directory: Path) -> dict[str, bytes]:
    """What `specgw build` wrote, packed: portal/… and the documents that it links to. Raises OSError.

    Nothing where the folder has no portal.
    """
    portal = directory / "portal"
    if not (portal / "index.html").is_file():
        return {}
    files = {f"portal/{name}": path.read_bytes() for name, path in _files(portal)}
    documents = sorted(directory.glob("openapi*.json"))
    return packed(files | {path.name: path.read_bytes() for path in documents if _NAME.fullmatch(path.name)})


def site_pages(files: Mapping[str, bytes]) -> dict[str, Callable[[], Page]]:
    """The pages of (packed) files, by path of a request."""
    pages = {f"/{name}": _page(content, name) for name, content in files.items() if Path(name).suffix in _TYPES}
    if f"{FOLDER}index.html" in pages:
        pages[FOLDER] = pages[f"{FOLDER}index.html"]
        pages["/portal"] = Page(308, "text/plain", b"", ((b"location", b"portal/"),))
    return {path: _always(page) for path, page in pages.items()}


def missing_page(files: Mapping[str, bytes]) -> Callable[[str], Page | None]:
    """Answers for pages that are not there, with the 404.html of (packed) files where they have one.

    Its links begin with `./`, since it is read under any path: here they get as many steps up as that path has folders.
    """
    content = files.get("portal/404.html")
    text = None if content is None else gzip.decompress(content)

    def missing(path: str) -> Page | None:
        steps = path.removeprefix(FOLDER).count("/")
        if text is None or steps > _DEEPEST:
            return None
        return Page(404, _TYPES[".html"], text.replace(b'="./', b'="' + (b"../" * steps or b"./")), FIELDS)

    return missing


def not_yet() -> Page:
    """The answer for a page while the portal is rendered for the first time (RFC 9110 section 15.6.4)."""
    return problem_page(Problem(problems.OVERLOADED, "the portal is being rendered", headers=((b"Retry-After", b"1"),)))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix in _TYPES and _NAME.fullmatch(name) and path.is_file():
            yield name, path


def _page(content: bytes, name: str) -> Page:
    # RFC 9111 section 5.2.2 and RFC 8246: what has its hash in its name never changes; all else is asked for again.
    cache = b"public, max-age=31536000, immutable" if _HASHED.fullmatch(name) else b"no-cache"
    # Weak (RFC 9110 section 8.8.1): it is the same for the packed form and the plain one.
    etag = b'W/"%b"' % hashlib.blake2b(content, digest_size=12).hexdigest().encode("ascii")
    fields = _IMAGE_FIELDS if name.endswith(".svg") else RENDERER_FIELDS if name.startswith("portal/renderer/") else FIELDS
    return Page(200, _TYPES[Path(name).suffix], content, fields, cache=cache, etag=etag, packed=True)


def _always(page: Page) -> Callable[[], Page]:
    return lambda: page

"""Another view of each service, by Swagger UI, for people who prefer it: `gateway.portal.renderer: swagger-ui`.

The files of Swagger UI are those of the npm package, unchanged: docs/decisions says why they are here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from specgw.portal.assets import hashed
from specgw.portal.catalogue import Volume

VERSION = "5.35.0"
"""Of `swagger-ui-dist`."""
DIGESTS = {
    "LICENSE": "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
    "NOTICE": "0d20d1adef18aee3f40dd258172155521ce702ac445cb5f7b7d60ed32dad2fb2",
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui-bundle.js.LICENSE.txt": "37eb6e7e59aed57b2c1acf076574b818ea07b74265717e0bd67b59e0baf9abbb",
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
}
"""SHA-256 of its files, as they lie in `vendored/swagger-ui`."""

LICENCES = "renderer/licences.txt"
LICENCES_MARK = b"specgw portal: licences of Swagger UI\n"
_HERE = Path(__file__).parent
_FOLDER = _HERE / "vendored" / "swagger-ui"
_MARK = b"/* specgw portal */\n"


def pages(volumes: Iterable[Volume], page: Callable[..., bytes], document: Callable[[Volume], str]) -> dict[str, bytes]:
    """The pages and what they need. `page` fills in a template, `document` says where that of a service is, without its suffix."""
    made = dict(_files().values())
    paths = {name: path for name, (path, _) in _files().items()}
    for volume in volumes:
        name = place(volume)
        title = f"{volume.title} · Swagger UI"
        made[name] = page("renderer.html", title, "../", volume=volume, document=f"{document(volume)}.json", files=paths, licences=LICENCES)
    return {**made, LICENCES: _licences()}


def place(volume: Volume) -> str:
    """The page of a service, from the folder of the site."""
    return f"renderer/{Path(volume.page).stem}.html"


@cache
def _files() -> dict[str, tuple[str, bytes]]:
    """Path and content of each asset, by its name."""
    sources = (_FOLDER / "swagger-ui-bundle.js", _FOLDER / "swagger-ui.css", _HERE / "static" / "renderer.css")
    contents = {path.name: _MARK + path.read_bytes() for path in sources}
    return {name: (hashed(name, content), content) for name, content in contents.items()}


def _licences() -> bytes:
    names = ("NOTICE", "LICENSE", "swagger-ui-bundle.js.LICENSE.txt")
    return LICENCES_MARK + b"\n".join((_FOLDER / name).read_bytes() for name in names)

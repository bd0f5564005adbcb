"""The picture of a portal: SVG in which nothing runs and nothing is fetched, or PNG, of bounded size."""

from __future__ import annotations

import re
import struct
from xml.etree import ElementTree

LARGEST = 32 << 10
_WIDEST = 4096
"""Pixels of a PNG in each direction."""

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset(
    f"{_SVG}{name}"
    for name in (
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "style"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
        *("linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern"),
    )
)
_LINKS = ("href", "src")
# Anything that a style sheet may fetch; `url(#part)` leads to a part of the picture itself.
_FETCHES = re.compile(r"url\(\s*(?![\"']?#)|@import|image-set|\\|expression|javascript:", re.IGNORECASE)


class Unusable(Exception):
    """Why a picture is not shown, in words."""


def checked(data: bytes) -> tuple[str, bytes]:
    """The suffix of a picture's name, and what is published of it. Raises Unusable."""
    if len(data) > LARGEST:
        raise Unusable(f"it has {len(data) // 1024 + 1} KiB, and may have {LARGEST // 1024}")
    return ("png", _png(data)) if data.startswith(_PNG) else ("svg", _svg(data))


def _png(data: bytes) -> bytes:
    if len(data) < 33 or data[12:16] != b"IHDR":
        raise Unusable("it is a damaged PNG")
    width, height = struct.unpack(">II", data[16:24])
    if not 0 < width <= _WIDEST or not 0 < height <= _WIDEST:
        raise Unusable(f"it has {width} x {height} pixels, and may have {_WIDEST} in each direction")
    return data


def _svg(data: bytes) -> bytes:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable("it is neither SVG (in UTF-8) nor PNG") from None
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        raise Unusable("SVG with a document type is not read: take the line with DOCTYPE out")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise Unusable(f"it is neither SVG nor PNG ({error})") from None
    if root.tag != f"{_SVG}svg" or (begin := text.find("<svg")) < 0:
        raise Unusable("its root is not <svg> of the namespace http://www.w3.org/2000/svg")
    for element in root.iter():
        _check(element)
    return text[begin:].encode()


def _check(element: ElementTree.Element) -> None:
    name = str(element.tag).rpartition("}")[2]
    if element.tag not in _ELEMENTS:
        raise Unusable(f"<{name}> has no place in a logo: it could run or fetch something")
    if _FETCHES.search(element.text or "") and name == "style":
        raise Unusable("its style sheet fetches something")
    for key, value in element.attrib.items():
        attribute = key.rpartition("}")[2].lower()
        if attribute.startswith("on"):
            raise Unusable(f"its attribute {attribute} runs a script")
        if attribute in _LINKS and not value.strip().startswith("#"):
            raise Unusable(f"its attribute {attribute} leads elsewhere")
        if _FETCHES.search(value):
            raise Unusable(f"its attribute {attribute} fetches something")

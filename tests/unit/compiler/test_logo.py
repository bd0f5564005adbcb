from __future__ import annotations

import struct

import pytest

from specgw.compiler.logo import LARGEST, Unusable, checked

NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'


def png(width: int = 8, height: int = 8) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBBI", 13, b"IHDR", width, height, 8, 6, 0, 0, 0, 0)


def svg(inside: str = "", attributes: str = "") -> bytes:
    return f'<?xml version="1.0"?>\n<!-- drawn by hand --><svg {NAMESPACE} viewBox="0 0 1 1" {attributes}>{inside}</svg>'.encode()


def test_what_is_published_begins_with_the_picture() -> None:
    inside = '<defs><linearGradient id="a"/></defs><style>.b { fill: url(#a) }</style><g class="b"><use href="#a"/><path d="M0 0"/></g>'
    suffix, data = checked(svg(inside))
    assert suffix == "svg"
    assert data.startswith(b"<svg ")
    assert inside.encode() in data
    assert checked(png()) == ("png", png())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (svg("<script>alert(1)</script>"), "<script> has no place"),
        (svg("<foreignObject/>"), "<foreignObject> has no place"),
        (svg('<image href="https://evil.example/x.png"/>'), "<image> has no place"),
        (svg('<set attributeName="href" to="javascript:alert(1)"/>'), "<set> has no place"),
        (svg('<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>'), "<script> has no place"),
        (svg(attributes='onload="alert(1)"'), "its attribute onload runs a script"),
        (svg('<use href="https://evil.example/x.svg#a"/>'), "its attribute href leads elsewhere"),
        (svg('<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="x.svg"/>'), "its attribute href leads elsewhere"),
        (svg('<path style="fill: URL( http://evil.example )"/>'), "its attribute style fetches something"),
        (svg("<style>@import 'https://evil.example';</style>"), "its style sheet fetches something"),
        (svg("<style>a { b: u\\72l(x) }</style>"), "its style sheet fetches something"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + svg()[21:], "with a document type"),
        (b"<svg/>", "its root is not <svg>"),
        (f"<x:svg xmlns:x={NAMESPACE[6:]}/>".encode(), "its root is not <svg>"),
        (b"<svg", "neither SVG nor PNG"),
        (svg().decode().encode("utf-16"), "neither SVG"),
        (b"GIF89a", "neither SVG nor PNG"),
        (png()[:20], "damaged PNG"),
        (png(width=0), "0 x 8 pixels"),
        (png(height=1 << 20), "8 x 1048576 pixels"),
        (svg(" " * LARGEST), "it has 33 KiB, and may have 32"),
    ],
)
def test_what_could_run_or_fetch_something_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        checked(data)

"""Swagger UI beside the portal: its files are those that are named here, and each service has its page."""

from __future__ import annotations

import hashlib

from specgw.portal import renderer
from specgw.portal.published import Published
from specgw.portal.site import render

DOCUMENT = {"openapi": "3.1.0", "info": {"title": "Cats", "version": "1"}, "paths": {"/cats": {"get": {"responses": {}}}}}


def test_its_files_are_the_published_ones() -> None:
    folder = renderer._FOLDER
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert found == renderer.DIGESTS


def test_a_portal_has_it_where_that_was_asked_for() -> None:
    without, having = (render(Published(documents={"openapi.json": DOCUMENT}, renderer=said)) for said in (False, True))
    more = sorted(name for name in having if name not in without)
    assert [name.split(".")[0] for name in more] == [
        "assets/renderer",
        "assets/swagger-ui-bundle",
        "assets/swagger-ui",
        "renderer/cats",
        "renderer/licences",
    ]
    assert {"downloads/cats.json"} <= having.keys()
    assert 'href="../renderer/cats.html"' in having["services/cats.html"].decode()
    assert "renderer" not in without["services/cats.html"].decode()


def test_licences_go_along() -> None:
    text = render(Published(documents={"openapi.json": DOCUMENT}, renderer=True))[renderer.LICENCES].decode()
    assert text.startswith(renderer.LICENCES_MARK.decode())
    for part in ("SmartBear", "Apache License", "MIT License"):
        assert part in text


def test_a_page_says_itself_what_may_run() -> None:
    page = render(Published(documents={"openapi.json": DOCUMENT}, renderer=True))["renderer/cats.html"].decode()
    assert "script-src 'self'; style-src 'self'; img-src 'self' data:;" in page
    assert "unsafe" not in page
    assert "<style" not in page
    assert " style=" not in page

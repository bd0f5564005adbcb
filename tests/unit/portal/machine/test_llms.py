from __future__ import annotations

import re
from typing import Any

from specgw.portal.catalogue import catalogue
from specgw.portal.machine.downloads import Downloads
from specgw.portal.machine.llms import llms
from specgw.portal.published import Guide, Published
from specgw.portal.site import render
from tests.unit.portal.test_site import EVIL, hostile, sample

LINK = re.compile(r"- \[((?:\\.|[^\]\\])+)\]\(([A-Za-z0-9./-]+)\)(?:: .+)?")
"""llmstxt.org: "a required markdown hyperlink [name](url), then optionally a : and notes about the file"."""


def text(documents: dict[str, Any], **guides: str) -> str:
    volumes = catalogue(documents)
    return llms("Shop", volumes, guides, Downloads(volumes), changelog=True).decode()


def test_the_format() -> None:
    """llmstxt.org: a title, a summary in a quote, text without headings, then sections of links."""
    title, _, summary, _, *others = text({"openapi.json": sample()["openapi.json"]}, start="Getting started").splitlines()
    assert title == "# Shop"
    assert summary.startswith("> ")
    sections = [line for line in others if line.startswith("#")]
    assert sections == ["## Product Service and User Service 1.0.0", "## Guides", "## Documents", "## Optional"]
    listed = others[others.index(sections[0]) :]
    assert all(LINK.fullmatch(line) for line in listed if line and not line.startswith("## ")), listed
    assert "- [Create a product](operations/createProduct.md): POST /api/products" in others
    assert "- [Getting started](guides/start.html)" in others
    assert "- [Changelog](changes.html): what clients noticed from build to build" in others


def test_every_link_leads_somewhere() -> None:
    site = render(Published(documents=sample(), guides={"start": Guide("# Start")}))
    found = [target for _, target in LINK.findall(site["llms.txt"].decode())]
    assert len(found) > 12
    assert set(found) <= site.keys()


def test_words_of_a_document_stay_in_their_line() -> None:
    plain = text({"openapi.json": hostile("x")})
    assert text({"openapi.json": hostile(EVIL)}).count("\n") == plain.count("\n")
    assert "<script" not in text({"openapi.json": hostile(EVIL)}).replace("\\<", "")

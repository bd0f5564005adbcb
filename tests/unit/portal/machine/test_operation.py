from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.plan.model import Plan
from specgw.portal.catalogue import catalogue
from specgw.portal.enforced import Told
from specgw.portal.lexicon import lexicons
from specgw.portal.machine.operation import written
from specgw.portal.machine.schemas import Lists
from specgw.portal.making import Maker
from specgw.portal.operation import describe
from specgw.portal.published import Published
from specgw.portal.retirement import Retirement
from specgw.portal.site import render
from tests.unit.portal.test_site import EVIL, JUNK, document, hostile

ROOT = Path(__file__).parents[4]


def sheet(made: dict[str, Any], **said: Any) -> str:
    """The file of the first operation of a document."""
    [volume] = catalogue({"openapi.json": made})
    entry = volume.groups[0].entries[0]
    told = describe(entry, lexicons([volume])["openapi.json"], Maker(Plan()))
    options: dict[str, Any] = {"retired": None, "access": [], "enforced": [], "download": "../downloads/a.json", **said}
    return written(entry, volume, told, Lists(), **options).decode()


def test_the_sample_system() -> None:
    made = compile_documents(Inputs((ROOT / "specs",)), environ={})
    assert made.plan is not None
    site = render(Published(documents=made.merged, plan=made.plan, services=made.services))
    text = site["operations/createProduct.md"].decode()
    assert text.startswith("<!-- specgw portal -->\n# Create a product\n\n`POST /api/products`\n\n- Service: Product Service 1.0.0\n")
    for part in (
        "- API key in header X-API-Key: `X-API-Key: API_KEY`\n",
        "## Request body\n\nRequired.\n\nMedia type `application/json`: object (schema `ProductRequest`)\n\nExample\n\n```json\n{\n",
        "### 201 Created\n\n> The product as created.\n\nHeader fields:\n\n- `Location` (string (uri-reference)): Where the new product is",
        "Example (generated)\n\n```json\n",
        "- [504 Gateway Timeout](../errors.html#status-504): The service did not answer in time.\n",
        "- Body: At most 64 KiB; JSON at most 8 levels deep.\n",
        "```sh\ncurl --request POST \\\n",
        "### Price\n\n- `amount` (number, required): > 0; ≤ 1000000\n",
    ):
        assert part in text, part
    again = render(Published(documents=made.merged, plan=made.plan, services=made.services))
    assert again["operations/createProduct.md"] == site["operations/createProduct.md"]
    assert {name.removesuffix(".md") for name in site if name.endswith(".md")} == {
        name.removesuffix(".html") for name in site if name.startswith("operations/") and name.endswith(".html")
    }


def test_everything_of_an_operation() -> None:
    parameters = [
        {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}, "example": [1, 2]},
        {"name": "filter", "in": "query", "content": {"application/json": {"schema": {"properties": {"a": {"type": "string"}}}}}},
    ]
    named = {"one": {"summary": "One", "description": "First.", "value": 1}, "two": {"externalValue": "https://a.example/2.json"}}
    operation = {
        "summary": "Do",
        "description": "All of *it*.",
        "deprecated": True,
        "parameters": parameters,
        "requestBody": {"description": "Which.", "content": {"application/json": {"examples": named}}},
        "responses": {"200": {"description": "ok"}},
        "security": [{"key": []}, {"oauth": ["read"]}],
        "x-specgw-unenforced": ["a pattern"],
    }
    made = document(**operation)
    schemes = {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}, "oauth": {"type": "oauth2"}}
    made["components"] = {"securitySchemes": schemes}
    text = sheet(made, retired=Retirement("2030-01-31", "/y"), access=[Told("Condition", "This has to be true:", "a == 'b'")])
    for part in (
        "- Deprecated: do not begin to use it, ends on 2030-01-31, use `/y` instead\n",
        "- Not checked exactly by the gateway: a pattern\n",
        "> All of *it*.\n",
        "One of these is enough:\n\n- API key in header X-Key: `X-Key: API_KEY`\n",
        "- OAuth 2.0 access token: `Authorization: Bearer TOKEN`, with scopes `read`\n- Condition: This has to be true: `a == 'b'`\n",
        "### In the query\n\n- `ids` (array of integer). Once for each value: ids=a&ids=b. Example: `[1, 2]`\n",
        "- `filter` (any as application/json)\n  - `a` (string)\n",
        "Optional.\n\n> Which.\n\nMedia type `application/json`\n\nExample: One\n\n> First.\n\n```json\n1\n```\n",
        "Example: two\n\nIt is at `https://a.example/2.json`.\n",
    ):
        assert part in text, f"{part!r} is not in\n{text}"


@pytest.mark.parametrize("text", [EVIL, "```\n# Not a heading\n```", "x" * 200_000, ""])
def test_whatever_a_document_says_stays_in_its_place(text: str) -> None:
    found = MarkdownIt("commonmark").parse(sheet(hostile(text)).removeprefix("<!-- specgw portal -->\n"))
    headings = [found[number + 1].content for number, token in enumerate(found) if token.type == "heading_open" and token.tag == "h2"]
    assert headings == ["Authentication", "Parameters", "Request body", "Responses", "Call"]
    kinds = {child.type for token in found for child in [token, *(token.children or ())]}
    assert not kinds & {"html_block", "html_inline", "image"}


@given(JUNK)
@settings(max_examples=60, deadline=None)
def test_junk_is_a_file_too(junk: Any) -> None:
    made = document(parameters=[junk], requestBody=junk, responses={"200": junk}, summary=junk)
    assert sheet(json.loads(json.dumps(made))).startswith("<!-- specgw portal -->\n# ")

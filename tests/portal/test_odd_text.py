"""Names that turn around what stands beside them, and words without an end: nothing else on the page suffers from them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.portal.browser import PHONE
from tests.portal.conftest import Open, serving_files
from tests.scenarios.process import specgw

TURNED = "\u202eabc\u2067 \u05d0\u05d1"
"""An override, an isolate and letters from right to left, none of them ended."""
ENDLESS = "w" * 3000
PAGES = ["index.html", "services/odd.html", "operations/list.html", "schemas/Thing.html", "guides/odd.html", "errors.html", "404.html"]

# Pieces of text that stand behind another one in the document, on the same line, and in front of it on the page.
_TURNED = """() => {
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const boxes = [];
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const box = range.getClientRects();
    if (texts.currentNode.data.trim() && box.length === 1) boxes.push([texts.currentNode, box[0]]);
  }
  const wrong = [];
  for (let number = 1; number < boxes.length; number += 1) {
    const [before, left] = boxes[number - 1];
    const [after, right] = boxes[number];
    const near = after.parentElement.closest("p, li, h1, h2, h3, summary") === before.parentElement.closest("p, li, h1, h2, h3, summary");
    if (near && Math.abs(left.bottom - right.bottom) < 4 && right.left < left.left) wrong.push(`${before.data} | ${after.data}`);
  }
  return wrong;
}"""


# Numbers of operations that are not on one line: "10" beside a name that takes all the room.
_BROKEN = """() => [...document.querySelectorAll(".count")].filter((one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  return range.getClientRects().length > 1;
}).map((one) => one.textContent)"""


def document(word: str) -> dict[str, Any]:
    schema = {"type": "object", "description": word, "properties": {word: {"type": "string", "description": word, "enum": [word]}}}
    operation = {
        "operationId": "list",
        "summary": word[:100],
        "description": f"Before *{word}* behind.",
        "tags": [word],
        "deprecated": True,
        "parameters": [{"name": word, "in": "query", "description": word, "schema": {"type": "string", "example": word}}],
        "security": [{word: [word]}],
        "responses": {"200": {"description": word, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}},
    }
    info = {"title": word, "version": word, "description": word, "contact": {"name": word, "email": word}, "license": {"name": word}}
    return {
        "openapi": "3.1.0",
        "info": {**info, "termsOfService": word},
        "x-gateway": {"service": "odd"},
        "servers": [{"url": "http://127.0.0.1:9"}],
        "tags": [{"name": word, "description": word}],
        "paths": {
            "/list": {"get": operation},
            **{f"/more{number}": {"get": {**operation, "operationId": f"m{number}"}} for number in range(9)},
        },
        "components": {"schemas": {"Thing": schema}, "securitySchemes": {word: {"type": "oauth2", "flows": {}}}},
    }


@pytest.fixture(scope="module", params=[TURNED, ENDLESS], ids=["turned", "endless"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    word = request.param
    folder = tmp_path_factory.mktemp("odd-text")
    (folder / "guides").mkdir()
    (folder / "odd.json").write_text(json.dumps(document(word)))
    table = f"| {word} | a |\n|---|---|\n| `{word}` | b |\n"
    (folder / "guides" / "odd.md").write_text(f"# {word}\n\n## {word}\n\nBefore {word} behind.\n\n{table}")
    (folder / "gateway.yaml").write_text(json.dumps({"gateway": {"portal": {"name": word}}}))
    result = specgw("build", folder, "-o", folder / "generated", cwd=folder)
    assert result.returncode == 0, result.stderr
    with serving_files(Path(folder / "generated")) as found:
        yield found


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_turned_around_and_nothing_is_pushed_out(opened: Open, address: str, name: str) -> None:
    tab = opened(address, viewport=PHONE)
    page = tab.goto(f"portal/{name}")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert tab.overflow() == 0
    page.set_viewport_size({"width": 1440, "height": 900})
    assert tab.overflow() == 0
    assert page.evaluate(_TURNED) == []
    assert page.evaluate(_BROKEN) == []

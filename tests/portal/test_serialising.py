"""Parameters as the scripts of the portal write them, read by the gateway: each schema admits one value, the one that was meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.portal.conftest import Open
from tests.scenarios.process import environment, running, specgw

TEXT, LIST, OBJECT = "a b/ü&=?#'", ["b", "a,c;d e", "ü"], {"k": "v w", "ä": "1&2"}
PLAIN_LIST, PLAIN_OBJECT = ["b", "c"], {"k": "v"}

# place, style, explode, value
CASES: list[tuple[str, str, bool, Any]] = [
    *(("path", style, explode, value) for style in ("simple", "label", "matrix") for explode in (False, True)
      for value in ("it's ü&=", PLAIN_LIST, PLAIN_OBJECT)),
    *(("query", "form", explode, value) for explode in (False, True) for value in (TEXT, LIST, OBJECT)),
    ("query", "spaceDelimited", False, PLAIN_LIST),
    ("query", "pipeDelimited", False, PLAIN_LIST),
    ("query", "deepObject", True, OBJECT),
    *(("header", "simple", explode, value) for explode in (False, True) for value in ("a b", PLAIN_LIST, PLAIN_OBJECT)),
]  # fmt: skip


def operation(number: int, place: str, style: str, explode: bool, value: Any) -> tuple[str, dict[str, Any]]:
    kind = "array" if isinstance(value, list) else "object" if isinstance(value, dict) else "string"
    schema: dict[str, Any] = {"type": kind, "const": value}
    if kind == "array":
        schema["items"] = {"type": "string"}
    if kind == "object":
        schema["properties"] = {name: {"type": "string"} for name in value}
    parameter = {"name": "p", "in": place, "style": style, "explode": explode, "required": True, "schema": schema}
    path = f"/c{number}/{{p}}" if place == "path" else f"/c{number}"
    return path, {"get": {"parameters": [parameter], "responses": {"200": {"description": "Read."}}}}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("styles")
    paths = dict(operation(number, *case) for number, case in enumerate(CASES))
    document = {"openapi": "3.1.0", "info": {"title": "Styles", "version": "1"}, "paths": paths}
    (folder / "styles.json").write_text(json.dumps(document))
    result = specgw("build", "styles.json", "-o", "generated", cwd=folder)
    assert result.returncode == 0, result.stderr
    with running("serve", folder / "generated", "--port", "0", "--admin", "off", cwd=folder, environ=environment()) as server:
        yield server.address()


def test_the_gateway_reads_what_was_meant(opened: Open, reader: str) -> None:
    page = opened(reader).goto("portal/")
    asked = [
        {"path": operation(number, *case)[0], "name": "p", "in": case[0], "style": case[1], "explode": case[2],
         "allowReserved": False, "media": "", "value": case[3]}
        for number, case in enumerate(CASES)
    ]  # fmt: skip
    page.locator("main a[href^='operations/']").first.click()
    page.get_by_role("button", name="Send").wait_for()
    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    module = next(url for url in loaded if "/serialise." in url)
    answers = page.evaluate(
        """async ([module, cases]) => {
            const { targetOf, inHeader } = await import(module);
            const read = async (one) => {
                const values = new Map([[`${one.in}:p`, one.value]]);
                const headers = one.in === "header" ? { p: inHeader(one, one.value) } : {};
                const target = targetOf(one.path, [one], values);
                const answer = await fetch(`/sandbox${target}`, { headers });
                return answer.ok ? "" : `${one.in} ${one.style} ${one.explode} ${target} ${await answer.text()}`;
            };
            return Promise.all(cases.map(read));
        }""",
        [module, asked],
    )
    assert [answer for answer in answers if answer] == []

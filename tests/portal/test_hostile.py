"""A document full of scripts, opened and clicked through: all of it is text, nothing runs."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.portal.conftest import Open
from tests.scenarios.process import environment, running, specgw

EVIL = "</script><img src=x onerror=alert(1)><script>alert(2)</script><a href='javascript:alert(3)'>x</a>"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    schema = {"type": "string", "description": EVIL, "default": EVIL, "enum": [EVIL, "b"]}
    operation = {
        "operationId": "evil", "summary": EVIL, "description": EVIL, "tags": [EVIL],
        "parameters": [{"name": "p", "in": "query", "description": EVIL, "schema": schema, "example": EVIL}],
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Evil"}, "example": {EVIL: EVIL}}}},
        "responses": {"200": {"description": EVIL, "content": {"text/html": {"example": EVIL, "schema": {"type": "string"}}}}},
    }  # fmt: skip
    document = {
        "openapi": "3.1.0",
        "info": {"title": EVIL, "version": "1", "description": EVIL},
        "tags": [{"name": EVIL, "description": EVIL}],
        "paths": {"/evil": {"post": operation}},
        "components": {"schemas": {"Evil": {"type": "object", "title": EVIL, "description": EVIL}}},
    }
    (folder / "evil.json").write_text(json.dumps(document))
    result = specgw("build", "evil.json", "-o", "generated", cwd=folder)
    assert result.returncode == 0, result.stderr
    with running("serve", folder / "generated", "--port", "0", "--admin", "off", cwd=folder, environ=environment()) as server:
        yield server.address()


def test_nothing_runs(opened: Open, hostile: str) -> None:
    """Dialogs, errors, broken policies and requests elsewhere fail the test by themselves."""
    page = opened(hostile).goto("portal/")
    expect(page.get_by_role("heading", level=1).first).to_contain_text("</script>")
    expect(page.locator("#search-open")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("alert")
    expect(page.get_by_role("option").first).to_contain_text("onerror")
    page.goto(f"{hostile}/portal/operations/evil.html")
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".tryit-answer pre").first).to_contain_text("<script>alert(2)</script>")
    for summary in page.locator(".tryit-answer summary").all():
        summary.click()
    assert page.locator("img[src='x'], a[href^='javascript:']").count() == 0

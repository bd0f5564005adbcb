"""The portal of a document with hundreds of operations, as it is built: opened, read and searched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.portal.browser import PHONE
from tests.portal.conftest import Open, serving_files
from tests.scenarios.process import ROOT, specgw

DOCUMENT = ROOT.parent / "shared" / "specs" / "openai.yaml"

# What somebody types, and the method and path of what stands first.
RANKS = {
    "create chat completion": "POST /chat/completions",
    "chatcomp": "/chat/completions",
    "embeddings": "POST /embeddings",
    "list models": "GET /models",
    "delete file": "DELETE /files/{file_id}",
    "transcription": "POST /audio/transcriptions",
    "how do I upload a file": "POST /files",
    "asistant": "/assistants",
    "vector_stores": "/vector_stores",
    "/fine_tuning/jobs": "/fine_tuning/jobs",
    "https://api.openai.com/v1/threads/thread_abc/runs?limit=3": "/threads/{thread_id}/runs",
    "audit log": "AuditLog",
    "transcribing": "POST /audio/transcriptions",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not DOCUMENT.is_file():
        pytest.skip("the public documents are not beside the repository")
    folder = tmp_path_factory.mktemp("large")
    result = specgw("build", DOCUMENT, "-o", "generated", cwd=folder)
    assert result.returncode == 0, result.stderr
    return folder / "generated"


@pytest.fixture(scope="module")
def large(site: Path) -> Iterator[str]:
    with serving_files(site) as address:
        yield address


def test_it_is_read_from_the_index_to_its_largest_page(opened: Open, large: str, site: Path) -> None:
    largest = max((site / "portal" / "operations").glob("*.html"), key=lambda page: page.stat().st_size)
    tab = opened(large, reduced_motion="reduce")
    page = tab.goto("portal/index.html")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert tab.axe(without=".menu") == []
    page.locator("a[href^='services/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator("main a").count() > 10
    page = tab.goto(f"portal/operations/{largest.name}")
    page.wait_for_load_state("networkidle")
    assert sum(value for value, _ in tab.moved()) < 0.05
    # Its links can be reached, as test_pages shows; axe takes what a sheet shows of closed details for hidden.
    assert tab.axe(without=".menu") == []
    page.set_viewport_size(PHONE)
    assert tab.overflow() == 0
    assert tab.failed == []


def test_it_is_searched(opened: Open, large: str) -> None:
    page = opened(large).goto("portal/index.html")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search")
    for query, first in RANKS.items():
        field.fill(query)
        option = page.get_by_role("option").first
        for part in first.split():
            expect(option, query).to_contain_text(part)
    page.keyboard.press("Enter")
    page.wait_for_url("**/operations/*.html")

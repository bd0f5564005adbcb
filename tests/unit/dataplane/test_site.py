"""What a build wrote, as built-in pages."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from specgw.dataplane.application import Page
from specgw.dataplane.site import built_files, missing_page, not_yet, packed, site_pages


@pytest.fixture
def built(tmp_path: Path) -> Path:
    files = {
        "plan.json": "{}",
        "openapi.json": "{}",
        "openapi.users-v2.json": "[]",
        "portal/index.html": "<p>index",
        "portal/operations/a.html": "<p>a",
        "portal/assets/style.0123456789abcdef.css": "p {}",
        "portal/assets/mine.css": "p {}",
        "portal/mine.js": "alert(1)",
        "portal/mine.exe": "MZ",
        "portal/assets/logo.0123456789abcdef.svg": "<svg/>",
        "portal/odd name.html": "<p>odd",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def pages_of(folder: Path) -> dict[str, Callable[[], Page]]:
    return site_pages(built_files(folder))


def test_only_what_a_build_may_have_written_is_served(built: Path) -> None:
    assert sorted(pages_of(built)) == [
        "/openapi.json",
        "/openapi.users-v2.json",
        "/portal",
        "/portal/",
        "/portal/assets/logo.0123456789abcdef.svg",
        "/portal/assets/mine.css",
        "/portal/assets/style.0123456789abcdef.css",
        "/portal/index.html",
        "/portal/mine.js",
        "/portal/operations/a.html",
    ]


def test_pages_cannot_run_anything_and_are_asked_for_again(built: Path) -> None:
    page = pages_of(built)["/portal/operations/a.html"]()
    assert (page.status, page.media_type, gzip.decompress(page.body), page.cache) == (200, "text/html; charset=utf-8", b"<p>a", b"no-cache")
    policy = dict(page.headers)[b"content-security-policy"]
    assert policy.startswith(b"default-src 'none'; script-src 'self'; style-src 'self';")
    assert b"frame-ancestors 'none'" in policy
    assert b"unsafe" not in policy


def test_an_image_runs_nothing_even_as_a_page_of_its_own(built: Path) -> None:
    page = pages_of(built)["/portal/assets/logo.0123456789abcdef.svg"]()
    assert page.media_type == "image/svg+xml"
    policy = dict(page.headers)[b"content-security-policy"]
    assert b"default-src 'none'" in policy
    assert b"sandbox" in policy
    assert b"script-src" not in policy


def test_what_has_its_hash_in_its_name_is_kept(built: Path) -> None:
    pages = pages_of(built)
    assert b"immutable" in pages["/portal/assets/style.0123456789abcdef.css"]().cache
    assert pages["/portal/assets/mine.css"]().cache == b"no-cache"


def test_tags_tell_contents_apart(built: Path) -> None:
    pages = pages_of(built)
    tags = [pages[path]().etag for path in ("/portal/", "/portal/index.html", "/portal/operations/a.html")]
    assert tags[0] == tags[1] != tags[2]
    assert pages["/openapi.json"]().media_type == "application/json"


def test_the_folder_without_its_slash_leads_to_it(built: Path) -> None:
    page = pages_of(built)["/portal"]()
    assert (page.status, page.headers) == (308, ((b"location", b"portal/"),))


def test_later_changes_of_the_folder_do_not_matter(built: Path) -> None:
    pages = pages_of(built)
    (built / "portal" / "index.html").unlink()
    assert gzip.decompress(pages["/portal/"]().body) == b"<p>index"


def test_a_folder_without_a_portal_has_no_pages(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text("{}")
    assert pages_of(tmp_path) == {}


def test_the_same_content_is_packed_alike() -> None:
    assert packed({"a": b"text"}) == packed({"a": b"text"})
    assert gzip.decompress(packed({"a": b"text"})["a"]) == b"text"


def test_a_page_that_is_still_rendered_is_asked_for_again() -> None:
    page = not_yet()
    assert (page.status, dict(page.headers)[b"Retry-After"], page.cache) == (503, b"1", b"no-store")


@pytest.mark.parametrize(
    ("path", "link"),
    [("/portal/x.html", b'href="./index.html"'), ("/portal/a/b/x", b'href="../../index.html"'), ("/portal/a/", b'href="../index.html"')],
)
def test_the_links_of_a_missing_page_lead_to_the_portal_from_wherever_it_is_read(path: str, link: bytes) -> None:
    missing = missing_page(packed({"portal/404.html": b'<p title="./"><a href="./index.html">'}))
    page = missing(path)
    assert page is not None
    assert (page.status, page.media_type, page.packed, page.cache) == (404, "text/html; charset=utf-8", False, b"no-store")
    assert link in page.body
    assert b"content-security-policy" in dict(page.headers)


def test_where_there_is_no_such_page_a_problem_says_it() -> None:
    assert missing_page({})("/portal/x") is None
    assert missing_page(packed({"portal/404.html": b"<p>"}))("/portal/" + "a/" * 9) is None

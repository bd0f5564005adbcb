"""Feeds held to RFC 4287: the elements that it requires, each as often as it says, and dates and addresses as it wants them."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest

from specgw.changes.history import Entry, History, Recorded, Service
from specgw.portal import site
from specgw.portal.feed import MARK
from specgw.portal.published import Published

ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 3339, as RFC 4287 section 3.3 restricts it: T and Z in capitals.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# RFC 4151 section 2.1.
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*")
HOSTILE = 'it is <script>alert(1)</script> & "quoted" \x00 now'
DOCUMENTS = {"openapi.json": {"info": {"title": "Pets & more"}, "paths": {"/pets": {"get": {"operationId": "listPets"}}}}}
CHANGES = (
    Recorded(kind="breaking", code="parameter-required", service="pets", operation="GET /pets", place="query n", text=HOSTILE),
    Recorded(kind="fixed", code="server", text="the gateway has another address"),
)
HISTORY = History(
    id="tag:api.example.com,2026-01-02:0123456789abcdef",
    services={"pets": Service(title="Pets <1>", version="2"), "shop": Service(title="Shop", version="1")},
    entries=(
        Entry(number=2, date=date(2026, 3, 4), versions={"pets": ("1", "2")}, counts={"breaking": 1, "fixed": 9}, changes=CHANGES),
        Entry(number=1, date=date(2026, 1, 2), versions={"pets": (None, "1"), "shop": (None, "1")}),
    ),
)
FEEDS = ["changes.atom", "changes/pets.atom", "changes/shop.atom"]
FILES = site.render(Published(documents=DOCUMENTS, history=HISTORY))


def only(element: ElementTree.Element, name: str) -> str:
    """The text of a child that has to be there exactly once."""
    [found] = element.findall(f"{ATOM}{name}")
    return found.text or ""


def links(element: ElementTree.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in element.findall(f"{ATOM}link")}


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_has_what_rfc_4287_requires(name: str) -> None:
    feed = ElementTree.fromstring(FILES[name])
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        assert TAG.fullmatch(only(element, "id"))
        assert only(element, "title")
        assert MOMENT.fullmatch(only(element, "updated"))
    # Section 4.1.1: authors of the feed are those of entries that have none.
    [author] = feed.findall(f"{ATOM}author")
    assert only(author, "name") == "Pets & more"
    # Section 4.1.1: a link to itself should be there.
    assert urljoin(f"https://x.example/portal/{name}", links(feed)["self"]) == f"https://x.example/portal/{name}"
    assert only(feed, "updated") == max(only(entry, "updated") for entry in entries)
    identifiers = [only(element, "id") for element in (feed, *entries)]
    assert len(set(identifiers)) == len(identifiers)
    for entry in entries:
        # Section 4.1.2: at most one link of a relation, type and language; one alternate, or content.
        assert links(entry).keys() == {"alternate"}
        [content] = entry.findall(f"{ATOM}content")
        assert content.attrib == {"type": "html"}
        assert len(content) == 0
        assert content.text


@pytest.mark.parametrize("name", FEEDS)
def test_every_address_is_there(name: str) -> None:
    feed = ElementTree.fromstring(FILES[name])
    hrefs = [*links(feed).values()]
    for entry in feed.findall(f"{ATOM}entry"):
        hrefs += [*links(entry).values(), *re.findall(r'href="([^"]+)"', only(entry, "content"))]
    for href in hrefs:
        address = urljoin(f"https://x.example/{name}", href)
        path, _, anchor = address.removeprefix("https://x.example/").partition("#")
        assert path in FILES
        assert not anchor or f'id="{anchor}"' in FILES[path].decode()


def test_content_is_text_of_a_document_and_nothing_that_runs() -> None:
    content = only(ElementTree.fromstring(FILES["changes.atom"]).findall(f"{ATOM}entry")[0], "content")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in content
    assert "<script" not in content
    assert "8 more changes are not listed" in content


def test_feeds_are_told_from_files_of_others() -> None:
    assert site.MARKS[".atom"] == MARK
    assert all(FILES[name].startswith(MARK) for name in FEEDS)


def test_ids_stay_when_more_is_built() -> None:
    later = Entry(number=3, date=date(2026, 4, 5), versions={"pets": ("2", "3")})
    more = History(id=HISTORY.id, services=HISTORY.services, entries=(later, *HISTORY.entries))
    feed = ElementTree.fromstring(site.render(Published(documents=DOCUMENTS, history=more))["changes.atom"])
    kept = [only(entry, "id") for entry in ElementTree.fromstring(FILES["changes.atom"]).findall(f"{ATOM}entry")]
    assert [only(entry, "id") for entry in feed.findall(f"{ATOM}entry")][1:] == kept

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser

from specgw.changes.history import Entry, History, Kind, Recorded, Service
from specgw.portal import site
from specgw.portal.catalogue import catalogue
from specgw.portal.changelog import AT_OPERATION, LONGEST_PAGE, Changelog
from specgw.portal.published import Published

DOCUMENTS = {
    "openapi.json": {
        "info": {"title": "Pets"},
        "paths": {"/pets": {"get": {"operationId": "listPets"}}, "/new": {"get": {"operationId": "n"}}},
    }
}


def change(kind: Kind = "breaking", *, service: str = "pets", operation: str = "GET /pets", text: str = "it is required now") -> Recorded:
    return Recorded(kind=kind, code="parameter-required", service=service, operation=operation, place="query n", text=text)


def history(*changes: Recorded, times: int = 1) -> History:
    counts: dict[Kind, int] = {}
    for each in changes:
        counts[each.kind] = counts.get(each.kind, 0) + 1
    later = tuple(
        Entry(number=number, date=date(2026, 3, 4), versions={"pets": ("1", "2")}, counts=counts, changes=changes)
        for number in range(times + 1, 1, -1)
    )
    first = Entry(number=1, date=date(2026, 1, 2), versions={"pets": (None, "1"), "shop": (None, "1")})
    services = {"pets": Service(title="Pet <Service>", version="2"), "shop": Service(title="Shop", version="1")}
    return History(id="tag:localhost,2026-01-02:x", services=services, entries=(*later, first))


def rendered(told: History | None) -> dict[str, str]:
    files = site.render(Published(documents=DOCUMENTS, history=told))
    return {name: content.decode() for name, content in files.items() if name.endswith(".html")}


class Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href" and tag == "a"]


def test_there_is_a_page_of_all_and_one_of_each_service() -> None:
    pages = rendered(history(change()))
    assert {"changes.html", "changes/pets.html", "changes/shop.html"} <= pages.keys()
    for name in ("changes.html", "changes/pets.html"):
        assert "query n: it is required now" in pages[name]
        assert "Pet &lt;Service&gt;" in pages[name]
    assert "it is required" not in pages["changes/shop.html"]
    assert "First published" in pages["changes/shop.html"]
    assert 'href="../operations/listPets.html"' in pages["changes/pets.html"]
    assert 'href="operations/listPets.html"' in pages["changes.html"]


def test_a_kind_is_filtered_by_an_anchor_that_is_there() -> None:
    found = Ids()
    found.feed(rendered(history(change(), change("added")))["changes.html"])
    wanted = {link[1:] for link in found.links if link.startswith("#")}
    assert {"only-breaking", "only-fixed", "changes-all"} <= wanted <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))


def test_an_operation_shows_its_own_changes_and_the_first_page_the_newest() -> None:
    pages = rendered(history(change()))
    assert 'id="changed"' in pages["operations/listPets.html"]
    assert 'id="changed"' not in pages["operations/n.html"]
    assert 'href="changes.html#entry-2"' in pages["index.html"]
    assert "1 breaking" in pages["index.html"]


def test_without_a_history_there_is_no_changelog() -> None:
    pages = rendered(None)
    assert not any(name.startswith("changes") for name in pages)
    assert "changes.html" not in pages["index.html"] + pages["operations/listPets.html"]


def test_an_operation_that_is_gone_is_named_without_a_link() -> None:
    page = rendered(history(change(operation="GET /gone")))["changes.html"]
    assert "gone" in page
    assert "operations/" not in page


def test_what_documents_say_is_text() -> None:
    page = rendered(history(change(text="<script>x</script>", operation="GET /<b>")))["changes.html"]
    assert "<script>x" not in page
    assert "<b>" not in page


def test_pages_are_bounded() -> None:
    log = Changelog(history(*[change()] * 100, times=6), catalogue(DOCUMENTS))
    whole = log.whole()
    shown = sum(len(lines) for told in whole.entries for _, _, lines in told.groups)
    assert (shown, len(whole.entries)) == (LONGEST_PAGE, 7)
    assert [told.omitted for told in whole.entries] == [0, 0, 0, 100, 100, 100, 0]
    assert len(log.of("GET", "/pets")) == AT_OPERATION

from __future__ import annotations

from collections.abc import Mapping

from specgw.diagnostics import Findings
from specgw.portal.links import check
from specgw.portal.published import Guide


class Pages:
    def __init__(self, guide: Guide, pages: Mapping[str, bytes]) -> None:
        self.guides: Mapping[str, Guide] = {"start": guide}
        self.asked: list[str] = []
        self._pages = pages

    def names(self) -> Mapping[str, object]:
        return self._pages

    def page(self, name: str) -> bytes:
        self.asked.append(name)
        return self._pages[name]


PAGES = {
    "index.html": b"",
    "guides/start.html": b'<h2 id="here">',
    "guides/more.html": b"",
    "operations/a.html": b'<h2 class="x" id="responses">',
}


def told(text: str, *, line: int = 1) -> list[str]:
    findings = Findings()
    check(Pages(Guide(text, "guides/start.md", line), PAGES), findings)
    return [f"{finding.line}:{finding.column} {finding.message} ({finding.hint})" for finding in findings]


def test_links_that_lead_somewhere_are_no_finding() -> None:
    text = "[a](more.md) [b](../operations/a.html#responses) [c](#here) [d](../index.html) [e](https://x.example) <mailto:a@b.example>"
    assert told(text) == []


def test_others_are_found_where_they_stand() -> None:
    assert told("# T\n\nSee\n[a](mor.md).", line=5) == [
        "8:5 'mor.md' leads nowhere: the portal has no page guides/mor.html (did you mean 'more.md'?)"
    ]
    assert told("| a |\n|---|\n| [x](../operations/b.html) |") == [
        "3:7 '../operations/b.html' leads nowhere: the portal has no page operations/b.html (did you mean '../operations/a.html'?)"
    ]
    assert told("[x](#ther)") == ["1:5 '#ther' leads nowhere: guides/start.html has no place 'ther' (did you mean '#here'?)"]
    assert told("[x][y]\n\n[y]: ../schemas/QuiteDifferent.html") == [
        "1:1 '../schemas/QuiteDifferent.html' leads nowhere: the portal has no page schemas/QuiteDifferent.html (None)"
    ]


def test_what_no_guide_may_lead_to_is_found_too() -> None:
    [finding] = told("![i](x.png) [x](//evil.example)")
    assert "'//evil.example' is shown as text" in finding


def test_a_page_is_made_once_and_only_for_its_places() -> None:
    pages = Pages(Guide("[a](../operations/a.html) [b](#here) [c](#here)", "a.md"), PAGES)
    check(pages, Findings())
    assert pages.asked == ["guides/start.html"]

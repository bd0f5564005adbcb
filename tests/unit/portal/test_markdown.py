from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specgw.portal import markdown
from specgw.portal.markdown import Heading, guide, plain, prose

ELEMENTS = {
    *("p", "em", "strong", "code", "pre", "a", "button", "ul", "ol", "li", "blockquote", "hr", "br", "div"),
    *("table", "thead", "tbody", "tr", "th", "td", "h2", "h3", "h4", "h5", "h6"),
}
ATTRIBUTES = {"href", "rel", "class", "id", "start", "tabindex", "role", "aria-label", "type"}


class Parsed(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in ("br", "hr"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("br", "hr"):
            assert self._open.pop() == tag


def test_prose() -> None:
    assert prose("a *b* `<c>`") == "<p>a <em>b</em> <code>&lt;c&gt;</code></p>\n"
    assert prose("# Big\n\n- one\n- two") == '<p class="heading">Big</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n'
    assert prose("") == ""


def test_tables_scroll_and_have_no_style() -> None:
    told = prose("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert told.startswith('<div class="scroll" tabindex="0" role="group" aria-label="Table">\n<table>')
    assert "<td>1</td>" in told
    assert "style" not in told


@pytest.mark.parametrize("url", ["/docs/text", "../x.md", "guide#part", "#part", "?a=b"])
def test_of_links_beside_the_authors_own_pages_the_words_stay(url: str) -> None:
    assert prose(f"a [*b* c]({url}) d") == "<p>a <em>b</em> c d</p>\n"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example/x", "data:text/html,x", "x:y"])
def test_other_links_are_shown_as_they_were_written(url: str) -> None:
    assert prose(f"a [b]({url})") == f"<p>a [b]({url})</p>\n"


def test_code_of_a_guide_can_be_copied() -> None:
    told = guide("```sh\nspecgw up\n```\n").html
    shown = '<pre tabindex="0"><code>specgw up\n</code></pre>\n'
    assert told == f'<div class="code">\n<button class="button quiet copy" type="button">Copy</button>\n{shown}</div>\n'
    assert '<div class="code code-long">' in guide(f"```sh\n{'x' * 29}\n```\n").html


def test_code_names_no_language() -> None:
    assert prose('```js" onload="x\na < "b"\n```') == '<pre tabindex="0"><code>a &lt; "b"\n</code></pre>\n'


@pytest.mark.parametrize("url", ["https://a.example/x", "HTTP://a.example", "mailto:a@b.example"])
def test_links_lead_to_other_sites_without_recommending_them(url: str) -> None:
    assert f'<a href="{url}" rel="noopener nofollow">x</a>' in prose(f'[x]({url} "title")')


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,<script>)",
        "[x](vbscript:x)",
        "[x](//evil.example)",
        "[x](/admin)",
        "[x](other.md)",
        "<javascript:alert(1)>",
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "![alt <b>](https://evil.example/pixel.png)",
        "[a]: javascript:alert(1)\n\n[a]",
    ],
)
def test_what_could_do_harm_is_text(text: str) -> None:
    assert Parsed(prose(text)).links == []


def test_an_image_is_what_it_shows() -> None:
    assert prose("![a <cat>](https://evil.example/pixel.png)") == "<p>a &lt;cat&gt;</p>\n"


def test_a_guide_has_a_title_and_anchors() -> None:
    text = guide("# The title\n\nWords.\n\n## Part `one`\n\n### Deeper\n\n## Part one\n\n# Late\n\n## Content")
    assert text.title == "The title"
    assert text.headings == [
        Heading(2, "Part one", "part-one"),
        Heading(3, "Deeper", "deeper"),
        Heading(2, "Part one", "part-one-2"),
        Heading(2, "Late", "late"),
        Heading(3, "Content", "content-2"),
    ]
    assert "<h1>" not in text.html
    assert '<h2 id="part-one">Part <code>one</code></h2>' in text.html
    assert guide("no heading").title == ""
    assert guide("> # Said").html == '<blockquote>\n<p class="heading">Said</p>\n</blockquote>\n'


def test_guides_lead_to_guides_and_pages() -> None:
    told = guide("[a](limits.md#rates) [b](../operations/x.html) [c](#here) [d](../../../etc/x.html) [e](/x.html)").html
    assert Parsed(told).links == ["limits.html#rates", "../operations/x.html", "#here"]


PIECES = st.sampled_from(
    [
        "<script>",
        "](",
        "[x",
        "javascript:",
        "`",
        "```\n",
        "![",
        '"',
        "onerror=",
        "<a href=",
        "> ",
        "- ",
        "| a |\n|---|\n",
        "\n",
        "# ",
        "*",
        "&#x6a;",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join))
def test_whatever_is_written_is_well_formed_and_harmless(text: str) -> None:
    for told in (prose(text), guide(text).html):
        assert not [link for link in Parsed(told).links if link.lower().strip().startswith(("javascript", "data", "vbscript"))]


def test_headings_of_descriptions_begin_where_the_page_has_room_for_them() -> None:
    html = prose("### Deep\n\n# Top\n\n#### Far\n\n## Top\n\n> # Said", 2, "about")
    assert re.findall(r'h\d id="[^"]*"', html) == ['h2 id="about-deep"', 'h2 id="about-top"', 'h3 id="about-far"', 'h3 id="about-top-2"']
    assert '<p class="heading">Said</p>' in html
    assert prose("###### A\n\n# B", 6) == '<h6 id="about-a">A</h6>\n<h6 id="about-b">B</h6>\n'


@given(st.from_regex(markdown._WORDS, fullmatch=True, alphabet="ab19 ,.;:()/'\"?%=-_é[*"))
def test_plain_words_need_no_parser(text: str) -> None:
    thorough = markdown._written(markdown._parser(inside=False).parse(text))
    assert unescape(prose(text)) == unescape(thorough)


def test_the_words_of_a_text() -> None:
    assert plain("# Title\n\n- list\n\nA *few* `words`\nhere.") == "A few words here."
    assert plain("# Title") == ""

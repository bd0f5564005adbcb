from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from specgw.portal.machine.writing import code, fence, harmless, plain, quote, sentence

HOSTILE = st.text(alphabet="`~<>ab\n \\[]()!*_#-&;|\u202e\x00", max_size=60)
BEHIND = "\nBehind it.\n"


def tokens(text: str) -> list[tuple[str, str]]:
    return [(token.type, token.content) for token in MarkdownIt("commonmark").parse(text)]


@pytest.mark.parametrize(("text", "marks"), [("a", "```"), ("```", "````"), ("a ````` b", "``````")])
def test_a_fence_is_longer_than_any_inside(text: str, marks: str) -> None:
    assert fence(text, "json") == f"{marks}json\n{text}\n{marks}\n"


@given(HOSTILE)
def test_nothing_breaks_out_of_a_fence(text: str) -> None:
    found = MarkdownIt("commonmark").parse(fence(text) + BEHIND)
    assert [token.type for token in found] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert found[2].content == "Behind it."


@given(HOSTILE)
def test_nothing_breaks_out_of_code_in_a_line(text: str) -> None:
    inline = MarkdownIt("commonmark").parse(f"- before {code(text)} behind\n")[3]
    kinds = [child.type for child in inline.children or ()]
    assert kinds in (["text", "code_inline", "text"], ["text"])


@given(HOSTILE)
def test_plain_text_has_no_marks(text: str) -> None:
    [*_, inline, _] = MarkdownIt("commonmark").parse(f"before {plain(text)} behind\n")
    assert {child.type for child in inline.children or ()} <= {"text", "text_special"}


@given(st.lists(HOSTILE, max_size=3))
def test_a_description_ends_with_its_quote(paragraphs: list[str]) -> None:
    found = tokens(quote(paragraphs) + "# Behind it\n")
    assert found[-3:] == [("heading_open", ""), ("inline", "Behind it"), ("heading_close", "")]


@given(HOSTILE)
def test_no_html_and_no_images_are_left(text: str) -> None:
    kinds = [child.type for token in MarkdownIt("commonmark").parse(sentence([text])) for child in [token, *(token.children or ())]]
    assert not {"html_block", "html_inline", "image"} & set(kinds)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("<script>", "\\<script>"),
        ("<https://a.example/>", "<https://a.example/>"),
        ("a < b", "a < b"),
        ("![x](https://a.example/p.png)", "!\\[x](https://a.example/p.png)"),
    ],
)
def test_markdown_stays_where_it_harms_nobody(text: str, written: str) -> None:
    assert harmless(text) == written


def test_what_is_empty_is_said() -> None:
    assert code(" \n") == "(empty)"
    assert quote([]) == ""
    assert quote(["a\nb", "c"]) == "> a\n> b\n>\n> c\n\n"
    assert re.fullmatch(r"`a\\u202eb`", code("a\u202eb"))

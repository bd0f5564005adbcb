"""CommonMark with tables as HTML that is safe by construction: no raw HTML, few schemes of links, no images, no style.

What is not let through stays on the page as text, so that nobody has to wonder where it went.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from specgw.portal.catalogue import OWN_ANCHORS
from specgw.portal.text import Names

_SCHEMES = ("http://", "https://", "mailto:")
# A guide beside this one, or a page of this portal; and a place on the same page.
_INSIDE = re.compile(r"(?:\.\./(?:[a-z]+/)?)?[A-Za-z0-9._-]+\.(?:md|html)(?:#[A-Za-z0-9._-]*)?|#[A-Za-z0-9._-]+")
# An address without a scheme and a host (RFC 3986, section 4.2).
_BESIDE = re.compile(r"(?!//|[A-Za-z][A-Za-z0-9+.-]*:)[^\s\\]+")
# Letters, digits and what stands between them in a sentence: nothing that CommonMark would read as a mark.
_WORDS = re.compile(r"(?![0-9]{1,9}[.)])[^\W_](?:[^\W_]|[ ,.;:()/'\"?%=]|(?<=[^\W_])[-_](?=[^\W_]))*")
_TABLE_CELLS = ("th_open", "td_open")
_BESIDE_BUTTON = 28
"""Characters of a first line of code that a phone has room for beside the button that copies it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a guide, for its table of contents."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Text:
    """A guide as HTML."""

    title: str
    """Its first heading of the first level, which is not in `html`; empty where there is none."""
    html: Markup
    headings: list[Heading]
    purpose: str = ""
    """Its first paragraph, as plain text."""


_MOST_KEPT = 8192


@lru_cache(_MOST_KEPT)
def prose(text: str, level: int = 0, prefix: str = "about") -> Markup:
    """A description. Its headings begin at `level`, whatever its author began with, and none is left out on the way down.

    0: they are lines in bold, where a page has no place for headings. Their anchors begin with `prefix`.
    """
    # Most descriptions are a few words: nothing in them means anything to CommonMark.
    if _WORDS.fullmatch(text):
        return Markup(f"<p>{escape(text.rstrip(' '))}</p>\n")
    tokens = _parser(inside=False).parse(text)
    names, depths = Names(), _Depths(level)
    for number, token in enumerate(tokens):
        if level == 0 or token.level > 0:
            _bold(token)
        elif token.type == "heading_open":
            said = _plain(tokens[number + 1])
            token.attrs = {"id": f"{prefix}-{names.unique(said.lower(), 'part')}"}
            token.tag = tokens[number + 2].tag = f"h{depths.of(int(token.tag[1]))}"
    return _written(tokens)


def plain(text: str) -> str:
    """The words of the first paragraph of a text, without marks; "" where it has none."""
    tokens = _parser(inside=False).parse(text)
    paragraph = next((number for number, token in enumerate(tokens) if token.type == "paragraph_open" and token.level == 0), None)
    return "" if paragraph is None else _plain(tokens[paragraph + 1])


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a guide."""

    target: str
    kind: Literal["inside", "outside", "refused"]
    line: int
    """Of the text, from 1."""
    column: int


def links(text: str) -> list[Link]:
    """Every link of a guide, in the order in which they stand; those too that are shown as text."""
    found = []
    lines = text.splitlines()
    for token in _everything().parse(text):
        first, last = token.map or (0, 1)
        for child in token.children or ():
            if child.type == "link_open":
                target = str(child.attrs.get("href", ""))
                kind: Literal["inside", "outside", "refused"] = "refused"
                if target.lower().startswith(_SCHEMES):
                    kind = "outside"
                elif _INSIDE.fullmatch(target):
                    kind = "inside"
                place = next((number for number in range(first, min(last, len(lines))) if target in lines[number]), first)
                found.append(Link(target, kind, place + 1, max(lines[place].find(target), 0) + 1 if lines else 1))
    return found


@cache
def _everything() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


class _Depths:
    """Levels of headings as a page has them: each at most one below the one that it stands under."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._above: list[int] = []

    def of(self, said: int) -> int:
        """The level of the next heading, which its author gave this one."""
        while self._above and self._above[-1] >= said:
            self._above.pop()
        self._above.append(said)
        return min(self._first + len(self._above) - 1, 6)


def guide(text: str) -> Text:
    """A text of its own: headings have anchors, `other.md` leads to that guide's page."""
    tokens = _parser(inside=True).parse(text)
    names = Names()
    for taken in OWN_ANCHORS:
        names.unique(taken, taken)
    title, headings, kept, number, depths = "", [], [], 0, _Depths(2)
    while number < len(tokens):
        token = tokens[number]
        if token.type == "heading_open" and token.level == 0:
            said = _plain(tokens[number + 1])
            if token.tag == "h1" and not title and said:
                title = said
                number += 3
                continue
            level = depths.of(int(token.tag[1]))
            anchor = names.unique(said.lower(), "part")
            token.attrs = {"id": anchor}
            token.tag = tokens[number + 2].tag = f"h{level}"
            headings.append(Heading(level, said, anchor))
        elif token.level > 0:
            _bold(token)  # inside a quote or a list
        kept.append(token)
        number += 1
    return Text(title, _written(kept, inside=True), headings, plain(text))


def _bold(token: Token) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = "p"
    if token.type == "heading_open":
        token.attrs = {"class": "heading"}


@cache
def _parser(*, inside: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")

    def allowed(url: str) -> bool:
        if url.lower().startswith(_SCHEMES):
            return True
        # Of a link to somewhere beside the author's own pages, which nobody knows here, its words stay.
        return (_INSIDE if inside else _BESIDE).fullmatch(url) is not None

    # markdown-it's own rule is a list of what is forbidden; this is one of what is allowed.
    parser.validateLink = allowed  # type: ignore[method-assign]
    return parser


def _plain(token: Token) -> str:
    return " ".join("".join(" " if child.type.endswith("break") else child.content for child in token.children or ()).split())


def _written(tokens: Sequence[Token], *, inside: bool = False) -> Markup:
    """HTML of tokens whose elements and attributes are all chosen here; their texts are escaped by the renderer.

    `inside`: of a guide. Its code has a button that copies it, and its links may lead to pages of this portal.
    """
    return Markup(_RENDERER.render(_cleaned(tokens, inside=inside), _RENDERER_OPTIONS, {"copies": inside}))


def _cleaned(tokens: Sequence[Token], *, inside: bool) -> list[Token]:
    kept, lost = [], False
    for token in tokens:
        if token.type in _TABLE_CELLS:
            token.attrs = {}  # alignment would be a style attribute
        elif token.type == "link_open":
            href = str(token.attrs.get("href", ""))
            if href.lower().startswith(_SCHEMES):
                token.attrs = {"href": href, "rel": "noopener nofollow"}
            elif not inside:
                lost = True
                continue
            else:
                path, mark, place = href.partition("#")
                token.attrs = {"href": re.sub(r"\.md$", ".html", path) + mark + place}
        elif token.type == "link_close" and lost:
            lost = False
            continue
        if token.children:
            token.children = _cleaned(token.children, inside=inside)
        kept.append(token)
    return kept


def _code(tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    shown = f'<pre tabindex="0"><code>{escape(tokens[place].content, quote=False)}</code></pre>\n'
    if not env.get("copies"):
        return shown
    long = " code-long" if len(tokens[place].content.partition("\n")[0]) > _BESIDE_BUTTON else ""
    return f'<div class="code{long}">\n<button class="button quiet copy" type="button">Copy</button>\n{shown}</div>\n'


def _image(tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    # An image from elsewhere tells its host who reads: what it shows is said instead.
    return escape(tokens[place].content)


def _table_open(tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return '<div class="scroll" tabindex="0" role="group" aria-label="Table">\n<table>\n'


def _table_close(tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return "</table>\n</div>\n"


_MADE = MarkdownIt("commonmark", {"html": False})
_RENDERER: Any = _MADE.renderer
_RENDERER_OPTIONS = _MADE.options
_RENDERER.rules |= {"fence": _code, "code_block": _code, "image": _image, "table_open": _table_open, "table_close": _table_close}

"""Words of documents in Markdown files: whatever they are, they end where they are meant to end.

Code has a fence that is longer than any in it. Descriptions, which are Markdown themselves, stand in quotes: no fence, list or HTML that
one of them begins goes on behind its quote (CommonMark section 5.1).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from specgw.portal.text import printable, visible

MARK = "<!-- specgw portal -->\n"
"""How every Markdown file begins."""

_RUNS = re.compile("`+")
# What would be HTML in a viewer that lets it through; addresses in angle brackets are links.
_HTML = re.compile(r"<(?=[A-Za-z/!?])(?!https?://|mailto:)")
_SPECIAL = re.compile(r"([\\`*_\[\]<#~]|&(?=#?\w+;))")


def fence(text: str, language: str = "") -> str:
    """A block of code."""
    longest = max((len(run) for run in _RUNS.findall(text)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{language}\n{visible(printable(text))}\n{marks}\n"


def code(text: str) -> str:
    """Code in a line (CommonMark section 6.1)."""
    text = " ".join(visible(printable(text)).split())
    if not text:
        return "(empty)"
    marks = "`" * (max((len(run) for run in _RUNS.findall(text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{marks}{space}{text}{space}{marks}"


def plain(text: str) -> str:
    """Text in a line, of which nothing is a mark."""
    return _SPECIAL.sub(r"\\\1", " ".join(printable(text).split()))


def quote(paragraphs: Sequence[str]) -> str:
    """A description, with an empty line behind it; "" where there is none."""
    lines = "\n\n".join(paragraphs).splitlines()
    return "".join(f"> {harmless(line)}".rstrip() + "\n" for line in lines) + ("\n" if lines else "")


def sentence(paragraphs: Sequence[str]) -> str:
    """A description in a line."""
    return harmless(" ".join(" ".join(paragraphs).split()))


def harmless(text: str) -> str:
    """Markdown without HTML and without images, which would be asked for when somebody reads it."""
    return _HTML.sub(r"\\<", printable(text)).replace("![", "!\\[")

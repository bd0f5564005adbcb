"""Findings as a person reads them.

The text follows what good compilers print: what is wrong, where, the line itself with the place underlined, the way
out. A code that occurs very often in one file is shown a few times and then counted; the JSON always holds all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from rich.cells import cell_len
from rich.text import Text

from specgw.cli import count
from specgw.diagnostics import Diagnostic, Severity

Excerpt = Callable[[str, int], str]
"""The text of a line of a document, by label and number from 1; "" where there is none."""

MANY = 20
"""So many findings of one code in one file are shown one by one; of more than that only the first `SHOWN`."""
SHOWN = 5
LONGEST = 160
"""Characters of a source line that are shown: a minified document is one line of megabytes."""

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}
# A quoted scalar, or a plain one up to a space or to the ":" or "," that ends it.
_TOKEN = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?:[^\s:,]|:(?=[^\s])|,(?=[^\s]))+""")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def as_text(findings: Sequence[Diagnostic], excerpt: Excerpt, *, name: Callable[[str], str] = str) -> Text:
    """All findings, one paragraph each, in the order given. `name`: what a file is called where the command runs."""
    often = {key: count for key, count in Counter((finding.file, finding.code) for finding in findings).items() if count > MANY}
    seen: Counter[tuple[str, str]] = Counter()
    text = Text()
    for finding in findings:
        key = finding.file, finding.code
        seen[key] += 1
        if key not in often or seen[key] <= SHOWN:
            text.append_text(_paragraph(finding, name(finding.file), excerpt(finding.file, finding.line)))
            if key in often and seen[key] == SHOWN:
                text.append_text(_remainder(finding, name(finding.file), often[key] - SHOWN))
    return text


def summary(findings: Iterable[Diagnostic], *, documents: int, routes: int | None) -> Text:
    """One line: how many errors and warnings in how many documents, and routes where there is a Plan."""
    counts = Counter(finding.severity for finding in findings)
    text = Text()
    for severity in (Severity.ERROR, Severity.WARNING):
        if counts[severity]:
            text.append(", " if text else "")
            text.append(count(counts[severity], severity.value), style=_STYLES[severity])
    if not text:
        text.append("no findings", style="bold green")
    text.append(f" in {count(documents, 'document')}")
    if routes is not None:
        text.append(f", {count(routes, 'route')}")
    return text.append("\n")


def token_end(source: str, column: int) -> int:
    """Where the token ends that begins at a column of a line: the number of characters up to its end."""
    start = min(max(column - 1, 0), len(source))
    found = _TOKEN.match(source, start)
    end = found.end() if found else start + 1
    # `{a: 1}`: the bracket that closes a flow collection is no part of the scalar; the one of `/users/{id}` is.
    for opening, closing in ("{}", "[]"):
        while source[start:end].endswith(closing) and source.count(closing, start, end) > source.count(opening, start, end):
            end -= 1
    return end


def printable(text: str) -> str:
    """Text of a document without what would move a terminal's cursor or turn its writing direction."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _paragraph(finding: Diagnostic, file: str, source: str) -> Text:
    number = str(finding.line)
    margin = " " * len(number)
    text = Text()
    text.append(f"{finding.severity.value}[{finding.code}]", style=_STYLES[finding.severity])
    text.append(f": {printable(finding.message)}\n", style="bold")
    text.append(f"{margin}--> ", style="blue")
    text.append(f"{printable(file)}:{finding.line}:{finding.column}\n")
    if source.strip():
        line, before, marked = _window(source, finding.column)
        text.append(f"{margin} |\n{number} |", style="blue")
        text.append(f" {line}\n")
        text.append(f"{margin} |", style="blue")
        text.append(f" {' ' * before}")
        text.append("^" * marked + "\n", style=_STYLES[finding.severity])
    if finding.hint:
        text.append(f"{margin} = ", style="blue")
        text.append("help", style="bold cyan")
        # A hint of several lines stays in its column.
        text.append(": " + printable(finding.hint).replace("\n", "\n" + " " * (len(margin) + 9)) + "\n")
    return text.append("\n")


def _remainder(finding: Diagnostic, file: str, more: int) -> Text:
    text = Text()
    text.append(f"{finding.severity.value}[{finding.code}]", style=_STYLES[finding.severity])
    text.append(f": {more} more like this in {printable(file)}\n", style="bold")
    text.append("  = ", style="blue")
    text.append("help", style="bold cyan")
    return text.append(": `specgw check --format json` lists every one\n\n")


def _window(source: str, column: int) -> tuple[str, int, int]:
    """The part of a line that is shown, the cells before the marked token in it, and the cells it takes (at least 1)."""
    start = min(max(column - 1, 0), len(source))
    end = token_end(source, column)
    first, last = 0, len(source)
    if len(source) > LONGEST:
        first = max(0, min(start - LONGEST // 4, len(source) - LONGEST))
        last = min(len(source), first + LONGEST)
    before = _shown(source[first:start])
    token = _shown(source[start : min(end, last)])
    after = _shown(source[min(end, last) : last]).rstrip()
    if first:
        before = "…" + before
    if last < len(source):
        after += "…"
    return before + token + after, cell_len(before), max(cell_len(token), 1)


def _shown(source: str) -> str:
    """A piece of a source line with its tabs as two spaces: a tab's width would depend on where the excerpt begins."""
    return printable(source.replace("\t", "  "))

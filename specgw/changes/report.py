"""Changes as a text, as Markdown for a review, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from specgw.changes.change import TITLES, Change


def as_json(changes: Sequence[Change], accepted: Collection[str]) -> dict[str, Any]:
    """One entry a change, in order."""
    return {
        "changes": [
            {
                "mark": change.mark,
                "class": TITLES[change.grade],
                "code": change.code,
                "subject": change.subject,
                "message": change.message,
                "before": change.before,
                "after": change.after,
                "file": change.origin.file if change.origin else None,
                "line": change.origin.line if change.origin else None,
                "accepted": change.mark in accepted,
            }
            for change in changes
        ],
        "summary": {TITLES[grade]: sum(change.grade == grade for change in changes) for grade in TITLES},
    }


def as_text(changes: Sequence[Change], accepted: Collection[str]) -> str:
    """A block for each grade; each change with its mark, and where it was written."""
    lines: list[str] = []
    for title, group in _groups(changes):
        lines.append(f"{title}:")
        for change in group:
            place = f"  ({change.origin.file}:{change.origin.line})" if change.origin else ""
            noted = "  [accepted]" if change.mark in accepted else ""
            # Text of a document: a line break in it would make a line that no change has.
            lines.append("  " + change.mark + "  " + " ".join(f"{change.subject}: {change.message}".split()) + place + noted)
    return "".join(f"{line}\n" for line in lines) or "no changes of protection\n"


def as_markdown(changes: Sequence[Change], accepted: Collection[str]) -> str:
    """A table for each grade, for the comment of a review."""
    parts: list[str] = []
    for title, group in _groups(changes):
        rows = "".join(
            f"| {_cell(change.subject)} | {_cell(change.message)} | `{change.mark}`{' accepted' if change.mark in accepted else ''} |\n"
            for change in group
        )
        parts.append(f"### {title.capitalize()}\n\n| what | change | mark |\n|---|---|---|\n{rows}")
    return "\n".join(parts) or "No changes of protection.\n"


def _groups(changes: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    for grade, title in TITLES.items():
        group = [change for change in changes if change.grade == grade]
        if group:
            yield title, group


def _cell(text: str) -> str:
    """Text of a document in a table: it ends no cell, opens no tag, and is no Markdown."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("`", "\\`")
    return " ".join(escaped.replace("*", "\\*").replace("[", "\\[").replace("_", "\\_").split())

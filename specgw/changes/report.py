"""Changes as a text, as Markdown for a review, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from specgw.changes.change import TITLES, Change
from specgw.plan.model import Origin


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
                "old": _as_json(change.old),
                "new": _as_json(change.new),
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
            place = f"  ({places})" if (places := _places(change)) else ""
            noted = "  [accepted]" if change.mark in accepted else ""
            # Text of a document: a line break in it would make a line that no change has.
            lines.append("  " + change.mark + "  " + " ".join(f"{change.subject}: {change.message}".split()) + place + noted)
    return "".join(f"{line}\n" for line in lines) or "no changes\n"


def as_markdown(changes: Sequence[Change], accepted: Collection[str]) -> str:
    """A table for each grade, for the comment of a review."""
    parts: list[str] = []
    for title, group in _groups(changes):
        rows = "".join(
            f"| {' | '.join(map(_cell, (change.subject, change.message, _places(change))))} "
            f"| `{change.mark}`{' accepted' if change.mark in accepted else ''} |\n"
            for change in group
        )
        parts.append(f"### {title.capitalize()}\n\n| what | change | where | mark |\n|---|---|---|---|\n{rows}")
    return "\n".join(parts) or "No changes.\n"


def _as_json(place: Origin | None) -> dict[str, Any] | None:
    return None if place is None else {"file": place.file, "line": place.line}


def _places(change: Change) -> str:
    """Where it was written on both sides: once where only one of them has it."""
    return " → ".join(f"{place.file}:{place.line}" for place in (change.old, change.new) if place is not None)


def _groups(changes: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    for grade, title in TITLES.items():
        group = [change for change in changes if change.grade == grade]
        if group:
            yield title, group


def _cell(text: str) -> str:
    """Text of a document in a table: it ends no cell, opens no tag, and is no Markdown."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("`", "\\`")
    return " ".join(escaped.replace("*", "\\*").replace("[", "\\[").replace("_", "\\_").split())

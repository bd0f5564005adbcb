"""A picture of figures as SVG text: bars in pairs, readable on light and dark pages."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#24292f}.first{fill:#2f6feb}.second{fill:#8db4ff}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.first{fill:#5b93ff}.second{fill:#2b58ad}}"
)
_LABELS, _BARS, _ROW = 210, 420, 44
"""Pixels: the column of names, the longest bar, the height of a pair."""


def bars(title: str, series: tuple[str, str], rows: Sequence[tuple[str, float, float]]) -> str:
    """Horizontal bars, two a row: the name of the row, the figures of the first and of the second series."""
    most = max(max(first, second) for _, first, second in rows)
    height = 48 + _ROW * len(rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LABELS + _BARS + 60} {height}" role="img" aria-label="{escape(title)}">',
        f"<style>{_STYLE}</style>",
        f'<text x="0" y="18" font-weight="600">{escape(title)}</text>',
    ]
    for left, style, name in ((250, "first", series[0]), (320, "second", series[1])):
        parts.append(f'<rect class="{style}" x="{_LABELS + left}" y="8" width="12" height="12"/>')
        parts.append(f'<text x="{_LABELS + left + 17}" y="18">{escape(name)}</text>')
    for number, (name, *figures) in enumerate(rows):
        top = 40 + _ROW * number
        parts.append(f'<text x="0" y="{top + 20}">{escape(name)}</text>')
        for place, (style, figure) in enumerate(zip(("first", "second"), figures, strict=True)):
            width, y = round(figure / most * _BARS), top + place * 17
            parts.append(f'<rect class="{style}" x="{_LABELS}" y="{y}" width="{width}" height="14" rx="2"/>')
            parts.append(f'<text x="{_LABELS + width + 6}" y="{y + 12}" font-size="11">{figure:.1f}</text>')
    return "\n".join((*parts, "</svg>", ""))

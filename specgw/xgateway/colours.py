"""Colours as WCAG 2.2 measures them: whether a text of one can be read on the other.

The portal's own surfaces stand here, too, so that gateway.yaml can be told that its accent cannot be read on them.
"""

from __future__ import annotations

from typing import Literal

Mode = Literal["light", "dark"]

SURFACES: dict[Mode, tuple[str, ...]] = {"light": ("#fcfcfb", "#f3f4f2", "#ffffff"), "dark": ("#141716", "#1d2220", "#191d1c")}
"""What text stands on in the portal: pages, code and cards (`--surface`, `--code-surface`, `--card` of base.css)."""
LEAST = 4.5
"""Contrast of text of ordinary size (success criterion 1.4.3)."""
_INKS = ("#ffffff", "#10201c")
_STEPS = 40


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, from 1 to 21, of two colours `#rrggbb`."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def legibility(colour: str, mode: Mode) -> float:
    """The contrast that text of this colour has where it is worst."""
    return min(contrast(colour, surface) for surface in SURFACES[mode])


def readable(colour: str, mode: Mode) -> str:
    """The colour that is nearest to this one, darker or lighter, and can be read."""
    towards = _INKS[1] if mode == "light" else _INKS[0]
    return next(mixed for step in range(_STEPS + 1) if legibility(mixed := _mixed(colour, towards, step / _STEPS), mode) >= LEAST)


def ink(colour: str) -> str:
    """What can be read best on this colour: nearly black, or white."""
    return max(_INKS, key=lambda text: contrast(text, colour))


def _channels(colour: str) -> tuple[int, int, int]:
    value = int(colour.removeprefix("#"), 16)
    return value >> 16, value >> 8 & 255, value & 255


def _luminance(colour: str) -> float:
    shares = (channel / 255 for channel in _channels(colour))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)

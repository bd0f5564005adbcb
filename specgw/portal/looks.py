"""The looks of one portal: its colours as a style sheet, and its logo, as files of the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from specgw.portal.assets import hashed
from specgw.portal.published import Theme
from specgw.xgateway.colours import ink, readable


@dataclass(frozen=True, slots=True)
class Looks:
    """What a theme adds to the site."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    sheet: str = ""
    """The path of its style sheet; empty: there is none."""
    logo: str = ""

    @staticmethod
    def of(theme: Theme) -> Looks:
        """The files of a theme; none where it says nothing."""
        files: dict[str, bytes] = {}
        sheet = logo = ""
        if theme.accent:
            text = _sheet(theme.accent, theme.accent_dark or readable(theme.accent, "dark"))
            sheet = hashed("theme.css", text)
            files[sheet] = text
        if theme.logo is not None:
            logo = hashed(f"logo.{theme.logo_suffix}", theme.logo)
            files[logo] = theme.logo
        return Looks(files, sheet, logo)


def _sheet(light: str, dark: str) -> bytes:
    """The accent of both modes, in the same order in which base.css has them."""
    day = f"--accent: {light}; --accent-text: {ink(light)};"
    night = f"--accent: {dark}; --accent-text: {ink(dark)};"
    rules = (
        f":root {{ {day} }}",
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {night} }} }}',
        f':root[data-theme="dark"] {{ {night} }}',
    )
    return "\n".join(("/* specgw portal */", *rules, "")).encode()

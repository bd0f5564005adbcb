from __future__ import annotations

import re

from specgw.portal.looks import Looks
from specgw.portal.published import Theme
from specgw.xgateway.colours import LEAST, contrast, legibility


def test_nothing_said_adds_nothing() -> None:
    assert Looks.of(Theme(name="Pets")) == Looks()


def test_colours_are_a_style_sheet_after_the_portals_own() -> None:
    looks = Looks.of(Theme(accent="#7a1fa2", accent_dark="#d7a6ff"))
    assert re.fullmatch(r"assets/theme\.[0-9a-f]{16}\.css", looks.sheet)
    text = looks.files[looks.sheet].decode()
    assert text.startswith("/* specgw portal */\n:root { --accent: #7a1fa2; --accent-text: #ffffff; }\n")
    assert text.count("--accent: #d7a6ff; --accent-text: #10201c;") == 2
    assert looks.files == Looks.of(Theme(accent="#7a1fa2", accent_dark="#d7a6ff")).files


def test_one_colour_is_enough() -> None:
    looks = Looks.of(Theme(accent="#1b2a6b"))
    dark = re.findall(r"--accent: (#[0-9a-f]{6}); --accent-text: (#[0-9a-f]{6})", looks.files[looks.sheet].decode())[-1]
    assert legibility(dark[0], "dark") >= LEAST
    assert contrast(*dark) >= LEAST


def test_a_logo_is_an_asset() -> None:
    looks = Looks.of(Theme(logo=b"<svg/>", logo_suffix="svg"))
    assert re.fullmatch(r"assets/logo\.[0-9a-f]{16}\.svg", looks.logo)
    assert looks.files == {looks.logo: b"<svg/>"}

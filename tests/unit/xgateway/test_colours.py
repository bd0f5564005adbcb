from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specgw.portal.assets import assets
from specgw.xgateway.colours import LEAST, SURFACES, Mode, contrast, ink, legibility, readable

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
MODES: tuple[Mode, ...] = ("light", "dark")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#ff0000", "#ffffff", 4.0), ("#123456", "#123456", 1)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@given(COLOURS, st.sampled_from(MODES))
def test_there_is_a_readable_colour_near_every_one(colour: str, mode: Mode) -> None:
    found = readable(colour, mode)
    assert legibility(found, mode) >= LEAST
    assert found == colour or legibility(colour, mode) < LEAST


@given(COLOURS)
def test_something_can_be_read_on_every_colour(colour: str) -> None:
    assert contrast(ink(colour), colour) >= 4


def test_the_surfaces_are_those_of_the_style_sheet() -> None:
    sheet = next(content for name, content in assets().files.items() if name.endswith(".css")).decode()
    light, dark = sheet[: sheet.index("@media")], sheet[sheet.index(':root[data-theme="dark"]') :]
    for text, surfaces in ((light, SURFACES["light"]), (dark, SURFACES["dark"])):
        names = ("surface", "code-surface", "card")
        assert tuple(re.search(rf"--{name}: (#[0-9a-f]{{6}})", text)[1] for name in names) == surfaces  # type: ignore[index]

from __future__ import annotations

import re
from pathlib import Path

import pytest

from specgw.portal.assets import Assets, assets


def folder(path: Path, **files: str) -> Assets:
    for name, text in files.items():
        (path / name.replace("_", ".")).write_text(text)
    return Assets(path)


def test_style_sheets_become_one_in_their_order(tmp_path: Path) -> None:
    made = folder(tmp_path, layout_css="b {}", base_css="a {}", other_css="c {}")
    content = made.files[made.path("style.css")]
    assert content == b"/* specgw portal */\na {}\nb {}"


def test_names_change_with_the_content_of_what_is_imported_too(tmp_path: Path) -> None:
    one = folder(tmp_path, a_js='import { b } from "./b.js";', b_js="export const b = 1;")
    assert f'from "./{one.path("b.js").removeprefix("assets/")}"'.encode() in one.files[one.path("a.js")]
    two = folder(tmp_path, b_js="export const b = 2;")
    assert one.path("a.js") != two.path("a.js")
    assert all(re.fullmatch(r"assets/[a-z]+\.[0-9a-f]{16}\.(js|css)", path) for path in two.files)


def test_circles_and_names_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"in a circle: a\.js -> b\.js -> a\.js"):
        folder(tmp_path, a_js='import "./b.js";', b_js='import "./a.js";')
    with pytest.raises(KeyError):
        assets().path("missing.js")


def test_scripts_of_a_page_are_small() -> None:
    assert sum(len(content) for name, content in assets().files.items() if name.endswith(".css")) < 60_000
    assert len(assets().files[assets().path("theme.js")]) < 2_000

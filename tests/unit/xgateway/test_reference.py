from __future__ import annotations

from specgw.xgateway.published import definitions_of_models
from specgw.xgateway.reference import page
from specgw.xgateway.vocabulary.level import KEYS

PAGE = page()


def test_every_key_has_a_line_and_a_section() -> None:
    for name, key in KEYS.items():
        (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| [`{name}`](#{name.lower()}) |")]
        assert f"| {key.merge or '–'} | {key.default} | {'yes' if key.built else 'not yet'} |" in line
        assert f"\n### `{name}`\n" in PAGE


def test_every_model_has_one_table() -> None:
    titles = [line for line in PAGE.splitlines() if line.startswith("**") and line.endswith("**") and line.count("**") == 2]
    # The levels are the table of keys, the file as a whole is its one key.
    assert len(titles) == len(set(titles)) == len(definitions_of_models()) - len(("Level", "GatewayFile"))


def test_bars_in_cells_are_escaped() -> None:
    rows = [line.replace("\\|", "") for line in PAGE.splitlines() if line.startswith("| ")]
    assert {row.count("|") for row in rows} <= {3, 4, 7}


def test_the_headers_that_cannot_be_edited_are_named() -> None:
    assert "`content-length`" in PAGE
    assert "`x-forwarded-for`" in PAGE

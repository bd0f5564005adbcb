from __future__ import annotations

from pathlib import Path

import pytest

from specgw.xgateway.__main__ import written


@pytest.mark.parametrize("path", written(), ids=lambda path: path.name)
def test_what_is_made_from_the_models_is_fresh(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == written()[path], "run: python -m specgw.xgateway"


def test_three_files_are_made() -> None:
    assert [path.name for path in written()] == ["schema.json", "gateway.schema.json", "x-gateway.md"]

"""docs/diff.md lists every kind of change that clients notice, of documents and of what only the gateway enforces."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from specgw.changes.change import TITLES
from specgw.changes.clients.kinds import KINDS, Kind
from specgw.changes.enforced import kinds as enforced

PAGE = Path(__file__).parents[2] / "docs" / "diff.md"
TABLES = re.compile(r"(?<=<!-- kinds -->\n).*(?=<!-- end of kinds -->)", re.DOTALL)
ENFORCED = re.compile(r"(?<=<!-- enforced -->\n).*(?=<!-- end of enforced -->)", re.DOTALL)


def tables() -> str:
    """One table of what schemas say, with a column for each direction, and one of everything else."""
    rows = ["| code | in a request | in a response | effect |", "|---|---|---|---|"]
    plain = ["| code | class | effect |", "|---|---|---|"]
    for code, kind in KINDS.items():
        name = code.removeprefix("request-")
        if code.startswith("request-") and f"response-{name}" in KINDS and "media-type" not in name:
            rows.append(f"| `…-{name}` | {kind.grade} | {KINDS[f'response-{name}'].grade} | {kind.effect} |")
        elif not code.startswith("response-") or "media-type" in code:
            plain.append(f"| `{code}` | {kind.grade} | {kind.effect} |")
    return "\n" + "\n".join(plain) + "\n\n" + "\n".join(rows) + "\n\n"


def _enforced() -> dict[str, Kind]:
    return {**enforced.ROUTES, **enforced.GATEWAY, **enforced.PORTAL}


def enforced_table() -> str:
    """What `x-gateway` and gateway.yaml say, one kind a line."""
    rows = [f"| `{code}` | {TITLES[kind.grade]} | {kind.effect} |" for code, kind in _enforced().items()]
    return "\n" + "\n".join(["| code | class | effect |", "|---|---|---|", *rows]) + "\n\n"


@pytest.mark.parametrize(("pattern", "made"), [(TABLES, tables), (ENFORCED, enforced_table)])
def test_every_kind_is_on_the_page(request: pytest.FixtureRequest, pattern: re.Pattern[str], made: Callable[[], str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        text = pattern.sub(lambda _: made(), text)
        PAGE.write_text(text, encoding="utf-8")
    found = pattern.search(text)
    assert found is not None
    assert found.group() == made(), "pytest tests/docs --update-golden writes it anew"


def test_every_class_is_explained() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [title for title in TITLES.values() if f"| {title} |" not in text] == []

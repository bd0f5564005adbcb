"""docs/problems.md and docs/diagnostics.md are the catalogues, with what golden and wire cases show of each entry.

`pytest tests/docs --update-golden` writes them anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from specgw.diagnostics import CODES, Code
from specgw.problems import KINDS, TYPE_PREFIX, Kind

ROOT = Path(__file__).parents[2]

# What no wire case can show: a defect of the gateway itself, and a store that cannot be reached.
NEVER_SEEN = {"internal", "identity-unavailable"}

PROBLEMS = """\
# Problems

<!-- Made from specgw/problems.py and tests/wire: `pytest tests/docs --update-golden`. Do not edit. -->

Every error that the gateway itself answers is a document of type `application/problem+json` (RFC 9457). `type` is
stable: a program can rely on it. `detail` says what happened this time, `requestId` finds the line in the access log.
`violations` lists everything in which a request breaks its contract: the place (`in`, `name`, and `pointer` inside a
value), the keyword of the schema, and what was expected.

Answers of a service are passed on as they are; its problems have other types.

| status | type | title |
|---|---|---|
"""

DIAGNOSTICS = """\
# Findings

<!-- Made from specgw/diagnostics/codes.py and tests/golden: `pytest tests/docs --update-golden`. Do not edit. -->

What `specgw check` and every other command that compiles can say about documents and gateway.yaml. An **error** stops the
build; a **warning** does not, unless `--strict` is given. Every finding names file, line, column and JSON pointer, and
the way out where one is known. The messages below are examples.
"""


def seen(kind: Kind) -> dict[str, object] | None:
    """The problem of a kind that says most in the wire cases, as a client got it."""
    lines = [line for path in sorted((ROOT / "tests" / "wire").rglob("*.http")) for line in path.read_text().splitlines()]
    shown = [line for line in lines if line.startswith(f'{{"type":"{kind.type}"')]
    return json.loads(max(shown, key=len).replace("\\\\", "\\")) if shown else None


def problems_page() -> str:
    """docs/problems.md."""
    ordered = sorted(KINDS, key=lambda kind: (kind.status, kind.slug))
    page = PROBLEMS + "".join(f"| {kind.status} | [`{kind.type}`](#{kind.slug}) | {kind.title} |\n" for kind in ordered)
    for kind in ordered:
        page += f"\n## {kind.slug}\n\n**{kind.status} · {kind.title}.** {kind.meaning}\n"
        if problem := seen(kind):
            page += f"\n```json\n{json.dumps(problem, indent=2, ensure_ascii=False)}\n```\n"
    return page


def example(code: Code) -> str | None:
    """The first finding of a code in the golden cases, as a person got it."""
    for path in sorted((ROOT / "tests" / "golden").rglob("*.case")):
        found = re.search(rf"^(\S+: (?:error|warning)\[{code.code}\] .+)\n  at .+\n((?:  hint: .+\n)?)", path.read_text(), re.MULTILINE)
        if found:
            return found[1] + "\n" + found[2]
    return None


def diagnostics_page() -> str:
    """docs/diagnostics.md."""
    page = DIAGNOSTICS
    for code in CODES:
        page += f"\n## `{code.code}`\n\n**{code.severity.value} · {code.title}.** {code.meaning}\n"
        if finding := example(code):
            page += f"\n```\n{finding}```\n"
    return page


@pytest.mark.parametrize("make", [problems_page, diagnostics_page])
def test_page_is_the_catalogue(make: Callable[[], str], request: pytest.FixtureRequest) -> None:
    path = ROOT / "docs" / f"{make.__name__.removesuffix('_page')}.md"
    if request.config.getoption("--update-golden"):
        path.write_text(make())
    assert path.read_text() == make(), "pytest tests/docs --update-golden writes the page anew"


def test_every_problem_is_shown_on_the_wire() -> None:
    assert {kind.slug for kind in KINDS if seen(kind) is None} == NEVER_SEEN


def test_no_case_shows_a_problem_that_the_catalogue_lacks() -> None:
    shown = {
        slug
        for path in (ROOT / "tests" / "wire").rglob("*.http")
        for slug in re.findall(rf'"type":"{TYPE_PREFIX}([a-z-]+)"', path.read_text())
    }
    assert shown <= {kind.slug for kind in KINDS}


def test_every_code_is_shown_by_a_golden_case() -> None:
    assert [code.code for code in CODES if example(code) is None] == []

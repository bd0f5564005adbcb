"""Every cell of the matrix, through the real compiler and the real validators."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests.conformance.asking import Gateway
from tests.conformance.matrix import VERSIONS, Cell, cells, document, written


@cache
def gateway(version: str) -> Gateway:
    return Gateway(document(version))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_document_of_the_matrix_has_no_faults(version: str) -> None:
    assert [finding.message for finding in gateway(version).build.findings] == []


@pytest.mark.parametrize("cell", [pytest.param(cell, id=cell.name) for cell in cells()])
def test_cell(cell: Cell) -> None:
    for probe in cell.probes:
        problem = gateway(cell.version).ask(cell.request(probe))
        assert (problem is None) == probe.valid, (probe.text, problem)
        assert problem is None or problem.violations, probe.text


# OpenAPI 3.2.0, section "Style Examples": the table, word for word.
COLOR = {"string": "blue", "array": ["blue", "black", "brown"], "object": {"R": 100, "G": 200, "B": 150}}
TABLE = """
matrix false ;color=blue ;color=blue,black,brown ;color=R,100,G,200,B,150
matrix true ;color=blue ;color=blue;color=black;color=brown ;R=100;G=200;B=150
label false .blue .blue,black,brown .R,100,G,200,B,150
label true .blue .blue.black.brown .R=100.G=200.B=150
simple false blue blue,black,brown R,100,G,200,B,150
simple true blue blue,black,brown R=100,G=200,B=150
form false color=blue color=blue,black,brown color=R,100,G,200,B,150
form true color=blue color=blue&color=black&color=brown R=100&G=200&B=150
spaceDelimited false n/a color=blue%20black%20brown color=R%20100%20G%20200%20B%20150
pipeDelimited false n/a color=blue%7Cblack%7Cbrown color=R%7C100%7CG%7C200%7CB%7C150
deepObject true n/a n/a color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150
"""


@pytest.mark.parametrize("row", TABLE.split("\n")[1:-1])
def test_the_matrix_writes_what_the_table_shows(row: str) -> None:
    style, explode, *shown = row.split(" ")
    location = "path" if style in ("matrix", "label", "simple") else "query"
    for value, text in zip(COLOR.values(), shown, strict=True):
        if text != "n/a":
            assert written(location, style, explode == "true", value) == text


def test_the_matrix_covers_every_combination_of_the_table() -> None:
    covered: set[Any] = {(cell.style, cell.explode, cell.kind.group) for cell in cells()}
    for row in TABLE.split("\n")[1:-1]:
        style, explode, *shown = row.split(" ")
        for group, text in zip(("primitive", "array", "object"), shown, strict=True):
            assert ((style, explode == "true", group) in covered) == (text != "n/a"), row

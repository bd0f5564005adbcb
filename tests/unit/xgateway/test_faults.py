from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from specgw.xgateway.faults import dotted, suggestion
from specgw.xgateway.inheritance import Inheritance

WRONG = yaml.safe_load((Path(__file__).parent / "cases" / "x-gateway-wrong.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", WRONG, ids=[case.get("root") or case.get("operation") for case in WRONG])
def test_what_is_wrong_is_said_at_its_place(folder: Any, case: dict[str, Any]) -> None:
    node = folder.read("x-gateway:\n  " + (case.get("root") or case["operation"])).get("x-gateway")
    inheritance = Inheritance(None, folder.findings, folder.library, {"users", "products"})
    inheritance.effective(*((node, None, None) if "root" in case else (None, None, node)))
    said = sorted(line.replace("/x-gateway", "", 1) for line in folder.said())
    assert len(said) == len(case["found"])
    for line, wanted in zip(said, sorted(case["found"]), strict=True):
        start, star, end = wanted.partition("*")
        assert (line.startswith(start) and line.endswith(end)) if star else line == wanted


def test_the_table_is_long() -> None:
    assert len(WRONG) >= 60


def test_a_finding_knows_its_line(folder: Any) -> None:
    node = folder.read("x-gateway:\n  timeout:\n    connect: 1s\n    total: never\n").get("x-gateway")
    Inheritance(None, folder.findings, folder.library).effective(node, None, None)
    assert [(found.file, found.line, found.column) for found in folder.findings] == [("api.yaml", 4, 5)]


def test_long_values_are_shortened(folder: Any) -> None:
    node = folder.read("x-gateway: {visibility: " + "a" * 500 + "}").get("x-gateway")
    Inheritance(None, folder.findings, folder.library).effective(node, None, None)
    (finding,) = folder.findings
    assert len(finding.message) < 140
    assert finding.message.endswith("…'")


@pytest.mark.parametrize(
    ("path", "name", "text"),
    [
        ((), "x-gateway", "x-gateway"),
        (("upstream", 0, "match"), "x-gateway", "upstream[0].match"),
        (("listen", "port"), "gateway", "gateway.listen.port"),
        ((), "gateway.yaml", "gateway.yaml"),
        (("gateway",), "gateway.yaml", "gateway"),
    ],
)
def test_paths_are_written_as_people_do(path: tuple[str | int, ...], name: str, text: str) -> None:
    assert dotted(path, name) == text


def test_a_suggestion_names_the_closest_and_all() -> None:
    assert suggestion("conect", ["total", "connect"]) == "did you mean 'connect'? (allowed: connect, total)"
    assert suggestion("zzz", ["total", "connect"]) == "allowed: connect, total"

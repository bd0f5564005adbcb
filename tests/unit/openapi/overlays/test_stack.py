"""Which overlays go over which documents, and what is told when all is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs

API = """\
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "https://t.example"}]
paths: {/a: {get: {responses: {"200": {description: ok}}}}}
"""


def overlay(*actions: str, **members: str) -> str:
    said = "".join(f"{key}: {value}\n" for key, value in members.items())
    return f'overlay: 1.1.0\ninfo: {{title: O, version: "1"}}\n{said}actions:\n' + "".join(f"  - {action}\n" for action in actions)


def build(folder: Path, **files: str) -> Any:
    for name, text in files.items():
        (folder / (name.replace("__", ".") + ".yaml")).write_text(text)
    return compile_documents(Inputs((folder,), base=folder))


def test_what_was_changed_is_told_by_overlay_and_document(tmp_path: Path) -> None:
    policy, contract = "{target: $, update: {x-gateway: {maxBody: 1}}}", "{target: $.info, update: {title: N}}"
    made = build(tmp_path, a=API, b=API.replace("/a", "/b"), one__overlay=overlay(policy), two__overlay=overlay(contract, extends="b.yaml"))
    assert [(each.overlay, each.document, each.policy) for each in made.overlays] == [
        ("one.overlay.yaml", "a.yaml", True),
        ("one.overlay.yaml", "b.yaml", True),
        ("two.overlay.yaml", "b.yaml", False),
    ]
    [(change, place)] = made.overlays[2].changes
    assert (change.kind, change.pointer, str(place)) == ("changed", "/info/title", "two.overlay.yaml:5")


def test_an_action_has_to_select_something_in_one_of_the_documents(tmp_path: Path) -> None:
    actions = ("{target: \"$.paths['/b']\", update: {summary: S}}", "{target: \"$.paths['/c']\", update: {summary: S}}")
    made = build(tmp_path, a=API, b=API.replace("/a", "/b"), one__overlay=overlay(*actions))
    assert [(finding.code, finding.pointer) for finding in made.findings] == [("overlay-without-effect", "/actions/1/target")]


def test_every_overlay_is_a_file_of_the_compile(tmp_path: Path) -> None:
    made = build(tmp_path, a=API, one__overlay=overlay("{target: $, update: {x-team: core}}"))
    assert sorted(path.name for path in made.files) == ["a.yaml", "one.overlay.yaml"]
    assert made.excerpt("one.overlay.yaml", 4) == "  - {target: $, update: {x-team: core}}"

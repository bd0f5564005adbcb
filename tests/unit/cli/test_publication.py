"""The portal of documents, as the child renders it."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import msgspec

from specgw.cli.publication import MODULE, mark, pages, rendered
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.compiler.process import Compiling

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: http://127.0.0.1:9}]
paths:
  /notes: {get: {responses: {"200": {description: Notes.}}}}
  /hidden: {get: {responses: {"200": {description: Hidden.}}, x-gateway: {visibility: internal}}}
"""


def inputs(folder: Path, text: str) -> Inputs:
    (folder / "notes.yaml").write_text(text, encoding="utf-8")
    return Inputs((folder / "notes.yaml",))


def test_what_is_internal_is_on_no_page(tmp_path: Path) -> None:
    files = msgspec.msgpack.decode(pages(compile_documents(inputs(tmp_path, DOCUMENT))), type=dict[str, bytes])
    assert {"openapi.json", "portal/index.html"} < files.keys()
    assert not [name for name, content in files.items() if b"/hidden" in gzip.decompress(content)]


def test_the_child_that_compiled_renders(tmp_path: Path) -> None:
    child = Compiling(inputs(tmp_path, DOCUMENT), MODULE)

    async def scene() -> dict[str, bytes]:
        outcome = await child.outcome()
        assert outcome.plan is not None
        return await rendered(child)

    try:
        assert b"/notes" in gzip.decompress(asyncio.run(scene())["portal/index.html"])
    finally:
        child.end()


def test_a_mark_is_of_a_plan_and_its_place() -> None:
    assert mark(b"plan", "a") == mark(b"plan", "a") != mark(b"plan", "b")

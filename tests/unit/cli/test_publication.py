"""The portal of documents, as the child renders it."""

from __future__ import annotations

import gzip
from pathlib import Path

from specgw.cli.publication import answer, mark
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.compiler.messages import Request
from specgw.plan.codec import encode

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


def test_it_says_which_plan_its_pages_are_about(tmp_path: Path) -> None:
    wanted = inputs(tmp_path, DOCUMENT)
    plan = compile_documents(wanted).plan
    assert plan is not None
    assert answer(Request.of(wanted, strict=False)).mark == mark(encode(plan), "")


def test_what_is_internal_is_on_no_page(tmp_path: Path) -> None:
    files = answer(Request.of(inputs(tmp_path, DOCUMENT), strict=False)).files
    assert {"openapi.json", "portal/index.html"} < files.keys()
    assert not [name for name, content in files.items() if b"/hidden" in gzip.decompress(content)]


def test_documents_with_an_error_have_no_portal(tmp_path: Path) -> None:
    published = answer(Request.of(inputs(tmp_path, "openapi: 3.1.0"), strict=False))
    assert (published.mark, published.files) == ("", {})

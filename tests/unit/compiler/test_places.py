from __future__ import annotations

from pathlib import Path

import pytest

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.compiler.places import Places

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "http://127.0.0.1:9000"}]
paths:
  /notes/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    put:
      parameters:
        - {name: X-Day, in: header, schema: {type: string}}
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Note"}
      responses: {"200": {description: Notes.}}
webhooks:
  paid:
    post:
      requestBody: {$ref: "#/components/requestBodies/Paid"}
components:
  requestBodies:
    Paid:
      content:
        text/plain: {}
  securitySchemes:
    key: {type: apiKey, in: header, name: X}
  schemas:
    Note:
      allOf:
        - properties:
            text:
              type: string
"""


@pytest.mark.parametrize(
    ("method", "path", "way", "line"),
    [
        ("PUT", "/notes/{other}", "", 8),
        ("PUT", "/notes/{id}", "parameters|path:id|schema|type", 7),
        ("PUT", "/notes/{id}", "parameters|header:x-day", 10),
        ("PUT", "/notes/{id}", "parameters|query:gone", 8),
        ("PUT", "/notes/{id}", "requestBody|content|application/json", 13),
        ("PUT", "/notes/{id}", "requestBody|content|application/json|schema|properties|text|type", 32),
        ("PUT", "/notes/{id}", "requestBody|content|application/json|schema|properties|gone", 30),
        ("GET", "/notes/{id}", "", None),
        ("", "", "webhooks|paid|post", 18),
        ("", "", "webhooks|notes.paid|post|requestBody|content|text/plain", 24),
        ("", "", "webhooks|unpaid|post", None),
        ("", "", "securitySchemes|key|flows", 26),
    ],
)
def test_where_a_part_was_written(tmp_path: Path, method: str, path: str, way: str, line: int | None) -> None:
    (tmp_path / "notes.yaml").write_text(DOCUMENT, encoding="utf-8")
    build = compile_documents(Inputs((tmp_path,)))
    origin = Places(build.declared, build.follow).locate(method, path, [token for token in way.split("|") if token])
    assert (None if origin is None else origin.line) == line

"""Where settings were written; the levels are shown by tests/golden/explain."""

from __future__ import annotations

from pathlib import Path

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.compiler.origins import defaults
from specgw.xgateway.vocabulary.level import KEYS

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "http://127.0.0.1:9000"}]
x-gateway: {headers: {request: {set: {X-A: a}, remove: [X-B]}}, timeout: {total: 9s, idle: null}}
security: [{key: []}]
components: {securitySchemes: {key: {type: apiKey, in: header, name: X}}}
paths:
  /a:
    get: {operationId: a, responses: {"200": {description: ok}}}
    put: {operationId: b, security: [], x-gateway: {enabled: false}, responses: {"200": {description: ok}}}
"""


def test_every_key_in_effect_has_a_default_told_once_or_by_its_parts() -> None:
    told = {name.partition(".")[0] for name in defaults()}
    assert told == {name for name, key in KEYS.items() if key.built}
    assert defaults()["timeout.connect"] == "1s"
    assert "timeout" not in defaults()


def test_deep_settings_are_told_part_by_part_and_removed_ones_not(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(DOCUMENT)
    origins = compile_documents(Inputs((tmp_path,), base=tmp_path)).origins
    settings = origins["routes"]["a"]["settings"]
    assert {name: said["value"] for name, said in settings.items()} == {
        "headers.request.set.X-A": "a",
        "headers.request.remove": ["X-B"],
        "timeout.total": "9s",
        "service": "notes",
        "upstream": "http://127.0.0.1:9000",
    }
    assert settings["upstream"] == {"value": "http://127.0.0.1:9000", "from": "servers", "file": "api.yaml", "line": 3}
    assert origins["routes"]["a"]["security"] == {"from": "root", "file": "api.yaml", "line": 5}
    assert [(entry["method"], entry["enforcement"]) for entry in origins["unserved"]] == [("PUT", "disabled")]

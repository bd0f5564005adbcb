from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.openapi.swagger.documents import read, upgraded


def scheme(folder: Path, text: str) -> Any:
    return upgraded(folder, f"paths: {{}}\nsecurityDefinitions: {{s: {text}}}\n").value["components"]["securitySchemes"]["s"]


def test_basic(tmp_path: Path) -> None:
    assert scheme(tmp_path, "{type: basic, description: d}") == {"type": "http", "scheme": "basic", "description": "d"}


def test_keys_stay_as_they_are(tmp_path: Path) -> None:
    assert scheme(tmp_path, "{type: apiKey, in: query, name: k, x-a: 1}") == {"type": "apiKey", "in": "query", "name": "k", "x-a": 1}


@pytest.mark.parametrize(
    ("flow", "name"),
    [("implicit", "implicit"), ("password", "password"), ("application", "clientCredentials"), ("accessCode", "authorizationCode")],
)
def test_flows(tmp_path: Path, flow: str, name: str) -> None:
    made = scheme(tmp_path, f"{{type: oauth2, flow: {flow}, tokenUrl: https://a/t, scopes: {{read: r}}}}")
    assert made == {"type": "oauth2", "flows": {name: {"tokenUrl": "https://a/t", "scopes": {"read": "r"}}}}


def test_an_unknown_flow(tmp_path: Path) -> None:
    outcome = read(tmp_path, "paths: {}\nsecurityDefinitions:\n  s: {type: oauth2, flow: magic}\n")
    assert outcome.found == [("upgrade-loss", 5)]

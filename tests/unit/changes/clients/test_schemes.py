"""What cases.yaml does not show: what is told of a scheme that became another one, and where."""

from __future__ import annotations

from typing import Any

from specgw.changes.clients.schemes import compare


def document(scheme: dict[str, Any]) -> dict[str, Any]:
    return {"components": {"securitySchemes": {"key": {"$ref": "#/components/securitySchemes/other"}, "other": scheme}}}


def test_another_kind_is_one_change() -> None:
    old = document({"type": "apiKey", "in": "header", "name": "X-Key", "description": "Words."})
    found = dict(compare(old, document({"type": "oauth2", "flows": {"password": {}}})))
    assert set(found) == {"scheme key", "scheme other"}
    assert (found["scheme key"].before, found["scheme key"].after) == ("apiKey in header x-key", "oauth2")
    assert found["scheme key"].tokens == ("securitySchemes", "key")


def test_a_scheme_of_one_document_alone_says_nothing() -> None:
    assert list(compare({}, document({"type": "http", "scheme": "basic"}))) == []

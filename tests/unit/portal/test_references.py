from __future__ import annotations

from typing import Any

import pytest

from specgw.portal.references import name_of, resolved, target

DOCUMENT: dict[str, Any] = {
    "components": {
        "schemas": {
            "User": {"type": "object", "description": "A user."},
            "Alias": {"$ref": "#/components/schemas/User"},
            "Self": {"$ref": "#/components/schemas/Self"},
            "a/b~c": {"type": "string"},
            "Anything": True,
        }
    }
}


def ref(name: str, **beside: Any) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}", **beside}


def test_references_are_followed_to_their_end() -> None:
    user = DOCUMENT["components"]["schemas"]["User"]
    assert resolved(ref("User"), DOCUMENT) == resolved(ref("Alias"), DOCUMENT) == user
    assert resolved(user, DOCUMENT) == user
    assert target(ref("Anything"), DOCUMENT) is True
    assert resolved(ref("a~1b~0c"), DOCUMENT) == {"type": "string"}


def test_what_is_said_beside_a_reference_is_said_over_it() -> None:
    assert resolved(ref("User", description="Mine."), DOCUMENT) == {"type": "object", "description": "Mine."}


@pytest.mark.parametrize("value", [ref("Self"), ref("Missing"), ref("User/type/deeper"), {"$ref": "other.yaml"}])
def test_what_leads_nowhere_is_nothing(value: Any) -> None:
    assert target(value, DOCUMENT) is None
    assert resolved(value, DOCUMENT) == {}


@pytest.mark.parametrize("value", [None, 7, "x", [], {"$ref": 7}])
def test_what_is_no_reference_stays(value: Any) -> None:
    assert target(value, DOCUMENT) is value
    assert name_of(value) is None


def test_components_have_names() -> None:
    assert (name_of(ref("User")), name_of(ref("a~1b~0c"))) == ("User", "a/b~c")

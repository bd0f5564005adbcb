from __future__ import annotations

from typing import Any

from specgw.compiler.merge.requests import NOTHING, ReadOnly, without
from specgw.diagnostics import Findings
from specgw.openapi.model import Document, Node
from specgw.openapi.source import parse

USERS = """
openapi: 3.0.4
info: {title: Users, version: "1"}
servers: [{url: "http://127.0.0.1:9"}]
paths:
  /users:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Team"}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Team"}}}}}
    delete:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Asked"}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Name"}}}}}
components:
  schemas:
    Id: {type: integer, readOnly: true}
    Name: {type: string}
    User:
      type: object
      required: [id, name]
      properties: {id: {$ref: "#/components/schemas/Id"}, name: {$ref: "#/components/schemas/Name"}}
    Team: {type: object, properties: {lead: {$ref: "#/components/schemas/User"}, name: {$ref: "#/components/schemas/Name"}}}
    Asked: {type: object, required: [id], properties: {id: {$ref: "#/components/schemas/Id"}}}
"""


def test_a_schema_of_requests_stands_apart_where_it_requires_less(merge: Any) -> None:
    made = merge(USERS)
    schemas = made["components"]["schemas"]
    assert {"Asked", "Id", "Name", "Team", "TeamRequest", "User", "UserRequest"} == schemas.keys() - {"Problem", "Violation"}
    assert schemas["User"]["required"] == ["id", "name"]
    assert schemas["UserRequest"] == {**schemas["User"], "required": ["name"]}
    assert schemas["TeamRequest"]["properties"]["lead"] == {"$ref": "#/components/schemas/UserRequest"}
    assert "required" not in schemas["Asked"]
    operation = made["paths"]["/users"]["post"]
    assert operation["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/UserRequest"}
    assert operation["responses"]["200"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/User"}


def test_from_3_1_on_the_words_mean_what_they_say(merge: Any) -> None:
    schemas = merge(USERS.replace("3.0.4", "3.1.1"))["components"]["schemas"]
    assert not [name for name in schemas if name.endswith("Request")]
    assert schemas["Asked"]["required"] == ["id"]


def test_a_base_that_asks_for_what_is_read_only_elsewhere_stands_apart(merge: Any) -> None:
    composed = USERS.replace(
        'Asked: {type: object, required: [id], properties: {id: {$ref: "#/components/schemas/Id"}}}',
        "Asked: {allOf: [{$ref: '#/components/schemas/Base'}], properties: {id: {readOnly: true}}}\n"
        "    Base: {type: object, required: [id, name]}",
    )
    schemas = merge(composed)["components"]["schemas"]
    assert schemas["Asked"]["allOf"] == [{"$ref": "#/components/schemas/Base"}]
    assert schemas["Base"] == {"type": "object", "required": ["name"]}


def test_conditions_stay_as_they_are(merge: Any) -> None:
    schemas = merge(USERS.replace("Asked: {type: object,", "Asked: {not: {$ref: '#/components/schemas/User'},"))["components"]["schemas"]
    assert schemas["Asked"]["not"] == {"$ref": "#/components/schemas/User"}


def read(text: str) -> tuple[ReadOnly, Document, Any]:
    document = parse(text.encode(), "a.yaml", Findings())
    assert document is not None

    def follow(start: Document, reference: str) -> Node | None:
        return Node(start, reference[1:], start.value.get(reference[2:])) if reference[2:] in start.value else None

    return ReadOnly(follow), document, document.value


def test_names_are_found_through_references_and_compositions_and_circles_end() -> None:
    reader, document, value = read(
        "A: {allOf: [{$ref: '#/B'}, {properties: {c: {readOnly: true, writeOnly: true}, d: {$ref: '#/Mark'}}}], required: [x]}\n"
        "B: {$ref: '#/C', properties: {ignored: {readOnly: true}}}\n"
        "C: {allOf: [{$ref: '#/A'}], properties: {b: {allOf: [{readOnly: true}]}}, required: [b, d, e], anyOf: [{required: [f]}]}\n"
        "Mark: {readOnly: true}\nGone: {$ref: '#/Nowhere'}"
    )
    assert reader.names(document, value["A"]) == {"b", "d"}
    assert reader.names(document, value["Gone"]) == NOTHING
    assert reader.left(frozenset("befx"), document, value["A"]) == {"e", "f", "x"}
    assert reader.left(NOTHING, document, value["A"]) == NOTHING


def test_required_without_some_names() -> None:
    assert without(["a", "b"], frozenset("a")) == ["b"]
    assert without(["a"], frozenset("a")) is None
    assert without("odd", frozenset("a")) == "odd"
    assert without(["b", 3], frozenset("a")) == ["b", 3]

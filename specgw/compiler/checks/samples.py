"""Examples and defaults inside of schemas, and examples of the fields that parts of forms have.

A default is told apart: nobody copies it, but who fills it in makes a value that is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from specgw.compiler.declared import Declared
from specgw.compiler.draft import Draft
from specgw.compiler.references import Follow, final
from specgw.compiler.stated import values_of
from specgw.openapi.model import Node
from specgw.openapi.schemas import Schemas

Sample = tuple[str, Node, str]
"""The reference to a schema, a value, and what it is: in words."""


def inside(schemas: Schemas) -> Iterator[Sample]:
    """The values that schemas state for themselves."""
    for reference, node in schemas.sampled():
        if "example" in node.value:
            yield reference, node.at("example"), "example of its schema"
        for example in node.at("examples").elements():
            yield reference, example, "example of its schema"
        if "default" in node.value:
            yield reference, node.at("default"), "default"


def lower(declared: Declared, requests: Schemas) -> None:
    """Lower what an operation's requests are checked with, whether or not it has examples."""
    operation, version = declared.operation, declared.contract.version
    body = () if operation.request_body is None else operation.request_body.content
    for schema in (*(parameter.schema for parameter in operation.parameters), *(entry.schema for entry in body)):
        if schema is not None:
            requests.lower(schema, version, "request")


def of_parts(declared: Declared, draft: Draft, requests: Schemas) -> Iterator[Sample]:
    """The examples of header fields in the `encoding` of a request's forms (OpenAPI section "Encoding Object")."""
    follow, body = draft.library.peek, declared.operation.request_body
    for entry in () if body is None else body.content:
        for name, encoding in () if entry.encoding is None else entry.encoding.items():
            for field, header in encoding.at("headers").items():
                target = final(header, follow)
                schema = None if target is None else target.get("schema")
                if target is None or schema is None:
                    continue
                reference = requests.lower(schema, declared.contract.version, "request").reference
                for example in _examples(target, follow):
                    yield reference, example, f"example of the field '{field}' of the part '{name}'"


def _examples(header: Node, follow: Follow) -> Iterator[Node]:
    return (node for node, of_schema in values_of(header, None, follow) if not of_schema)

"""The examples that a document states for an operation: of its parameters, its request body and its responses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from specgw.compiler.declared import Declared
from specgw.compiler.references import Follow, final
from specgw.openapi.model import MediaTypeEntry, Node, Parameter
from specgw.problems import Violation

Kind = Literal["parameter", "body", "answer", "header"]


@dataclass(frozen=True, slots=True)
class Example:
    """One value, and what it is an example of."""

    kind: Kind
    node: Node
    """Where the value stands."""
    value: Any
    parameter: Parameter | None = None
    """Of a parameter, or of a header field of an answer."""
    media_range: str | None = None
    """Of a body or of the content of an answer."""
    status: str | None = None
    """Of an answer, as the document writes it."""
    of_schema: bool = False
    """Whether it stands in a schema: then it shows at once what requests have and what answers have."""

    @property
    def what(self) -> str:
        """What it is an example of, in words."""
        if self.parameter is not None:
            said = f"{self.parameter.location} parameter" if self.kind == "parameter" else "header"
            return f"the {said} '{self.parameter.name}'" + ("" if self.status is None else f" of the response {self.status}")
        return f"the response {self.status} ({self.media_range})" if self.kind == "answer" else f"the request body ({self.media_range})"

    @property
    def sent(self) -> bool:
        """Whether requests have it."""
        return self.kind in ("parameter", "body")

    def excused(self, violation: Violation) -> bool:
        """Whether something is not the example's fault: one of a schema has readOnly and writeOnly properties side by side, rightly."""
        return self.of_schema and violation.keyword == "not" and bool(violation.pointer)


def stated(declared: Declared, follow: Follow) -> Iterator[Example]:
    """All examples of an operation, in the order of the document. Values that stand elsewhere (`externalValue`) are not read."""
    operation = declared.operation
    for parameter in operation.parameters:
        for node, of_schema in of_parameter(parameter, follow):
            yield Example("parameter", node, node.value, parameter=parameter, of_schema=of_schema)
    for entry in operation.request_body.content if operation.request_body is not None else ():
        for node, of_schema in _of(entry, follow):
            yield Example("body", node, node.value, media_range=entry.media_range, of_schema=of_schema)
    for response in operation.responses:
        for header in response.headers:
            for node, of_schema in of_parameter(header, follow):
                yield Example("header", node, node.value, parameter=header, status=response.status, of_schema=of_schema)
        for entry in response.content:
            for node, of_schema in _of(entry, follow):
                yield Example("answer", node, node.value, media_range=entry.media_range, status=response.status, of_schema=of_schema)


def of_parameter(parameter: Parameter, follow: Follow) -> Iterator[tuple[Node, bool]]:
    """The examples of a parameter or a header, and whether its schema states them."""
    if parameter.content is not None:
        yield from _of(parameter.content, follow)
    else:
        yield from values_of(parameter.node, parameter.schema, follow)


def _of(entry: MediaTypeEntry, follow: Follow) -> Iterator[tuple[Node, bool]]:
    return values_of(entry.node, entry.schema, follow)


def values_of(holder: Node, schema: Node | None, follow: Follow) -> Iterator[tuple[Node, bool]]:
    """`example` and `examples` of an object; those of its schema where it has none (they "override" these, OpenAPI says)."""
    found = False
    for node in _own(holder, follow):
        found = True
        yield node, False
    target = None if found or schema is None else final(schema, follow)
    if target is None or not isinstance(target.value, dict):
        return
    if "example" in target.value:
        yield target.at("example"), True
    for node in target.at("examples").elements():
        yield node, True


def _own(holder: Node, follow: Follow) -> Iterator[Node]:
    if isinstance(holder.value, dict) and "example" in holder.value:
        yield holder.at("example")
    for _, member in holder.at("examples").items():
        target = final(member, follow)
        if target is not None and isinstance(target.value, dict):
            key = next((key for key in ("value", "dataValue") if key in target.value), None)
            if key is not None:
                yield target.at(key)

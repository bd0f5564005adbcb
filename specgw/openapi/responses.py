"""The responses of an operation (OpenAPI sections "Responses Object" and "Response Object")."""

from __future__ import annotations

import re

from specgw.openapi.bodies import read_content
from specgw.openapi.model import Node, Response
from specgw.openapi.parameters import Parameters
from specgw.openapi.reading import Reading

_STATUS = re.compile(r"[1-5](?:[0-9]{2}|XX)|default")


class Responses:
    """Reads the responses of one contract; each Response Object once, however many operations refer to it."""

    def __init__(self, reading: Reading, parameters: Parameters) -> None:
        self._reading = reading
        self._parameters = parameters
        self._read: dict[tuple[str, str, str], Response] = {}

    def of(self, operation: Node) -> tuple[Response, ...]:
        """The `responses` of an operation, in the order of the document."""
        found: dict[str, Response] = {}
        findings = self._reading.findings
        for key, member in self._reading.members(operation, "responses", extensible=True):
            status = status_key(key)
            if status is None:
                hint = "a status is like '200', a range like '2XX'; 'default' stands for all others"
                findings.add("invalid-status", member, f"'{key}' is no status code", hint=hint)
                continue
            if status != key:
                findings.add("invalid-status", member, f"'{key}' is written '{status}'")
            response = self._response(member, status)
            if response is not None:
                found.setdefault(status, response)
        if not found and "responses" not in operation.value:
            findings.add("incomplete", operation, "this operation has no `responses`", hint="add 'responses: {default: {description: …}}'")
        elif operation.value.get("responses") == {}:
            findings.add("incomplete", operation.at("responses"), "`responses` is empty", hint="add 'default: {description: …}'")
        return tuple(found.values())

    def _response(self, member: Node, status: str) -> Response | None:
        node = self._reading.object(member, "Response")
        if node is None:
            return None
        mark = (node.file, node.pointer, status)
        if mark not in self._read:
            if "description" not in node.value and self._reading.version < "3.2":
                self._reading.findings.add("incomplete", node, "this response has no `description`", hint="add a `description`")
            self._read[mark] = Response(node, status, self._parameters.headers(node), read_content(self._reading, node))
        return self._read[mark]


def status_key(key: str) -> str | None:
    """A key of `responses` as OpenAPI writes it: a status, a range like `2XX`, or `default`; None where it is none."""
    status = key if key == "default" else key.upper()
    return status if _STATUS.fullmatch(status) else None

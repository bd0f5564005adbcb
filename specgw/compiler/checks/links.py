"""Links between operations that lead nowhere, or hand over what the other side does not take (OpenAPI section "Link Object").

Clients and tests follow them, and the merged document can only have those that lead somewhere. What leads to another machine is
not judged: nobody reads it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from specgw.compiler.declared import Declared
from specgw.compiler.draft import Draft
from specgw.compiler.references import final
from specgw.diagnostics import closest
from specgw.openapi.model import Node, Operation

# Section "Runtime Expressions": what an expression begins with, and the whole of it.
_BEGINS = re.compile(r"\$(?:url|method|statusCode|request|response)\b")
_SOURCE = r"header\.[!#$%&'*+.^_`|~0-9A-Za-z-]+|(?:query|path)\..+|body(?:#(?:/.*)?)?"
_EXPRESSION = re.compile(rf"\$(?:url|method|statusCode|(?:request|response)\.(?:{_SOURCE}))", re.DOTALL)
_OWN = re.compile(r"\$request\.(path|query)\.(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Targets:
    """The operations that links can lead to."""

    by_place: dict[tuple[str, str], Operation]
    """By the file and the pointer of the Operation Object."""
    by_id: dict[str, dict[str, Operation]]
    """By the file of the root document, and the operationId."""


def run(draft: Draft) -> None:
    """Report what is wrong with each link, once, however many operations refer to it."""
    targets = _Targets({}, {})
    for declared in draft.declared:
        operation = declared.operation
        targets.by_place.setdefault((operation.node.file, operation.node.pointer), operation)
        if operation.operation_id is not None:
            targets.by_id.setdefault(operation.root.file, {}).setdefault(operation.operation_id, operation)
    judged: set[tuple[str, str]] = set()
    for declared in draft.declared:
        for name, link in _links(declared, draft):
            if (link.file, link.pointer) not in judged:
                judged.add((link.file, link.pointer))
                _judge(draft, targets, declared.operation, name, link)


def _links(declared: Declared, draft: Draft) -> Iterator[tuple[str, Node]]:
    for response in declared.operation.responses:
        for name, member in response.node.at("links").items():
            link = final(member, draft.library.peek)
            if link is not None and isinstance(link.value, dict):
                yield name, link


def _judge(draft: Draft, targets: _Targets, operation: Operation, name: str, link: Node) -> None:
    for key, value in link.at("parameters").items():
        _judge_expression(draft, operation, key, value)
    _judge_expression(draft, operation, "requestBody", link.at("requestBody"))
    reference, operation_id = link.value.get("operationRef"), link.value.get("operationId")
    if (reference is None) == (operation_id is None):
        fault = "names no operation" if reference is None else "has `operationId` and `operationRef`"
        draft.findings.add("link-operation", link, f"the link '{name}' {fault}", hint="say one of `operationId` and `operationRef`")
    elif isinstance(operation_id, str):
        known = targets.by_id.get(operation.root.file, {})
        if operation_id in known:
            _judge_parameters(draft, known[operation_id], link)
        else:
            close = closest(operation_id, known)
            hint = f"did you mean '{close}'?" if close else "an operation of this document has to have it as its `operationId`"
            draft.findings.add("link-operation", link.at("operationId"), f"no operation is called '{operation_id}'", hint=hint)
    elif isinstance(reference, str):
        _judge_reference(draft, targets, link, reference)


def _judge_reference(draft: Draft, targets: _Targets, link: Node, reference: str) -> None:
    found = draft.library.peek(link.document, reference)
    if found is None and reference[:1] != "#":
        return
    target = None if found is None else targets.by_place.get((found.file, found.pointer))
    if target is not None:
        _judge_parameters(draft, target, link)
        return
    hint = "an operation is named like '#/paths/~1users~1{id}/get': each '/' of a path is written '~1'"
    draft.findings.add("link-operation", link.at("operationRef"), f"'{reference}' leads to no operation", hint=hint)


def _judge_parameters(draft: Draft, target: Operation, link: Node) -> None:
    names = {parameter.name for parameter in target.parameters}
    # Names of fields have no case (RFC 9110 section 5.1).
    fields = {parameter.name.lower() for parameter in target.parameters if parameter.location == "header"}
    known = {f"{parameter.location}.{parameter.name}" for parameter in target.parameters} | names
    for key, place in link.at("parameters").items():
        if key in known or key.lower() in fields or (key.startswith("header.") and key[7:].lower() in fields):
            continue
        close = closest(key, names)
        hint = f"did you mean '{close}'?" if close else "a parameter is named as it is there, or with its place: 'path.id'"
        draft.findings.add("link-parameter", place, f"{target.method} {target.path} has no parameter '{key}'", hint=hint)


def _judge_expression(draft: Draft, operation: Operation, key: str, place: Node) -> None:
    value = place.value
    if not isinstance(value, str) or not _BEGINS.match(value):
        return  # a constant
    if not _EXPRESSION.fullmatch(value):
        hint = "an expression is like '$response.body#/id', '$request.path.id' or '$response.header.Location'"
        draft.findings.add("link-parameter", place, f"'{value}' is no runtime expression", hint=hint)
        return
    own = _OWN.fullmatch(value)
    if own is not None and own.groups() not in {(parameter.location, parameter.name) for parameter in operation.parameters}:
        message = f"'{key}' is taken from the {own[1]} parameter '{own[2]}', which {operation.method} {operation.path} does not have"
        close = closest(own[2], [parameter.name for parameter in operation.parameters if parameter.location == own[1]])
        draft.findings.add("link-parameter", place, message, hint=f"did you mean '{close}'?" if close else None)

"""What OpenAPI 3.2 says and 3.1 cannot, in a document of 3.1: under extensions, which other tools leave alone.

A field of 3.2 goes by its own name behind `x-specgw-` (`fields.carried`). A method that a Path Item of 3.1 does not have
stands under `x-specgw-additionalOperations` of its path, QUERY among them; a parameter that is the whole query string under
`x-specgw-querystring` of its operation.
"""

from __future__ import annotations

from typing import Any

from specgw.compiler.merge.fields import carried
from specgw.openapi.fields import METHODS

ADDITIONAL = carried("additionalOperations")
QUERYSTRING = carried("querystring")
METHODS_OF_32 = (ADDITIONAL, carried("query"))


def put(item: dict[str, Any], method: str, operation: dict[str, Any]) -> None:
    """Give a path item an operation."""
    if method.lower() in METHODS and method != "QUERY":
        item[method.lower()] = operation
    else:
        item.setdefault(ADDITIONAL, {})[method] = operation


def place(method: str) -> tuple[str, ...]:
    """Where an operation stands in its path item, as the tokens of a pointer."""
    return (method.lower(),) if method.lower() in METHODS and method != "QUERY" else (ADDITIONAL, method)


def expressed(kind: str, copied: dict[str, Any]) -> dict[str, Any]:
    """An object that was copied field by field, without values that 3.1 does not have."""
    if kind == "pathItem" and (query := copied.pop(carried("query"), None)) is not None:
        copied.setdefault(ADDITIONAL, {})["QUERY"] = query
    elif kind == "operation" and isinstance(copied.get("parameters"), list):
        for parameter in [parameter for parameter in copied["parameters"] if parameter.get("in") == "querystring"]:
            copied["parameters"].remove(parameter)
            copied[QUERYSTRING] = parameter
    elif kind == "parameter" and copied.get("style") == "cookie":
        copied[carried("style")] = copied.pop("style")
    elif kind == "securityScheme" and isinstance(flows := copied.get("flows"), dict) and "deviceAuthorization" in flows:
        copied["flows"] = {carried(key) if key == "deviceAuthorization" else key: flow for key, flow in flows.items()}
    return copied

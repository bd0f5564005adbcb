"""Schema Objects of a merged document: 3.0 words said in 3.1, nothing else changed.

Unlike the lowering for the Plan, annotations and order stay as the author wrote them: people read this.
"""

from __future__ import annotations

from typing import Any

# JSON Schema 2020-12 keywords by what they hold; values of all other keywords are data and copied as they are.
SCHEMA = frozenset(
    (
        "additionalItems",
        "additionalProperties",
        "contains",
        "contentSchema",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    )
)
SCHEMA_LIST = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
SCHEMA_MAP = frozenset(("$defs", "definitions", "dependentSchemas", "patternProperties", "properties"))

_EXCLUSIVE = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


def upgrade(schema: dict[str, Any], version: str) -> None:
    """Say in 3.1 what a copied schema says in `version`, in place.

    3.0 `nullable` widens the `type` beside it and nothing else (OpenAPI 3.0.3 section "Schema Object"). Boolean
    exclusive bounds are translated in 3.1 documents too, where they are a common fault; so are repeated entries of
    `required`.
    """
    for exclusive, bound in _EXCLUSIVE:
        flag = schema.get(exclusive)
        if flag is True and _number(schema.get(bound)):
            schema[exclusive] = schema.pop(bound)
        elif isinstance(flag, bool):
            del schema[exclusive]
    required = schema.get("required")
    if isinstance(required, list):
        schema["required"] = list(dict.fromkeys(name for name in required if isinstance(name, str)))
    if version == "3.0" and "nullable" in schema:
        nullable = schema.pop("nullable")
        kind = schema.get("type")
        if nullable is True and isinstance(kind, str):
            schema["type"] = [kind, "null"]


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

"""What `readOnly` of OpenAPI 3.0 changes in the schemas of requests, said in 3.1.

"If the property is marked as readOnly being true and is in the required list, the required will take effect on the response
only" (3.0.4, "Schema Object"). 3.1 has no such rule: `required` is what it says. A schema of 3.0 that is used in requests
is therefore copied once more for them, without these names under `required`; where that makes no difference the two
copies are equal, and shared. The same is lowered for the Plan by `openapi/directions.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specgw.compiler.references import Follow
from specgw.openapi.model import Document

Names = frozenset[str]
NOTHING: Names = frozenset()

Place = tuple[Document, Any]
"""A schema, and the document that its references start from."""


class ReadOnly:
    """Answers which properties of schemas of 3.0 are readOnly, and which ones they require."""

    def __init__(self, follow: Follow) -> None:
        self._follow = follow

    def names(self, document: Document, schema: Any) -> Names:
        """The readOnly properties that a schema declares, itself or through `$ref` and `allOf`."""
        found: set[str] = set()
        for where, part in self._together((document, schema), ("allOf",)):
            properties = part.get("properties")
            for name, child in properties.items() if isinstance(properties, dict) else ():
                if name not in found and self._marked(where, child):
                    found.add(name)
        return frozenset(found)

    def left(self, names: Names, document: Document, schema: Any) -> Names:
        """Those of the names that a schema requires without declaring them readOnly itself."""
        required: set[str] = set()
        for _, part in self._together((document, schema), ("allOf", "anyOf")) if names else ():
            required.update(_texts(part.get("required")))
        left = names & required
        return left - self.names(document, schema) if left else NOTHING

    def _marked(self, document: Document, schema: Any) -> bool:
        parts = [part for _, part in self._together((document, schema), ("allOf",))]
        return any(part.get("readOnly") is True for part in parts) and not any(part.get("writeOnly") is True for part in parts)

    def _together(self, place: Place, keywords: tuple[str, ...]) -> Iterator[tuple[Document, dict[str, Any]]]:
        """What applies to the same value as a schema; a `$ref` of 3.0 stands alone."""
        waiting, seen = [place], set()
        while waiting:
            document, schema = waiting.pop()
            if not isinstance(schema, dict) or id(schema) in seen:
                continue
            seen.add(id(schema))
            reference = schema.get("$ref")
            if isinstance(reference, str):
                target = self._follow(document, reference)
                if target is not None:
                    waiting.append((target.document, target.value))
                continue
            yield document, schema
            for keyword in keywords:
                branches = schema.get(keyword)
                waiting += [(document, branch) for branch in (branches if isinstance(branches, list) else [branches])]


def without(required: Any, names: Names) -> Any:
    """The value of `required` without some names; None where nothing is left of a list."""
    if not isinstance(required, list) or names.isdisjoint(_texts(required)):
        return required
    return [name for name in required if not (isinstance(name, str) and name in names)] or None


def _texts(value: Any) -> list[str]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, str)]

"""The named schemas of a document: a page for each, and what on it leads further."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from specgw.portal.catalogue import Document, Entry, Volume
from specgw.portal.references import name_of, target
from specgw.portal.schema_tree import Row, Schemas
from specgw.portal.text import Names, mapping

_MARK = "#/components/schemas/"
_MOST_USES = 40
"""Operations that are listed as those that use a schema."""


@dataclass(frozen=True, slots=True)
class Term:
    """A named schema."""

    name: str
    page: str
    """The file name of its page."""
    schema: Any
    row: Row
    uses: list[Entry] = field(default_factory=list)
    """Operations that have it in a parameter, a body or a response."""
    parts: list[Term] = field(default_factory=list, repr=False)
    """Schemas that refer to it."""

    @property
    def shown_uses(self) -> list[Entry]:
        """The first of them."""
        return self.uses[:_MOST_USES]

    @property
    def more_uses(self) -> int:
        """How many operations are left out."""
        return max(0, len(self.uses) - _MOST_USES)


class Lexicon:
    """The schemas of one document, as pages and trees need them."""

    def __init__(self, file: str, document: Document, entries: Sequence[Entry], pages: Names) -> None:
        """`pages`: file names that are taken already, since all documents share a folder."""
        self.file = file
        self.document = document
        self.schemas = Schemas(document)
        declared = mapping(mapping(document.get("components")).get("schemas"))
        self.terms = {
            name: Term(
                name,
                f"{pages.unique(name, 'schema')}.html",
                schema,
                self.schemas.row(name, {"$ref": _MARK + name.replace("~", "~0").replace("/", "~1")}, "both"),
            )
            for name, schema in declared.items()
        }
        self.places = {name: f"../schemas/{term.page}" for name, term in self.terms.items()}
        """Where their pages are, from another page of an operation or a schema."""
        self._connect(entries)

    def _connect(self, entries: Sequence[Entry]) -> None:
        """Note what uses each schema."""
        known: dict[str, frozenset[str]] = {}
        for entry in entries:
            for name in sorted(_named(entry.operation, self.document, known)):
                if name in self.terms:
                    self.terms[name].uses.append(entry)
        for term in self.terms.values():
            for name in sorted(_named(term.schema, self.document, known)):
                if name in self.terms and name != term.name:
                    self.terms[name].parts.append(term)


def _named(value: Any, document: Document, known: dict[str, frozenset[str]]) -> Iterable[str]:
    """Names of the schemas that a part of a document refers to, through other components, too, but not through schemas."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            reference = part.get("$ref")
            if not isinstance(reference, str):
                pass
            elif reference.startswith(_MARK):
                found.add(name_of(part) or "")
            else:
                if reference not in known:
                    known[reference] = frozenset()  # one that leads back here adds nothing
                    known[reference] = frozenset(_named(target(part, document), document, known))
                found |= known[reference]
            waiting += [child for key, child in part.items() if key not in ("example", "examples", "default", "enum", "const")]
        elif isinstance(part, list):
            waiting += part
    return found


def lexicons(volumes: Iterable[Volume]) -> Mapping[str, Lexicon]:
    """Those of all documents, by file name."""
    pages = Names()
    files: dict[str, list[Volume]] = {}
    for volume in volumes:
        files.setdefault(volume.file, []).append(volume)
    return {
        file: Lexicon(file, found[0].document, [entry for volume in found for group in volume.groups for entry in group.entries], pages)
        for file, found in files.items()
    }

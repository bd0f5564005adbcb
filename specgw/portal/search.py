"""The index of the search: what there is, one short entry each, in one file that a page loads when somebody searches."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from specgw.portal.catalogue import Volume
from specgw.portal.errors import PAGE
from specgw.portal.text import clipped, line
from specgw.problems import KINDS

_LONGEST = 90
_READ = 400
"""Characters of a description that are looked at."""
_MOST_WORDS = 16
_WORD = re.compile(r"[^\W\d_]{5,30}")
_ADDRESS = re.compile(r"\]\([^)]*\)|<[^>]*>|https?://\S+")
GROUPS = ("Operations", "Schemas", "Guides", "Errors", "Services")


@dataclass(frozen=True, slots=True)
class Found:
    """Something that can be found: a place in `GROUPS`, where it is, what it is called, and what is said about it."""

    group: str
    page: str
    """Relative to the portal."""
    title: str
    more: str = ""
    method: str = ""
    words: str = ""
    """More to be found by, such as an operationId."""
    told: str = ""
    """Words of its description, which nothing else of it has."""


def entries(volumes: Sequence[Volume], schemas: Iterable[tuple[str, str]] = ()) -> list[Found]:
    """What the documents have: services, operations and `schemas`, by name and file name of their pages."""
    found: list[Found] = []
    for volume in volumes:
        found.append(Found("Services", volume.page, volume.title))
        for group in volume.groups:
            for entry in group.entries:
                said = line(entry.operation.get("operationId"), _LONGEST)
                page = f"operations/{entry.page}"
                # A title is the operationId where the summary is too long for a heading; then that has the words of people.
                told = (said, line(entry.operation.get("summary"), _LONGEST))
                words = " ".join(text for text in told if text and text != entry.title)
                more = _told(entry.operation.get("description"), f"{entry.title} {words} {entry.path}")
                found.append(Found("Operations", page, clipped(entry.title, _LONGEST), clipped(entry.path), entry.method, words, more))
    return found + [Found("Schemas", f"schemas/{page}", clipped(name, _LONGEST)) for name, page in schemas]


def others(guides: Mapping[str, str]) -> list[Found]:
    """What is beside the documents: guides, titles by file name, and the gateway's own problems."""
    found = [Found("Guides", f"guides/{name}.html", clipped(title, _LONGEST)) for name, title in guides.items()]
    kinds = sorted(KINDS, key=lambda kind: (kind.status, kind.slug))
    return found + [Found("Errors", f"{PAGE}#{kind.slug}", kind.title, str(kind.status), words=kind.slug) for kind in kinds]


def _told(description: object, known: str) -> str:
    """The first words of a description that may mean something: those that are long, and not `known` in any form."""
    text = _ADDRESS.sub(" ", line(description, _READ)).lower()
    known = known.lower()
    found = (word for word in _WORD.findall(text) if word.rstrip("s") not in known)
    return " ".join(list(dict.fromkeys(found))[:_MOST_WORDS])


def index(found: Iterable[Found]) -> bytes:
    """The index as a module for scripts: a row has what an entry has, in the order of its fields; empty ends of rows are left out."""
    rows = []
    for entry in found:
        row: list[int | str] = [GROUPS.index(entry.group), entry.page, entry.title, entry.more, entry.method, entry.words, entry.told]
        while row[-1] == "":
            row.pop()
        rows.append(row)
    text = json.dumps({"groups": GROUPS, "rows": rows}, ensure_ascii=False, separators=(",", ":"))
    return f"/* specgw portal */\nexport default {text};\n".encode("utf-8", "replace")

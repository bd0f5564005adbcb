"""The files of one compile: each is read once, and `$ref`s lead from one to another."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from specgw.diagnostics import FilePlace, Findings, Place
from specgw.openapi.discover import Sources
from specgw.openapi.marks import MAX_BYTES
from specgw.openapi.model import Node, escape
from specgw.openapi.source import SourceDocument, parse

# RFC 3986 section 3.1; one letter is a drive of another system, not a scheme.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]+):")
_SHOWN_STEPS = 6
_VERSION = re.compile(r"3\.([01])(?:\.[0-9]+)?(?:-.*)?")


class Library:
    """Loads and keeps documents, and follows references between them. Everything wrong becomes a finding."""

    def __init__(self, sources: Sources, findings: Findings) -> None:
        self._sources = sources
        self._findings = findings
        self._roots = tuple(Path(os.path.realpath(root)) for root in sources.roots)
        self._documents: dict[str, SourceDocument | None] = {}
        self._paths: dict[str, Path] = {}
        self._targets: dict[tuple[str, str], Node] = {}

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that were read, in the order in which they were met."""
        return tuple(self._paths.values())

    def load(self, path: Path, *, place: Place | None = None) -> SourceDocument | None:
        """The document in a file; None, with a finding at `place` or at the file, where it cannot be had."""
        path = Path(os.path.abspath(path))
        real = os.path.realpath(path)
        if real not in self._documents:
            label = self._sources.label(path)
            self._documents[real] = self._read(path, real, label, place or FilePlace(label))
        return self._documents[real]

    def resolve(self, node: Node) -> Node | None:
        """Follow `$ref`s from a Reference Object to what is not one; any other node is returned as it is.

        None, with a finding at the reference, where that leads nowhere or round in a circle.
        """
        seen: dict[tuple[str, str], None] = {}
        start = node
        while isinstance(node.value, dict) and "$ref" in node.value:
            if (node.file, node.pointer) in seen:
                steps = [f"{file}#{pointer}" for file, pointer in seen]
                steps = steps[steps.index(f"{node.file}#{node.pointer}") :][:_SHOWN_STEPS]
                message = f"this reference goes round in a circle: {' → '.join([*steps, steps[0]])}"
                self._findings.add("reference-cycle", start.at("$ref"), message, hint="one of them has to hold the value")
                return None
            seen[node.file, node.pointer] = None
            target = self.follow(node)
            if target is None:
                return None
            node = target
        return node

    def follow(self, node: Node) -> Node | None:
        """Follow the `$ref` of a node by one step; None with a finding."""
        place = node.at("$ref")
        if not isinstance(place.value, str):
            self._findings.add("invalid-reference", place, f"a reference is a string, not {kind_of(place.value)}")
            return None
        return self.target(place, place.value)

    def target(self, place: Node, reference: str) -> Node | None:
        """What a URI reference in the document of `place` points to; None, with a finding at `place`."""
        known = self._targets.get((place.file, reference))
        if known is None:
            known = self._locate(place, reference)
            if known is not None:
                self._targets[place.file, reference] = known
        return known

    def peek(self, place: Node, reference: str) -> Node | None:
        """As `target`, for what looks a second time: None without a finding."""
        heard, self._findings = self._findings, Findings()
        try:
            return self.target(place, reference)
        finally:
            self._findings = heard

    def line(self, file: str, number: int) -> str:
        """The text of a line of a file that was read, by its label; "" where there is none."""
        document = next((found for found in self._documents.values() if found is not None and found.file == file), None)
        return document.line(number) if document is not None else ""

    def _read(self, path: Path, real: str, label: str, place: Place) -> SourceDocument | None:
        if not any(Path(real).is_relative_to(root) for root in self._roots):
            hint = "name the folder that holds both, or move the file"
            self._findings.add("reference-outside", place, f"'{label}' is outside of the folders that were named", hint=hint)
            return None
        try:
            if os.path.getsize(real) > MAX_BYTES:
                self._findings.add("document-limits", FilePlace(label), f"the file is larger than {MAX_BYTES >> 20} MiB")
                return None
            if not os.path.isfile(real):
                raise IsADirectoryError(21, "it is not a file")
            data = Path(real).read_bytes()
        except OSError as error:
            self._findings.add("file-not-found", place, f"'{label}' cannot be read: {(error.strerror or str(error)).lower()}")
            return None
        self._paths[label] = path
        document = parse(data, label, self._findings)
        if document is not None and isinstance(document.value, dict):
            version = document.value.get("openapi")
            match = _VERSION.fullmatch(str(version)) if isinstance(version, str | float) else None
            document.version = f"3.{match[1]}" if match is not None else ""
        return document

    def _locate(self, place: Node, reference: str) -> Node | None:
        add = self._findings.add
        address, _, fragment = reference.partition("#")
        scheme = _SCHEME.match(address)
        if address.startswith("//") or (scheme is not None and scheme[1].lower() in ("http", "https")):
            add(
                "remote-reference",
                place,
                f"'{reference}' leads to another host",
                hint="save the document beside this one and refer to the file",
            )
            return None
        if scheme is not None and (scheme[1].lower() != "file" or not address.startswith("file:///")):
            add("invalid-reference", place, f"'{reference}' is no file: references of the scheme '{scheme[1]}' are not followed")
            return None
        path, pointer = _decode(address.removeprefix("file://")), _decode(fragment)
        if path is None or pointer is None or "\0" in path or "?" in address:
            add(
                "invalid-reference",
                place,
                f"'{reference}' is not a reference to a file",
                hint="percent-escapes are two hexadecimal digits of UTF-8",
            )
            return None
        document = place.document
        if path:
            found = self._file(place, reference, path)
            if found is None:
                return None
            document = found
        return self._descend(place, reference, Node(document, "", document.value), pointer)

    def _file(self, place: Node, reference: str, path: str) -> SourceDocument | None:
        """The document that the path of a reference names."""
        file = Path(os.path.normpath(self._paths.get(place.file, self._sources.base / place.file).parent / path))
        if not os.path.lexists(file) and self._inside(file):
            hint = _like(file)
            name = f"#/components/schemas/{path}"
            if isinstance(place.document.value, dict) and _reach(place.document.value, ["components", "schemas", path]):
                hint = f"did you mean '{name}'?"
            elif "\\" in path:
                hint = "the parts of a path are separated by '/'"
            self._findings.add(
                "broken-reference", place, f"'{reference}' leads nowhere: there is no file '{self._sources.label(file)}'", hint=hint
            )
            return None
        return self.load(file, place=place)

    def _inside(self, file: Path) -> bool:
        return any(Path(os.path.realpath(file)).is_relative_to(root) for root in self._roots)

    def _descend(self, place: Node, reference: str, node: Node, pointer: str) -> Node | None:
        """The value at a JSON pointer (RFC 6901) under a document's root."""
        if pointer and not pointer.startswith("/"):
            hint = f"did you mean '#/{pointer}'?" if "/" in pointer else "a value is named like '#/components/schemas/NAME'"
            self._findings.add("broken-reference", place, f"'{reference}' is no JSON pointer: what follows '#' starts with '/'", hint=hint)
            return None
        tokens = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
        root = node.value
        for number, token in enumerate(tokens):
            child = node.get(_index(token) if isinstance(node.value, list) else token)
            if child is None:
                message = f"'{reference}' leads nowhere: {_named(node)} has no '{token}'"
                self._findings.add("broken-reference", place, message, hint=_suggest(root, node, reference, tokens, number))
                return None
            node = child
        return node


def kind_of(value: Any) -> str:
    """What a value is, in the words of JSON, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, list) else "a mapping"


def _decode(text: str) -> str | None:
    """Percent-decode; None where escapes are broken or no UTF-8."""
    if "%" not in text:
        return text
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        return None
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        return None


def _index(token: str) -> int:
    """RFC 6901 section 4: digits without leading zeros; -1, which no list has, for everything else."""
    return int(token) if re.fullmatch(r"0|[1-9][0-9]{0,8}", token) else -1


def _reach(value: Any, tokens: Sequence[str]) -> bool:
    for token in tokens:
        if not isinstance(value, dict) or token not in value:
            return False
        value = value[token]
    return True


def _named(node: Node) -> str:
    return f"'{node.pointer}' of {node.file}" if node.pointer else node.file


def _suggest(root: Any, node: Node, reference: str, tokens: Sequence[str], at: int) -> str | None:
    """The closest key beside the missing one; else a component of the same name."""
    address = reference.partition("#")[0]
    if isinstance(node.value, dict):
        if "$ref" in node.value:
            return "a reference stands there: point to what it refers to"
        close = get_close_matches(tokens[at], node.value, n=1)
        if close:
            return f"did you mean '{address}#{_pointer([*tokens[:at], close[0], *tokens[at + 1 :]])}'?"
    components = root.get("components") if isinstance(root, dict) else None
    if isinstance(components, dict):
        for section, members in components.items():
            if isinstance(members, dict) and tokens[-1] in members:
                return f"did you mean '{address}#{_pointer(['components', section, tokens[-1]])}'?"
    if isinstance(node.value, dict) and 0 < len(node.value) <= 12:
        return "there are: " + ", ".join(sorted(node.value))
    return None


def _pointer(tokens: Sequence[str]) -> str:
    return "".join("/" + escape(token) for token in tokens)


def _like(file: Path) -> str | None:
    try:
        close = get_close_matches(file.name, os.listdir(file.parent), n=1)
    except OSError:
        return None
    return f"did you mean '{close[0]}'?" if close else None

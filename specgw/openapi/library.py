"""The files of one compile: each is read once, and `$ref`s lead from one to another."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Union
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

from specgw.diagnostics import FilePlace, Findings, Place, closest
from specgw.openapi.discover import Sources, closest_file
from specgw.openapi.marks import MAX_BYTES
from specgw.openapi.mending import mend_paths
from specgw.openapi.model import Document, Node, kind_of
from specgw.openapi.pointers import pointer_of, tokens_of
from specgw.openapi.remote import Remote, Unfetched
from specgw.openapi.source import SourceDocument, parse
from specgw.openapi.swagger.document import upgrade
from specgw.openapi.swagger.schemas import normalise
from specgw.openapi.upgraded import UpgradedDocument

if TYPE_CHECKING:
    from specgw.openapi.overlays.grafting import Grafted
    from specgw.openapi.overlays.stack import Stack

# RFC 3986 section 3.1; one letter is a drive of another system, not a scheme.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]+):")
_REMOTE = re.compile("https?://", re.IGNORECASE)
_SHOWN_STEPS = 6
_VERSION = re.compile(r"3\.([012])(?:\.[0-9]+)?(?:-.*)?")
_SWAGGER = re.compile(r"2\.0(?:\.[0-9]+)?")


Loaded = Union[SourceDocument, "Grafted", UpgradedDocument]


class Miss(NamedTuple):
    """Why a reference leads nowhere, as a finding that still lacks its place."""

    code: str
    message: str
    hint: str | None = None


# The file was found, and what is wrong with it is reported in it.
_REPORTED = Miss("", "")


class Library:
    """Loads and keeps documents, and follows references between them. Everything wrong becomes a finding."""

    def __init__(self, sources: Sources, findings: Findings, remote: Remote | None = None) -> None:
        """`remote` fetches documents from other machines; without it none are."""
        self._sources = sources
        self._remote = remote or Remote()
        self._findings = findings
        self._roots = tuple(Path(os.path.realpath(root)) for root in sources.roots)
        self.overlays: Stack | None = None
        """What is applied to documents as they are read; set before the first of them is."""
        self._documents: dict[str, Loaded | Miss] = {}
        self._named = frozenset(os.path.realpath(path) for path in sources.documents)
        self._paths: dict[str, Path] = {}
        self._targets: dict[tuple[str, str], Node | Miss] = {}
        # Documents that name themselves (`$self`), by that URI.
        self._selves: dict[str, Document] = {}
        # Whether a document of Swagger 2.0 was met: files without a version that are read from then on are of its kind.
        self._swagger = False

    @property
    def files(self) -> tuple[Path, ...]:
        """All files of this machine that were read, in the order in which they were met."""
        return tuple(self._paths.values())

    def fetched(self, url: str) -> Document | None:
        """A document that was fetched from another machine; None for everything else."""
        found = self._documents.get(url)
        return None if isinstance(found, Miss) else found

    def load(self, path: Path) -> Document | None:
        """The document in a file; None, with a finding at the file, where it cannot be had."""
        found = self._open(path)
        if isinstance(found, Miss):
            self._add(found, FilePlace(self._sources.label(Path(os.path.abspath(path)))))
            return None
        return found

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
        found = self._find(place.document, reference)
        if isinstance(found, Miss):
            self._add(found, place)
            return None
        return found

    def peek(self, document: Document, reference: str) -> Node | None:
        """As `target`, for who only asks: None, without a finding, where the reference leads nowhere."""
        found = self._find(document, reference)
        return None if isinstance(found, Miss) else found

    def _add(self, miss: Miss, place: Place) -> None:
        if miss is not _REPORTED:
            self._findings.add(miss.code, place, miss.message, hint=miss.hint)

    def _find(self, document: Document, reference: str) -> Node | Miss:
        known = self._targets.get((document.file, reference))
        if known is None:
            known = self._targets[document.file, reference] = self._locate(document, reference)
        return known

    def _open(self, path: Path) -> Loaded | Miss:
        path = Path(os.path.abspath(path))
        real = os.path.realpath(path)
        if real not in self._documents:
            self._keep(real, self._read(path, real, self._sources.label(path)))
        return self._documents[real]

    def _keep(self, key: str, found: Loaded | Miss) -> None:
        self._documents[key] = found
        if not isinstance(found, Miss | UpgradedDocument) and _swagger(found.value):
            self._documents[key] = upgrade(found, self._as_written, self._findings)

    def _fetch(self, url: str, reference: str) -> Loaded | Miss:
        """The document at a URL, where that is allowed; it is fetched once in a compile."""
        url = url.partition("#")[0]
        if url not in self._documents:
            if not self._remote.allows(url):
                host = urlsplit(url).netloc.rpartition("@")[2] or "HOST"
                hint = f"save the document beside this one and refer to the file, or say --allow-remote {host}"
                return Miss("remote-reference", f"'{reference}' leads to another host", hint)
            try:
                parsed = parse(self._remote.get(url), url, self._findings)
            except Unfetched as reason:
                self._documents[url] = Miss("remote-reference", f"'{url}' cannot be fetched: {reason}")
            else:
                self._keep(url, _REPORTED if parsed is None else self._prepared(parsed))
        return self._documents[url]

    def _read(self, path: Path, real: str, label: str) -> Loaded | Miss:
        if not self._inside(real):
            return Miss(
                "reference-outside",
                f"'{label}' is outside of the folders that were named",
                "name the folder that holds both, or move the file",
            )
        try:
            if not os.path.isfile(real) and os.path.exists(real):
                return Miss("file-not-found", f"'{label}' cannot be read: it is not a file")
            if os.path.getsize(real) > MAX_BYTES:
                return Miss("document-limits", f"'{label}' is larger than {MAX_BYTES >> 20} MiB")
            data = Path(real).read_bytes()
        except OSError as error:
            return Miss("file-not-found", f"'{label}' cannot be read: {(error.strerror or str(error)).lower()}")
        self._paths[label] = path
        parsed = parse(data, label, self._findings)
        if parsed is None:
            return _REPORTED
        return self._prepared(parsed, path, root=real in self._named)

    def _prepared(self, parsed: SourceDocument, path: Path | None = None, *, root: bool = False) -> SourceDocument | Grafted:
        """A parsed document as references see it; overlays are for files of this machine, which have a `path`."""
        if isinstance(parsed.value, dict) and ("openapi" in parsed.value or "swagger" in parsed.value):
            mend_paths(parsed, self._findings)
        self._swagger = self._swagger or _swagger(parsed.value)
        if self._swagger and not (isinstance(parsed.value, dict) and "openapi" in parsed.value):
            normalise(parsed)
        document: SourceDocument | Grafted = parsed
        if self.overlays is not None and path is not None:
            document = self.overlays.over(parsed, path, root=root)
        if isinstance(document.value, dict):
            version = document.value.get("openapi")
            match = _VERSION.fullmatch(str(version)) if isinstance(version, str | float) else None
            document.version = f"3.{match[1]}" if match is not None else ""
            if document.version >= "3.2" and isinstance(document.value.get("$self"), str):
                self._selves.setdefault(self.base(document), document)
        return document

    def _as_written(self, document: Document, reference: str) -> Node | None:
        found = self._locate(document, reference, written=True)
        return None if isinstance(found, Miss) else found

    def base(self, document: Document) -> str:
        """The URI of a document: its own `$self` (OpenAPI 3.2), resolved against where it was read; else that place."""
        place = document.file if _REMOTE.match(document.file) else "file:///" + quote(document.file)
        stated = document.value.get("$self") if document.version >= "3.2" and isinstance(document.value, dict) else None
        return joined(place, stated.partition("#")[0]) if isinstance(stated, str) else place

    def _locate(self, document: Document, reference: str, *, written: bool = False) -> Node | Miss:
        address, _, fragment = reference.partition("#")
        if address and self._selves:
            identified = self._selves.get(joined(self.base(document), address))
            if identified is not None and (pointer := _decode(fragment)) is not None:
                return _descend(reference, Node(identified, "", identified.value), pointer)
        from_afar = _REMOTE.match(document.file) is not None
        if address and (from_afar or address.startswith("//") or _REMOTE.match(address)):
            url = joined(document.file if from_afar else "https:", address)
            if not _REMOTE.match(url):
                return Miss("reference-outside", f"'{reference}' leads from a document of another machine to files of this one")
            found = self._fetch(url, reference)
            if isinstance(found, Miss):
                return found
            document, address = found, ""
        scheme = _SCHEME.match(address)
        if scheme is not None and (scheme[1].lower() != "file" or not address.startswith("file:///")):
            return Miss("invalid-reference", f"'{reference}' is no file: references of the scheme '{scheme[1]}' are not followed")
        path, pointer = _decode(address.removeprefix("file://")), _decode(fragment)
        if path is None or pointer is None or "\0" in path or "?" in address:
            return Miss(
                "invalid-reference", f"'{reference}' is not a reference to a file", "a '%' itself is written '%25', a '?' is written '%3F'"
            )
        if path:
            found = self._file(document, reference, path)
            if isinstance(found, Miss):
                return found
            document = found
        if not isinstance(document, UpgradedDocument):
            return _descend(reference, Node(document, "", document.value), pointer)
        source = Node(document.source, "", document.source.value)
        if written:
            return _descend(reference, source, pointer)
        target = _descend(reference, Node(document, "", document.value), document.moved(pointer))
        # A finding speaks of the file as its author knows it.
        return _descend(reference, source, pointer) if isinstance(target, Miss) else target

    def _file(self, document: Document, reference: str, path: str) -> Loaded | Miss:
        """The document that the path of a reference names."""
        holder = self._paths.get(document.file, self._sources.base / document.file)
        file = Path(os.path.normpath(holder.parent / path))
        if os.path.lexists(file) or not self._inside(os.path.realpath(file)):
            return self._open(file)
        close = closest_file(file)
        hint = f"did you mean '{close}'?" if close else None
        if isinstance(document.value, dict) and _reach(document.value, ["components", "schemas", path]):
            holds = "definitions" if isinstance(document, UpgradedDocument) else "components/schemas"
            hint = f"did you mean '#/{holds}/{path}'?"
        elif "\\" in path:
            hint = "the parts of a path are separated by '/'"
        return Miss("broken-reference", f"'{reference}' leads nowhere: there is no file '{self._sources.label(file)}'", hint)

    def _inside(self, real: str) -> bool:
        return any(Path(real).is_relative_to(root) for root in self._roots)


def joined(base: str, reference: str) -> str:
    """A URI reference resolved against a base (RFC 3986 section 5); itself where it is none."""
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def _swagger(value: Any) -> bool:
    """Whether a file's value is a document of Swagger 2.0."""
    stated = value.get("swagger") if isinstance(value, dict) and "openapi" not in value else None
    return isinstance(stated, str | float) and _SWAGGER.fullmatch(str(stated)) is not None


def _descend(reference: str, node: Node, pointer: str) -> Node | Miss:
    """The value at a JSON pointer (RFC 6901) under a document's root."""
    if pointer and not pointer.startswith("/"):
        hint = f"did you mean '#/{pointer}'?" if "/" in pointer else "a value is named like '#/components/schemas/NAME'"
        return Miss("broken-reference", f"'{reference}' is no JSON pointer: what follows '#' starts with '/'", hint)
    tokens = tokens_of(pointer)
    root = node.value
    for number, token in enumerate(tokens):
        child = node.step(token)
        if child is None:
            message = f"'{reference}' leads nowhere: {_named(node)} has no '{token}'"
            return Miss("broken-reference", message, _suggest(root, node, reference, tokens, number))
        node = child
    return node


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
        close = closest(tokens[at], node.value)
        if close is not None:
            return f"did you mean '{address}#{pointer_of([*tokens[:at], close, *tokens[at + 1 :]])}'?"
    components = root.get("components") if isinstance(root, dict) else None
    if isinstance(components, dict):
        for section, members in components.items():
            if isinstance(members, dict) and tokens[-1] in members:
                return f"did you mean '{address}#{pointer_of(['components', section, tokens[-1]])}'?"
    if isinstance(node.value, dict) and 0 < len(node.value) <= 12:
        return "there are: " + ", ".join(sorted(node.value))
    return None

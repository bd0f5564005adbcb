"""An XML document as a tree of elements: no DTD, no entities of its own, no encoding that parsers could argue about.

Stricter on purpose than XML 1.0 wherever a parser that the service uses may do more than this one: a document type
declaration is refused, whatever it says (that ends external entities, entity expansion and default attributes), and so
is every encoding that is not one of a few, or not the one that the Content-Type names (RFC 7303 section 3).
"""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from specgw.policies.validation.escapes import Malformed

# Reading an element or attribute costs a few microseconds; for a body of the size limit that would be a second.
MAX_NODES = 20_000

# Between URI and local name; no URI holds it.
_SEPARATOR = " "
_ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "us-ascii", "ascii": "us-ascii", "iso-8859-1": "iso-8859-1", "utf-16": "utf-16",
}  # fmt: skip

SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"


class Element:
    """An element: its name, its attributes by (namespace, name), and what it holds."""

    __slots__ = ("_pieces", "attributes", "children", "name", "namespace")

    def __init__(self, namespace: str, name: str, attributes: dict[tuple[str, str], str]) -> None:
        self.namespace = namespace
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self._pieces: list[str] = []

    def add(self, data: str) -> None:
        """Take character data."""
        self._pieces.append(data)

    @property
    def text(self) -> str:
        """All character data directly inside of it."""
        return "".join(self._pieces)


class _Builder:
    def __init__(self, max_depth: int) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._left = MAX_NODES
        self._max_depth = max_depth

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._left -= 1 + len(attributes)
        if self._left < 0:
            raise Malformed("syntax", f"has more than {MAX_NODES} elements and attributes")
        if len(self._open) >= self._max_depth:
            raise Malformed("syntax", f"is nested deeper than {self._max_depth} levels")
        element = Element(*_split(tag), {_split(name): value for name, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, tag: str) -> None:
        self._open.pop()

    def text(self, data: str) -> None:
        self._open[-1].add(data)


def charset_of(name: str | None) -> str | None:
    """The encoding that a charset parameter means, as expat calls it; None where it is not read here."""
    return _ENCODINGS.get((name or "utf-8").lower())


def read(body: bytes, charset: str | None, max_depth: int) -> Element:
    """The root element. `charset` is what the Content-Type says, None where it says nothing. Raises `Malformed`."""
    parser: Any = expat.ParserCreate(None if charset is None else charset_of(charset), _SEPARATOR)
    parser.buffer_text = True
    builder = _Builder(max_depth)

    def declaration(version: str, encoding: str | None, standalone: int) -> None:
        if version != "1.0":
            raise Malformed("syntax", "declares another version than XML 1.0")
        if encoding is None:
            return
        declared = charset_of(encoding)
        if declared is None:
            raise Malformed("encoding", "declares an encoding that is not read here")
        if charset is not None and declared != charset_of(charset):
            raise Malformed("encoding", "declares another encoding than its Content-Type")

    def doctype(*_: object) -> None:
        raise Malformed("syntax", "must not have a document type declaration")

    parser.XmlDeclHandler = declaration
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        where = f"at line {error.lineno} column {error.offset + 1}"
        raise Malformed("syntax", f"is not well-formed XML: {expat.ErrorString(error.code)} {where}") from None
    except (LookupError, ValueError):
        # Encodings that only Python knows are asked for before the declaration is told.
        raise Malformed("encoding", "declares an encoding that is not read here") from None
    assert builder.root is not None, "expat takes no document without a root element"
    return builder.root


def _split(name: str) -> tuple[str, str]:
    namespace, separator, local = name.rpartition(_SEPARATOR)
    return (namespace, local) if separator else ("", name)

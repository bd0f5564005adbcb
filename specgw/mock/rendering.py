"""Values as bodies, fields and XML: how what an example or a schema says is written in each media type."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape, quoteattr

import msgspec

from specgw.plan.sandbox import MockContent
from specgw.plan.xml import Xml, XmlNode

BOUNDARY = "specgw-sandbox-boundary"
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
_FILES = {
    "image/png": _PIXEL,
    "image/gif": b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
    "application/zip": b"PK\x05\x06" + b"\x00" * 18,
}
_SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def json_text(value: Any) -> str:
    """A value as compact JSON. What has no UTF-8 form (a lone surrogate) is replaced."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json_text(_encodable(value))


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    return {_encodable(key): _encodable(member) for key, member in value.items()} if isinstance(value, dict) else value


def plain(value: Any) -> str:
    """A value as text: strings as they are, everything else as JSON."""
    return value if isinstance(value, str) else json_text(value)


def parameter_text(value: Any, *, explode: bool = False) -> str:
    """A value in the style `simple` (OpenAPI section "Style Values", RFC 6570 section 3.2.2)."""
    if isinstance(value, list):
        return ",".join(map(plain, value))
    if isinstance(value, dict):
        return ",".join(f"{name}{'=' if explode else ','}{plain(member)}" for name, member in value.items())
    return plain(value)


def rendered(value: Any, content: MockContent) -> bytes:
    """A value as the body of its media type."""
    kind = content.kind
    if kind == "json":
        text = json_text(value)
    elif kind == "xml":
        text = xml_text(value, content.xml)
    elif kind == "urlencoded":
        text = urlencode([(name, plain(member)) for name, member in _members(value)], quote_via=quote)
    elif kind == "multipart":
        text = "".join(_part(name, member) for name, member in _members(value)) + f"--{BOUNDARY}--\r\n"
    elif kind in ("lines", "sequence", "events"):
        text = "".join(_item(item, kind) for item in (value if isinstance(value, list) else [value]))
    elif kind == "binary" and content.media_type in _FILES:
        return _FILES[content.media_type]
    else:
        text = plain(value)
    return text.encode("utf-8", "replace")


def content_type(content: MockContent) -> str:
    """The Content-Type that is sent with it."""
    if content.kind == "multipart" and "boundary=" not in content.media_type:
        return f"{content.media_type}; boundary={BOUNDARY}"
    return content.media_type


def _members(value: Any) -> list[tuple[str, Any]]:
    """The fields of a form: of a list each item is one."""
    found = []
    for name, member in value.items() if isinstance(value, dict) else [("value", value)]:
        found += [(name, item) for item in member] if isinstance(member, list) else [(name, member)]
    return found


def _part(name: str, member: Any) -> str:
    # OpenAPI section "Encoding Object": objects are JSON unless something else is said.
    content = f"Content-Type: application/json\r\n\r\n{json_text(member)}" if isinstance(member, dict) else f"\r\n{plain(member)}"
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n{content}\r\n'


def _item(item: Any, kind: str) -> str:
    if kind == "events":
        fields = item.items() if isinstance(item, dict) else [("data", item)]
        lines = [f"{name}: {line}\n" for name, member in fields for line in plain(member).split("\n")]
        return "".join(lines) + "\n"
    return f"\x1e{json_text(item)}\n" if kind == "sequence" else f"{json_text(item)}\n"


def xml_text(value: Any, xml: Xml | None) -> str:
    """A value as an XML document, by the rules of its schema; without rules by the names of its properties."""
    nodes = xml.nodes if xml is not None else (XmlNode(),)
    return '<?xml version="1.0" encoding="UTF-8"?>' + "".join(_Writer(nodes).elements(nodes[0], "root", value, ""))


class _Writer:
    """Writes elements by the nodes of a schema; the inverse of what the validation of XML bodies reads."""

    def __init__(self, nodes: tuple[XmlNode, ...]) -> None:
        self._nodes = nodes

    def elements(self, node: XmlNode, name: str, value: Any, around: str) -> list[str]:
        """The element of a value, or several where an array stands in its place."""
        name = _name(node.name or name)
        if isinstance(value, list):
            item = XmlNode() if node.items is None else self._nodes[node.items]
            # The root of a document is one element, whatever the schema says of its array.
            wrapped = node.wrapped or around == ""
            children = [element for member in value for element in self.elements(item, name, member, node.namespace or around or " ")]
            return [self._element(node, name, "", "".join(children), around)] if wrapped else children
        attributes = text = ""
        if isinstance(value, dict):
            for key, member in value.items():
                index = node.properties.get(key, node.additional)
                inner = XmlNode() if index is None else self._nodes[index]
                if inner.kind == "attribute":
                    attributes += f" {_name(inner.name or key)}={quoteattr(_xml_plain(member))}"
                elif inner.kind == "text":
                    text += escape(_xml_plain(member))
                else:
                    text += "".join(self.elements(inner, key, member, node.namespace or around or " "))
        elif value is None:
            attributes = f' xmlns:xsi="{_SCHEMA_INSTANCE}" xsi:nil="true"'
        else:
            text = escape(_xml_plain(value))
        return [self._element(node, name, attributes, text, around)]

    def _element(self, node: XmlNode, name: str, attributes: str, text: str, around: str) -> str:
        if node.namespace is not None and node.namespace != around:
            attributes = f" xmlns={quoteattr(node.namespace)}{attributes}"
        return f"<{name}{attributes}>{text}</{name}>" if text else f"<{name}{attributes}/>"


def _name(name: str) -> str:
    """A name that XML allows."""
    fitting = "".join(character if character.isalnum() or character in "_-." else "_" for character in name)
    return fitting if fitting[:1].isalpha() or fitting[:1] == "_" else f"_{fitting}"


def _xml_plain(value: Any) -> str:
    """Text without the characters that no XML document may hold (XML 1.0 section 2.2)."""
    return "".join(character for character in plain(value) if character in "\t\n\r" or " " <= character not in "\ufffe\uffff")

"""How the values of a schema are written in XML (OpenAPI section "XML Object")."""

from __future__ import annotations

from typing import Literal

from specgw.plan.part import Part


class XmlNode(Part, frozen=True, kw_only=True):
    """What a schema is in an XML document (OpenAPI section "XML Object"); other nodes are meant by their index in `Xml.nodes`.

    `name` None is any name; `namespace` None is none, or the one of the element around it. `types` are those that its text
    may become. `properties` are in this element unless they are attributes or its `text`; `items` are repeated elements in
    the place of this one, or inside of it if it is `wrapped`; `additional` is what elements without a property are.
    """

    kind: Literal["element", "attribute", "text"] = "element"
    name: str | None = None
    namespace: str | None = None
    types: tuple[str, ...] = ()
    properties: dict[str, int] = {}
    additional: int | None = None
    items: int | None = None
    wrapped: bool = False


class Xml(Part, frozen=True, kw_only=True):
    """How XML documents of a type become JSON values; the first node is the root. Schemas may contain themselves."""

    nodes: tuple[XmlNode, ...]

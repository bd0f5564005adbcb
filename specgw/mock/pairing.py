"""Names that examples of a request share with one of a response: which of them a request stands for.

A request is read as validation reads it, by style or media type, against schemas that hold one value each: so 7 and 7.0 are
the same, members of objects have no order, and a form, XML and JSON may say the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec.structs import replace

from specgw.http import parse_media_type
from specgw.plan.model import Content, Parameter, Route
from specgw.plan.sandbox import Pairing
from specgw.policies.base import Exchange
from specgw.policies.validation import xml_text
from specgw.policies.validation.bodies import Bodies, Covered
from specgw.policies.validation.escapes import Malformed
from specgw.policies.validation.fields import by_name, split_cookies, split_pairs
from specgw.policies.validation.media import MediaRanges
from specgw.policies.validation.parameters import HeaderFields, NamedFields, PathValues
from specgw.policies.validation.querystring import querystring
from specgw.policies.validation.validators import Validators

_RESOURCE = "example:/"
_STRUCTURED = frozenset(("xml", "urlencoded", "multipart"))

Matches = Callable[[Exchange], bool]


class Pairings:
    """All names of one operation that a request may stand for."""

    def __init__(self, pairings: Iterable[Pairing], route: Route) -> None:
        # What says most about a request is asked first.
        ordered = sorted(pairings, key=lambda pairing: -len(pairing.parameters) - bool(pairing.bodies))
        self._asked = tuple((pairing.name, tuple(_conditions(pairing, route))) for pairing in ordered)

    def __bool__(self) -> bool:
        return bool(self._asked)

    def names(self, exchange: Exchange) -> tuple[str, ...]:
        """The names of which every example is what came."""
        return tuple(name for name, conditions in self._asked if all(holds(exchange) for holds in conditions))


def _conditions(pairing: Pairing, route: Route) -> Iterable[Matches]:
    values: dict[str, Any] = {}

    def exactly(value: str) -> str:
        """The reference to a schema that one value alone is valid for."""
        name = f"v{len(values)}"
        values[name] = {"const": msgspec.json.decode(value)}
        return f"{_RESOURCE}#/{name}"

    examples = {(location, name): text for location, name, text in pairing.parameters}
    asked: dict[str, list[Parameter]] = {}
    for parameter in route.parameters:
        text = examples.get((parameter.location, parameter.name))
        if text is not None:
            content = None if parameter.content is None else replace(parameter.content, schema=exactly(text))
            asked.setdefault(parameter.location, []).append(replace(parameter, required=True, schema=exactly(text), content=content))
    contents = []
    for content in route.body.content if route.body is not None else ():
        text = pairing.bodies.get(content.media_range)
        if text is not None:
            contents.append(_content(content, exactly(text)))
    validators = Validators({_RESOURCE: values})
    for location, parameters in asked.items():
        yield _parameters(location, parameters, validators, route.max_depth)
    if pairing.bodies:
        yield _body(contents, pairing.bodies, validators, route.max_depth)


def _content(content: Content, reference: str) -> Content:
    media = parse_media_type(content.media_range)
    json = content.schema is None and media is not None and media.json
    return replace(content, kind="json" if json else content.kind, schema=reference, items=None)


def _parameters(location: str, parameters: list[Parameter], validators: Validators, max_depth: int) -> Matches:
    if location == "path":
        path = PathValues(parameters, validators, formats=False, max_depth=max_depth)
        return lambda exchange: path(exchange.path_values) is None
    if location == "header":
        headers = HeaderFields(parameters, validators, formats=False, max_depth=max_depth)
        return lambda exchange: headers(by_name(exchange.headers)) is None
    if location == "querystring":
        whole = querystring(parameters[0], Bodies(validators, formats=False, max_depth=max_depth))
        return lambda exchange: whole(exchange.query) is None
    fields = NamedFields(parameters, validators, formats=False, max_depth=max_depth)
    if location == "cookie":
        return lambda exchange: fields(split_cookies(by_name(exchange.headers).get(b"cookie", b""))) is None

    def query(exchange: Exchange) -> bool:
        try:
            return fields(split_pairs(exchange.query or b"")) is None
        except Malformed:
            return False

    return query


def _body(contents: list[Content], texts: dict[str, str], validators: Validators, max_depth: int) -> Matches:
    """Whether a body is the example of its media type."""
    media = MediaRanges(contents, Bodies(validators, formats=False, max_depth=max_depth).cover)
    literal = {name: value for name, text in texts.items() if isinstance(value := msgspec.json.decode(text), str)}

    def holds(exchange: Exchange) -> bool:
        kind = by_name(exchange.headers).get(b"content-type")
        covered: Covered | None = None if kind is None else media.get(kind)
        if covered is None:
            return False
        body, content = exchange.body or b"", covered.content
        text = literal.get(content.media_range)
        if text is not None and (covered.check is None or content.kind in _STRUCTURED):
            return _same(content.kind, text.encode("utf-8", "surrogatepass"), body)
        return covered.check is not None and covered.check(body) is None

    return holds


def _same(kind: str, example: bytes, body: bytes) -> bool:
    """Whether a body says what an example says that is written as it is sent."""
    try:
        if kind == "xml":
            return bool(_tree(xml_text.read(example, None, 64)) == _tree(xml_text.read(body, None, 64)))
        if kind == "urlencoded":
            return split_pairs(example.strip()) == split_pairs(body)
    except Malformed:
        return False
    return example == body


def _tree(element: xml_text.Element) -> Any:
    text = element.text.strip()
    return element.namespace, element.name, element.attributes, text, [_tree(child) for child in element.children]

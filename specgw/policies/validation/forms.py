"""Form bodies: their fields as one object, each property read as its schema and its Encoding Object say.

urlencoded: a property with style, explode or allowReserved is read like a query parameter; with a JSON content type
its text is a JSON document. Without an encoding, arrays are repeated names, and an object is a JSON document or has its
properties in brackets (`name[property]=value`): both are in use, and they cannot be mistaken for each other. What is
JSON and an array is a JSON document for each item, or one for all of them.

multipart/form-data: a part is JSON, text or bytes by its own Content-Type, which has to be one that the encoding lists.
A part without one is read by its property: as JSON where only an object or array can be meant, otherwise as text.
Bytes are a string with one character a byte, so that `maxLength` counts them. Arrays are repeated parts. From 3.1 on a
property with style, explode or allowReserved is written as in a query, with part names for names and nothing
percent-encoded (3.2.0 appendix C).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from functools import partial
from typing import Any

from specgw.http import MediaType, parse_media_type
from specgw.plan.model import Content, Encoding
from specgw.policies.validation import strict_json
from specgw.policies.validation.escapes import Malformed, escaped, form
from specgw.policies.validation.explain import explain
from specgw.policies.validation.fields import split_pairs
from specgw.policies.validation.media import covers
from specgw.policies.validation.multipart import Part, split_parts
from specgw.policies.validation.parameters import HeaderFields, Wrong
from specgw.policies.validation.scalars import Form, Readings, arrays, objects
from specgw.policies.validation.styles import Deep, Exploded, named
from specgw.policies.validation.validators import Validators
from specgw.problems import Violation

# Reading a field costs a microsecond or two, for a body of the size limit that would be half a second.
MAX_FIELDS = 5000

FieldReader = Callable[[str | list[str]], Readings]

# Where nothing is percent-encoded, delimiters are themselves.
_PART_DELIMITERS: dict[str, str] = {"spaceDelimited": " ", "pipeDelimited": "|"}

_TEXT_CODECS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "iso-8859-1": "latin-1"}


class _FormBody:
    """What both kinds share: the schema of the whole form, and how readings are judged."""

    def __init__(self, content: Content, validators: Validators, *, formats: bool) -> None:
        assert content.schema is not None, "a form without a schema is not read"
        self._validator = validators.get(content.schema, formats=formats)

    def _judge(self, parts: dict[str, Readings], found: list[Violation]) -> Wrong:
        """Violations found while reading, or else those of the object that the properties make."""
        if found:
            return found
        readings = objects(parts)
        for value in readings:
            if self._validator.is_valid(value):
                return None
        return explain(self._validator, readings[0], "body")


class UrlencodedForm(_FormBody):
    """An application/x-www-form-urlencoded body."""

    def __init__(self, content: Content, validators: Validators, *, formats: bool, max_depth: int) -> None:
        super().__init__(content, validators, formats=formats)
        shape = Form(content.shape)
        self._single: dict[str, FieldReader] = {}
        self._gathered: list[tuple[str, Exploded | Deep]] = []
        for name in {**content.shape.properties, **content.encoding}:
            self._add(name, shape.member(name), content.encoding.get(name), max_depth)
        self._other = named(shape.additional, form, "form", explode=True)
        self._claimed = frozenset(self._single).union(*(part.names for _, part in self._gathered if isinstance(part, Exploded)))

    def _add(self, name: str, member: Form, encoding: Encoding | None, max_depth: int) -> None:
        structured = member.known and member.object
        if encoding is not None and encoding.styled:
            if encoding.style == "deepObject":
                self._gathered.append((name, Deep(name, member, form)))
            elif encoding.style == "form" and encoding.explode and structured:
                self._gathered.append((name, Exploded(name, member, form, open_=False)))
            else:
                self._single[name] = named(member, form, encoding.style, explode=encoding.explode)
        elif (encoding is not None and any(_json(text) for text in encoding.content_types)) or structured or _of_objects(member):
            self._single[name] = _json_field(member, max_depth)
            if structured or _of_objects(member):
                self._gathered.append((name, Deep(name, member, form, bare=False)))
        else:
            self._single[name] = named(member, form, "form", explode=True)

    def check(self, body: bytes) -> Wrong:
        """What is wrong with the body."""
        if body.count(b"&") >= MAX_FIELDS:
            return [Violation("body", f"must not have more than {MAX_FIELDS} fields", "syntax")]
        try:
            fields = split_pairs(body)
        except Malformed as malformed:
            return [_violation(malformed)]
        parts: dict[str, Readings] = {}
        found: list[Violation] = []
        deep = [part for _, part in self._gathered if isinstance(part, Deep)]
        for name, raw in fields.items():
            single = self._single.get(name)
            if single is not None:
                _read(name, parts, found, partial(single, raw))
            elif name not in self._claimed and not any(part.claims(name) for part in deep):
                _read(name, parts, found, partial(self._other, raw))
        for name, part in self._gathered:
            _read(name, parts, found, partial(part.take, fields, self._claimed))
        return self._judge(parts, found)


class MultipartForm(_FormBody):
    """A multipart/form-data body."""

    def __init__(self, content: Content, validators: Validators, *, formats: bool, max_depth: int) -> None:
        super().__init__(content, validators, formats=formats)
        self._shape = Form(content.shape)
        self._max_depth = max_depth
        self._ranges: dict[str, tuple[MediaType, ...]] = {}
        self._headers: dict[str, HeaderFields] = {}
        self._styled: dict[str, FieldReader | Exploded | Deep] = {}
        for name, encoding in content.encoding.items():
            if encoding.styled:
                self._styled[name] = _styled_part(name, self._shape.member(name), encoding)
            ranges = tuple(media for text in encoding.content_types if (media := parse_media_type(text)) is not None)
            if ranges:
                self._ranges[name] = ranges
            headers = [header for header in encoding.headers if header.name.lower() != "content-type"]
            if headers:
                self._headers[name] = HeaderFields(headers, validators, formats=formats, max_depth=max_depth)

    def check(self, boundary: str | None, body: bytes) -> Wrong:
        """What is wrong with the body, whose parts are divided by the boundary of its Content-Type."""
        try:
            sent = split_parts(body, boundary)
        except Malformed as malformed:
            return [_violation(malformed)]
        by_name: dict[str, list[Part]] = {}
        for part in sent:
            by_name.setdefault(part.name, []).append(part)
        parts: dict[str, Readings] = {}
        found: list[Violation] = []
        left = self._read_styled(by_name, parts, found) if self._styled else by_name.keys()
        for name, same in by_name.items():
            if name in left:
                _read(name, parts, found, partial(self._property, name, same))
            found += self._part_headers(name, same)
        return self._judge(parts, found)

    def _read_styled(self, by_name: dict[str, list[Part]], parts: dict[str, Readings], found: list[Violation]) -> Set[str]:
        """Read the properties that are written as in a query; the names that are left for the others."""
        fields = {name: texts[0] if len(texts) == 1 else texts for name, same in by_name.items() if (texts := _texts(same)) is not None}
        taken: set[str] = set()
        for name, reader in self._styled.items():
            if isinstance(reader, Exploded | Deep):
                _read(name, parts, found, partial(reader.take, fields, frozenset()))
                taken |= reader.names & by_name.keys() if isinstance(reader, Exploded) else set(filter(reader.claims, by_name))
            elif name in by_name:
                taken.add(name)
                if name in fields:
                    _read(name, parts, found, partial(reader, fields[name]))
        for name in sorted(taken - fields.keys()):
            found.append(Violation("body", f"has a part '{name}' that must be utf-8 text", "encoding"))
        return by_name.keys() - taken

    def _part_headers(self, name: str, same: list[Part]) -> Iterable[Violation]:
        check = self._headers.get(name)
        if check is not None:
            for part in same:
                for wrong in check(part.headers) or ():
                    message = f"header {wrong.name} of the part {wrong.message}"
                    yield Violation("body", message, wrong.keyword, pointer=f"/{escaped(name)}")

    def _property(self, name: str, same: list[Part]) -> Readings:
        member = self._shape.member(name)
        if member.array and (member.known or len(same) > 1):
            items = [self._part(part, name, member.items) for part in same]
            whole = items[0]
            if len(same) == 1 and len(whole) == 1 and isinstance(whole[0], list) and not (member.items.known and member.items.array):
                return whole  # one JSON part that holds the whole array
            if len(same) > 1 or not member.scalars:
                return arrays(items)
            return [*arrays(items), *self._part(same[0], name, member)]
        if len(same) > 1:
            raise Malformed("style", "must be given only once")
        return self._part(same[0], name, member)

    def _part(self, part: Part, name: str, member: Form) -> Readings:
        ranges = self._ranges.get(name)
        media = part.content_type
        if ranges is not None:
            if media is not None and not any(covers(media_range, media, loose=True) for media_range in ranges):
                allowed = ", ".join(media_range.essence for media_range in ranges)
                raise Malformed("mediaType", f"must be a part of type {allowed}")
            if media is None and "*" not in (ranges[0].type, ranges[0].subtype):
                media = ranges[0]
        if media.json if media is not None else member.known and not member.scalars:
            return self._json(part, member)
        if media is None or media.type == "text":
            return self._text(part, media, member)
        return (part.data.decode("latin-1"),)

    def _json(self, part: Part, member: Form) -> Readings:
        # Where a string is admitted, the part may be a JSON file that is taken as it is.
        as_text = member.known and member.text
        try:
            value = strict_json.read(part.data, self._max_depth)
        except strict_json.Unreadable as unreadable:
            if as_text:
                return (part.data.decode("utf-8", "replace"),)
            raise Malformed("syntax", str(unreadable)) from None
        return (value, part.data.decode("utf-8")) if as_text else (value,)

    def _text(self, part: Part, media: MediaType | None, member: Form) -> Readings:
        charset = None if media is None else media.parameter("charset")
        codec = _TEXT_CODECS.get((charset or "utf-8").lower())
        if codec is None:
            raise Malformed("encoding", "has a charset that is not read here")
        try:
            return member.scalar(part.data.decode(codec))
        except UnicodeDecodeError:
            if media is None and part.filename is not None:
                return (part.data.decode("latin-1"),)
            raise Malformed("encoding", f"must be {codec} text") from None


def _read(name: str, parts: dict[str, Readings], found: list[Violation], take: Callable[[], Readings | None]) -> None:
    """Add the readings of one property, or what is wrong with it."""
    try:
        readings = take()
    except Malformed as malformed:
        found.append(_violation(malformed, f"/{escaped(name)}"))
        return
    if readings is not None:
        if name in parts:
            found.append(Violation("body", "must be written in one way only", "style", pointer=f"/{escaped(name)}"))
        parts[name] = readings


def _violation(malformed: Malformed, pointer: str = "") -> Violation:
    return Violation("body", malformed.message, malformed.keyword, pointer=pointer + malformed.pointer)


def _json(text: str) -> bool:
    media = parse_media_type(text)
    return media is not None and media.json


def _json_value(text: bytes, max_depth: int) -> Readings:
    try:
        return (strict_json.read(text, max_depth),)
    except strict_json.Unreadable as unreadable:
        raise Malformed("syntax", str(unreadable)) from None


def _json_field(member: Form, max_depth: int) -> FieldReader:
    array = member.known and member.array

    def document(raw: str) -> Any:
        return _json_value(form(raw).encode("utf-8"), max_depth)[0]

    def read(raw: str | list[str]) -> Readings:
        if not isinstance(raw, str):
            if not array:
                raise Malformed("style", "must be given only once")
            return ([document(item) for item in raw],)
        value = document(raw)
        if not array or (isinstance(value, list) and not (member.items.known and member.items.array)):
            return (value,)
        return ([value], value)

    return read


def _of_objects(member: Form) -> bool:
    """Whether a property is an array of objects: "application/json" each, where no encoding says otherwise."""
    items = member.items
    return member.known and member.array and not member.text and items.known and items.object and not items.text


def _styled_part(name: str, member: Form, encoding: Encoding) -> FieldReader | Exploded | Deep:
    if encoding.style == "deepObject":
        return Deep(name, member, str)
    if encoding.style == "form" and encoding.explode and member.known and member.object:
        return Exploded(name, member, str, open_=False)
    delimiter = _PART_DELIMITERS.get(encoding.style, ",")
    return named(member, str, encoding.style, explode=encoding.explode, split=lambda text: text.split(delimiter))


def _texts(same: list[Part]) -> list[str] | None:
    try:
        return [part.data.decode("utf-8") for part in same]
    except UnicodeDecodeError:
        return None

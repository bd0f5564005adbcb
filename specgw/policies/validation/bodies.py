"""A whole body against its entry of the `content` map, by the kind of its media type."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from specgw.http import MediaType
from specgw.plan.model import Content
from specgw.policies.validation import strict_json
from specgw.policies.validation.explain import explain
from specgw.policies.validation.forms import MultipartForm, UrlencodedForm
from specgw.policies.validation.parameters import Wrong
from specgw.policies.validation.scalars import Form
from specgw.policies.validation.sequences import sequence
from specgw.policies.validation.validators import Validators
from specgw.policies.validation.xml_bodies import XmlBody
from specgw.policies.validation.xml_text import charset_of
from specgw.problems import Violation

BodyCheck = Callable[[bytes], Wrong]

# RFC 8259 section 8.1: JSON between systems is UTF-8; ASCII is a part of it.
_JSON_CHARSETS = frozenset(("utf-8", "utf8", "us-ascii", "ascii"))
# Charsets of text that are decoded exactly; by the names that Python's codecs settle on.
_TEXT_CHARSETS = frozenset(("utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-16-be", "utf-16-le"))


@dataclass(frozen=True, slots=True)
class Covered:
    """What is done about a body whose type the contract covers.

    `check` None: nothing, it may stream. `refusal`: the type is covered, but not in the charset that it names.
    """

    content: Content
    check: BodyCheck | None = None
    refusal: str | None = None


class Bodies:
    """Makes the checks of the bodies of one route."""

    __slots__ = ("_formats", "_max_depth", "_multipart", "_reads_all", "_validators")

    def __init__(self, validators: Validators, *, formats: bool, max_depth: int, reads_all: bool = False) -> None:
        """`reads_all`: JSON is read even where every value would do, so that no reader finds another one in the same text."""
        self._validators = validators
        self._reads_all = reads_all
        self._formats = formats
        self._max_depth = max_depth
        self._multipart: dict[str, MultipartForm] = {}

    def prepare(self, content: Content) -> None:
        """Have the schema compiled at activation, so that the first request does not pay for it and a bad reference shows."""
        for reference in (content.schema, content.items):
            if reference is not None:
                self._validators.get(reference, formats=self._formats)

    def cover(self, media: MediaType, content: Content) -> Covered:
        """What is done about a body of this type under this entry."""
        if content.items is not None or content.kind in ("lines", "sequence", "events"):
            return self._sequence(media, content)
        if content.schema is None and not (self._reads_all and media.json):
            return Covered(content)
        kind = "json" if content.schema is None else _kind(media, content)
        if kind == "opaque":
            return Covered(content)
        charset = media.parameter("charset")
        if kind == "json":
            if charset is not None and charset.lower() not in _JSON_CHARSETS:
                return Covered(content, refusal="JSON is read as UTF-8 only")
            return Covered(content, self._json(content.schema))
        if kind == "multipart":
            return self._multipart_form(media, content)
        if kind == "xml":
            return self._xml(charset, content)
        encoding = _codec(charset or "utf-8")
        if encoding is None:
            return Covered(content, refusal="this charset is not read here")
        if kind == "text":
            return Covered(content, self._text(content, encoding))
        if encoding != "utf-8":
            return Covered(content, refusal="forms are read as UTF-8 only")
        form = UrlencodedForm(content, self._validators, formats=self._formats, max_depth=self._max_depth)
        return Covered(content, form.check)

    def _multipart_form(self, media: MediaType, content: Content) -> Covered:
        if media.subtype != "form-data":
            # The parts of other multipart types have no names that a schema could speak of (RFC 2046 section 5.1).
            return Covered(content)
        form = self._multipart.get(content.media_range)
        if form is None:
            form = MultipartForm(content, self._validators, formats=self._formats, max_depth=self._max_depth)
            self._multipart[content.media_range] = form
        return Covered(content, partial(form.check, media.parameter("boundary")))

    def _xml(self, charset: str | None, content: Content) -> Covered:
        if charset_of(charset) is None:
            return Covered(content, refusal="XML is not read in this charset")
        body = XmlBody(content, self._validators, formats=self._formats, max_depth=self._max_depth)
        return Covered(content, partial(body.check, charset))

    def _sequence(self, media: MediaType, content: Content) -> Covered:
        whole, items = (
            None if reference is None else self._validators.get(reference, formats=self._formats)
            for reference in (content.schema, content.items)
        )
        if whole is None and items is None:
            return Covered(content)
        charset = media.parameter("charset")
        if charset is not None and charset.lower() not in _JSON_CHARSETS:
            return Covered(content, refusal="sequences are read as UTF-8 only")
        return Covered(content, sequence(content.kind, whole, items, self._max_depth))

    def _json(self, schema: str | None) -> BodyCheck:
        read = strict_json.read
        max_depth = self._max_depth
        if schema is None:

            def any_value(body: bytes) -> Wrong:
                try:
                    read(body, max_depth)
                except strict_json.Unreadable as unreadable:
                    return [Violation("body", str(unreadable), "syntax")]
                return None

            return any_value
        validator = self._validators.get(schema, formats=self._formats)
        accepts = validator.is_valid

        def check(body: bytes) -> Wrong:
            try:
                value = read(body, max_depth)
            except strict_json.Unreadable as unreadable:
                return [Violation("body", str(unreadable), "syntax")]
            return None if accepts(value) else explain(validator, value, "body")

        return check

    def _text(self, content: Content, encoding: str) -> BodyCheck:
        assert content.schema is not None, "text without a schema is not read"
        validator = self._validators.get(content.schema, formats=self._formats)
        accepts = validator.is_valid
        scalar = Form(content.shape).scalar

        def check(body: bytes) -> Wrong:
            try:
                readings = scalar(body.decode(encoding))
            except UnicodeError:
                return [Violation("body", f"is not {encoding} text", "encoding")]
            if any(accepts(value) for value in readings):
                return None
            return explain(validator, readings[0], "body")

        return check


def _kind(media: MediaType, content: Content) -> str:
    """The kind of the entry; under a range like `*/*`, JSON that the client names is checked as JSON.

    Not so where the schema wants a string: that is how documents write "any bytes".
    """
    if content.kind == "opaque" and "*" in content.media_range and media.json and content.shape.types != ("string",):
        return "json"
    return content.kind


def _codec(charset: str) -> str | None:
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return None
    return name if name in _TEXT_CHARSETS else None

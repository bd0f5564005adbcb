"""Which entry of a `content` map covers a body, by its Content-Type (OpenAPI "Media Type Object", RFC 9110 section 12.5.1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from specgw.http import MediaType, parse_media_type
from specgw.plan.model import Content

Covered = TypeVar("Covered")

# Content-Type values of one route that are remembered; clients send few, and who sends many gains nothing.
_REMEMBERED = 32


class MediaRanges(Generic[Covered]):
    """What is done about a body of each Content-Type: the most specific media range that covers it decides.

    `decide` is asked once for a type that clients use often.
    """

    __slots__ = ("_decide", "_entries", "_known", "allowed")

    def __init__(self, content: Sequence[Content], decide: Callable[[MediaType, Content], Covered]) -> None:
        ranges = [(media, entry) for entry in content if (media := parse_media_type(entry.media_range)) is not None]
        self._entries = sorted(ranges, key=lambda item: _specificity(item[0]), reverse=True)
        self._decide = decide
        self._known: dict[bytes, Covered | None] = {}
        self.allowed = ", ".join(entry.media_range for entry in content)
        """The media ranges in the words of the document, for messages."""

    def get(self, value: bytes) -> Covered | None:
        """What `decide` said about a Content-Type value; None when no range covers it.

        A value that is no media type (as when the field was sent twice) is covered by nothing.
        """
        if value in self._known:
            return self._known[value]
        media = parse_media_type(value.decode("latin-1").strip(" \t"))
        if media is None:
            return None
        entry = self._covering(media) or self._covering(media, loose=True)
        decided = None if entry is None else self._decide(media, entry)
        # A boundary is new in every request.
        if len(self._known) < _REMEMBERED and media.type != "multipart":
            self._known[value] = decided
        return decided

    def _covering(self, media: MediaType, *, loose: bool = False) -> Content | None:
        return next((entry for media_range, entry in self._entries if covers(media_range, media, loose=loose)), None)


def covers(media_range: MediaType, media: MediaType, *, loose: bool = False) -> bool:
    """Whether a media type lies in a range: `*/*`, `text/*`, `application/*+json`, or the type with these parameters.

    Parameters of the range have to be there; those of the type that the range does not name make no difference. With `loose`
    the charset of JSON does not, either: JSON has none ("adding one really has no effect", RFC 8259 section 11).
    """
    if media_range.type not in ("*", media.type):
        return False
    subtype = media_range.subtype
    if subtype.startswith("*+"):
        if not media.subtype.endswith(subtype[1:]):
            return False
    elif subtype not in ("*", media.subtype):
        return False
    unsaid = "charset" if loose and media_range.json else None
    return all(_same(name, value, media.parameter(name)) for name, value in media_range.parameters if name != unsaid)


def _same(name: str, expected: str, value: str | None) -> bool:
    if value is None:
        return False
    # RFC 9110 section 8.3.2: charset names compare without case; other values may not.
    return value.lower() == expected.lower() if name == "charset" else value == expected


def _specificity(media_range: MediaType) -> tuple[int, int]:
    if media_range.type == "*":
        level = 0
    elif media_range.subtype == "*":
        level = 1
    elif media_range.subtype.startswith("*+"):
        level = 2
    else:
        level = 3
    return level, len(media_range.parameters)

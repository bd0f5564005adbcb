"""What a client asks for beside the request itself: `Prefer` (RFC 7240) and `Accept` (RFC 9110 section 12.5.1).

Neither can make a request invalid: what cannot be read is as if it had not been sent.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from specgw.http import MediaType, parse_media_type
from specgw.policies.validation.media import covers

# Section 2: preference = token [ BWS "=" BWS word ] *( OWS ";" [ OWS parameter ] ); word = token / quoted-string.
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_QUOTED = r"\"(?:[^\"\\]|\\.)*\""
_WORD = rf"(?:[^\s,;\"=]+|{_QUOTED})"
_PREFERENCE = re.compile(rf"[ \t]*({_TOKEN})[ \t]*(?:=[ \t]*({_WORD}|))?[ \t]*(?:;[^,\"]*(?:{_QUOTED}[^,\"]*)*)?")
_QVALUE = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_DELAY = re.compile(r"([0-9]{1,6})(ms|s)?")
LONGEST_DELAY = 30.0
"""Seconds that a client may ask to wait."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What `Prefer` says, as far as the sandbox knows it."""

    code: int | None = None
    example: str | None = None
    dynamic: bool | None = None
    seed: str | None = None
    delay: float = 0.0


NONE = Preferences()


def read_preferences(value: bytes, query: Mapping[str, str] | None = None) -> Preferences:
    """What a field says; where something is said twice the first counts (RFC 7240 section 2).

    `query` is what the query string says in the same words (`in_query`); the field counts before it.
    """
    said: dict[str, str] = {}
    for name, word in pairs(value.decode("latin-1")):
        said.setdefault(name.lower(), word)
    for name, word in (query or {}).items():
        said.setdefault(name, word)
    code, seed, delay = said.get("code", ""), said.get("seed"), _DELAY.fullmatch(said.get("delay", ""))
    seconds = 0.0 if delay is None else int(delay[1]) / (1 if delay[2] == "s" else 1000)
    return Preferences(
        code=int(code) if re.fullmatch("[1-5][0-9]{2}", code) else None,
        example=said.get("example") or None,
        dynamic={"true": True, "": True, "false": False}.get(said["dynamic"].lower()) if "dynamic" in said else None,
        seed=seed or None,
        delay=min(seconds, LONGEST_DELAY),
    )


IN_QUERY = frozenset(f"__{name}" for name in ("code", "example", "dynamic", "seed", "delay"))
"""Query parameters that say the same as `Prefer`, for URLs that are opened in a browser."""


def in_query(query: bytes, own: Container[str] = ()) -> dict[str, str]:
    """The preferences in a query string, but for parameters that are the operation's `own`; what cannot be read is passed over."""
    said: dict[str, str] = {}
    for piece in query.split(b"&"):
        name, _, text = piece.decode("latin-1").partition("=")
        if name in IN_QUERY and name not in own:
            said.setdefault(name[2:], unquote_plus(text))
    return said


def pairs(text: str) -> list[tuple[str, str]]:
    """The preferences of a field, in order; pieces that are none are passed over."""
    found = []
    for piece in _pieces(text):
        match = _PREFERENCE.fullmatch(piece)
        if match is not None:
            word = match[2] or ""
            found.append((match[1], re.sub(r"\\(.)", r"\1", word[1:-1]) if word[:1] == '"' else word))
    return found


def _pieces(text: str) -> list[str]:
    """Split at commas that stand outside of quotes."""
    found, quoted, escaped, begin = [], False, False, 0
    for index, character in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            found.append(text[begin:index])
            begin = index + 1
    return [*found, text[begin:]]


Accepted = tuple[tuple[MediaType, float], ...]


def read_accept(value: bytes) -> Accepted | None:
    """The media ranges with their weights, in order; None where every one would do: nothing that can be read was sent."""
    found: list[tuple[MediaType, float]] = []
    for piece in _pieces(value.decode("latin-1")):
        media = parse_media_type(piece)
        if media is None:
            continue
        weight = media.parameter("q")
        if weight is not None and not _QVALUE.fullmatch(weight):
            continue
        parameters = tuple(pair for pair in media.parameters if pair[0] != "q")
        found.append((MediaType(media.type, media.subtype, parameters), 1.0 if weight is None else float(weight)))
    return tuple(found) or None


def best(accepted: Accepted | None, offered: list[MediaType | None]) -> int | None:
    """The index of the media type that the client likes best, the first of equals; None where it wants none of them."""
    if accepted is None:
        return 0 if offered else None
    weights = [0.0 if media is None else _weight(accepted, media) for media in offered]
    top = max(weights, default=0.0)
    return weights.index(top) if top > 0 else None


def _weight(accepted: Accepted, media: MediaType) -> float:
    """The weight of the most specific range that covers a type (section 12.5.1)."""
    weight, rank = 0.0, (-1, 0)
    for media_range, value in accepted:
        if covers(media_range, media, loose=True):
            specific = (0 if media_range.type == "*" else 1 if media_range.subtype == "*" else 2, len(media_range.parameters))
            if specific > rank:
                weight, rank = value, specific
    return weight

"""Path templates (OpenAPI section "Path Templating"): `/users/{id}`, `/reports/report-{id}.json`, `/pairs/{a}.{b}`.

A template is a row of segments. Each is a literal, a parameter, or mixed: literal text and parameters together.
Literals compare percent-decoded (RFC 3986 section 6.2.2.2), captured values are slices of the raw path. A parameter
takes one or more characters, and never the slash between two segments. Where a mixed segment could be split in
several ways, each parameter from the left is as short as possible.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote_to_bytes

_EXPRESSION = re.compile(r"\{([^{}]*)\}")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")

FILLER = "x"
"""What a witness puts where any character would do."""


class TemplateError(ValueError):
    """A path template that no request could ever match, or that has no meaning; the text says why."""


def decode(raw: str) -> str:
    """Percent-decode ASCII text as UTF-8. Raises UnicodeDecodeError for escapes that are not UTF-8 (overlong ones too)."""
    return unquote_to_bytes(raw).decode()


def _offsets(raw: str) -> tuple[str, list[int]]:
    """The decoded text, and for each of its characters (and its end) the position in the raw text."""
    characters: list[str] = []
    offsets: list[int] = []
    position = 0
    for run in _ESCAPES.finditer(raw):
        for index in range(position, run.start()):
            characters.append(raw[index])
            offsets.append(index)
        index = run.start()
        for character in unquote_to_bytes(run[0]).decode():
            characters.append(character)
            offsets.append(index)
            index += 3 * len(character.encode())
        position = run.end()
    for index in range(position, len(raw)):
        characters.append(raw[index])
        offsets.append(index)
    offsets.append(len(raw))
    return "".join(characters), offsets


@dataclass(frozen=True, slots=True)
class Segment:
    """What stands between two slashes: decoded `literals` around the parameters `names`, one more than these.

    A literal segment has one literal and no name; a parameter segment has two empty literals and one name.
    """

    literals: tuple[str, ...]
    names: tuple[str, ...] = ()

    @property
    def literal(self) -> bool:
        """Whether it has no parameter."""
        return not self.names

    @property
    def parameter(self) -> bool:
        """Whether it is one parameter and nothing else."""
        return self.literals == ("", "")

    @property
    def mixed(self) -> bool:
        """Whether it is neither a literal nor a single parameter."""
        return bool(self.names) and not self.parameter

    def spans(self, text: str) -> list[tuple[int, int]] | None:
        """Where each parameter stands in the decoded text of a segment; None when it does not match.

        Taking every inner literal at its first occurrence is both the leftmost-shortest split and never misses a
        match, so there is no backtracking: the cost is linear for whatever a client sends.
        """
        literals = self.literals
        if not self.names:
            return [] if text == literals[0] else None
        first, last = literals[0], literals[-1]
        if not (text.startswith(first) and text.endswith(last)):
            return None
        end = len(text) - len(last)
        position = len(first)
        if len(literals) == 2:
            return [(position, end)] if position < end else None
        spans = []
        for literal in literals[1:-1]:
            found = text.find(literal, position + 1, end)
            if found < 0:
                return None
            spans.append((position, found))
            position = found + len(literal)
        if position >= end:
            return None
        spans.append((position, end))
        return spans

    def values(self, raw: str) -> tuple[str, ...] | None:
        """The raw slices that the parameters take of a raw segment; None when it does not match."""
        if "%" not in raw:
            spans = self.spans(raw)
            return None if spans is None else tuple(raw[start:end] for start, end in spans)
        text, offsets = _offsets(raw)
        spans = self.spans(text)
        return None if spans is None else tuple(raw[offsets[start] : offsets[end]] for start, end in spans)


@dataclass(frozen=True)
class Template:
    """A parsed path template. `/` has one segment, the empty literal; `/a/` has two."""

    text: str
    segments: tuple[Segment, ...]

    @cached_property
    def key(self) -> tuple[tuple[str, ...], ...]:
        """The same for templates that differ only in the names of their parameters or in how literals are escaped."""
        return tuple(segment.literals for segment in self.segments)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of its parameters, from left to right."""
        return tuple(name for segment in self.segments for name in segment.names)

    def match(self, path: str) -> dict[str, str] | None:
        """Raw parameter values of a raw path that this template matches as a whole, else None.

        Paths that `paths.verdict` refuses are not asked for. This looks at one template only; requests go through
        `table.RouteTable`.
        """
        parts = path.split("/")[1:]
        if len(parts) != len(self.segments):
            return None
        values: dict[str, str] = {}
        for segment, part in zip(self.segments, parts, strict=True):
            taken = segment.values(part)
            if taken is None:
                return None
            values.update(zip(segment.names, taken, strict=True))
        return values


def parse(text: str) -> Template:
    """Parse a path template. Raises TemplateError where no request can ever match it, or a parameter has no clear name."""
    if not text.startswith("/"):
        raise TemplateError("it has to begin with '/'")
    segments: list[Segment] = []
    literals: list[str] = []
    names: list[str] = []
    position = 1
    for expression in [*_EXPRESSION.finditer(text), None]:
        plain = text[position : expression.start() if expression else len(text)]
        if "{" in plain or "}" in plain:
            raise TemplateError("it has a '{' or '}' without its partner")
        *complete, rest = plain.split("/")
        for piece in complete:
            segments.append(_segment([*literals, piece], names))
            literals, names = [], []
        literals.append(rest)
        if expression is None:
            break
        if not expression[1]:
            raise TemplateError("it has a parameter without a name: '{}'")
        names.append(expression[1])
        position = expression.end()
    segments.append(_segment(literals, names))
    if any(segment.literals == ("",) for segment in segments[:-1]):
        raise TemplateError("it has an empty segment, '//'")
    template = Template(text, tuple(segments))
    repeated = {name for name in template.names if template.names.count(name) > 1}
    if repeated:
        raise TemplateError(f"it has the parameter '{min(repeated)}' more than once")
    return template


def _segment(literals: list[str], names: list[str]) -> Segment:
    decoded = []
    for literal in literals:
        for character, name in (("?", "query"), ("#", "fragment")):
            if character in literal:
                raise TemplateError(f"it holds '{character}': a {name} is not part of a path")
        if _BAD_ESCAPE.search(literal):
            raise TemplateError("it has a '%' that is not followed by two hexadecimal digits")
        try:
            text = decode(literal)
        except UnicodeDecodeError:
            raise TemplateError("it has percent-escapes that are not UTF-8") from None
        if "/" in text:
            raise TemplateError("it has an encoded slash outside of a parameter")
        if "\\" in text or "\0" in text:
            raise TemplateError("it has a backslash or a NUL, which no request may have")
        decoded.append(text)
    if not names and decoded[0].split(";")[0] in (".", ".."):
        raise TemplateError("it has a dot segment")
    return Segment(tuple(decoded), tuple(names))


def witness(first: Template, second: Template) -> str | None:
    """A raw path that both templates match, as short as can be; None when there is none."""
    if len(first.segments) != len(second.segments):
        return None
    parts = []
    for one, other in zip(first.segments, second.segments, strict=True):
        text = _common(one, other)
        if text is None:
            return None
        parts.append(quote(text, safe="!$&'()*+,;=:@-._~"))
    return "/" + "/".join(parts)


def _common(one: Segment, other: Segment) -> str | None:
    """A segment that both match, searched breadth-first over the positions in both patterns."""
    if one.literal or other.literal:
        literal, pattern = (one, other) if one.literal else (other, one)
        return literal.literals[0] if pattern.spans(literal.literals[0]) is not None else None
    left, right = _pattern(one), _pattern(other)
    queue: deque[tuple[int, int, str]] = deque([(0, 0, "")])
    seen = {(0, 0)}
    while queue:
        at_left, at_right, text = queue.popleft()
        for next_left, wanted_left in _steps(left, at_left):
            for next_right, wanted_right in _steps(right, at_right):
                if wanted_left and wanted_right and wanted_left != wanted_right:
                    continue
                longer = text + (wanted_left or wanted_right or FILLER)
                if _ends(left, next_left) and _ends(right, next_right) and longer.split(";")[0] not in (".", ".."):
                    return longer
                if (next_left, next_right) not in seen:
                    seen.add((next_left, next_right))
                    queue.append((next_left, next_right, longer))
    return None


# A pattern is a list of characters, ANY for one of any kind, MORE for any number of them.
_ANY, _MORE = "", "more"


def _pattern(segment: Segment) -> list[str]:
    pattern = list(segment.literals[0])
    for literal in segment.literals[1:]:
        pattern += [_ANY, _MORE, *literal]
    return pattern


def _steps(pattern: list[str], at: int) -> list[tuple[int, str]]:
    """Each way to take one character at a position: where it leads and which character it has to be ("" for any)."""
    steps: list[tuple[int, str]] = []
    while at < len(pattern) and pattern[at] == _MORE:
        steps.append((at, _ANY))
        at += 1
    if at < len(pattern):
        steps.append((at + 1, pattern[at]))
    return steps


def _ends(pattern: list[str], at: int) -> bool:
    return all(item == _MORE for item in pattern[at:])

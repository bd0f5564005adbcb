"""Which response an operation is answered with, and its bytes: the choice as users of Prism know it.

Status: the one that is asked for; else the lowest 2xx, else `default`, else the lowest of the others. Content: the media type
that the client likes best. Body: the example that is asked for, the one whose name examples of the request share, the
first one; where there is none, or a dynamic answer is asked for, a value made from the schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from msgspec import structs

from specgw.http import parse_media_type
from specgw.mock.fitting import MISFIT
from specgw.mock.generation import Generator, Impossible
from specgw.mock.manner import USUAL, Manner
from specgw.mock.preferences import NONE, Accepted, Preferences, best
from specgw.mock.refusals import in_words
from specgw.mock.rendering import content_type, parameter_text, rendered
from specgw.plan.model import Edits
from specgw.plan.sandbox import Mock, MockContent, MockExample, MockHeader, MockResponse
from specgw.policies.base import Reply
from specgw.policies.edits import edited
from specgw.problems import NO_MOCK, NO_SUCH_MOCK, NOT_ACCEPTABLE, Problem

_REMEMBERED = 256
"""Prepared answers of one operation that are kept."""
BODILESS = frozenset((204, 205, 304))
# RFC 9110 section 15.2: interim answers are not final ones.
_FIRST_FINAL = 200
_UNDESCRIBED = Reply(200, (), b"")
"""The answer of an operation that declares no final response (OpenAPI 3.1 section "Operation Object": `responses` is optional)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a request decides its answer."""

    preferences: Preferences = NONE
    accepted: Accepted | None = None
    names: tuple[str, ...] = ()
    """Examples that the request itself stands for."""
    identity: str = ""
    """What makes the request the same as another one: dynamic answers come from it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An answer with what was done about the client's wishes."""

    reply: Reply
    applied: tuple[str, ...] = field(default=())


class Responder:
    """Answers the requests of one operation."""

    def __init__(
        self,
        mock: Mock,
        responses: Mapping[str, MockResponse],
        generator: Generator,
        *,
        name: str,
        manner: Manner = USUAL,
        edits: Edits | None = None,
    ) -> None:
        """`edits` are those of the fields that the service's answers get."""
        self._edits = edits
        self._name = f"{name}/{manner.seed}" if manner.seed else name
        self._manner = manner
        self._generator = generator
        self._by_status = {status: responses[key] for status, key in mock.responses.items() if key in responses}
        if not manner.examples:
            self._by_status = {status: _without_examples(response) for status, response in self._by_status.items()}
        self._offers = {
            status: [parse_media_type(content.media_type) for content in response.content] for status, response in self._by_status.items()
        }
        self._prepared: dict[object, Reply] = {}
        self._usual = self._usual_status()

    def declares(self, status: int) -> bool:
        """Whether the document has a response for a status by its own number, or its range."""
        return str(status) in self._by_status or f"{status // 100}XX" in self._by_status

    def declares_exactly(self, status: int) -> bool:
        """Whether it has one for just this status."""
        return str(status) in self._by_status

    @property
    def usual(self) -> int | None:
        """The status of a valid request's answer; None where no final response is declared."""
        return self._usual

    @property
    def has_default(self) -> bool:
        """Whether it has one for every other status."""
        return "default" in self._by_status

    def _usual_status(self) -> int | None:
        numbers = sorted(int(status) for status in self._by_status if status.isdigit() and int(status) >= _FIRST_FINAL)
        success = next((status for status in numbers if status < 300), None)
        if success is not None:
            return success
        if "2XX" in self._by_status or "default" in self._by_status:
            return 200
        ranges = sorted(int(status[0]) * 100 for status in self._by_status if status.endswith("XX") and status != "1XX")
        return min([*numbers, *ranges], default=None)

    def answer(self, asked: Asked) -> Chosen | Problem:
        """The answer to a valid request."""
        wanted = asked.preferences
        if wanted.code is not None:
            key = self._key(wanted.code)
            if key is None or wanted.code < _FIRST_FINAL:
                return Problem(NO_SUCH_MOCK, f"the document declares no response {wanted.code} for this operation")
            return self._with_status(wanted.code, key, asked, (f"code={wanted.code}",))
        status = self._named_status(asked) or self._usual
        key = None if status is None else self._key(status)
        if status is None or key is None:
            return Chosen(replace(_UNDESCRIBED, headers=self._edited([])))
        return self._with_status(status, key, asked, ())

    def refusal(self, status: int, asked: Asked) -> Chosen | None:
        """The document's own answer to a request that is refused with a status; None where it declares none that can be given."""
        key = self._key(status)
        if key is None:
            return None
        plain = Asked(accepted=asked.accepted, identity=asked.identity)
        chosen = self._with_status(status, key, plain, ())
        if isinstance(chosen, Problem):
            chosen = self._with_status(status, key, Asked(identity=asked.identity), ())
        return None if isinstance(chosen, Problem) else chosen

    def holding(
        self, status: int | None, asked: Asked, fit: Callable[[str], Any], fields: Mapping[str, tuple[Any, ...]] | None = None
    ) -> Chosen | Problem | None:
        """An answer with a value of somebody's: `fit` makes it from the schema's reference, or says MISFIT; then it is answered as ever.

        `fields` are values for header fields by lower-case name, of which the first that is valid is sent. None: nothing is declared.
        """
        key = None if status is None else self._key(status)
        if status is None or key is None:
            return None
        plain = Asked(Preferences(delay=asked.preferences.delay), asked.accepted, identity=asked.identity)
        chosen = self._with_status(status, key, plain, ())
        if isinstance(chosen, Problem) and chosen.kind is NOT_ACCEPTABLE:
            return chosen
        response = self._by_status[key]
        index = best(asked.accepted, self._offers[key]) if response.content and status not in BODILESS else None
        content = None if index is None else response.content[index]
        value = MISFIT if content is None or content.schema is None or content.items else fit(content.schema)
        if value is not MISFIT and content is not None:
            chosen = Chosen(self._reply(status, response, content, rendered(value, content)))
        if isinstance(chosen, Problem) or not fields:
            return chosen
        return Chosen(replace(chosen.reply, headers=self._with_fields(chosen.reply.headers, response, fields)))

    def _with_fields(
        self, headers: tuple[tuple[bytes, bytes], ...], response: MockResponse, fields: Mapping[str, tuple[Any, ...]]
    ) -> tuple[tuple[bytes, bytes], ...]:
        declared = {header.name.lower(): header for header in response.headers}
        for name, values in fields.items():
            header = declared.get(name)
            if header is None and name != "location":
                continue
            schema = None if header is None else header.schema
            accepts = self._generator.accepts(schema) if schema is not None else lambda value: True
            value = next((value for value in values if accepts(value)), None)
            if value is not None:
                written = header.name.encode("latin-1", "replace") if header is not None else name.title().encode()
                others = tuple(pair for pair in headers if pair[0].lower() != written.lower())
                headers = (*others, (written, _field_value(parameter_text(value))))
        return headers

    def _named_status(self, asked: Asked) -> int | None:
        """The response that has an example of a name that the request stands for, or asks for: success first."""
        names = asked.names if asked.preferences.example is None else ()
        for name in names:
            for status in sorted(self._by_status, key=lambda status: (status[0] != "2", status)):
                response = self._by_status[status]
                if name in response.names or any(example.name == name for content in response.content for example in content.examples):
                    return int(status.replace("XX", "00")) if status != "default" else 200
        return None

    def _key(self, status: int) -> str | None:
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in self._by_status:
                return key
        return None

    def _with_status(self, status: int, key: str, asked: Asked, applied: tuple[str, ...]) -> Chosen | Problem:
        response = self._by_status[key]
        wanted = asked.preferences.example
        names = (wanted,) if wanted is not None else asked.names
        name = next((name for name in names if name in response.names), "")
        if not response.content or status in BODILESS:
            mark = (status, key, name)
            reply = self._prepared.get(mark)
            if reply is None:
                reply = self._prepared[mark] = self._reply(status, response, None, b"", name)
            return Chosen(reply, (*applied, f"example={_word(name)}") if wanted is not None and name else applied)
        index = best(asked.accepted, self._offers[key])
        if index is None:
            offered = ", ".join(content.media_type for content in response.content)
            return Problem(NOT_ACCEPTABLE, f"the response {status} is declared as {offered}, and Accept wants none of it")
        return self._with_content(status, key, index, asked, applied)

    def _with_content(self, status: int, key: str, index: int, asked: Asked, applied: tuple[str, ...]) -> Chosen | Problem:
        response = self._by_status[key]
        content = response.content[index]
        wanted = asked.preferences
        names = [wanted.example] if wanted.example is not None else [] if wanted.dynamic else asked.names
        for name in names:
            for example in content.examples:
                if example.name == name:
                    done = (*applied, f"example={_word(name)}") if wanted.example is not None else applied
                    return Chosen(self._example(status, key, index, example), done)
        if wanted.example is not None:
            return Problem(NO_SUCH_MOCK, f"the response {status} has no example of this name for {content.media_type}")
        dynamic = self._manner.dynamic if wanted.dynamic is None else wanted.dynamic
        made = dynamic or (wanted.seed is not None and (wanted.dynamic is None) and not content.examples)
        if made and content.schema is not None:
            seed = wanted.seed if wanted.seed is not None else asked.identity
            said = ("dynamic=true",) if wanted.dynamic else ()
            if wanted.seed is not None:
                said = (*said, f"seed={_word(seed)}")
            return self._made(status, response, content, seed, (*applied, *said), samples=False)
        fields = next((name for name in names if name in response.names), "")
        if content.examples:
            done = (*applied, "dynamic=false") if wanted.dynamic is False else applied
            return Chosen(self._example(status, key, index, content.examples[0], fields), done)
        mark = (status, key, index, "")
        reply = self._prepared.get(mark)
        if reply is None and content.schema is not None:
            chosen = self._made(status, response, content, "", applied, samples=True)
            if isinstance(chosen, Problem):
                return chosen
            reply = chosen.reply
        elif reply is None:
            reply = self._reply(status, response, content, b"")
        self._prepared[mark] = reply
        return Chosen(reply, applied)

    def _made(
        self, status: int, response: MockResponse, content: MockContent, seed: str, applied: tuple[str, ...], *, samples: bool
    ) -> Chosen | Problem:
        assert content.schema is not None, "only asked where there is a schema"
        try:
            value = self._generator.value(content.schema, f"{self._name}/{status}/{seed}", samples=samples)
        except Impossible as reason:
            return Problem(NO_MOCK, f"no body could be made for the response {status}: {reason}")
        value = [value] if content.items else in_words(value, status, content.schema, self._generator)
        return Chosen(self._reply(status, response, content, rendered(value, content)), applied)

    def _example(self, status: int, key: str, index: int, example: MockExample, fields: str = "") -> Reply:
        """The prepared answer with an example: there are as many as the document has, for the statuses that were asked for.

        Its fields are those of the example, or of the one called `fields`.
        """
        mark = (status, key, index, example.name, fields)
        reply = self._prepared.get(mark)
        if reply is None:
            response = self._by_status[key]
            body = example.body.encode("utf-8", "surrogateescape")
            reply = self._reply(status, response, response.content[index], body, fields or example.name)
            if len(self._prepared) < _REMEMBERED:
                self._prepared[mark] = reply
        return reply

    def _reply(self, status: int, response: MockResponse, content: MockContent | None, body: bytes, name: str = "") -> Reply:
        """An answer; fields that have an example called `name` have that one."""
        fields: list[tuple[bytes, bytes]] = []
        if content is not None:
            fields.append((b"Content-Type", _field_value(content_type(content))))
        for header in response.headers:
            text = header.examples.get(name) or self._field(header)
            if text is not None:
                fields.append((header.name.encode("latin-1", "replace"), _field_value(text)))
        return Reply(status, self._edited(fields), body)

    def _edited(self, fields: list[tuple[bytes, bytes]]) -> tuple[tuple[bytes, bytes], ...]:
        return tuple(fields) if self._edits is None else edited(self._edits, fields)

    def _field(self, header: MockHeader) -> str | None:
        if header.text is not None:
            return header.text
        if header.schema is None:
            return None
        try:
            return parameter_text(self._generator.value(header.schema, f"{self._name}/{header.name}"), explode=header.explode)
        except Impossible:
            return None


def _without_examples(response: MockResponse) -> MockResponse:
    return structs.replace(response, content=tuple(structs.replace(content, examples=()) for content in response.content))


def _word(text: str) -> str:
    """A value as RFC 7240 has it: a token, or quoted."""
    if text.isascii() and text.replace("-", "").replace("_", "").replace(".", "").isalnum():
        return text
    fitting = "".join(character if " " <= character <= "~" else "?" for character in text)
    return '"' + fitting.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _field_value(text: str) -> bytes:
    """Text as RFC 9110 section 5.5 lets it stand in a field: no line ends or other controls."""
    return "".join(character if character >= " " and character != "\x7f" else " " for character in text).strip().encode("utf-8", "replace")

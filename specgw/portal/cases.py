"""The examples of an operation: of its request and of every answer, documented ones and, where there are none, made ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from specgw.plan.model import Route
from specgw.portal.examples import Example, Said, examples, media_kind, written
from specgw.portal.json_text import shortened
from specgw.portal.making import Maker
from specgw.portal.references import resolved
from specgw.portal.text import clipped, mapping, visible
from specgw.portal.values import sample

ROOM = 18_000
"""Characters of all examples of a page that are shown as they are; beyond it each is cut short."""
_SHORT = 400


@dataclass(frozen=True, slots=True)
class Case:
    """An example with what it is an example of."""

    status: str
    """Empty: of the request."""
    media: str
    example: Example


class Cases:
    """The examples of one operation."""

    def __init__(self, document: Mapping[str, Any], maker: Maker, route: Route | None) -> None:
        self._document = document
        self._maker = maker
        self._route = route
        self._room = ROOM

    def made(self, media_range: str, draft: Any) -> Any:
        """The body of a request that has no example."""
        return self._maker.request(self._route, media_range, draft)

    def request(self, body: Mapping[str, Any] | None) -> list[Case]:
        """Of the request's body."""
        return [case for name, media in mapping((body or {}).get("content")).items() for case in self._of("", name, mapping(media))]

    def answers(self, responses: Iterable[tuple[str, Any]]) -> list[Case]:
        """Of the answers of the service."""
        told: list[Case] = []
        for status, value in responses:
            content = mapping(resolved(value, self._document).get("content"))
            for name, media in content.items():
                told += self._of(status, name, mapping(media))
        return told

    def _of(self, status: str, name: str, media: Mapping[str, Any]) -> list[Case]:
        xml = self._maker.xml(self._route, status, name) if media_kind(name) == "xml" else None
        found = examples(media, name, self._document, xml)
        if not found:
            value = self._drafted(status, name, media)
            found = [written(Said("", [], value), name, xml, generated=True)] if value else []
        return [Case(visible(clipped(status)), visible(clipped(name)), self._fitting(each)) for each in found]

    def _drafted(self, status: str, name: str, media: Mapping[str, Any]) -> tuple[Any, ...]:
        """A tuple of one value; empty where nothing useful can be made."""
        schema = media.get("schema", media.get("x-specgw-itemSchema"))
        if schema in (None, True, {}) or media_kind(name) == "binary":
            return ()
        if status:
            return self._maker.answer(self._route, status, name)
        return (self.made(name, sample(schema, "body", self._document)),)

    def _fitting(self, example: Example) -> Example:
        if len(example.text) > self._room:
            text, whole = shortened(example.text, max(self._room, _SHORT))
            example = replace(example, text=text, whole=example.whole and whole)
        self._room = max(0, self._room - len(example.text))
        return example

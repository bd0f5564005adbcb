"""Bodies for what has no example: made by the sandbox's own generator, so that a page shows what the sandbox answers."""

from __future__ import annotations

from typing import Any

from specgw.mock.generation import Generator, Impossible
from specgw.mock.refusals import in_words
from specgw.plan.model import Plan, Route
from specgw.plan.sandbox import MockContent
from specgw.plan.xml import Xml
from specgw.policies.validation.validators import Validators


class Maker:
    """Makes bodies for the operations of a plan; the same ones for the same plan."""

    def __init__(self, plan: Plan) -> None:
        self._sandbox = plan.sandbox
        self._answers = Generator(plan.sandbox.schemas, Validators(plan.sandbox.schemas))
        self._requests = Generator(plan.schemas, Validators(plan.schemas))
        # Asked for at once, they are compiled together: that takes a fraction of the time.
        for response in plan.sandbox.responses.values():
            for content in response.content:
                if content.schema is not None and not content.examples:
                    self._answers.accepts(content.schema)
        for route in plan.routes:
            for body in () if route.body is None else route.body.content:
                if body.schema is not None:
                    self._requests.accepts(body.schema)

    def answer(self, route: Route | None, status: str, media_range: str) -> tuple[Any, ...]:
        """The body that the sandbox answers with where nobody asks for another one: a tuple of one value, empty where there is none."""
        content = self._content(route, status, media_range)
        if route is None or content is None or content.schema is None:
            return ()
        code = status if status.isdecimal() else f"{status[:1]}00" if status[:1].isdecimal() else "200"
        try:
            value = self._answers.value(content.schema, f"{route.id}/{code}/")
        except Impossible:
            return ()
        return ([value],) if content.items else (in_words(value, int(code), content.schema, self._answers),)

    def request(self, route: Route | None, media_range: str, draft: Any) -> Any:
        """A body that the gateway lets through: `draft` where it is one, otherwise one that is made; `draft` again where none is found."""
        body = None if route is None or route.body is None else route.body
        content = next((each for each in body.content if each.media_range == media_range), None) if body is not None else None
        if route is None or content is None or content.schema is None or content.kind in ("opaque", "multipart"):
            return draft
        if self._requests.accepts(content.schema)(draft):
            return draft
        try:
            return self._requests.value(content.schema, f"{route.id}/request")
        except Impossible:
            return draft

    def xml(self, route: Route | None, status: str, media_range: str) -> Xml | None:
        """The rules by which a body is written as XML. `status`: "" for the request's body."""
        if status:
            content = self._content(route, status, media_range)
            return None if content is None else content.xml
        contents = () if route is None or route.body is None else route.body.content
        return next((each.xml for each in contents if each.media_range == media_range), None)

    def _content(self, route: Route | None, status: str, media_range: str) -> MockContent | None:
        mock = None if route is None else self._sandbox.operations.get(route.id)
        response = None if mock is None else self._sandbox.responses.get(mock.responses.get(status, ""))
        return None if response is None else next((each for each in response.content if each.media_range == media_range), None)

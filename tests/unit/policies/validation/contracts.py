"""Small contracts for the tests of validation: parameters and bodies with their schemas written in place."""

from __future__ import annotations

from typing import Any

from specgw.http import Headers
from specgw.plan.model import Body, Content, Encoding, Origin, Parameter, Response, Route, Shape, Validate
from specgw.policies.base import Exchange
from specgw.policies.validation.request import RequestValidation, build
from specgw.policies.validation.response import ResponseValidation, build_response
from specgw.policies.validation.validators import Validators
from specgw.problems import Problem, Violation

ANYWHERE = Origin(file="api.yaml", line=1)
_PRIMITIVES = ("null", "boolean", "integer", "number", "string")


def shape_of(schema: Any) -> Shape:
    """The shape of a schema that has no references."""
    if not isinstance(schema, dict):
        return Shape()
    types = schema.get("type", ())
    found: list[str] = [types] if isinstance(types, str) else list(types)
    for branch in schema.get("anyOf", ()):
        found += shape_of(branch).types
    items = schema.get("items") or next((branch["items"] for branch in schema.get("anyOf", ()) if "items" in branch), None)
    additional = schema.get("additionalProperties")
    return Shape(
        types=tuple(dict.fromkeys(found)),
        items=shape_of(items) if isinstance(items, dict) else None,
        properties={name: shape_of(member) for name, member in schema.get("properties", {}).items()},
        additional=shape_of(additional) if isinstance(additional, dict) else None,
    )


class Schemas:
    """Collects schemas of one test and refers to them."""

    def __init__(self) -> None:
        self.resource: list[Any] = []

    def add(self, schema: Any) -> str | None:
        """The reference of a schema; None stays None."""
        if schema is None:
            return None
        self.resource.append(schema)
        return f"request:/api.yaml#/{len(self.resource) - 1}"

    def validators(self) -> Validators:
        """All that was added."""
        return Validators({"request:/api.yaml": self.resource})


class Contract:
    """One operation, as a test writes it."""

    def __init__(self, method: str = "POST", **validate: Any) -> None:
        self.schemas = Schemas()
        self.method = method
        self.validate = validate
        self.parameters: list[Parameter] = []
        self.body: Body | None = None
        self.responses: list[Response] = []
        self.max_depth = 64

    def parameter(self, location: Any, name: str, schema: Any, **more: Any) -> Contract:
        """Declare a parameter; style and explode default as in OpenAPI."""
        self.parameters.append(self.make_parameter(location, name, schema, **more))
        return self

    def make_parameter(self, location: Any, name: str, schema: Any, **more: Any) -> Parameter:
        """A Parameter of the Plan."""
        more.setdefault("style", {"path": "simple", "header": "simple"}.get(location, "form"))
        more.setdefault("explode", more["style"] == "form")
        return Parameter(name=name, location=location, shape=shape_of(schema), schema=self.schemas.add(schema), **more)

    def content(self, media_range: str, kind: Any, schema: Any, encoding: dict[str, Encoding] | None = None) -> Content:
        """An entry of a `content` map."""
        return Content(media_range=media_range, kind=kind, schema=self.schemas.add(schema), shape=shape_of(schema), encoding=encoding or {})

    def accepts(
        self, media_range: str, kind: Any, schema: Any, encoding: dict[str, Encoding] | None = None, *, required: bool = True
    ) -> Contract:
        """Declare an entry of the request body."""
        before = self.body.content if self.body is not None else ()
        self.body = Body(required=required, content=(*before, self.content(media_range, kind, schema, encoding)))
        return self

    def responds(self, status: str, *content: Content, headers: tuple[Parameter, ...] = ()) -> Contract:
        """Declare a response."""
        self.responses.append(Response(status=status, headers=headers, content=content))
        return self

    def route(self) -> Route:
        """The Route of the Plan."""
        return Route(
            id="operation", service="api", method=self.method, path="/", document_path="/", origin=ANYWHERE,
            parameters=tuple(self.parameters), body=self.body, responses=tuple(self.responses),
            validate=Validate(**self.validate), max_depth=self.max_depth,
        )  # fmt: skip

    def requests(self) -> RequestValidation:
        """The policy for its requests."""
        policy = build(self.route(), self.schemas.validators())
        assert policy is not None
        return policy

    def answers(self) -> ResponseValidation:
        """The policy for its responses."""
        policy = build_response(self.route(), self.schemas.validators())
        assert policy is not None
        return policy

    def problem(self, **request: Any) -> Problem | None:
        """What a request is answered with, both stages together; None when it passes."""
        return self.judge(exchange(self.route(), **request))

    def judge(self, made: Exchange) -> Problem | None:
        """What an exchange is answered with."""
        policy = self.requests()
        problem = policy.request(made)
        if problem is None and made.holds_body:
            problem = policy.body(made)
        return problem

    def violations(self, **request: Any) -> list[tuple[str, str | None, str, str]]:
        """(in, name, pointer, keyword) of everything that is wrong with a request."""
        problem = self.problem(**request)
        if problem is None:
            return []
        assert problem.violations, problem
        return [brief(violation) for violation in problem.violations]


def brief(violation: Violation) -> tuple[str, str | None, str, str]:
    """What a test compares of a violation."""
    return violation.location, violation.name, violation.pointer, violation.keyword


def exchange(
    route: Route,
    *,
    path: dict[str, str] | None = None,
    query: str | bytes | None = None,
    headers: Headers | None = None,
    body: bytes | None = None,
    type: str | None = "application/json",
) -> Exchange:
    """A request as the pipeline hands it over, with the framing fields of its body."""
    made = Exchange()
    made.route = route
    made.method = route.method
    made.path_values = path or {}
    made.query = query.encode() if isinstance(query, str) else query
    made.headers = list(headers or [])
    if body is not None:
        made.headers.append((b"content-length", str(len(body)).encode()))
        if type is not None:
            made.headers.append((b"content-type", type.encode()))
    made.body = body
    made.holds_body = made.holds_response = False
    made.media_type = None
    made.violations = []
    made.notes = {}
    return made


def answer(made: Exchange, status: int, headers: Headers, body: bytes | None = None) -> Exchange:
    """Put the service's answer into an exchange."""
    made.status = status
    made.response_headers = headers
    made.response_body = body
    return made

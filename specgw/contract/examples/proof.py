"""Sends each documented example through what judges requests and answers when the gateway runs, and tells what is refused.

A request is made for every example of a parameter or a body, with the first examples of the other parameters beside it; an answer
for every example of a response. The route table says which route the request has, the validation of that route judges it.
What else is wrong with the request, such as a required parameter without an example, is not the example's fault and not told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from msgspec.structs import replace

from specgw.compiler.build import Build
from specgw.compiler.declared import Declared
from specgw.compiler.stated import Example, of_parameter, stated
from specgw.contract.examples import wire
from specgw.diagnostics import Findings
from specgw.http import Headers
from specgw.openapi import model as openapi
from specgw.plan.found import InvalidPath, Match, NotAllowed
from specgw.plan.model import Content, Parameter, Response, Route, Validate
from specgw.plan.table import RouteTable
from specgw.policies.base import Exchange
from specgw.policies.validation.request import RequestValidation
from specgw.policies.validation.response import ResponseValidation
from specgw.policies.validation.validators import Validators
from specgw.problems import Problem, Violation

_NAME = re.compile(r"\{([^{}]*)\}")
_UNREACHED = "no request reaches the operation with the examples of its path parameters"
_FILLERS = {"integer": "1", "number": "1", "boolean": "true", "array": "1", "object": "a,1"}


@dataclass(slots=True)
class Proved:
    """How many examples there are, and which of them could not be tried."""

    tried: int = 0
    refused: int = 0
    untried: list[tuple[Example, str]] = field(default_factory=list)


def prove(build: Build, findings: Findings) -> Proved:
    """Prove every example of the operations that are served; what is refused becomes a finding at its place.

    `build` was compiled with `Inputs.thorough`, so that every schema is there, and has a Plan.
    """
    assert build.plan is not None
    judges = _Judges(build.plan.routes, build.plan.schemas)
    proved = Proved()
    for declared in build.declared:
        if declared.routes:
            _Operation(declared, declared.routes[0], build, judges, findings, proved).prove()
    return proved


@dataclass(frozen=True, slots=True)
class _Judge:
    """What judges the examples of one route. Each part of an answer has its own, so that nothing else of it matters."""

    request: RequestValidation
    contents: Mapping[str, ResponseValidation]
    """By the status of the response."""
    headers: Mapping[tuple[str, str], ResponseValidation]
    """By status and name."""


class _Judges:
    """The route table, with what judges the examples of every route."""

    def __init__(self, routes: Sequence[Route], schemas: Mapping[str, Any]) -> None:
        validators = Validators(schemas)
        thorough = [replace(route, validate=_thorough(route.validate)) for route in routes]
        judges = [_judge(route, validators) for route in thorough]
        validators.compile()
        self.table = RouteTable(thorough, judges)
        self.of = {route.id: judge for route, judge in zip(thorough, judges, strict=True)}


def _judge(route: Route, validators: Validators) -> _Judge:
    def only(response: Response, *headers: Parameter, content: tuple[Content, ...] = ()) -> ResponseValidation:
        part = replace(response, headers=headers, content=content)
        return ResponseValidation(replace(route, responses=(part,)), validators)

    return _Judge(
        RequestValidation(route, validators),
        {response.status: only(response, content=response.content) for response in route.responses},
        {(response.status, header.name): only(response, header) for response in route.responses for header in response.headers},
    )


def _thorough(validate: Validate) -> Validate:
    return replace(validate, request="enforce", response="enforce", unknown_query="ignore")


class _Operation:
    """The examples of one operation."""

    def __init__(self, declared: Declared, route: Route, build: Build, judges: _Judges, findings: Findings, proved: Proved) -> None:
        self._declared = declared
        self._route = route
        self._build = build
        self._table, self._judge = judges.table, judges.of[route.id]
        self._findings = findings
        self._proved = proved
        # The first example of every other parameter, so that a request is as whole as the document lets it be.
        self._usual = {
            (parameter.location, parameter.name): node.value
            for parameter in declared.operation.parameters
            for node, _ in islice(of_parameter(parameter, build.follow), 1)
        }

    def prove(self) -> None:
        """Try every example."""
        ways: dict[str, Callable[[Example], Iterator[str]]] = {
            "parameter": self._parameter,
            "body": self._body,
            "answer": self._answer,
            "header": self._header,
        }
        for example in stated(self._declared, self._build.follow):
            self._proved.tried += 1
            try:
                reasons = list(dict.fromkeys(ways[example.kind](example)))
            except wire.Unwritable as fault:
                self._proved.untried.append((example, str(fault)))
                continue
            self._proved.refused += bool(reasons)
            if reasons:
                # The same, told by the compiler with less to go by.
                self._findings.withdraw("example-invalid", example.node)
            for reason in reasons:
                message = f"{self._declared.label}: this example of {example.what} is refused: {reason}"
                self._findings.add("example-refused", example.node, message, hint="mend the example, or the schema that it breaks")

    def _parameter(self, example: Example) -> Iterator[str]:
        parameter = example.parameter
        assert parameter is not None
        found, exchange = self._reaching({(parameter.location, parameter.name): example.value})
        if not self._here(found):
            if parameter.location != "path":
                raise wire.Unwritable(_UNREACHED)
            yield _unrouted(found)
            return
        problem = self._judge.request.request(exchange)
        yield from _told(problem, lambda violation: (violation.location, violation.name) == (parameter.location, parameter.name))

    def _body(self, example: Example) -> Iterator[str]:
        content = _content(self._route.body.content if self._route.body is not None else (), example)
        kind, text = wire.body(content, example.value)
        found, exchange = self._reaching({})
        if not self._here(found):
            raise wire.Unwritable(_UNREACHED)
        exchange.headers = [*exchange.headers, (b"content-type", kind.encode()), (b"content-length", b"%d" % len(text))]
        exchange.body = text
        validation = self._judge.request
        problem = validation.request(exchange)
        if problem is None and exchange.holds_body:
            problem = validation.body(exchange)
        yield from _told(problem, lambda violation: violation.location == "body" and not example.excused(violation))

    def _answer(self, example: Example) -> Iterator[str]:
        response = next((known for known in self._route.responses if known.status == example.status), None)
        kind, text = wire.body(_content(() if response is None else response.content, example), example.value)
        assert response is not None
        validation = self._judge.contents[response.status]
        exchange = self._answered(response.status)
        exchange.response_headers = [(b"content-type", kind.encode())]
        exchange.response_body = text
        problem = validation.response(exchange)
        if problem is None and exchange.holds_response:
            problem = validation.response_body(exchange)
        if "unvalidated" in exchange.notes:
            raise wire.Unwritable(f"the gateway does not look into it: {exchange.notes['unvalidated']}")
        yield from _told(problem, lambda violation: not example.excused(violation))

    def _header(self, example: Example) -> Iterator[str]:
        header, status = example.parameter, example.status
        assert header is not None
        assert status is not None
        validation = self._judge.headers.get((status, header.name))
        if validation is None:
            raise wire.Unwritable("a header of this name means nothing here")
        exchange = self._answered(status)
        exchange.response_headers = [(header.name.lower().encode(), wire.in_header(header, example.value).encode("utf-8"))]
        yield from _told(validation.response(exchange), lambda violation: True)

    def _answered(self, status: str) -> Exchange:
        """An exchange with an answer of a response: of a range, and of `default`, some status that it has."""
        exchange = _made(self._route.method, [], None)
        exchange.status = int(status) if status.isdigit() else int(status[0]) * 100 if status != "default" else 500
        return exchange

    def _reaching(self, own: Mapping[tuple[str, str], Any]) -> tuple[Any, Exchange]:
        """What a request with these values is for, and the exchange that it makes.

        Where the other examples keep it from the operation, such as one with a slash in the path, it is made without them:
        they are told of by themselves.
        """
        usual = self._request({**self._usual, **own})
        if self._here(usual[0]):
            return usual
        alone = self._request(own)
        return alone if self._here(alone[0]) else usual

    def _here(self, found: object) -> bool:
        return isinstance(found, Match) and found.route.id == self._route.id

    def _request(self, values: Mapping[tuple[str, str], Any]) -> tuple[Any, Exchange]:
        path = _NAME.sub(lambda name: self._in_path(name[1], values), self._route.path)
        query: list[str] = [f"{name}={value or ''}" for name, value in self._route.conditions.query.items()]
        headers: Headers = [(name.encode(), (value or "1").encode()) for name, value in self._route.conditions.headers.items()]
        cookies: list[str] = []
        for parameter in self._declared.operation.parameters:
            key = (parameter.location, parameter.name)
            if key not in values:
                continue
            if parameter.location == "query":
                query.append(wire.in_query(parameter, values[key]))
            elif parameter.location == "header":
                headers.append((parameter.name.lower().encode(), wire.in_header(parameter, values[key]).encode("utf-8")))
            elif parameter.location == "cookie":
                cookies.append(wire.in_cookie(parameter, values[key]))
        if cookies:
            headers.append((b"cookie", "; ".join(cookies).encode("utf-8")))
        written = "&".join(part for part in query if part).encode() if query else None
        host = self._route.hosts[0] if self._route.hosts else None
        found = self._table.match(self._route.method, path, host, headers, written)
        exchange = _made(self._route.method, headers, written)
        if isinstance(found, Match):
            exchange.path_values = found.values
        return found, exchange

    def _in_path(self, name: str, values: Mapping[tuple[str, str], Any]) -> str:
        parameter = next((known for known in self._declared.operation.parameters if (known.location, known.name) == ("path", name)), None)
        if parameter is not None and ("path", name) in values:
            return wire.in_path(parameter, values["path", name])
        return self._filler(name, parameter)

    def _filler(self, name: str, parameter: openapi.Parameter | None) -> str:
        """Something for a path parameter that has no example, so that the path has as many segments as it needs."""
        lowered = next((known for known in self._route.parameters if (known.location, known.name) == ("path", name)), None)
        kind = next(iter(lowered.shape.types), "string") if lowered is not None else "string"
        mark = {"label": ".", "matrix": f";{name}="}.get(parameter.style if parameter is not None else "", "")
        return mark + _FILLERS.get(kind, "example")


def _content(known: Sequence[Content], example: Example) -> Content:
    found = next((content for content in known if content.media_range == example.media_range), None)
    if found is None:
        raise wire.Unwritable("its media type is not read")
    return found


def _made(method: str, headers: Headers, query: bytes | None) -> Exchange:
    exchange = Exchange()
    exchange.method, exchange.headers, exchange.query = method, headers, query
    exchange.path_values, exchange.notes, exchange.violations = {}, {}, []
    exchange.body = exchange.response_body = exchange.media_type = None
    exchange.holds_body = exchange.holds_response = False
    return exchange


def _unrouted(found: object) -> str:
    """Why a request does not reach the operation."""
    if isinstance(found, Match):
        return f"a request with it is one for {found.route.method} {found.route.path}, which is more concrete"
    if isinstance(found, InvalidPath):
        return f"the path is refused: {found.reason}"
    if isinstance(found, NotAllowed):
        return f"its path is one of a more concrete template, which has only {', '.join(found.allow)}"
    return "no route has this path"


def _told(problem: Problem | None, concerned: Callable[[Violation], bool]) -> Iterator[str]:
    """What of a problem concerns the example, a sentence each."""
    for violation in problem.violations if problem is not None else ():
        if concerned(violation):
            yield f"at {violation.pointer}: {violation.message}" if violation.pointer else violation.message
    if problem is not None and not problem.violations:
        yield problem.detail

"""Asks the real compiler and the real validators about a request, without a socket between them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from specgw.compiler.build import Build
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.http import Headers
from specgw.plan.found import Match
from specgw.plan.table import RouteTable
from specgw.policies.base import Exchange
from specgw.policies.validation.request import RequestValidation, build
from specgw.policies.validation.response import ResponseValidation, build_response
from specgw.policies.validation.validators import Validators
from specgw.problems import Problem

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """What a client sends; `target` is the raw path with its query."""

    target: str
    method: str = "GET"
    headers: Fields = ()
    body: bytes | None = None


@dataclass(frozen=True)
class Answer:
    """What a service answers."""

    status: int = 200
    headers: Fields = ()
    body: bytes = b""


def compiled(document: Mapping[str, Any] | str, name: str = "api") -> Build:
    """What the compiler makes of one document, a value or the text of a YAML file."""
    with tempfile.TemporaryDirectory() as folder:
        text = document if isinstance(document, str) else json.dumps(document)
        file = Path(folder, f"{name}.yaml" if isinstance(document, str) else f"{name}.json")
        file.write_text(text)
        return compile_documents(Inputs(paths=(file,)), environ={})


class Gateway:
    """One compiled document that can be asked."""

    def __init__(self, document: Mapping[str, Any] | str) -> None:
        self.build = compiled(document)
        assert self.build.plan is not None, [finding.message for finding in self.build.findings]
        self.routes = self.build.plan.routes
        validators = Validators(self.build.plan.schemas)
        policies = [(build(route, validators), build_response(route, validators)) for route in self.routes]
        validators.compile()
        self._table = RouteTable(self.routes, policies)

    def match(self, request: Request) -> tuple[Exchange, RequestValidation | None, ResponseValidation | None]:
        """The exchange of a request that a route has, and what judges it."""
        path, mark, query = request.target.partition("?")
        headers = _raw(request.headers)
        found = self._table.match(request.method, path, "localhost", headers, query.encode() if mark else None)
        assert type(found) is Match, (request, found)
        made = Exchange()
        made.route = found.route
        made.method = request.method
        made.path_values = found.values
        made.query = query.encode() if mark else None
        made.headers = [*headers, (b"content-length", str(len(request.body)).encode())] if request.body is not None else headers
        made.body = request.body
        made.holds_body = made.holds_response = False
        made.media_type = None
        made.violations = []
        made.notes = {}
        requests, answers = found.payload
        return made, requests, answers

    def ask(self, request: Request) -> Problem | None:
        """What a request is answered with by the gateway itself; None when it goes on to the service."""
        made, requests, _ = self.match(request)
        if requests is None:
            return None
        problem = requests.request(made)
        return requests.body(made) if problem is None and made.holds_body else problem

    def answered(self, request: Request, answer: Answer) -> Problem | None:
        """What becomes of an answer of the service; None when the client gets it."""
        made, _, answers = self.match(request)
        assert answers is not None, "responses of this route are not validated"
        made.status = answer.status
        made.response_headers = _raw(answer.headers)
        made.response_body = answer.body
        problem = answers.response(made)
        return answers.response_body(made) if problem is None and made.holds_response else problem


def _raw(fields: Fields) -> Headers:
    return [(name.lower().encode(), value.encode()) for name, value in fields]

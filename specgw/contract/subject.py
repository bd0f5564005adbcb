"""What is tested: the merged documents of a gateway, or the document of one service as the service itself has to keep it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from msgspec import structs

from specgw.plan.model import Plan, Route

if TYPE_CHECKING:
    from specgw.compiler.build import Build

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Subject:
    """A document to test, and what its requests need beside what it says."""

    name: str
    document: Mapping[str, Any]
    fields: Mapping[str, Mapping[str, str]]
    """Header fields by operation (`GET /users`)."""
    gateway: bool = True
    """Whether it is what a gateway answers, or its sandbox; False: a service itself."""

    @property
    def operations(self) -> int:
        """How many operations it has."""
        return sum(1 for _ in self.labelled())

    def labelled(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Its operations with what schemathesis calls them: `GET /users`."""
        for path, item in self.document.get("paths", {}).items():
            for method in METHODS:
                if method in item:
                    yield f"{method.upper()} {path}", item[method]

    def refusing(self) -> frozenset[str]:
        """Those that answer 401 or 403 whoever asks: success is not declared for them."""
        return frozenset(
            label for label, operation in self.labelled() if not any(status[0] in "123d" for status in operation.get("responses", ()))
        )

    def names(self) -> frozenset[str]:
        """The operationIds that it has."""
        return frozenset(str(operation["operationId"]) for _, operation in self.labelled() if "operationId" in operation)


def subjects(merged: Mapping[str, Mapping[str, Any]], routes: Sequence[Route]) -> list[Subject]:
    """The merged documents of a build, by file name, each with what tells its routes from those of the others."""
    found = [Subject(name, document, _fields(document, routes)) for name, document in merged.items()]
    return [subject for subject in found if subject.operations]


def mocked(subject: Subject, plan: Plan) -> Subject:
    """A merged document as its sandbox keeps it, which answers for every operation: those with `mock: {mode: off}`, too.

    The merged document describes the gateway, where they are the service's: what only a sandbox answers is added for them.
    """
    paths: dict[str, Any] = {}
    for path, item in subject.document.get("paths", {}).items():
        operations = {method: _mocked(method.upper(), path, item[method], subject, plan) for method in METHODS if method in item}
        paths[path] = {**item, **operations}
    return replace(subject, document={**subject.document, "paths": paths})


def service_subject(build: Build, service: str) -> Subject | None:
    """One service as it is behind the gateway: its own paths, its own answers, and nobody who asks for credentials.

    Credentials are asked for where the service verifies them itself (`verify: upstream`) or is handed them (`forward: keep`).
    None where no document has this name.
    """
    from specgw.compiler.merge.document import merge_service

    document = merge_service(build.declared, build.follow, service, kept=_kept(build))
    return None if document is None else Subject(service, document, {}, gateway=False)


def _mocked(method: str, path: str, operation: Mapping[str, Any], subject: Subject, plan: Plan) -> Mapping[str, Any]:
    """An operation with the answers that it has in a sandbox alone."""
    from specgw.compiler.merge.answers import PROBLEM_TYPE, SCHEMAS, covering, extended, named, statuses

    route = _route(method, path, operation.get("operationId"), plan.routes)
    mock = None if route is None else plan.sandbox.operations.get(route.id)
    if route is None or mock is None:
        return operation
    always = structs.replace(mock.behaviour, mode="always")
    problem = {key: SCHEMAS["Problem"][key] for key in ("type", "required")}
    declared: dict[str, Any] = operation.get("responses", {})
    added: dict[str, Any] = {}
    anyway = statuses(route, overshadowed=False, behaviour=mock.behaviour)
    for status in statuses(route, overshadowed=False, behaviour=always):
        if status in anyway:
            continue
        key = covering(declared, status)
        if key is None:
            added[str(status)] = {"description": named(status)[1], "content": {PROBLEM_TYPE: {"schema": problem}}}
        else:
            added[str(status)] = extended(_response(declared[key], subject.document), problem)
    return {**operation, "responses": {**declared, **added}}


def _response(response: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """What a response of a merged document refers to: it has all of them among its components."""
    while "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return response


def _kept(build: Build) -> frozenset[str]:
    """The keys of the schemes whose credentials reach the service."""
    return frozenset(key for key, scheme in build.schemes.items() if scheme.verify == "upstream" or scheme.forward == "keep")


def _fields(document: Mapping[str, Any], routes: Sequence[Route]) -> dict[str, dict[str, str]]:
    fields = {}
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                route = _route(method.upper(), path, item[method].get("operationId"), routes)
                needed = {} if route is None else _needed(route)
                if needed:
                    fields[f"{method.upper()} {path}"] = needed
    return fields


def _route(method: str, path: str, operation_id: str | None, routes: Iterable[Route]) -> Route | None:
    """The route of an operation; where hosts or conditions share an address, the one with its operationId."""
    sharing = [route for route in routes if route.method == method and route.path == path and route.visibility == "public"]
    # An operationId that several documents use has the service in front.
    names = () if operation_id is None else (operation_id, operation_id.partition(".")[2])
    return next(iter([route for route in sharing if route.operation_id in names] or sharing), None)


def _needed(route: Route) -> dict[str, str]:
    host = {"Host": route.hosts[0]} if route.hosts else {}
    return {**host, **{name: "1" if value is None else value for name, value in route.conditions.headers.items()}}

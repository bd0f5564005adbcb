"""Merging changes no meaning: what a document admits, the merged document admits, for every operation.

Bodies and parameters of requests are judged twice: by the validators of the gateway, and by the merged document alone, as a
reader of OpenAPI 3.1 has it, which is JSON Schema 2020-12 without anything of ours. Answers are judged by what the compiler
makes of each document. Instances come from the schemas of both, since what admits too much shows only in its own.

Every run looks at some operations of each document; with `--hypothesis-seed`, as `nox -s fuzz` has it, at all of them.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, unquote

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specgw.compiler.compile import compile_documents
from specgw.compiler.generated import document_bytes
from specgw.compiler.inputs import Inputs
from specgw.openapi.pointers import escape, tokens_of
from specgw.plan.codec import encode
from specgw.plan.model import Content, Plan, Route
from specgw.policies.validation.validators import Validators
from tests.conformance.generated import JSON, json_schemas, scalars
from tests.conformance.instances import Instances

ROOT = Path(__file__).parents[2]
PUBLIC = ROOT.parent / "shared" / "specs"
MERGED = "urn:merged"
GATEWAY = "gateway: {defaults: {validate: {response: enforce, formats: false}}}"
SAMPLED = 25
ROUNDS = 6

Judge = Any
"""Whether an instance is valid."""


def sources() -> Iterator[Any]:
    """Folders and files that are merged: those of the repository, and public ones where they are at hand."""
    yield pytest.param(ROOT / "specs", id="specs")
    for name in ("museum.yaml", "petstore3.yaml", "box.json", "openai.yaml", "github.yaml", "readme", "learn", "adyen", "swagger2"):
        place = PUBLIC / name
        for file in sorted(place.rglob("*.*")) if place.is_dir() else [place]:
            if file.suffix in (".json", ".yaml") and file.exists():
                yield pytest.param(file, id=str(file.relative_to(PUBLIC)))


class Reader:
    """The merged document as JSON Schema 2020-12 alone."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._registry = jsonschema_rs.Registry([(MERGED, document)], draft=jsonschema_rs.Draft202012)

    def at(self, *tokens: str) -> tuple[str, Any]:
        """What stands at a pointer, references on the way and at its end followed, and where it stands."""
        pointer, value = "", self.document
        for token in tokens:
            pointer, value = f"{pointer}/{escape(token)}", value[token]
            while isinstance(value, dict) and isinstance(value.get("$ref"), str):
                pointer = unquote(value["$ref"].removeprefix("#"))
                value = resolved(self.document, pointer)
        return pointer, value

    def judge(self, pointer: str) -> Judge:
        """The validator of the schema at a pointer."""
        schema = {"$ref": f"{MERGED}#{quote(pointer)}"}
        options = jsonschema_rs.FancyRegexOptions(backtrack_limit=100_000)
        return jsonschema_rs.Draft202012Validator(schema, registry=self._registry, pattern_options=options, validate_formats=False).is_valid


class Pair:
    """What is compiled of some documents, and of their merged one."""

    def __init__(self, places: tuple[Path, ...], folder: Path) -> None:
        gateway = folder / "gateway.yaml"
        gateway.write_text(GATEWAY)
        source = compile_documents(Inputs(places, gateway=gateway), environ={})
        self.faults = [finding.code for finding in source.findings if finding.severity == "error"]
        self.routes: list[tuple[Route, Route]] = []
        if source.plan is None:
            return
        document = json.loads(document_bytes(source.merged["openapi.json"]))
        file = folder / "merged.json"
        file.write_text(json.dumps(document))
        again = compile_documents(Inputs((file,), gateway=gateway), environ={})
        assert again.plan is not None, [finding.message for finding in again.findings if finding.severity == "error"]
        self.source, self.again, self.reader = Side(source.plan), Side(again.plan), Reader(document)
        merged = {(route.method, route.path): route for route in again.plan.routes}
        public = [route for route in source.plan.routes if route.visibility == "public"]
        self.routes = [(route, merged[route.method, route.path]) for route in public if (route.method, route.path) in merged]


class Side:
    """The schemas of one Plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def validators(self) -> Validators:
        """Those of the gateway."""
        return Validators(self.plan.schemas)

    def judge(self, reference: str) -> Judge:
        """The validator of a reference."""
        return self.validators.get(reference, formats=False).is_valid

    def follow(self, base: str, reference: str) -> tuple[str, Any]:
        """What a reference leads to."""
        uri, _, pointer = reference.partition("#")
        return uri or base, resolved(self.plan.schemas[uri or base], unquote(pointer))

    def instances(self, reference: str, random: Random) -> list[Any]:
        """Some instances of a schema."""
        return [Instances(random, self.follow, faults=faults).of("", {"$ref": reference}) for faults in (0, 0.02, 0.1) * (ROUNDS // 3)]


def resolved(value: Any, pointer: str) -> Any:
    for token in tokens_of(pointer):
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value


def agree(judges: dict[str, Judge], instances: list[Any], where: str) -> None:
    for instance in instances:
        verdicts = {name: judge(instance) for name, judge in judges.items()}
        assert len(set(verdicts.values())) == 1, f"{where}: {verdicts} on {json.dumps(instance)[:2000]}"


def of_json(contents: tuple[Content, ...]) -> dict[str, str]:
    return {content.media_range: content.schema for content in contents if content.kind == "json" and content.schema is not None}


def check_requests(pair: Pair, route: Route, other: Route, random: Random, more: Sequence[Any] = ()) -> None:
    place = ("paths", other.path, other.method.lower())
    for media, schema in of_json(route.body.content if route.body else ()).items():
        again = of_json(other.body.content if other.body else ())[media]
        judges = {"source": pair.source.judge(schema), "merged": pair.again.judge(again)}
        if not route.unenforced:
            judges["2020-12"] = pair.reader.judge(pair.reader.at(*place, "requestBody", "content", media, "schema")[0])
        agree(judges, pair.source.instances(schema, random) + pair.again.instances(again, random) + [*more], f"{route.id}: body {media}")
    declared = {(parameter.location, parameter.name.lower()): parameter for parameter in other.parameters}
    for parameter in route.parameters:
        twin = declared.get((parameter.location, parameter.name.lower()))
        if parameter.schema is not None and twin is not None:
            assert twin.schema is not None, f"{route.id}: {parameter.name}"
            judges = {"source": pair.source.judge(parameter.schema), "merged": pair.again.judge(twin.schema)}
            instances = pair.source.instances(parameter.schema, random) + pair.again.instances(twin.schema, random) + [*more]
            agree(judges, instances, f"{route.id}: {parameter.location} {parameter.name}")
            assert (twin.style, twin.explode, twin.required, twin.shape) == (
                parameter.style,
                parameter.explode,
                parameter.required,
                parameter.shape,
            )
        elif parameter.schema is None and twin is not None:
            assert twin.schema is None, f"{route.id}: {parameter.name}"


def check_answers(pair: Pair, route: Route, other: Route, random: Random, more: Sequence[Any] = ()) -> None:
    answers = {response.status: response for response in other.responses}
    for response in route.responses:
        again = of_json(answers[response.status].content)
        for media, schema in of_json(response.content).items():
            judges = {"source": pair.source.judge(schema), "merged": pair.again.judge(again[media])}
            instances = pair.source.instances(schema, random) + pair.again.instances(again[media], random) + [*more]
            agree(judges, instances, f"{route.id}: {response.status} {media}")


@pytest.mark.parametrize("place", list(sources()))
def test_every_operation_means_what_it_meant(place: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    pair = Pair((place,), tmp_path)
    seed = request.config.getoption("--hypothesis-seed")
    random = Random(0 if seed is None else str(seed))
    routes = pair.routes if seed is not None else random.sample(pair.routes, min(SAMPLED, len(pair.routes)))
    for route, other in routes:
        check_requests(pair, route, other, random)
        check_answers(pair, route, other, random)


# Documents at random that claim the same names.

NAMES = ("A", "B")


@st.composite
def components(draw: st.DrawFn, version: str) -> dict[str, Any]:
    """Schemas that refer to each other, with properties for one direction."""
    found: dict[str, Any] = {}
    for name in NAMES:
        schema = draw(json_schemas(version))
        if draw(st.booleans()):
            marks = st.sampled_from(({}, {}, {"readOnly": True}, {"writeOnly": True}))
            properties = {key: {**draw(scalars(version)), **draw(marks)} for key in draw(st.sets(st.sampled_from("abc"), min_size=1))}
            required = draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True))
            schema = {"type": "object", "properties": properties, "required": required}
        reference = {"$ref": f"#/components/schemas/{draw(st.sampled_from(NAMES))}"}
        way = draw(st.sampled_from(("alone", "alone", "items", "property", "allOf", "nullable")))
        if way == "items":
            schema = {"anyOf": [schema, {"type": "array", "items": reference}]}
        elif way == "property":
            schema = {"type": "object", "properties": {"a": reference, "b": schema}}
        elif way == "allOf" and found:
            schema = {"allOf": [{"$ref": f"#/components/schemas/{NAMES[0]}"}, schema]}
        elif way == "nullable" and version.startswith("3.0"):
            schema = {**schema, "nullable": True}
        found[name] = schema
    return found


def document(version: str, path: str, schemas: dict[str, Any]) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
    operation = {"requestBody": body, "responses": {"200": {"description": "ok", **body}}}
    query = {"parameters": [{"name": "q", "in": "query", "content": body["content"]}], "responses": {"200": {"description": "ok"}}}
    server = [{"url": "http://127.0.0.1:9"}]
    paths = {path: {"post": operation, "get": query}}
    return {
        "openapi": version,
        "info": {"title": path[1:], "version": "1"},
        "servers": server,
        "paths": paths,
        "components": {"schemas": schemas},
    }


@settings(max_examples=25)
@given(one=components("3.0.4"), other=components("3.1.1"), more=components("3.0.4"), values=st.lists(JSON, min_size=5, max_size=12))
def test_documents_that_claim_the_same_names(one: dict[str, Any], other: dict[str, Any], more: dict[str, Any], values: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        documents = {"one": ("3.0.4", one), "other": ("3.1.1", other), "more": ("3.0.4", more)}
        files = []
        for title, (version, schemas) in documents.items():
            files.append(folder / f"{title}.json")
            files[-1].write_text(json.dumps(document(version, f"/{title}", schemas)))
        pair = Pair(tuple(files), folder)
    assert len(pair.routes) == 6, pair.faults
    for route, other_route in pair.routes:
        check_requests(pair, route, other_route, Random(0), values)
        check_answers(pair, route, other_route, Random(0), values)


@settings(max_examples=10)
@given(one=components("3.0.4"), other=components("3.1.1"), more=components("3.0.4"))
def test_the_order_of_the_documents_changes_no_byte(one: dict[str, Any], other: dict[str, Any], more: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        files = []
        for title, (version, schemas) in {"one": ("3.0.4", one), "other": ("3.1.1", other), "more": ("3.0.4", more)}.items():
            files.append(Path(name, f"{title}.json"))
            files[-1].write_text(json.dumps(document(version, f"/{title}", schemas)))
        found = set()
        for paths in permutations(files):
            made = compile_documents(Inputs(paths, base=Path(name)), environ={})
            assert made.plan is not None
            found.add((document_bytes(made.merged), encode(made.plan)))
    assert len(found) == 1

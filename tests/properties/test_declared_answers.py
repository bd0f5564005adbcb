"""Whatever a gateway or its sandbox answers, the merged document has: status, media type, body and required fields of every answer.

Documents are made at random, and requests of every kind to each of them: valid and broken ones, without credentials and with
wrong ones, by methods that a path does not have, too large, to be answered in a type that nobody makes. Nothing of schemathesis is
in this, and nothing of the gateway's own reading of documents: an answer is held against the merged document as it is published.
What is wrong with a message of HTTP itself (408, 414, 417, 431, 505) is no answer of an operation, and not asked for.
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h11
import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.contract.credentials import Identity, identities
from specgw.contract.sandbox import sandbox_values
from specgw.gateway import Gateway, Options
from specgw.mock.manner import USUAL
from specgw.plan.model import Plan

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "asked": {"type": "apiKey", "in": "query", "name": "k"},
    "login": {"type": "http", "scheme": "basic"},
    "token": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://id.example/token", "scopes": {"read": ""}}}},
}
MEMBERS = {"id": {"type": "integer"}, "name": {"type": "string"}}
THING = {"type": "object", "required": ["id"], "properties": MEMBERS, "additionalProperties": False}
FAULT = {"type": "object", "required": ["why"], "properties": {"why": {"type": "string"}}}
LIMIT = 2000
"""`maxBody` of every document."""

PREFERENCES = ("no-such-mock", "no-mock")
"""What the sandbox answers to a `Prefer` for something that it cannot give; to an `Accept` for such a thing it answers `not-acceptable`."""

SECURITY: st.SearchStrategy[list[dict[str, list[str]]] | None] = st.sampled_from(
    [None, [], [{"key": []}], [{}, {"key": []}], [{"asked": []}, {"login": []}], [{"key": [], "login": []}], [{"token": ["read"]}]]
)
THINGS = {"type": "array", "items": THING, "maxItems": 3}
SCHEMAS = st.sampled_from([THING, THINGS, {"type": "string", "minLength": 1}, {"enum": [1, None]}])
VALUED = [{"type": "integer", "minimum": 1}, {"type": "string", "enum": ["x", "y"]}, {"type": "array", "items": {"type": "boolean"}}]
PARAMETERS = st.lists(
    st.builds(
        lambda name, where, schema, required: {"name": name, "in": where, "schema": schema, "required": required},
        st.sampled_from(["a", "b"]),
        st.sampled_from(["query", "header", "cookie"]),
        st.sampled_from(VALUED),
        st.booleans(),
    ),
    max_size=2,
    unique_by=lambda parameter: (parameter["name"], parameter["in"]),
)


def responses() -> st.SearchStrategy[dict[str, Any]]:
    """Some statuses, ranges or `default`, with bodies in one type, in two, or without any, and fields."""
    fault = st.just({"application/json": {"schema": FAULT}})
    media = st.sampled_from([["application/json"], ["application/json", "text/plain"]])
    made = st.builds(lambda schema, names: {name: {"schema": schema} for name in names}, SCHEMAS, media)
    fields = st.sampled_from([{}, {"headers": {"X-Total": {"required": True, "schema": {"type": "integer"}}}}])

    def response(content: Any, more: Any) -> dict[str, Any]:
        return {"description": "d", **({"content": content} if content else {}), **more}

    good = st.builds(response, st.none() | made, fields)
    bad = st.builds(response, st.none() | fault, st.just({}))
    return st.builds(
        lambda first, others: {**first, **others},
        st.dictionaries(st.sampled_from(["200", "201", "204", "2XX", "302"]), good, min_size=0, max_size=2),
        st.dictionaries(st.sampled_from(["400", "401", "403", "404", "422", "4XX", "5XX", "default"]), bad, max_size=3),
    ).filter(bool)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for path in draw(st.lists(st.sampled_from(["/things", "/things/{id}", "/other/{name}.json"]), min_size=1, max_size=2, unique=True)):
        item: dict[str, Any] = {}
        if "{" in path:
            name = path[path.index("{") + 1 : path.index("}")]
            schema = draw(st.sampled_from([{"type": "integer"}, {"type": "string"}]))
            item["parameters"] = [{"name": name, "in": "path", "required": True, "schema": schema}]
        for method in draw(st.lists(st.sampled_from(METHODS), min_size=1, max_size=3, unique=True)):
            operation: dict[str, Any] = {"responses": draw(responses()), "parameters": draw(PARAMETERS)}
            security = draw(SECURITY)
            if security is not None:
                operation["security"] = security
            if method in ("put", "post", "patch") and draw(st.booleans()):
                media = draw(st.sampled_from(["application/json", "application/x-www-form-urlencoded", "application/*", "text/plain"]))
                content = {media: {"schema": draw(st.sampled_from([THING, {"type": "string"}]))}}
                operation["requestBody"] = {"required": draw(st.booleans()), "content": content}
            item[method] = operation
        paths[path] = item
    return {
        "openapi": draw(st.sampled_from(["3.0.3", "3.1.0", "3.2.0"])),
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "http://127.0.0.1:9"}],  # nobody listens there
        "security": draw(st.sampled_from([[], [{"key": []}]])),
        "x-gateway": {"maxBody": f"{LIMIT}B"},
        "paths": paths,
        "components": {"securitySchemes": SCHEMES},
    }


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    target: str
    fields: tuple[tuple[str, str], ...]
    body: bytes | None


@dataclass(frozen=True)
class Answer:
    """What came."""

    status: int
    fields: Mapping[str, str]
    body: bytes

    @property
    def slug(self) -> str:
        """The kind of the problem that it is; empty for other answers."""
        problem = self.fields.get("content-type") == "application/problem+json"
        return str(json.loads(self.body)["type"]).rpartition(":")[2] if problem and self.body else ""


VALUES = st.sampled_from(["1", "0", "x", "y", "true", "true,false", "", "-", "%C3%A9", "1.0"])
BODIES = st.sampled_from(
    [
        *(None, b"", b'{"id": 1}', b'{"id": "a"}', b"{", b'"text"', b"id=1&name=n", b"id=x", b"null", b'{"id":1,"id":2}', b"[" * 200),
        b"x" * (LIMIT + 1),
    ]
)
JSON = "application/json"
TYPES = st.sampled_from([None, JSON, JSON, "application/x-www-form-urlencoded", "text/plain", "image/png", "nonsense"])


@st.composite
def requests(draw: st.DrawFn) -> Any:
    """A request to the first or the second path of whatever document, by any method; who asks is an index into the identities."""
    method = draw(st.sampled_from([*METHODS, "query", "propfind"]) | st.none())
    fields = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "Accept": st.sampled_from(["application/json", "text/plain", "image/png", "*/*;q=0", "application/json;q=0, */*"]),
                "Prefer": st.sampled_from(["code=404", "code=200", "code=500", "example=none", "dynamic=true"]),
                "a": VALUES,
                "Cookie": VALUES.map(lambda value: f"a={value}; b={value}"),
                "Content-Encoding": st.sampled_from(["gzip", "unknown"]),
            },
        )
    )
    query = draw(st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES, max_size=3))
    body, media = draw(BODIES), draw(TYPES)
    if media is not None and body is not None:
        fields["Content-Type"] = media
    who = draw(st.sampled_from([None, 0, 0, 0, 1, "wrong"]))
    return draw(st.integers(0, 1)), method, draw(VALUES.filter(bool)), fields, query, body, who


def identity_fields(document: Mapping[str, Any], plan: Plan, who: Any, mocked: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Header fields and query parameters of who asks."""
    if who is None:
        return {}, {}
    if who == "wrong":
        return {"X-Key": "wrong", "Authorization": "Bearer wrong"}, {"k": "wrong"}
    known = sandbox_values(plan, document)
    made: Sequence[Identity] = identities(known, document)
    if not made:
        return {}, {}
    sent = list(made[who].sent.values())
    headers = {each.name: each.value for each in sent if each.place == "header"}
    return headers, {each.name: each.value for each in sent if each.place == "query"}


class Running:
    """A gateway, or its sandbox, on a real socket, in the loop that runs."""

    def __init__(self, plan: Plan, *, mocked: bool) -> None:
        quiet = replace(plan, edge=replace(plan.edge, telemetry=replace(plan.edge.telemetry, access_log="off")))
        self.gateway = Gateway(quiet, Options(host="127.0.0.1", port=0, admin_enabled=False, mocked=USUAL if mocked else None))
        self.gateway.bind()
        self.address = self.gateway.address
        self.serving = asyncio.get_running_loop().create_task(self.gateway.run())

    async def ask(self, asked: Asked) -> Answer:
        """What is answered. A gateway that ends meanwhile says itself why: asked for it, a closed socket would only say that it is one."""
        answering = asyncio.ensure_future(self._asked(asked))
        await asyncio.wait((answering, self.serving), return_when=asyncio.FIRST_COMPLETED)
        if self.serving.done():
            answering.cancel()
            await self.serving
            raise RuntimeError("the gateway ended before it was told to: a signal to this process stops it")
        return await answering

    async def stop(self) -> None:
        """End it, unless it has ended."""
        if not self.serving.done():
            self.gateway.stop()
            await asyncio.wait_for(self.serving, 10)

    async def _asked(self, asked: Asked) -> Answer:
        reader, writer = await asyncio.open_connection(*self.address)
        framing = [("Content-Length", str(len(asked.body)))] if asked.body is not None else []
        lines = [f"{asked.method} {asked.target} HTTP/1.1", "Host: a", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in (*asked.fields, *framing)]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + (asked.body or b""))
        data = await asyncio.wait_for(reader.read(), 30)
        writer.close()
        return parsed(asked.method, data)


def parsed(method: str, data: bytes) -> Answer:
    """An answer, as h11 reads it."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=method, target="/", headers=[("Host", "a")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(data)
    connection.receive_data(b"")
    head: h11.Response | None = None
    body = b""
    while not isinstance(event := connection.next_event(), h11.EndOfMessage):
        if isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        else:
            assert isinstance(event, h11.InformationalResponse), (event, data)
    assert head is not None
    return Answer(head.status_code, {name.decode(): value.decode() for name, value in head.headers}, body)


class Merged:
    """The merged document, as a reader of OpenAPI 3.1 has it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._registry = jsonschema_rs.Registry([("urn:merged", document)], draft=jsonschema_rs.Draft202012)

    def resolved(self, value: Any) -> Any:
        while "$ref" in value:
            reference, value = value["$ref"], self.document
            for token in reference.removeprefix("#/").split("/"):
                value = value[token.replace("~1", "/").replace("~0", "~")]
        return value

    def item(self, path: str) -> Mapping[str, Any] | None:
        """The path item of a request; a literal path before a template."""
        paths = self.document["paths"]
        found = [template for template in paths if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template.replace(".", r"\.")), path)]
        found.sort(key=lambda template: "{" in template)
        return paths[found[0]] if found else None

    def holds(self, operation: Mapping[str, Any], answer: Answer, *, method: str) -> None:
        """Fails where the answer is not what the operation declares."""
        declared = operation["responses"]
        status = str(answer.status)
        response = next((declared[key] for key in (status, f"{status[0]}XX", "default") if key in declared), None)
        if answer.slug in PREFERENCES or (answer.slug == "not-acceptable" and response is None):
            return
        assert response is not None, f"{status} is not declared: {sorted(declared)}"
        response = self.resolved(response)
        for name, header in response.get("headers", {}).items():
            assert not self.resolved(header).get("required") or name.lower() in answer.fields, f"{name} is missing"
        content = response.get("content", {})
        if not content:
            return  # nothing is said
        if answer.body:
            media = answer.fields["content-type"].partition(";")[0].strip()
            key = next((key for key in (media, f"{media.partition('/')[0]}/*", "*/*") if key in content), None)
            assert key is not None, f"{media} is not declared for {status}: {sorted(content)}"
            if "json" in media and "schema" in content[key]:
                schema = content[key]["schema"]
                here = {"$ref": f"urn:merged{schema['$ref']}"} if "$ref" in schema else schema
                jsonschema_rs.Draft202012Validator(here, registry=self._registry).validate(json.loads(answer.body))
        else:
            assert method == "HEAD" or answer.status in (204, 304), f"{status} has content, and nothing came"


def target_of(document: Mapping[str, Any], request: Any) -> tuple[str, str]:
    """Method and path: of the document, unless the request has a method of its own."""
    index, method, value, *_ = request
    templates = sorted(document["paths"])
    template = templates[index % len(templates)]
    return (method or next(iter(document["paths"][template]))).upper(), re.sub(r"\{\w+\}", value, template)


async def conversation(plan: Plan, document: dict[str, Any], asking: Sequence[Any], *, mocked: bool) -> None:
    running = Running(plan, mocked=mocked)
    merged = Merged(document)
    try:
        for request in asking:
            method, path = target_of(document, request)
            _, _, _, fields, query, body, who = request
            if method == "HEAD":
                # Its answers do not say which problem they are, and those to these two fields are the ones that need not be declared.
                fields = {name: value for name, value in fields.items() if name not in ("Prefer", "Accept")}
            known, asked_for = identity_fields(document, plan, who, mocked)
            pairs = "&".join(f"{name}={value}" for name, value in {**query, **asked_for}.items())
            asked = Asked(method, f"{path}?{pairs}" if pairs else path, tuple({**fields, **known}.items()), body)
            answer = await running.ask(asked)
            try:
                judge(merged, asked, path, answer)
            except (AssertionError, jsonschema_rs.ValidationError) as error:
                raise AssertionError(f"{asked}\n{answer}\n{error}") from error
    finally:
        await running.stop()


def judge(merged: Merged, asked: Asked, path: str, answer: Answer) -> None:
    """Fails where an answer is none that a reader of the merged document can expect."""
    item = merged.item(path)
    assert item is not None, "a path of the document is one of the merged document"
    own = {method.upper(): item[method] for method in METHODS if method in item}
    own |= {method: operation for method, operation in item.get("additionalOperations", {}).items()}
    if "query" in item:
        own["QUERY"] = item["query"]
    if asked.method in own:
        merged.holds(own[asked.method], answer, method=asked.method)
        return
    assert answer.status == (204 if asked.method == "OPTIONS" else 405), "the path does not have this method"
    assert answer.fields["allow"].split(", ") == sorted(own)


@settings(max_examples=40, deadline=None)
@given(documents(), st.lists(requests(), min_size=10, max_size=40), st.booleans())
def test_every_answer_is_one_that_the_merged_document_has(document: dict[str, Any], asking: list[Any], mocked: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "t.json").write_text(json.dumps(document))
        build = compile_documents(Inputs((Path(folder),), base=Path(folder)), environ={})
    assert build.plan is not None, [str(finding) for finding in build.findings]
    try:
        asyncio.run(conversation(build.plan, build.merged["openapi.json"], asking, mocked=mocked))
    finally:
        gc.unfreeze()  # a gateway freezes what it has built

from __future__ import annotations

import gc
import json
from contextlib import suppress
from typing import Any

import pytest

from specgw.plan import codec
from specgw.plan.codec import WIDTH, CodecError, decode, decoding, encode, seal, written
from specgw.plan.model import FORMAT, Conditions, Edge, Edits, Listen, Origin, Plan, Route, Scheme, Target, Timeout, Upstream
from specgw.plan.sandbox import Mock, MockContent, MockResponse, Sandbox


def plan() -> Plan:
    route = Route(
        id="getUser",
        service="users",
        method="GET",
        path="/users/{id}",
        document_path="/users/{id}",
        origin=Origin(file="users.yaml", line=3),
        conditions=Conditions(headers={"x-b": "2", "x-a": None}),
        request_headers=Edits(set={"B": "${TOKEN}", "A": "é"}, add={"C": ("1", "2")}),
        timeout=Timeout(total=2.5),
        security=((),),
    )
    return Plan(
        edge=Edge(listen=Listen(port="${PORT:-8080}")),
        routes=(route,),
        upstreams={"users": Upstream(name="users", targets=(Target(url="http://127.0.0.1:8081"),))},
        schemes={"users/key": Scheme(name="key", service="users", kind="apiKey", type="apiKey in header")},
        scheme_origins={"users/key": Origin(file="users.yaml", line=9)},
        schemas={"request:/users.yaml": {"b": {"minimum": 18446744073709551616, "multipleOf": 0.1}, "a": [True, None, "x\u2028"]}},
        sandbox=Sandbox(
            operations={"getUser": Mock(responses={"200": "r"})},
            responses={"r": MockResponse(content=(MockContent(media_range="*/*", media_type="application/json"),))},
            schemas={"response:/users.yaml": {"a": {"const": 1}}},
        ),
    )


def test_what_is_written_is_read_again() -> None:
    assert decode(encode(plan())) == plan()
    assert decode(written(plan())) == plan()


def test_nothing_that_a_plan_can_hold_is_left_out_of_these_tests() -> None:
    held, empty = plan(), Plan()
    assert [name for name in Plan.__struct_fields__ if getattr(held, name) == getattr(empty, name)] == ["format"]


def test_it_is_json_that_reads_as_a_difference() -> None:
    text = written(plan()).decode()
    assert text.endswith("}\n")
    assert '\n   "id": "getUser",\n' in text
    assert '\n   "origin": {"file": "users.yaml", "line": 3},\n' in text.replace(', "column": 1', "")
    one, other = json.loads(text), json.loads(encode(plan()))
    assert one | {"digest": ""} == other | {"digest": ""}


def test_what_fits_into_one_line_stands_in_one_and_nothing_else() -> None:
    def held(value: Any) -> str:
        return written(Plan(schemas={"a": value, "b": "x" * WIDTH})).decode()

    fits = "x" * (WIDTH - len('  "a": {"b": ""},'))
    assert f'\n  "a": {{"b": "{fits}"}},\n' in held({"b": fits})
    assert f'\n  "a": {{\n   "b": "{fits}x"\n  }},\n' in held({"b": fits + "x"})
    assert f'\n  "a": [\n   "{fits}",\n   [1],\n   {{}}\n  ],\n' in held([fits, [1], {}])
    brackets = {"b": {}, "c": ["}", "{", []], "d": [[1, 2], {"e": "[\n"}]}
    assert f'\n  "a": {json.dumps(brackets)},\n' in held(brackets)
    assert len(held(list(range(1000))).splitlines()) > 1000, "a long list has a line for each"


def test_for_another_process_it_is_as_short_as_it_can_be() -> None:
    document = json.loads(encode(plan()))
    del document["digest"]
    assert encode(plan()) == seal(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode())


def test_defaults_are_left_out_but_the_format_is_there() -> None:
    document = json.loads(encode(Plan()))
    assert document["format"] == FORMAT
    route = json.loads(encode(plan()))["routes"][0]
    assert "max_body" not in route
    assert route["timeout"] == {"total": 2.5}
    assert route["security"] == [[]]


def test_equal_plans_have_equal_bytes_whatever_the_order_of_mappings() -> None:
    one = Plan(schemas={"a": {"x": 1, "y": 2}, "b": {}}, upstreams={"p": Upstream(name="p"), "q": Upstream(name="q")})
    other = Plan(schemas={"b": {}, "a": {"y": 2, "x": 1}}, upstreams={"q": Upstream(name="q"), "p": Upstream(name="p")})
    assert encode(one) == encode(other)


def in_steps(data: bytes) -> tuple[Plan, int]:
    """The plan, and how many steps that took."""
    steps, count = decoding(data), 0
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value, count
        count += 1


def test_in_steps_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, few = in_steps(encode(plan()))
    assert whole == decode(encode(plan()))
    assert in_steps(encode(Plan()))[0] == Plan()
    monkeypatch.setattr(codec, "PIECE", 8)
    again, more = in_steps(encode(plan()))
    assert again == plan()
    assert more > few, "a large value is read member by member"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a plan"),
        (b"[]", "not a plan"),
        (b"{", "not a plan"),
        (b'{"routes": []}', "not a plan"),
        (b'{"format": "1"}', "not a plan"),
        (seal(b'{"format": 2, "schemas": {"a": "\xff"}}'), "damaged"),
        (b'{"format": 99, "anything": 1}', "format 99"),
        (b'{"format": 2}', "changed after it was built"),
        (encode(Plan(schemas={"a": {"minimum": 1}})).replace(b"minimum", b"maximum"), "changed after it was built"),
        (encode(Plan()) + b"\n", "changed after it was built"),
        (encode(Plan()).replace(b"\n", b"\r\n"), "changed after it was built"),
        (seal(b'{"format": 2, "anything": 1}'), "damaged"),
        (seal(b'{"format": 2, "routes": [{"id": "a"}]}'), "`$.routes[0]`"),
        (b'{"format": 1} x', "not a plan"),
        (b"[" * 100_000, "not a plan"),
        (b'{"format": 1, "schemas": {"a": ' + b"[" * 100_000, "not a plan"),
    ],
)
def test_anything_else_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(CodecError) as caught:
        decode(data)
    assert reason in str(caught.value)
    with pytest.raises(CodecError):
        in_steps(data)


def test_half_a_character_cannot_be_written() -> None:
    with pytest.raises(CodecError, match="not Unicode"):
        encode(Plan(schemas={"a": {"const": "\ud800"}}))


@pytest.mark.parametrize("collecting", [True, False])
@pytest.mark.parametrize("data", [encode(Plan()), b'{"format": 1, "anything": 1}'])
def test_garbage_collection_is_afterwards_what_it_was(collecting: bool, data: bytes) -> None:
    try:
        if not collecting:
            gc.disable()
        with suppress(CodecError):
            decode(data)
        assert gc.isenabled() is collecting
    finally:
        gc.enable()

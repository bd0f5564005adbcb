from __future__ import annotations

import io
from pathlib import Path

import msgspec

from specgw.compiler.inputs import Inputs
from specgw.compiler.messages import Outcome, Request, receive, send
from specgw.diagnostics import Diagnostic, Severity


def test_requests_carry_all_inputs() -> None:
    inputs = Inputs((Path("a"), Path("b")), Path("gateway.yaml"), ("dev",), "http://a", Path("base"))
    request = msgspec.json.decode(msgspec.json.encode(Request.of(inputs, strict=True)), type=Request)
    assert request.inputs() == inputs
    assert request.strict
    assert Request.of(Inputs(()), strict=False).inputs() == Inputs(())


def test_outcomes_carry_findings_and_their_lines() -> None:
    finding = Diagnostic("users.yaml", 4, 1, "invalid-path", Severity.ERROR, "no", "/paths/a", "yes")
    outcome = Outcome(b"plan", (finding,), {"users.yaml": {4: "paths:"}}, ("/specs/users.yaml",))
    received = msgspec.msgpack.decode(msgspec.msgpack.encode(outcome), type=Outcome)
    assert received == outcome
    assert received.excerpt("users.yaml", 4) == "paths:"
    assert received.excerpt("users.yaml", 5) == received.excerpt("products.yaml", 4) == ""


def test_messages_follow_one_another_and_one_that_is_cut_is_none() -> None:
    stream = io.BytesIO()
    for content in (b"one", b"", b"three"):
        send(stream, content)
    whole = stream.getvalue()
    received = io.BytesIO(whole[:-1])
    assert [receive(received) for _ in range(4)] == [b"one", b"", None, None]
    assert receive(io.BytesIO(whole[:5])) is None

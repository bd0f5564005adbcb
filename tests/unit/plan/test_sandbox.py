from __future__ import annotations

import msgspec

from specgw.plan.sandbox import Behaviour, Mock, MockContent, MockExample, MockResponse, Sandbox


def test_what_a_sandbox_needs_is_written_and_read_again() -> None:
    content = MockContent(media_range="*/*", media_type="application/json", examples=(MockExample(name="a", body="[1]"),))
    sandbox = Sandbox(
        operations={"a": Mock(responses={"200": "k"}, behaviour=Behaviour(mode="always"))},
        responses={"k": MockResponse(content=(content,))},
    )
    assert msgspec.json.decode(msgspec.json.encode(sandbox), type=Sandbox) == sandbox

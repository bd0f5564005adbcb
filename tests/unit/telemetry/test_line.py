from __future__ import annotations

import msgspec

from specgw.telemetry.line import Line

LINE = Line("2025-01-01T00:00:00.000Z", "r1", "192.0.2.1", "GET", "/a", 200, 1.5, 0, 2)


def test_members_without_a_value_are_left_out_and_the_others_keep_their_order() -> None:
    assert msgspec.json.encode(LINE) == (
        b'{"time":"2025-01-01T00:00:00.000Z","requestId":"r1","client":"192.0.2.1","method":"GET","path":"/a",'
        b'"status":200,"durationMs":1.5,"bytesIn":0,"bytesOut":2}'
    )


def test_members_with_a_value_follow() -> None:
    line = msgspec.structs.replace(LINE, operation_id="getA", upstream_ms=0.5, notes={"violations": 1})
    written = msgspec.json.decode(msgspec.json.encode(line))
    assert (written["operationId"], written["upstreamMs"], written["notes"]) == ("getA", 0.5, {"violations": 1})

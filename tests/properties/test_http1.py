"""Requests in any pieces, whole and broken: what the service gets is what the client sent, by the reading of other parsers."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass

import h11
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specgw.http1 import CHUNKED, ChunkedReader
from tests.properties.loopback import ANSWERS, EARLY, Message, World, answers_in, first_answer, world
from tests.properties.readings import origin_form, passed_on, read_by_h11, read_by_llhttp

SETTINGS = settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@dataclass(frozen=True)
class Sent:
    """A request as a client writes it, and what is meant."""

    raw: bytes
    message: Message
    chunked: bool


class Play:
    """A world and the loop that it lives in."""

    def __init__(self, runner: asyncio.Runner, on: World) -> None:
        self.runner = runner
        self.on = on

    def converse(self, pieces: list[bytes], answers: list[int]) -> tuple[bytes, bool]:
        return self.runner.run(self.on.converse(pieces, answers))


@pytest.fixture(scope="module")
def play() -> Iterator[Play]:
    with asyncio.Runner() as runner:
        context = world()
        yield Play(runner, runner.run(context.__aenter__()))
        runner.run(context.__aexit__(None, None, None))


TOKEN = st.text("!#$%&'*+-.^_`|~09AZaz", min_size=1, max_size=12)
FIELD_NAME = st.from_regex(r"X-[A-Za-z0-9]{1,10}", fullmatch=True).filter(lambda name: name.lower() not in ("x-seen",))
FIELD_VALUE = st.binary(max_size=30).map(lambda data: bytes(b for b in data if b == 9 or (b > 31 and b != 127)).strip(b" \t"))
BLANK = st.sampled_from([b"", b" ", b"  ", b"\t "])
SEGMENT = st.text("abcXYZ019-_~!$&'()*+,;=:@%", min_size=1, max_size=8).map(lambda text: text.replace("%", "%41"))
QUERY = st.none() | st.text("abc=&+?/:@|{}\"<>[]^`\\'%", max_size=20)
CUTS = st.lists(st.integers(0, 4000), max_size=12)
CHOICES = st.lists(st.integers(0, len(ANSWERS) - 1), max_size=8)


@st.composite
def chunked(draw: st.DrawFn, body: bytes) -> bytes:
    """A body in some chunked coding."""
    raw = b""
    while body:
        size = draw(st.integers(1, len(body)))
        number = draw(st.sampled_from([b"%x", b"%X", b"00%x"])) % size
        extension = draw(st.sampled_from([b"", b";a", b";a=b", b';a="b c"', b";a;b=c"]))
        raw += number + extension + b"\r\n" + body[:size] + b"\r\n"
        body = body[size:]
    trailers = draw(st.sampled_from([b"", b"X-Sum: 1\r\n", b"Cookie: a\r\nHost: evil\r\n"]))
    return raw + draw(st.sampled_from([b"0", b"000"])) + b"\r\n" + trailers + b"\r\n"


@st.composite
def requests(draw: st.DrawFn) -> Sent:
    """A valid request that the gateway forwards."""
    held = draw(st.integers(0, 3)) == 0
    if held:
        method, path = b"POST", b"/held"
        body = json.dumps(draw(st.recursive(st.none() | st.booleans() | st.text(max_size=5), st.lists, max_leaves=5))).encode()
    else:
        method = draw(st.sampled_from([b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE", b"PURGE"]))
        path = b"/" + "/".join(draw(st.lists(SEGMENT, min_size=1, max_size=3))).encode()
        body = draw(st.binary(max_size=60)) if method not in (b"TRACE",) and draw(st.booleans()) else b""
    query = draw(QUERY)
    target = path if query is None else path + b"?" + query.encode()
    fields = draw(st.lists(st.tuples(FIELD_NAME.map(str.encode), FIELD_VALUE), max_size=5))
    coding = bool(body) and draw(st.booleans())
    framing = [(b"Transfer-Encoding", draw(st.sampled_from([b"chunked", b"Chunked"])))] if coding else []
    if body and not coding:
        framing = [(b"Content-Length", b"%d" % len(body))]
    if held:
        framing.append((b"Content-Type", b"application/json"))
    lines = [(b"Host", b"api.example"), *fields, *framing]
    raw = method + b" " + target + b" HTTP/1.1\r\n"
    raw += b"".join(name + b":" + draw(BLANK) + value + draw(BLANK) + b"\r\n" for name, value in lines) + b"\r\n"
    raw += draw(chunked(body)) if coding else body
    headers = tuple((name.lower(), value) for name, value in lines)
    return Sent(raw, Message(method, target, headers, body), coding)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """The data cut at these places, which may lie anywhere."""
    edges = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[start:end] for start, end in itertools.pairwise(edges)]


@SETTINGS
@given(sent=st.lists(requests(), min_size=1, max_size=5), places=CUTS, choices=CHOICES)
def test_valid_requests_in_any_pieces_are_the_same_exchanges(play: Play, sent: list[Sent], places: list[int], choices: list[int]) -> None:
    output, closed = play.converse(cut(b"".join(one.raw for one in sent), places), choices)
    answers = answers_in(output, [one.message.method for one in sent])
    assert not closed
    assert len(answers) == len(play.on.messages) == len(sent)
    for number, (one, got, (_, fields, _)) in enumerate(zip(sent, play.on.messages, answers, strict=True)):
        assert fields[b"x-seen"] == b"%d" % number
        same(one.message, got)


def same(sent: Message, got: Message) -> None:
    assert (got.method, got.target, got.body) == (sent.method, sent.target, sent.body)
    assert passed_on(got.headers) == passed_on(sent.headers)
    framing = [name for name, _ in got.headers if name in (b"content-length", b"transfer-encoding")]
    assert len(framing) == (1 if sent.body or framing else 0)


BREAKING = st.sampled_from(
    [
        b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b"0", b"5", b"\r\n\r\n", b"\r\n ", b"#", b"\x80", b"%2f", b"/../", b";", b",",
        b"Content-Length: 5\r\n", b"Content-Length: 0\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: x\r\n",
        b"Transfer-Encoding : chunked\r\n", b"Host: other\r\n", b"Connection: close\r\n", b"Connection: x-a, content-length\r\n",
        b"Expect: 100-continue\r\n", b"Upgrade: websocket\r\nConnection: upgrade\r\n", b"HTTP/1.0", b"HTTP/1.1", b"http://api.example",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"0\r\n\r\n", b"\r\n0\r\n", b"CONNECT ", b"ffffffffffffffff\r\n",
    ]
)  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """The bytes of some requests with a few changes."""
    data = b"".join(one.raw for one in draw(st.lists(requests(), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        length = draw(st.sampled_from([0, 0, 0, 1, 1, 2, 5, 20]))
        new = draw(BREAKING | st.binary(min_size=0, max_size=2))
        data = data[:start] + new + data[start + length :]
        if draw(st.integers(0, 5)) == 0:
            line = draw(st.integers(0, data.count(b"\r\n")))
            lines = data.split(b"\r\n")
            lines.insert(line, draw(st.sampled_from(lines)))
            data = b"\r\n".join(lines)
    return data


@pytest.mark.timeout(600)  # some hundred whole conversations, on machines that do other things besides
@SETTINGS
@given(data=broken(), places=CUTS, choices=st.lists(st.integers(0, EARLY), max_size=8))
def test_broken_bytes_are_refused_or_mean_the_same_to_others(
    play: Play, caplog: pytest.LogCaptureFixture, data: bytes, places: list[int], choices: list[int]
) -> None:
    caplog.clear()
    with caplog.at_level(logging.ERROR):
        output, closed = play.converse(cut(data, places), choices)
    assert not caplog.records
    one, other = read_by_h11(data), read_by_llhttp(data)
    answers = answers_in(output, [message.method for message in max(one, other, key=len)])
    for number, (_, fields, _) in enumerate(answers):
        seen = int(fields.get(b"x-seen", b"-1"))
        if seen < 0:
            continue
        got = play.on.messages[seen]
        readings = [messages[number] for messages in (one, other) if number < len(messages)]
        assert readings, f"forwarded, and neither parser reads it: {got}"
        for message in readings:
            assert (got.method, got.target, got.body) == (message.method, origin_form(message.target), message.body)
    if answers and answers[-1][1].get(b"connection") == b"close":
        assert closed


ANSWER_BREAKING = st.sampled_from(
    [
        b"\r\n", b"\n", b"\r", b"\0", b" ", b":", b"0", b"5", b"\r\n\r\n", b"\r\n ", b"\x80", b";", b",",
        b"Content-Length: 5\r\n", b"Content-Length: 0\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n",
        b"Connection: close\r\n", b"Connection: x-any\r\n", b"HTTP/1.0", b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", b"0\r\n\r\n", b"204", b"304",
    ]
)  # fmt: skip


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """An answer with a few changes, or none."""
    data = draw(st.sampled_from(ANSWERS)).replace(b"%d", b"1")
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(data)))
        length = draw(st.sampled_from([0, 0, 0, 1, 1, 2, 5, 20]))
        data = data[:start] + draw(ANSWER_BREAKING | st.binary(max_size=2)) + data[start + length :]
    return data or b"x"  # after nothing at all a request would be sent once more


def reading_of(method: bytes, data: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes] | None:
    """What h11 makes of an answer after which the connection ends; None: nothing, or not all of it."""
    reader = h11.Connection(h11.CLIENT)
    reader.send(h11.Request(method=method, target="/", headers=[("Host", "x")]))
    reader.send(h11.EndOfMessage())
    if data:
        reader.receive_data(data)
    status, fields, body = 0, [], b""
    try:
        while True:
            event = reader.next_event()
            if isinstance(event, h11.Response):
                status, fields = event.status_code, [(bytes(name), bytes(value)) for name, value in event.headers]
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return status, fields, body
            elif event is h11.NEED_DATA:
                reader.receive_data(b"")
            elif not isinstance(event, h11.InformationalResponse):
                return None
    except h11.RemoteProtocolError:
        return None


@SETTINGS
@given(script=st.lists(st.tuples(st.sampled_from([b"GET", b"HEAD", b"POST"]), answers(), CUTS), min_size=1, max_size=4))
def test_broken_answers_are_refused_or_mean_the_same_to_others(
    play: Play, caplog: pytest.LogCaptureFixture, script: list[tuple[bytes, bytes, list[int]]]
) -> None:
    """Each answer depends on what the service sent for its own request, and on nothing that it sent before."""
    caplog.clear()
    play.on.script = [cut(data, places) for _, data, places in script]
    pieces = [method + b" /any HTTP/1.1\r\nHost: x\r\n\r\n" for method, _, _ in script]
    with caplog.at_level(logging.ERROR):
        output, closed = play.converse(pieces, [])
    assert not caplog.records
    for method, data, _ in script:
        if not output:
            assert closed, "an answer is missing"
            return
        try:
            (status, fields, body), output = first_answer(output, method)
        except h11.RemoteProtocolError:
            assert closed, "an answer that broke off, and the connection goes on"
            return
        if status == 502 and b"application/problem+json" in fields.get(b"content-type", b""):
            continue
        reading = reading_of(method, data)
        assert reading is not None, f"passed on, and h11 does not read it: {data!r}"
        assert (status, body) == (reading[0], reading[2])
        assert fields.get(b"x-seen") == dict(reading[1]).get(b"x-seen")
    assert not output


@given(body=st.binary(max_size=200).flatmap(lambda body: st.tuples(st.just(body), chunked(body))), places=CUTS)
def test_the_chunked_coding_comes_off_in_any_pieces(body: tuple[bytes, bytes], places: list[int]) -> None:
    plain, coded = body
    reader = ChunkedReader()
    got = b""
    for piece in cut(coded, places):
        assert not reader.done
        pieces, rest = reader.feed(piece)
        got += b"".join(pieces)
        assert rest == b""
    assert reader.done
    assert got == plain
    assert CHUNKED < 0

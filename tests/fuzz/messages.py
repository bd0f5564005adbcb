"""Requests as clients, careless clients and attackers write them, from one source of randomness: the same seed, the same bytes."""

from __future__ import annotations

import itertools
from random import Random

METHODS = (b"GET", b"GET", b"GET", b"HEAD", b"POST", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE", b"M-SEARCH")
SEGMENTS = b"abcXYZ019-_~!$&'()*+,;=:@"
QUERIES = b"abc=&+?/:@|{}\"<>[]^`\\'%.;"
VALUES = (b"1", b"", b"a, b", b'"quoted, text"', b"\xc3\xa9", b"\xff\xfe", b"a\tb", b"chunked", b"5", b"close", b"http://other/")
NAMES = (b"X-A", b"X-B", b"x-a", b"X-Long-Name-1", b"Accept", b"Cookie", b"Referer", b"If-Match", b"X_A", b"User-Agent", b"Range")
BLANKS = (b"", b" ", b" ", b" ", b"  ", b"\t ")
CODINGS = (b"chunked", b"chunked", b"Chunked", b"CHUNKED")
EXTENSIONS = (b"", b"", b"", b";a", b";a=b", b';a="b c"', b" ; a = b", b";a;b=c", b";\r\n", b"; x=\n", b'; x="\r\n"')
TRAILERS = (b"", b"", b"X-Sum: 1\r\n", b"Cookie: a\r\nHost: evil\r\n", b"Content-Length: 5\r\n", b"X-A : b\r\n", b"X: y\r\n z\r\n")

# What attackers put into messages, by the places where others have read them in two ways.
GADGETS = (
    b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b"\x0b", b"\x0c", b"\x85", b"\xa0", b":", b"0", b"5", b"\r\n\r\n", b"\n\n", b"\r\n ",
    b"\r\n\t", b"#", b"\x80", b"%2f", b"%00", b"%2e%2e", b"/../", b"//", b"\\", b";", b",", b"+", b"-", b"_", b"0x", b"1_0",
    b"00000000000000000000005",
    b"Content-Length: 5\r\n", b"Content-Length: 0\r\n", b"Content-Length: 5, 5\r\n", b"Content-Length: +5\r\n", b"Content-Length:\r\n",
    b"Content-Length : 5\r\n", b"content_length: 5\r\n", b"Content-Length: 5 \r\n", b"Content-Length: 0x5\r\n", b" Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: x\r\n", b"Transfer-Encoding : chunked\r\n", b"Transfer-Encoding:\tchunked\r\n",
    b"Transfer-Encoding:\x0bchunked\r\n", b"Transfer-Encoding: chunked, identity\r\n", b"Transfer-Encoding: ,chunked\r\n",
    b"Transfer-Encoding: \"chunked\"\r\n", b"Transfer_Encoding: chunked\r\n", b"Transfer-Encoding: gzip, chunked\r\n",
    b"Transfer-Encoding:\r\n chunked\r\n", b"X: y\nTransfer-Encoding: chunked\r\n", b"TE: trailers\r\n", b"Trailer: X-Sum\r\n",
    b"Host: other\r\n", b"Host : other\r\n", b"Host: a, b\r\n", b"X-Forwarded-For: 10.0.0.1\r\n", b"X-HTTP-Method-Override: DELETE\r\n",
    b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"Connection: x-a, content-length\r\n", b"Connection: transfer-encoding\r\n",
    b"Connection: host\r\n",
    b"Proxy-Connection: keep-alive\r\n", b"Keep-Alive: timeout=5\r\n",
    b"Expect: 100-continue\r\n", b"Expect: 200-ok\r\n", b"Upgrade: websocket\r\nConnection: upgrade\r\n",
    b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n",
    b" HTTP/1.0", b" HTTP/1.1", b" HTTP/0.9", b" HTTP/2.0", b" HTTP/1.1 ", b" http/1.1",
    b"http://api.example", b"https://api.example/", b"//api.example/",
    b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n", b"POST /smuggled HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", b"GET /old\r\n",
    b"0\r\n\r\n", b"\r\n0\r\n", b"5\r\nhello\r\n", b"5;\r\nhello\r\n", b"-5\r\n", b"CONNECT ", b"ffffffffffffffff\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
)  # fmt: skip


REPLACEMENTS = ((b"\r\n", b"\n"), (b": ", b" : "), (b"-", b"_"), (b"1.1", b"1.0"), (b"\r\n\r\n", b"\r\n \r\n"))


def chunked(random: Random, body: bytes) -> bytes:
    """A body in some chunked coding, mostly a valid one."""
    raw = b""
    while body:
        size = random.randint(1, len(body))
        number = random.choice((b"%x", b"%x", b"%X", b"00%x")) % size
        raw += number + random.choice(EXTENSIONS[: 8 if random.random() < 0.95 else None]) + b"\r\n" + body[:size] + b"\r\n"
        body = body[size:]
    return raw + random.choice((b"0", b"0", b"000")) + b"\r\n" + random.choice(TRAILERS[: 4 if random.random() < 0.9 else None]) + b"\r\n"


def request(random: Random) -> bytes:
    """A valid request, nearly always."""
    held = random.random() < 0.2
    if held:
        method, target = b"POST", b"/held"
        body = random.choice((b"null", b'{"a": [1, 2.5, "\xc3\xa9"]}', b'"text"', b"[]", b'{"a": 1, "a": 2}', b"[1", b"1e400"))
    else:
        method = random.choice(METHODS)
        target = b"".join(b"/" + bytes(random.choices(SEGMENTS, k=random.randint(1, 6))) for _ in range(random.randint(1, 3)))
        body = random.randbytes(random.randint(0, 60)) if method != b"TRACE" and random.random() < 0.5 else b""
        if body and random.random() < 0.3:
            body = random.choice(GADGETS) + body
    if random.random() < 0.3:
        target += b"?" + bytes(random.choices(QUERIES, k=random.randint(0, 12)))
    lines = [(b"Host", b"api.example")]
    lines += [(random.choice(NAMES), random.choice(VALUES)) for _ in range(random.randint(0, 4))]
    coded = bool(body) and random.random() < 0.5
    if coded:
        lines.append((b"Transfer-Encoding", random.choice(CODINGS)))
    elif body or random.random() < 0.1:
        lines.append((random.choice((b"Content-Length", b"content-length")), b"%d" % len(body)))
    if held:
        lines.append((b"Content-Type", b"application/json"))
    if random.random() < 0.3:
        random.shuffle(lines)
    head = method + b" " + target + b" HTTP/1.1\r\n"
    head += b"".join(name + b":" + random.choice(BLANKS) + value + random.choice(BLANKS[:4]) + b"\r\n" for name, value in lines)
    return head + b"\r\n" + (chunked(random, body) if coded else body)


def mutated(random: Random, data: bytes) -> bytes:
    """The bytes with a few changes."""
    for _ in range(random.randint(1, 4)):
        kind = random.random()
        start = random.randint(0, len(data))
        if kind < 0.2:  # a line once more, or somewhere else
            lines = data.split(b"\r\n")
            line = random.choice(lines) if random.random() < 0.7 else lines.pop(random.randrange(len(lines)))
            lines.insert(random.randint(0, len(lines)), line)
            data = b"\r\n".join(lines)
        elif kind < 0.45:  # at the beginning of a line, where most gadgets belong
            places = [at + 2 for at in range(len(data)) if data.startswith(b"\r\n", at)]
            start = random.choice(places) if places else start
            data = data[:start] + random.choice(GADGETS) + data[start:]
        elif kind < 0.65:
            data = data[:start] + random.choice(GADGETS) + data[start + random.choice((0, 0, 1, 2, 8)) :]
        elif kind < 0.8:
            data = data[:start] + random.randbytes(random.randint(0, 2)) + data[start + random.choice((0, 1, 1, 2, 5, 20)) :]
        elif kind < 0.9:
            data = data[:start] + data[start : start + 12].swapcase() + data[start + 12 :]
        else:
            data = data.replace(*random.choice(REPLACEMENTS), 1)
    return data


def pieces(random: Random, data: bytes) -> list[bytes]:
    """The data as it may come from a network: whole, in a few pieces, or byte by byte."""
    kind = random.random()
    if kind < 0.3:
        return [data]
    if kind < 0.35:
        return [data[at : at + 1] for at in range(len(data))]
    edges = sorted({0, len(data), *(random.randint(0, len(data)) for _ in range(random.randint(1, 8)))})
    return [data[start:end] for start, end in itertools.pairwise(edges)]

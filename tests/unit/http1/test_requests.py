"""Request heads, rule by rule of RFC 9112."""

from __future__ import annotations

import pytest

from specgw.http1.fields import FramingError
from specgw.http1.requests import RequestHead, check_unfinished, passed_on, read_request_head


def request(text: str, *, field_limit: int = 100) -> RequestHead:
    return read(text.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n", field_limit=field_limit)


def read(data: bytes, previous: RequestHead | None = None, *, field_limit: int = 100) -> RequestHead:
    return read_request_head(data, data.index(b"\r\n"), len(data) - 4, previous, field_limit=field_limit)


def test_a_request_head_keeps_everything_as_it_came() -> None:
    head = request("GET /a%20b?x=1&y HTTP/1.1\nHost: example.org\nX-One:  two \nAccept: */*")
    assert (head.method, head.path, head.query) == ("GET", b"/a%20b", b"x=1&y")
    assert head.headers == [(b"host", b"example.org"), (b"x-one", b"two"), (b"accept", b"*/*")]
    assert head.passed_on == [b"X-One:  two ", b"Accept: */*"]
    assert (head.length, head.close, head.continues) == (0, False, False)


def test_a_target_without_query_has_none_and_an_empty_one_is_kept() -> None:
    assert request("GET /a HTTP/1.1\nHost: x").query is None
    assert request("GET /a? HTTP/1.1\nHost: x").query == b""


@pytest.mark.parametrize(
    ("text", "why", "status"),
    [
        ("GET  / HTTP/1.1\nHost: x", "request line", 400),
        ("GET / HTTP/1.1 \nHost: x", "request line", 400),
        ("GET /\nHost: x", "request line", 400),
        ("GET /\x7f HTTP/1.1\nHost: x", "request line", 400),
        ("GET /\xe9 HTTP/1.1\nHost: x", "request line", 400),
        ("G(T / HTTP/1.1\nHost: x", "request line", 400),
        ("GET / HTTP/2.0\nHost: x", "HTTP/1.1", 505),
        ("GET / HTTP/1.2\nHost: x", "HTTP/1.1", 505),
        ("GET / http/1.1\nHost: x", "request line", 400),
        ("GET / HTTP/1.1", "Host field is missing", 400),
        ("GET / HTTP/1.1\nHost: x\nHost: x", "more than one Host", 400),
        ("GET / HTTP/1.1\nHost:", "not a host", 400),
        ("GET / HTTP/1.1\nHost: a b", "not a host", 400),
        ("GET / HTTP/1.1\nHost: a:65536", "not a host", 400),
        ("GET / HTTP/1.1\nHost: a:70000", "not a host", 400),
        ("GET / HTTP/1.1\nHost: [:::1]", "not a host", 400),
        ("GET / HTTP/1.1\nHost: [127.0.0.1]", "not a host", 400),
        ("GET / HTTP/1.1\nHost: user@x", "not a host", 400),
        ("GET / HTTP/1.1\nHost: x/y", "not a host", 400),
        ("GET / HTTP/1.1\nHost: x,y", "not a host", 400),
        ("GET / HTTP/1.1\nHost: x%2fy", "not a host", 400),
        ("POST / HTTP/1.1\nHost: x\nContent_Length: 1", "underscore", 400),
        ("POST / HTTP/1.1\nHost: x\ntransfer_Encoding: chunked", "underscore", 400),
        ("POST / HTTP/1.1\nHost: x\nContent_Encoding: gzip", "underscore", 400),
        ("GET / HTTP/1.1\nHost: x\nX_Api_Key: 1\nX-Api-Key: 2", "underscore", 400),
        ("GET / HTTP/1.1\nHost: x\nX_Api-Key: 1\nX-Api_Key: 1", "underscore", 400),
        ("GET / HTTP/1.1\nHost: x\nUser_Agent: 1\nUser-Agent: 1", "underscore", 400),
        ("GET / HTTP/1.1\nHost: x:port", "not a host", 400),
        ("GET / HTTP/1.1\nHost : x", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\nA: b\n c", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\n A: b", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\nA b", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\n: b", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\nA: b\0c", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\nA: b\x0bc", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\nA\xe9: b", "malformed", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: 1\nTransfer-Encoding: chunked", "both", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: 1\nContent-Length: 1", "more than one Content-Length", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: 1, 1", "not a number", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: +1", "not a number", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: 0x1", "not a number", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: \xb2", "not a number", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: " + "9" * 19, "not a number", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length:", "not a number", 400),
        ("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: gzip, chunked", "transfer coding", 501),
        ("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: ,chunked", "transfer coding", 501),
        ("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: identity", "transfer coding", 501),
        ("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked", "more than one", 400),
        ("POST / HTTP/1.0\nHost: x\nTransfer-Encoding: chunked", "HTTP/1.0", 400),
        ("GET / HTTP/1.1\nHost: x\nExpect: 200-ok", "expectation", 417),
        ("CONNECT x:443 HTTP/1.1\nHost: x:443", "tunnel", 400),
        ("OPTIONS * HTTP/1.1\nHost: x", "neither a path nor a URL", 400),
        ("GET http://y/ HTTP/1.1\nHost: x", "another authority", 400),
        ("POST / HTTP/1.1\nHost: x\nConnection: Upgrade\nUpgrade: h2c\nContent-Length: 1", "has a body", 400),
        ("POST / HTTP/1.1\nHost: x\nConnection: Upgrade\nUpgrade: h2c\nTransfer-Encoding: chunked", "has a body", 400),
        ("CONNECT / HTTP/1.1\nHost: x", "tunnel", 400),
        ("CONNECT http://x/ HTTP/1.1\nHost: x", "tunnel", 400),
        ("GET http://x/#f HTTP/1.1\nHost: x", "fragment", 400),
        ("GET /#f HTTP/1.1\nHost: x", "fragment", 400),
        ("GET /?a#f HTTP/1.1\nHost: x", "fragment", 400),
    ],
)
def test_what_two_parsers_could_read_differently_is_refused(text: str, why: str, status: int) -> None:
    with pytest.raises(FramingError, match=why) as refused:
        request(text)
    assert refused.value.status == status


def test_the_number_of_fields_is_limited() -> None:
    with pytest.raises(FramingError) as refused:
        request("GET / HTTP/1.1\nHost: x\nA: 1\nB: 2", field_limit=2)
    assert refused.value.status == 431


def test_absolute_form_with_the_same_authority_is_read_as_a_path() -> None:
    head = request("GET http://Example.org:80/a?b HTTP/1.1\nHost: example.org:80")
    assert (head.target, head.path, head.query) == (b"/a?b", b"/a", b"b")
    assert request("GET http://x HTTP/1.1\nHost: x").path == b"/"
    assert request("GET http://x?q HTTP/1.1\nHost: x").target == b"/?q"


def test_http_1_0_needs_no_host_and_closes_unless_asked_to_stay() -> None:
    assert request("GET / HTTP/1.0").close
    assert not request("GET / HTTP/1.0\nConnection: keep-alive").close
    assert request("GET / HTTP/1.1\nHost: x\nConnection: Close").close
    assert not request("POST / HTTP/1.0\nExpect: 100-continue\nContent-Length: 1").continues


def test_connection_drops_what_it_names_but_nothing_that_was_validated() -> None:
    head = request("GET / HTTP/1.1\nHost: x\nConnection: x-hop, Authorization\nX-Hop: 1\nAuthorization: b\nX-Stay: 2")
    assert head.passed_on == [b"Authorization: b", b"X-Stay: 2"]


def test_what_connection_drops_no_policy_sees_and_framing_stays_for_all() -> None:
    head = request("POST / HTTP/1.1\nHost: x\nConnection: X-Hop, Content-Length, Host, close\nx-hop: 1\nX-HOP: 2\nContent-Length: 3\nA: b")
    assert head.headers == [
        (b"host", b"x"),
        (b"connection", b"X-Hop, Content-Length, Host, close"),
        (b"content-length", b"3"),
        (b"a", b"b"),
    ]
    assert [line.split(b":")[0].lower() for line in head.lines] == [name for name, _ in head.headers]
    assert (head.passed_on, head.length, head.close) == ([b"A: b"], 3, True)


def test_edited_fields_are_passed_on_but_for_what_the_client_may_not_say() -> None:
    head = request("GET / HTTP/1.1\nHost: x\nConnection: x-hop\nX-Hop: 1\nX-Forwarded-Prefix: /a\nA: b")
    assert passed_on(head, [*head.lines, b"X-Forwarded-Prefix: /a", b"B: c"]) == [b"A: b", b"X-Forwarded-Prefix: /a", b"B: c"]


def test_fields_of_the_hop_and_forwarded_ones_are_not_passed_on() -> None:
    head = request(
        "GET / HTTP/1.1\nHost: x\nTE: trailers\nUpgrade: h2c\nKeep-Alive: 1\nX-Forwarded-For: 6.6.6.6\nForwarded: for=6.6.6.6\n"
        "X-Forwarded-Ssl: on\nx-forwarded-anything: 1\nX-Real-IP: 6.6.6.6\n"
        "X-Request-Id: mine\ntraceparent: t\nProxy-Authorization: p\nVia: 1.1 a"
    )
    assert head.passed_on == [b"Via: 1.1 a"]


@pytest.mark.parametrize(
    "name",
    [
        "X_Forwarded_For", "x-forwarded_proto", "X_REAL_IP", "X_Request_Id", "Proxy_Authorization", "HTTP2-Settings", "Proxy",
        "X-HTTP-Method-Override", "X-Method-Override", "x_http_method_override", "X-Original-URL", "X-Rewrite-Url", "X-Host",
        "True-Client-IP", "CF-Connecting-IP", "X-Client-IP", "Remote-User", "X-SSL-Client-Cert",
    ],
)  # fmt: skip
def test_nobody_may_say_who_asks_or_that_something_else_is_meant(name: str) -> None:
    assert request(f"GET / HTTP/1.1\nHost: x\n{name}: 1\nA: b").passed_on == [b"A: b"]


def test_a_name_with_an_underscore_is_passed_on_where_it_is_the_only_one() -> None:
    head = request("GET / HTTP/1.1\nHost: x\napi_key: 1\nApi_Key: 2\nX-Hop_A: 3\nConnection: x-hop_a")
    assert head.passed_on == [b"api_key: 1", b"Api_Key: 2"]


def test_a_repeated_block_is_read_as_the_first_one_was() -> None:
    data = b"GET /1 HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n"
    first = read(data)
    second = read(data.replace(b" /1 ", b" /2?q "), first)
    assert (second.path, second.query, second.headers, second.passed_on_block) == (b"/2", b"q", first.headers, b"A: b\r\n")
    assert first.path == b"/1"
    assert read(data.replace(b"HTTP/1.1", b"HTTP/1.0"), first).close


@pytest.mark.parametrize(
    "data",
    [b"G", b"GET / HTTP/1.1\r", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET /" + b"a" * 25, b"GET / HTTP/1.1\r\n" + b"a" * 80],
)
def test_a_head_that_may_still_become_one_is_waited_for(data: bytes) -> None:
    check_unfinished(data, 0, line_limit=30, limit=100)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /" + b"a" * 30, 414),
        (b"GET / HTTP/1.1\r\n" + b"a" * 90, 431),
        (b"GET / HTTP/1.1\n", 400),
        (b"GET / HTTP/1.1\r\nA: \0", 400),
    ],
)
def test_a_head_that_cannot_become_one_is_not(data: bytes, status: int) -> None:
    with pytest.raises(FramingError) as error:
        check_unfinished(data, 0, line_limit=30, limit=100)
    assert error.value.status == status


@pytest.mark.parametrize("host", ["x", "x:", "x:0", "x:65535", "[::1]", "[::ffff:192.0.2.1]:8080", "192.0.2.1:80", "x."])
def test_hosts(host: str) -> None:
    assert request(f"GET / HTTP/1.1\nHost: {host}").host == host.encode()


SESSION = "__Host-specgw-session=" + "A" * 43


@pytest.mark.parametrize(
    ("field", "left", "portal"),
    [
        ("Cookie: a=1; b=2", [b"Cookie: a=1; b=2"], ()),
        (f"Cookie: {SESSION}", [], (SESSION,)),
        (f"Cookie: a=1; {SESSION}; b=2", [b"Cookie: a=1; b=2"], (SESSION,)),
        (f"cookie:a=1;{SESSION};__Host-specgw-sign-in=x", [b"cookie: a=1"], (SESSION, "__Host-specgw-sign-in=x")),
        (f"Cookie: a=1\nX-One: 1\nCookie: {SESSION}", [b"Cookie: a=1", b"X-One: 1"], (SESSION,)),
        ("Cookie: a=__Host-specgw-session", [b"Cookie: a=__Host-specgw-session"], ()),
        (f"Cookie: {SESSION}\nConnection: cookie, x-one\nX-One: 1", [], (SESSION,)),
    ],
)
def test_cookies_of_the_portal_are_seen_by_nobody_else(field: str, left: list[bytes], portal: tuple[str, ...]) -> None:
    head = request(f"GET / HTTP/1.1\nHost: x\n{field}")
    assert head.passed_on == left
    assert set(left) <= set(head.lines)
    cookies = [line.partition(b":")[2].strip() for line in left if line[:6].lower() == b"cookie"]
    assert [value for name, value in head.headers if name == b"cookie"] == cookies
    assert len(head.lines) == len(head.headers)
    assert b"__Host-specgw-session=" not in b"".join(head.lines)
    assert head.portal == tuple(f"Cookie: {pair}".encode() for pair in portal)


def test_a_repeated_block_has_the_same_cookies() -> None:
    data = f"GET /a HTTP/1.1\r\nHost: x\r\nCookie: a=1; {SESSION}\r\n\r\n".encode()
    first = read(data)
    second = read(data.replace(b"/a", b"/b"), first)
    assert (second.portal, second.passed_on) == (first.portal, [b"Cookie: a=1"])

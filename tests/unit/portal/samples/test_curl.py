from __future__ import annotations

import json
import shlex
import subprocess
from typing import Any

import pytest

from specgw.portal.samples.call import call_of
from specgw.portal.samples.curl import curl

ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}, "example": 42}
JSON = "application/json"


def words(call: str) -> list[str]:
    """What a shell makes of it."""
    return shlex.split(call.replace("\\\n", " "))


def call(
    method: str = "GET", path: str = "/x", *parameters: dict[str, Any], body: Any = None, schemes: Any = (), server: str = "/"
) -> list[str]:
    return words(curl(call_of(method, path, parameters, body, schemes, {}, server)))


def test_a_call_of_examples() -> None:
    role = {"name": "role", "in": "query", "example": "admin"}
    unsaid = {"name": "page", "in": "query", "schema": {"type": "integer"}}
    body = {"required": True, "content": {JSON: {"example": {"name": "It's"}}}}
    text = curl(call_of("PUT", "/users/{id}", [ID, role, unsaid], body, [], {}, "/"))
    assert text == (
        "curl --request PUT \\\n  \"$GATEWAY\"/users/42'?'role=admin \\\n"
        "  --header 'Content-Type: application/json' \\\n  --data-raw '{\"name\": \"It'\"'\"'s\"}'"
    )
    assert words(text) == [
        *("curl", "--request", "PUT", "$GATEWAY/users/42?role=admin"),
        *("--header", "Content-Type: application/json", "--data-raw", '{"name": "It\'s"}'),
    ]


def test_a_long_query_has_a_line_for_each_pair() -> None:
    names = ("created", "updated", "@file")
    parameters = [{"name": name, "in": "query", "example": "2026-01-02T03:04:05Z"} for name in names]
    key = {"type": "apiKey", "in": "query", "name": "key"}
    text = curl(call_of("GET", "/x", parameters, None, [key], {}, "/"))
    assert text == (
        'curl --get \\\n  "$GATEWAY"/x \\\n  --data created=2026-01-02T03%3A04%3A05Z \\\n  --data updated=2026-01-02T03%3A04%3A05Z \\\n'
        '  --data %40file=2026-01-02T03%3A04%3A05Z \\\n  --data key="$API_KEY"'
    )
    assert words(curl(call_of("HEAD", "/x", parameters, None, [], {}, "/")))[:3] == ["curl", "--head", "--get"]
    assert len(call("POST", "/x", *parameters)) == 4


def test_a_body_stands_below_its_option() -> None:
    value = {"name": "a\nb", "text": "x" * 80}
    text = curl(call_of("POST", "/x", [], {"content": {JSON: {"example": value}}}, [], {}, "/"))
    assert text.endswith(f'--data-raw \'{{\n    "name": "a\\nb",\n    "text": "{"x" * 80}"\n  }}\'')
    assert json.loads(words(text)[-1]) == value
    plain = curl(call_of("POST", "/x", [], {"content": {"text/plain": {"example": "a\nb"}}}, [], {}, "/"))
    assert words(plain)[-1] == "a\nb"


def test_where_it_goes() -> None:
    assert call(server="https://api.example.com/base/") == ["curl", "https://api.example.com/base/x"]
    assert call(server="/base") == ["curl", "$GATEWAY/base/x"]
    assert call(server="") == ["curl", "$GATEWAY/x"]
    assert call("HEAD") == ["curl", "--head", "$GATEWAY/x"]
    assert call("DELETE") == ["curl", "--request", "DELETE", "$GATEWAY/x"]


def test_required_parameters_without_an_example_get_what_belongs_there() -> None:
    query = {"name": "user id", "in": "query", "required": True, "schema": {"type": "string"}}
    header = {"name": "X-Trace", "in": "header", "required": True, "content": {JSON: {"example": [1]}}}
    cookie = {"name": "session", "in": "cookie", "required": True, "schema": {"enum": ["a b"]}}
    assert call("GET", "/{a}/{b}", query, header, cookie) == [
        *("curl", "$GATEWAY/a/b?user%20id=USER_ID", "--header", "X-Trace: 1", "--cookie", "session=a%20b")
    ]


@pytest.mark.parametrize(
    ("scheme", "told"),
    [
        ({"type": "http", "scheme": "bearer"}, ["$GATEWAY/x", "--header", "Authorization: Bearer $TOKEN"]),
        ({"type": "oauth2"}, ["$GATEWAY/x", "--header", "Authorization: Bearer $TOKEN"]),
        ({"type": "http", "scheme": "Basic"}, ["$GATEWAY/x", "--user", "$USERNAME:$PASSWORD"]),
        ({"type": "http", "scheme": "digest"}, ["$GATEWAY/x", "--digest", "--user", "$USERNAME:$PASSWORD"]),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, ["$GATEWAY/x", "--header", "X-Key: $API_KEY"]),
        ({"type": "apiKey", "in": "cookie", "name": "key"}, ["$GATEWAY/x", "--cookie", "key=$API_KEY"]),
        ({"type": "apiKey", "in": "query", "name": "the key"}, ["$GATEWAY/x?the%20key=$API_KEY"]),
        ({"type": "mutualTLS"}, ["$GATEWAY/x", "--cert", "$CERTIFICATE"]),
        ({"type": "newer"}, ["$GATEWAY/x"]),
    ],
)
def test_credentials_are_variables(scheme: dict[str, Any], told: list[str]) -> None:
    assert call(schemes=[scheme]) == ["curl", *told]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"text/plain": {"example": "@/etc/passwd"}}, ["--header", "Content-Type: text/plain", "--data-raw", "@/etc/passwd"]),
        ({"text/plain": {}, JSON: {"example": 1}}, ["--header", "Content-Type: application/json", "--data-raw", "1"]),
        ({"application/octet-stream": {}}, ["--header", "Content-Type: application/octet-stream", "--data-binary", "@FILE"]),
        ({"image/*": {}}, ["--header", "Content-Type: application/octet-stream", "--data-binary", "@FILE"]),
        ({"*/*": {"example": {"a": 1}}}, ["--header", "Content-Type: application/json", "--data-raw", '{"a": 1}']),
        (
            {"application/x-www-form-urlencoded": {"example": {"a": "b&c", "d": 1}}},
            ["--header", "Content-Type: application/x-www-form-urlencoded", "--data-raw", "a=b%26c&d=1"],
        ),
        (
            {
                "multipart/form-data": {
                    "schema": {"properties": {"file": {"format": "binary"}}},
                    "example": {"name": "@x", "file": "", "meta": {"a": 1}, "odd;name": 1},
                }
            },
            ["--form-string", "name=@x", "--form", "file=@FILE", "--form-string", 'meta={"a": 1}'],
        ),
        ({JSON: {"example": "x" * 5000}}, ["--header", "Content-Type: application/json", "--data-binary", "@FILE"]),
        ({}, []),
    ],
)
def test_bodies(content: dict[str, Any], told: list[str]) -> None:
    assert call("POST", body={"required": True, "content": content}) == ["curl", "--request", "POST", "$GATEWAY/x", *told]


def test_an_optional_body_is_sent_where_something_is_known_of_it() -> None:
    assert "--data-raw" not in call("POST", body={"content": {"text/plain": {"schema": {"type": "string"}}}})
    assert "--data-raw" in call("POST", body={"content": {JSON: {"schema": {"type": "string"}}}})


EVIL = ("'; rm -rf x #", '"$(reboot)"', "`reboot`", "a\nreboot", "\\", "${HOME}", "@/etc/passwd", "{a,b}[1-9]", "-o x", "!!", "ü")


@pytest.mark.parametrize("evil", EVIL)
def test_a_pasted_call_runs_curl_and_nothing_else(evil: str) -> None:
    """A real shell reads it; only the variables that stand for addresses and secrets mean something to it."""
    places = ("path", "query", "header", "cookie")
    parameters = [{"name": name, "in": place, "required": True, "example": evil} for place in places for name in ("n", evil)]
    schemes = [{"type": "apiKey", "in": place, "name": evil} for place in ("query", "header", "cookie")]
    body = {"required": True, "content": {"text/plain": {"example": evil}}}
    text = curl(call_of("POST", f"/{{n}}/{evil}", parameters, body, schemes, {}, f"/{evil}"))
    script = f"curl() {{ printf '%s\\0' \"$@\"; }}\n{text}"
    environ = {"GATEWAY": "http://g", "API_KEY": "k"}
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, env=environ, timeout=10, check=True)
    method, post, address, *told = done.stdout.decode().split("\0")[:-1]
    assert (method, post, done.stderr) == ("--request", "POST", b"")
    assert address.startswith("http://g/")
    assert address.endswith("=k")
    assert not set('{}[]`"\\ \n') & set(address)
    pairs = list(zip(told[::2], told[1::2], strict=True))
    assert pairs[-1] == ("--data-raw", evil)
    assert {option for option, _ in pairs} <= {"--header", "--cookie", "--data-raw"}
    assert not any(value.startswith("@") or "\n" in value for option, value in pairs if option != "--data-raw")


@pytest.mark.parametrize("evil", EVIL)
def test_nor_does_one_with_a_line_for_each_pair(evil: str) -> None:
    parameters = [{"name": name, "in": "query", "required": True, "example": evil * 10} for name in ("n", evil)]
    key = {"type": "apiKey", "in": "query", "name": evil}
    script = "curl() { printf '%s\\0' \"$@\"; }\n" + curl(call_of("GET", "/x", parameters, None, [key], {}, "/"))
    environ = {"GATEWAY": "http://g", "API_KEY": "k"}
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, env=environ, timeout=10, check=True)
    option, address, *told = done.stdout.decode().split("\0")[:-1]
    assert (option, address, done.stderr) == ("--get", "http://g/x", b"")
    assert told[::2] == ["--data"] * 3
    assert not any(set('@{}[]`"\\ \n') & set(value) for value in told[1::2])


def test_a_huge_example_becomes_a_placeholder() -> None:
    assert call("GET", "/{id}", {**ID, "example": "x" * 10_000}) == ["curl", "$GATEWAY/id"]

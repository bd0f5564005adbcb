"""What validation costs: µs for one small GET and one small POST, as a valid request pays them.

    python benchmarks/validation.py

The figures are the least of several runs on one core, since every disturbance only adds. The POST includes reading the
JSON text, the search for repeated keys, and the JSON Schema; compare with `orjson.loads` alone, printed last.
"""

from __future__ import annotations

import json
import sys
import timeit
from collections.abc import Callable
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).parents[1]))

from specgw.plan.model import Body, Content, Origin, Parameter, Route, Shape
from specgw.policies.base import Exchange
from specgw.policies.validation import build
from specgw.policies.validation.validators import Validators

SCHEMAS = {
    "request:/users.yaml": {
        "id": {"type": "integer", "minimum": 1},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100},
        "search": {"type": "string", "maxLength": 50},
        "user": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "minLength": 1},
                "email": {"type": "string", "format": "email"},
                "age": {"type": "integer", "minimum": 0, "$ref": "format:/numbers#/int32"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "address": {"type": "object", "properties": {"street": {"type": "string"}, "since": {"format": "date-time"}}},
            },
            "required": ["name", "email"],
            "additionalProperties": False,
        },
    }
}
USER = {
    "name": "Ada Lovelace", "email": "ada@example.org", "age": 36, "tags": ["x", "y"],
    "address": {"street": "Main 1", "since": "2020-01-01T00:00:00Z"},
}  # fmt: skip
HEADERS = [(b"host", b"127.0.0.1:8080"), (b"user-agent", b"wrk"), (b"accept", b"*/*")]


def route(method: str, *parameters: Parameter, body: Body | None = None) -> Route:
    """One operation."""
    origin = Origin(file="users.yaml", line=1)
    return Route(id=method, service="users", method=method, path="/", document_path="/", origin=origin, parameters=parameters, body=body)


def exchange(to: Route, body: bytes | None = None) -> Exchange:
    """A request as the pipeline hands it over."""
    made = Exchange()
    made.route = to
    made.method = to.method
    made.path_values = {"id": "17"}
    made.query = b"limit=10&search=ada"
    made.headers = list(HEADERS)
    if body is not None:
        made.headers += [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    made.body = body
    made.holds_body = made.holds_response = False
    made.media_type = None
    made.violations = []
    made.notes = {}
    return made


def show(name: str, call: Callable[[], object]) -> None:
    """Print the least time of one call."""
    count = 20_000
    print(f"{name:44} {min(timeit.repeat(call, number=count, repeat=9)) / count * 1e6:6.2f} µs")


def main() -> None:
    """Build the policies of a GET and a POST, and time them."""
    integer, string = Shape(types=("integer",)), Shape(types=("string",))
    reference = "request:/users.yaml#/"
    read = route(
        "GET",
        Parameter(name="id", location="path", style="simple", required=True, shape=integer, schema=f"{reference}id"),
        Parameter(name="limit", location="query", style="form", explode=True, shape=integer, schema=f"{reference}limit"),
        Parameter(name="search", location="query", style="form", explode=True, shape=string, schema=f"{reference}search"),
    )
    write = route(
        "POST", body=Body(required=True, content=(Content(media_range="application/json", kind="json", schema=f"{reference}user"),))
    )
    validators = Validators(SCHEMAS)
    for_read, for_write = build(read, validators), build(write, validators)
    assert for_read is not None
    assert for_write is not None
    compact, spaced = orjson.dumps(USER), json.dumps(USER).encode()
    get, post, spaced_post = exchange(read), exchange(write, compact), exchange(write, spaced)
    for policy, made in ((for_read, get), (for_write, post), (for_write, spaced_post)):
        assert policy.request(made) is None
        assert policy.body(made) is None
    show("GET, one path and two query parameters", lambda: for_read.request(get))
    show(f"POST, head, {len(compact)} bytes of JSON", lambda: for_write.request(post))
    show("POST, body without white space", lambda: for_write.body(post))
    show("POST, body with white space", lambda: for_write.body(spaced_post))
    show("orjson.loads of that body", lambda: orjson.loads(spaced))


if __name__ == "__main__":
    main()

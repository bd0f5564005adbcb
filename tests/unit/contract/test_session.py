"""Who is sent with a request: the credentials of an alternative that the identity has all of."""

from __future__ import annotations

from typing import Any, cast

import pytest
import schemathesis

from specgw.contract.credentials import identities
from specgw.contract.session import Credentials

SCHEMES = {
    "key": {"type": "apiKey", "in": "query", "name": "k"},
    "sid": {"type": "apiKey", "in": "cookie", "name": "sid"},
    "token": {"type": "http", "scheme": "bearer"},
}


def case(security: list[dict[str, list[str]]]) -> Any:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/": {"get": {"security": security, "responses": {"200": {"description": "ok"}}}}},
        "components": {"securitySchemes": SCHEMES},
    }
    return schemathesis.openapi.from_dict(document)["/"]["GET"].Case()


@pytest.mark.parametrize(
    ("security", "query", "cookies", "headers"),
    [
        ([{"key": []}], {"k": "1"}, {}, {}),
        ([{"token": []}], {}, {}, {"Authorization": "Bearer t"}),
        ([{"key": [], "sid": []}, {"token": []}], {}, {}, {"Authorization": "Bearer t"}),
        ([{"sid": []}], {}, {}, {}),
        ([{}, {"key": []}], {"k": "1"}, {}, {}),
        ([], {}, {}, {}),
    ],
)
def test_the_first_alternative_that_the_identity_has_all_of(
    security: list[dict[str, list[str]]], query: dict[str, str], cookies: dict[str, str], headers: dict[str, str]
) -> None:
    [identity] = identities({"key": ["1"], "token": ["t"]}, {"components": {"securitySchemes": SCHEMES}})
    made = case(security)
    credentials = Credentials(identity)
    context = cast("Any", schemathesis.AuthContext(operation=made.operation, app=None))
    credentials.set(made, credentials.get(made, context), context)
    assert (dict(made.query or {}), dict(made.cookies or {}), dict(made.headers or {})) == (query, cookies, headers)


def test_a_cookie() -> None:
    [identity] = identities({"sid": ["s"]}, {"components": {"securitySchemes": SCHEMES}})
    made = case([{"sid": []}])
    credentials = Credentials(identity)
    context = cast("Any", schemathesis.AuthContext(operation=made.operation, app=None))
    credentials.set(made, credentials.get(made, context), context)
    assert made.cookies == {"sid": "s"}

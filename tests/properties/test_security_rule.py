"""The decision about who may call, held against the specification's rule in a few lines: from documents and requests to the answer.

OpenAPI, section "Security Requirement Object": one of the alternatives is enough; within one, every scheme with everything that
is listed for it; an empty one makes credentials optional. Section "Operation Object": an operation's own list replaces the root's.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.plan.model import Plan, Scheme
from specgw.policies.auth import authentication
from specgw.policies.auth.base import Key, Services
from specgw.policies.auth.jwk import Key as IssuerKey
from specgw.policies.auth.jwk import secret_key
from specgw.policies.auth.schemes import verifiers
from specgw.policies.base import Exchange
from specgw.problems import Problem
from tests.unit.policies.auth.issuing import AUDIENCE, ISSUER, NOW, SECRET, token

Alternatives = list[dict[str, list[str]]]

SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "sid": {"type": "apiKey", "in": "cookie", "name": "sid"},
    "ask": {"type": "apiKey", "in": "query", "name": "ask"},
    "login": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "https://issuer.example/token", "scopes": {"a": "", "b": ""}}},
        "x-gateway": {"issuer": ISSUER, "audience": AUDIENCE, "jwks": "keys.json", "algorithms": ["HS256"]},
    },
}
NAMES = st.sampled_from(["a", "b"])
ASKED = st.lists(NAMES, max_size=2, unique=True)
SECURITY = st.lists(st.dictionaries(st.sampled_from(sorted(SCHEMES)), ASKED, max_size=3), max_size=3)
SENT = [None, "wrong", frozenset(), frozenset("a"), frozenset("b"), frozenset("ab")]
CREDENTIALS = st.fixed_dictionaries({name: st.sampled_from(SENT) for name in SCHEMES}).map(
    lambda sent: {name: held for name, held in sent.items() if held is not None}
)
"""What is sent for each scheme: something wrong, or what is good and carries these scopes."""


def allowed(root: Alternatives | None, own: Alternatives | None, held: dict[str, frozenset[str]]) -> int:
    """The specification's rule; `held` has the schemes whose credentials are good. 200, 401 or 403."""
    alternatives = root if own is None else own
    if not alternatives:
        return 200
    proved = [alternative for alternative in alternatives if held.keys() >= alternative.keys()]
    if any(all(held[name].issuperset(asked) for name, asked in alternative.items()) for alternative in proved):
        return 200
    return 403 if proved else 401


class Known:
    """Keys and issuers: a key says itself what it may do, half of it as scopes and half as roles."""

    issuer = None
    generation = 1

    def find(self, key: Any, algorithm: str | None = None) -> Any:
        if algorithm is not None:
            return self._issued()
        said, _, names = key.decode().partition("-")
        held = frozenset(names.split("-")) - {""}
        return Key("k", scopes=held & {"a"}, roles=held & {"b"}) if said == "good" else None

    def keys_of(self, scheme: Scheme) -> Any:
        return self

    def introspection_of(self, scheme: Scheme) -> Any:
        raise AssertionError("no scheme asks about tokens")

    def _issued(self) -> Sequence[IssuerKey]:
        return (secret_key(SECRET, "oct"),)


def compiled(root: Alternatives | None, operations: list[Alternatives | None]) -> Plan:
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "http://127.0.0.1:1"}],
        "paths": {
            f"/{number}": {"get": {"responses": {"200": {"description": "ok"}}, **({} if own is None else {"security": own})}}
            for number, own in enumerate(operations)
        },
        "components": {"securitySchemes": SCHEMES},
    }
    if root is not None:
        document["security"] = root
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "api.json").write_text(json.dumps(document))
        plan = compile_documents(Inputs((Path(folder),)), environ={}).plan
    assert plan is not None
    return plan


def sent(credentials: dict[str, Any]) -> Exchange:
    made = Exchange()
    made.client, made.scheme, made.method, made.identity, made.query = "127.0.0.1", "http", "GET", None, None
    made.headers = [(b"host", b"api.example")]
    for name, held in credentials.items():
        key = "-".join(("bad" if held == "wrong" else "good", *sorted(held if held != "wrong" else ()))).encode()
        if name == "key":
            made.headers.append((b"x-key", key))
        elif name == "sid":
            made.headers.append((b"cookie", b"other=x; sid=" + key))
        elif name == "ask":
            made.query = b"x=1&ask=" + key
        else:
            value = token("HS256", key=b"x" * 64) if held == "wrong" else token("HS256", scope=" ".join(sorted(held)))
            made.headers.append((b"authorization", b"Bearer " + value))
    return made


async def status(outcome: Any) -> int:
    problem = await outcome if outcome is not None and not isinstance(outcome, Problem) else outcome
    return 200 if problem is None else problem.status


# Each of these is what some published gateway gets wrong.
@example(root=[{"login": ["a"]}], operations=[[]], credentials={})
@example(root=[{"key": []}], operations=[[{"login": []}]], credentials={"key": frozenset()})
@example(root=None, operations=[[{"login": ["a", "b"]}]], credentials={"login": frozenset("a")})
@example(root=None, operations=[[{"key": [], "login": []}]], credentials={"key": frozenset()})
@example(root=[{}, {"key": []}], operations=[None], credentials={"key": "wrong"})
@given(
    root=st.none() | SECURITY,
    operations=st.lists(st.none() | SECURITY | SECURITY, min_size=2, max_size=6),
    credentials=CREDENTIALS,
)
@settings(deadline=None)
def test_the_gateway_decides_as_the_specification(
    root: Alternatives | None, operations: list[Alternatives | None], credentials: dict[str, Any]
) -> None:
    plan = compiled(root, operations)
    known = Known()
    built = verifiers(plan, Services(clock=lambda: NOW, keys=known, issuers=known))
    held = {name: scopes for name, scopes in credentials.items() if scopes != "wrong"}
    for number, own in enumerate(operations):
        route = next(route for route in plan.routes if route.document_path == f"/{number}")
        policy = authentication.build(route, plan.schemes, built)
        answered = 200 if policy is None else asyncio.run(status(policy.request(sent(credentials))))
        event(f"an operation is answered {answered}")
        assert answered == allowed(root, own, held), (root, own, credentials)

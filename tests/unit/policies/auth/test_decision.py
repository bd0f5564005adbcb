"""The rule of OpenAPI, alternative by alternative."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.plan.model import SecurityScheme
from specgw.policies.auth.base import Identity, Refusal, Verdict
from specgw.policies.auth.decision import Denied, Granted, decide, merged


def need(name: str, *scopes: str, roles: bool = False) -> SecurityScheme:
    return SecurityScheme(name=name, scheme=name, scopes=scopes, roles=roles)


def who(name: str, *scopes: str, roles: tuple[str, ...] = ()) -> Identity:
    return Identity(name, f"{name} subject", scopes=frozenset(scopes), roles=frozenset(roles))


BAD = Refusal("bad")
AWAY = Refusal("away", "unavailable")


@pytest.mark.parametrize(
    ("alternatives", "verdicts", "decision"),
    [
        ((), {}, Granted()),
        (((),), {}, Granted()),
        (((need("a"),),), {"a": who("a")}, Granted((who("a"),))),
        (((need("a"),),), {"a": None}, Denied()),
        (((need("a"),),), {"a": BAD}, Denied()),
        # OR
        (((need("a"),), (need("b"),)), {"a": None, "b": who("b")}, Granted((who("b"),))),
        (((need("a"),), (need("b"),)), {"a": BAD, "b": who("b")}, Granted((who("b"),))),
        # AND
        (((need("a"), need("b")),), {"a": who("a"), "b": None}, Denied()),
        (((need("a"), need("b")),), {"a": who("a"), "b": who("b")}, Granted((who("a"), who("b")))),
        # every scope
        (((need("a", "r", "w"),),), {"a": who("a", "r")}, Denied(("w",))),
        (((need("a", "r", "w"),),), {"a": who("a", "w", "r", "x")}, Granted((who("a", "w", "r", "x"),))),
        # scopes of two alternatives do not add up
        (((need("a", "r", "w"),), (need("b", "r"),)), {"a": who("a", "r"), "b": who("b", "w")}, Denied(("w",))),
        # roles are no scopes where OAuth says what a scope is
        (((need("a", "r"),),), {"a": who("a", roles=("r",))}, Denied(("r",))),
        (((need("a", "r", roles=True),),), {"a": who("a", roles=("r",))}, Granted((who("a", roles=("r",)),))),
        # optional: whoever says who they are is known, wherever {} stands; and nobody is refused
        (((), (need("a"),)), {"a": who("a")}, Granted((who("a"),))),
        (((need("a"),), ()), {"a": BAD}, Granted()),
        (((need("a", "r"),), ()), {"a": who("a")}, Granted()),
        # nobody can be asked
        (((need("a"),),), {"a": AWAY}, Denied(unavailable=True)),
        (((need("a"), need("b")),), {"a": AWAY, "b": None}, Denied()),
        (((need("a"),), (need("b"),)), {"a": AWAY, "b": who("b")}, Granted((who("b"),))),
        (((need("a"),), (need("b", "r"),)), {"a": AWAY, "b": who("b")}, Denied(("r",), unavailable=True)),
    ],
)
def test_decisions(alternatives: Any, verdicts: dict[str, Verdict], decision: Granted | Denied) -> None:
    assert decide(alternatives, verdicts) == decision


def test_several_identities_are_one_with_what_all_are_allowed() -> None:
    key = Identity("key", "k1", "shop", frozenset("a"), frozenset("r"), {"x": 1}, 20.0)
    token = Identity("token", "ada", None, frozenset("b"), frozenset(), {"x": 2, "y": 3}, 10.0)
    both = merged((token, key))
    assert both == Identity("token key", "ada", "shop", frozenset("ab"), frozenset("r"), {"x": 2, "y": 3}, 10.0)
    assert merged((key,)) is key
    assert merged(()) is None


def test_what_nobody_verified_is_nobody() -> None:
    assert merged((Identity("key", ""),)) is None
    assert merged((Identity("key", ""), Identity("token", "ada"))) == Identity("token", "ada")

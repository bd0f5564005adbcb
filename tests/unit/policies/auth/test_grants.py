from __future__ import annotations

from typing import Any

import pytest

from specgw.policies.auth.grants import Preset, grants, path_of


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("scope", ("scope",)),
        ("realm_access.roles", ("realm_access", "roles")),
        (r"resource_access.my\.client.roles", ("resource_access", "my.client", "roles")),
        ("https://example.com/roles", ("https://example.com/roles",)),
        (r"https://example\.com/app.roles", ("https://example.com/app", "roles")),
        (r"back\\slash.x", ("back\\slash", "x")),
        ("a b", ("a b",)),
        ("", None),
        (".", None),
        ("a.", None),
        (".a", None),
        ("a..b", None),
        ("a\\", None),
    ],
)
def test_paths(text: str, path: tuple[str, ...] | None) -> None:
    assert path_of(text) == path


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"scope": "read write"}, {"read", "write"}),
        ({"scp": "read"}, {"read"}),
        ({"scp": ["read", "write all"]}, {"read", "write all"}),
        ({"scope": "read", "scp": ["write"]}, {"read", "write"}),
        ({"scope": " read  write "}, {"read", "write"}),
        ({"scope": ""}, set()),
        ({}, set()),
        ({"scope": None}, set()),
        ({"scope": 7}, set()),
        ({"scope": {"read": True}}, set()),
        ({"scope": ["read", 1, None, ["write"]]}, {"read"}),
        ({"scope": "read\twrite"}, {"read\twrite"}),
        ({"permissions": ["read"], "realm_access": {"roles": ["r"]}}, set()),
    ],
)
def test_scopes_by_default(claims: dict[str, Any], scopes: set[str]) -> None:
    assert grants().read(claims)[0] == scopes


def read(claims: dict[str, Any], *preset: Preset, **said: Any) -> tuple[set[str], set[str]]:
    scopes, roles = grants(*preset, **said).read(claims)
    return set(scopes), set(roles)


def test_keycloak() -> None:
    claims = {
        "scope": "openid",
        "roles": ["not keycloak's"],
        "realm_access": {"roles": ["admin"]},
        "resource_access": {"api.v1": {"roles": ["editor"]}, "other": {"roles": ["owner"]}},
    }
    assert read(claims, "keycloak", audience=("api.v1",)) == ({"openid"}, {"admin", "editor"})
    assert read(claims, "keycloak") == ({"openid"}, {"admin"})


def test_auth0() -> None:
    claims = {"scope": "openid", "permissions": ["read:users"]}
    assert read(claims, "auth0") == ({"openid", "read:users"}, set())


def test_a_path_of_the_authors_own_replaces_the_others() -> None:
    claims = {"scope": "read", "https://example.com/roles": ["admin"], "app": {"rights": {"list": "one two"}}}
    own = read(claims, "auth0", scopes_from="app.rights.list", roles_from="https://example.com/roles")
    assert own == ({"one", "two"}, {"admin"})


def test_a_path_through_something_else_finds_nothing() -> None:
    for value in (None, "text", 1, ["roles"], {"roles": {"x": 1}}):
        assert grants(roles_from="realm_access.roles").read({"realm_access": value})[1] == set()


def test_what_is_no_path_is_an_error() -> None:
    with pytest.raises(ValueError, match="no path"):
        grants(scopes_from="a..b")

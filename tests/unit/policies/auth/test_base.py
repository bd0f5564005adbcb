from specgw.policies.auth.base import Identity, Refusal


def test_an_identity_has_no_rights_of_its_own() -> None:
    identity = Identity("bearer", "ada")
    assert (identity.scopes, identity.roles, dict(identity.claims), identity.consumer) == (frozenset(), frozenset(), {}, None)


def test_a_refusal_means_the_token_unless_it_says_something_else() -> None:
    assert Refusal("the token has expired").error == "invalid_token"

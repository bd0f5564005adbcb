from specgw.policies.auth.base import Refusal, Services, digest


def test_a_refusal_means_the_token_unless_it_says_something_else() -> None:
    assert Refusal("the token has expired").error == "invalid_token"


def test_a_key_is_looked_up_by_its_digest() -> None:
    assert digest(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_there_is_nobody_to_ask_unless_somebody_is_handed_in() -> None:
    services = Services()
    assert (services.keys, services.issuers) == (None, None)
    assert services.clock() > 1_700_000_000

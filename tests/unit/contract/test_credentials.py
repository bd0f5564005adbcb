"""From what the command line says to what is sent, and whose it is."""

from __future__ import annotations

import base64

import pytest

from specgw.contract.credentials import NotACredential, Sent, identities, read_values, shut_out
from specgw.contract.subject import Subject
from specgw.policies.auth.development import DEVELOPMENT_KEY

DOCUMENT = {
    "components": {
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "query", "name": "k"},
            "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
            "token": {"type": "http", "scheme": "Bearer"},
            "oauth": {"type": "oauth2", "flows": {}},
            "login": {"type": "http", "scheme": "basic"},
            "digest": {"type": "http", "scheme": "digest"},
            "certificate": {"type": "mutualTLS"},
            "word": {"type": "http", "scheme": "HOBA"},
        }
    }
}


def test_values_are_kept_in_order_and_filled_in_from_the_environment() -> None:
    values = read_values(["key=a", "token=${TOKEN}", "key=b=c"], {"TOKEN": "t"})
    assert values == {"key": ["a", "b=c"], "token": ["t"]}


@pytest.mark.parametrize("text", ["key", "=value", "key=", "key=${ABSENT}"])
def test_what_is_no_credential(text: str) -> None:
    with pytest.raises(NotACredential):
        read_values([text], {})


def test_each_kind_of_scheme_is_sent_in_its_place() -> None:
    values = {"key": ["a"], "cookie": ["b"], "token": ["c"], "oauth": ["d"], "login": ["ada:x:y"], "certificate": [":MIIB:"], "word": ["w"]}
    [identity] = identities(values, DOCUMENT)
    assert identity.sent == {
        "key": Sent("query", "k", "a"),
        "cookie": Sent("cookie", "sid", "b"),
        "token": Sent("header", "Authorization", "Bearer c"),
        "oauth": Sent("header", "Authorization", "Bearer d"),
        "certificate": Sent("header", "Client-Cert", ":MIIB:"),
        "word": Sent("header", "Authorization", "HOBA w"),
        "login": Sent("header", "Authorization", f"Basic {base64.b64encode(b'ada:x:y').decode()}"),
    }


def test_the_second_value_of_a_scheme_is_another_identity() -> None:
    first, second = identities({"key": ["a", "b"], "token": ["t"]}, DOCUMENT)
    assert (first.name, second.name) == ("identity 1", "identity 2")
    assert first.sent.keys() == {"key", "token"}
    assert second.sent == {"key": Sent("query", "k", "b")}


def test_under_the_development_profile_the_known_key_stands_in_for_keys_that_are_not_given() -> None:
    [identity] = identities({"cookie": ["own"]}, DOCUMENT, dev=True)
    assert {name: sent.value for name, sent in identity.sent.items()} == {"key": DEVELOPMENT_KEY, "cookie": "own"}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kay": ["secret"]}, "did you mean 'key'"),
        ({"login": ["secret"]}, "USER:PASSWORD"),
        ({"digest": ["secret"]}, "http digest"),
        ({"certificate": ["secret"]}, "not shown in the handshake"),
    ],
)
def test_what_cannot_be_sent_is_told_without_its_value(values: dict[str, list[str]], said: str) -> None:
    with pytest.raises(NotACredential, match=said) as told:
        identities(values, DOCUMENT)
    assert "secret" not in str(told.value)


def test_a_document_without_schemes_says_so() -> None:
    with pytest.raises(NotACredential, match="it has none"):
        identities({"key": ["a"]}, {})


def test_operations_that_no_identity_can_call() -> None:
    """One alternative is enough, of one identity; with none, an operation is for everybody."""
    asked: dict[str, list[dict[str, list[str]]]] = {
        "/open": [],
        "/optional": [{"token": []}, {}],
        "/either": [{"token": []}, {"key": []}],
        "/both": [{"token": [], "key": []}],
        "/never": [{"certificate": []}],
        "/one-place": [{"token": [], "login": []}],
    }
    subject = Subject("openapi.json", {**DOCUMENT, "paths": {path: {"get": {"security": names}} for path, names in asked.items()}}, {})
    callers = identities({"key": ["a"], "login": ["a:b", "c:d"]}, DOCUMENT)
    shut = {"GET /both": {"token", "key"}, "GET /never": {"certificate"}, "GET /one-place": {"token", "login"}}
    assert shut_out(subject, callers) == shut
    assert shut_out(subject, []).keys() == {"GET /either", "GET /both", "GET /never", "GET /one-place"}


def test_credentials_that_stand_in_one_place_are_not_sent_together() -> None:
    [identity] = identities({"key": ["a"], "token": ["t"], "login": ["a:b"]}, DOCUMENT)
    token = Sent("header", "Authorization", "Bearer t")
    assert identity.credentials([{"token": [], "login": []}, {"token": [], "key": []}]) == [token, Sent("query", "k", "a")]
    assert identity.credentials([{"token": [], "login": []}]) is None
    assert identity.credentials([{"certificate": []}, {}]) == []

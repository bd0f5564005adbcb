"""Who may sign in to the portal, and what keys people can make for themselves there."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from specgw.xgateway.vocabulary.part import Part
from specgw.xgateway.vocabulary.schemes import ClaimPath, SecretReference
from specgw.xgateway.vocabulary.values import Text, TimeLimit, patterned
from specgw.xgateway.vocabulary.web import Url

# RFC 6749 section 3.3
Scope = Annotated[str, *patterned(r"[!#-\[\]-~]+", "a scope such as 'profile', without blanks")]


class SignIn(Part):
    """An OpenID provider, at which the gateway is registered as a client with the redirect URI `PUBLIC_URL/portal/callback`."""

    astray: ClassVar[dict[str, str]] = {
        "redirectUri": "it is always 'listen.publicUrl' with '/portal/callback' behind it",
        "discovery": "the issuer leads to it",
        "claim": "the key is 'consumerFrom'",
    }

    issuer: Url
    """Its issuer; OpenID Connect discovery tells the rest."""
    client_id: Text
    """How the gateway is called there."""
    client_secret: SecretReference | None = None
    """Its secret: a `${NAME}` reference and nothing else. Default: none, a public client."""
    scopes: list[Scope] | None = None
    """What is asked for beside `openid`, such as `[profile, email]`: names on pages, and what `consumerFrom` needs. Default: none."""
    consumer_from: ClaimPath | None = None
    """The claim of the ID token that names the consumer as whom somebody's keys call. Nobody must be able to choose it: whoever
    calls themselves like a consumer has its roles. Default: `sub`."""
    plain_http: bool | None = None
    """Whether the provider may be asked without TLS although it is on another machine. Default: `false`."""


class OwnKeys(Part):
    """Keys that people make for themselves."""

    most: Annotated[int, Field(ge=1, le=1000)] | None = None
    """How many of one person may be valid at once. Default: `10`."""
    lifetime: TimeLimit | None = None
    """How long a key is good at most, such as `2160h`. Default: as long as its owner wants."""
    scopes: list[Scope] | None = None
    """Scopes that each of them carries. Default: none."""
    roles: list[Text] | None = None
    """Roles that each of them carries. Default: none."""

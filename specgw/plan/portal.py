"""What a gateway does about its portal; what pages say and how they look is not in the Plan."""

from __future__ import annotations

from specgw.plan.part import Part


class SignIn(Part, frozen=True, kw_only=True):
    """The OpenID provider at which people sign in. The issuer may hold `${NAME}`, the secret is nothing else."""

    issuer: str
    client_id: str
    client_secret: str | None = None
    """None: a public client."""
    scopes: tuple[str, ...] = ("openid",)
    consumer_from: str = "sub"
    """The claim that says as whom a person's keys call, as a path (`policies.auth.grants`)."""
    plain_http: bool = False
    """Whether the provider may be asked without TLS on other machines too."""


class OwnKeys(Part, frozen=True, kw_only=True):
    """What keys that people make for themselves may be."""

    most: int = 10
    """How many of one owner may be valid at once."""
    lifetime: float | None = None
    """Seconds for which one is good at most; None: as long as its owner wants."""
    scopes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class Portal(Part, frozen=True, kw_only=True):
    """Whether it is served, and what people can do in it."""

    enabled: bool = True
    sign_in: SignIn | None = None
    """None: nobody can sign in, but for the development profile."""
    keys: OwnKeys = OwnKeys()

"""`x-gateway` inside a security scheme: what credentials are verified with."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from specgw.policies.auth import mutual_tls, passwords
from specgw.policies.auth.grants import path_of
from specgw.xgateway.vocabulary.part import Part, wrong
from specgw.xgateway.vocabulary.routing import kind
from specgw.xgateway.vocabulary.values import Duration, Text, checked, matches, patterned, text_of
from specgw.xgateway.vocabulary.web import REFERENCE, Location, Url, references_of


def read_secret(value: object) -> str:
    """A secret: text, better a `${NAME}` reference. It is never shown."""
    if not isinstance(value, str) or not value:
        raise wrong("text, or a '${NAME}' reference", secret=True)
    references_of(value, "text, or a '${NAME}' reference")
    return value


Secret = Annotated[str, BeforeValidator(read_secret), WithJsonSchema({"type": "string", "minLength": 1, "writeOnly": True})]


def read_password_hash(value: object) -> str:
    """A password hash, or a `${NAME}` reference to one. It is never shown: somebody may have written the password itself."""
    phrase = "a password hash such as '$scrypt$ln=14,r=8,p=1$SALT$HASH', or a '${NAME}' reference"
    if not isinstance(value, str):
        raise wrong(phrase, secret=True)
    if references_of(value, phrase):
        return value
    try:
        passwords.read(value)
    except passwords.NoHash as error:
        raise wrong(f"{error}, or a '${{NAME}}' reference", secret=True, hint="`specgw keys hash` makes one") from None
    return value


def read_secret_reference(value: object) -> str:
    """One `${NAME}` reference and nothing else: what is written in a document would end in generated/ and in repositories."""
    if not isinstance(value, str) or not matches(REFERENCE, value) or ":-" in value:
        raise wrong("a '${NAME}' reference without a default", secret=True, hint="secrets come from the environment")
    return value


PasswordHash = Annotated[
    str,
    BeforeValidator(read_password_hash),
    WithJsonSchema({"type": "string", "anyOf": [{"pattern": f"^{passwords.FORM}$"}, {"pattern": REFERENCE}]}),
]
SecretReference = Annotated[
    str, BeforeValidator(read_secret_reference), WithJsonSchema({"type": "string", "pattern": r"^\$\{[A-Za-z_][A-Za-z0-9_]*\}$"})
]

# RFC 7617 section 2: "a user-id containing a colon character is invalid".
UserName = Annotated[str, *patterned(r"[^:\x00-\x1f\x7f]+", "a user name: text without a colon")]


def read_claim_path(value: object) -> str:
    """The path of a claim; see `policies.auth.grants`."""
    text = text_of(value, "a claim such as 'scope' or 'realm_access.roles'")
    if path_of(text) is None:
        hint = "names with dots between them; a dot that belongs to a name is written '\\.'"
        raise wrong("a claim such as 'scope' or 'realm_access.roles'", hint=hint)
    return text


ClaimPath = Annotated[str, *checked(read_claim_path, {"type": "string", "minLength": 1, "examples": ["realm_access.roles"]})]

Audience = Annotated[
    Annotated[Text, Tag("text")] | Annotated[Annotated[list[Text], Field(min_length=1)], Tag("list")],
    Discriminator(kind, custom_error_type="wrong-value", custom_error_message="an audience, or a list of them"),
]

Algorithm = Literal["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


def read_subject(value: object) -> str:
    """Whose certificate; see `policies.auth.mutual_tls`."""
    phrase = "a subject such as 'CN=ada,O=Shop', or 'DNS:…', 'URI:…' or 'email:…' for an alternative name"
    text = text_of(value, phrase)
    try:
        mutual_tls.read_subject(text)
    except ValueError:
        raise wrong(phrase, hint="RFC 4514: a comma in a value is written '\\,'") from None
    return text


Subject = Annotated[str, *checked(read_subject, {"type": "string", "minLength": 1, "examples": ["CN=ada,O=Shop", "DNS:till4.example"]})]


class Introspection(Part):
    """OAuth 2.0 token introspection (RFC 7662)."""

    url: Url
    """The introspection endpoint."""
    client_id: Text | None = None
    """How the gateway names itself there."""
    client_secret: SecretReference | None = None
    """Its secret: a `${NAME}` reference and nothing else."""


class Scheme(Part):
    """How the credentials of a security scheme are verified, and what the service gets of them."""

    astray: ClassVar[dict[str, str]] = {"jwksUri": "the key is 'jwks'", "audiences": "the key is 'audience'"}

    issuer: Url | None = None
    """The token issuer; its OpenID Connect discovery document fills in what is not said."""
    audience: Audience | None = None
    """Who tokens have to be meant for."""
    jwks: Location | None = None
    """URL or file of the key set."""
    secret: SecretReference | None = None
    """What `HS256`, `HS384` and `HS512` verify with: at least 32, 48 or 64 bytes that nobody else knows, as a `${NAME}` reference."""
    algorithms: Annotated[list[Algorithm], Field(min_length=1)] | None = None
    """Signature algorithms that are accepted."""
    leeway: Duration | None = None
    """How far clocks may differ. Default: `30s`."""
    preset: Literal["keycloak", "auth0"] | None = None
    """Where that provider puts roles and scopes."""
    introspection: Introspection | None = None
    """Ask the issuer about each token."""
    scopes_from: ClaimPath | None = None
    """The claim that holds the scopes: `name`, or a path of names with dots between them; `\\.` for a dot inside of a name."""
    roles_from: ClaimPath | None = None
    """The claim that holds the roles, written alike."""
    plain_http: bool | None = None
    """Whether the issuer may be asked without TLS although it is on another machine. Default: `false`."""
    forward: Literal["strip", "keep", "claims"] | None = None
    """What the service gets: no credentials, the same ones, or verified claims as headers. Default: `strip`."""
    verify: Literal["gateway", "upstream"] | None = None
    """Who verifies; `upstream`: the gateway asks for presence only. Default: `gateway`."""
    users: dict[UserName, PasswordHash] | None = None
    """For `basic`: user names and password hashes, see [auth.md](auth.md). Without it: consumers and their keys."""
    ca: Location | None = None
    """For `mutualTLS`: the file with the authorities that issue the certificates, relative to gateway.yaml. Default: those of
    `listen.tls.clientCa`, or whomever a trusted proxy has accepted."""
    subjects: list[Subject] | None = None
    """For `mutualTLS`: whose certificates are accepted, as `CN=ada,O=Shop` (RFC 4514), `DNS:…`, `URI:…` or `email:…`. Default: all of
    those that the authorities have issued."""

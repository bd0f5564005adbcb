"""Credentials to test with, and the identities that they make: the second value of a scheme belongs to somebody else.

Two identities are what it takes to find out whether one of them is shown what belongs to the other.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from specgw.contract.subject import Subject
from specgw.diagnostics import did_you_mean
from specgw.policies.auth.development import DEVELOPMENT_KEY

_CERTIFICATE = re.compile(r":[A-Za-z0-9+/]+={0,2}:")
_REFERENCE = re.compile(r"\$\{(\w+)\}")


class NotACredential(ValueError):
    """A credential that cannot be used; the text says why, and never holds its value."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How a credential is sent: in a header field, a query parameter or a cookie."""

    place: Literal["header", "query", "cookie"]
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who calls, with one credential for some of the schemes."""

    name: str
    sent: Mapping[str, Sent]
    """By the name of the scheme in the merged document."""

    def credentials(self, security: Sequence[Mapping[str, object]]) -> list[Sent] | None:
        """What it sends for the first alternative that it can meet, nothing where nothing is asked for; None: it can meet none.

        Two credentials that stand in one place, such as a token and a login in `Authorization`, cannot be sent together.
        """
        met: list[Sent] | None = None if security else []
        for alternative in security:
            sent = [self.sent[name] for name in alternative if name in self.sent]
            if len(sent) == len(alternative) == len({(each.place, each.name.lower()) for each in sent}):
                if sent:
                    return sent
                met = sent
        return met


Values = Mapping[str, Sequence[str]]
"""Values by scheme, the first identity's first."""


def read_values(texts: Iterable[str], environ: Mapping[str, str] = os.environ) -> dict[str, list[str]]:
    """What `SCHEME=VALUE` says, as often as it is said; `${NAME}` is filled in from the environment. Raises NotACredential."""
    values: dict[str, list[str]] = {}
    for text in texts:
        scheme, equals, value = text.partition("=")
        if not (scheme and equals and value):
            raise NotACredential("a credential is SCHEME=VALUE, for example key='${MY_KEY}' or login=ada:secret")
        missing = [name for name in _REFERENCE.findall(value) if name not in environ]
        if missing:
            raise NotACredential(f"the credential of '{scheme}' names ${{{missing[0]}}}, which is not set in the environment")
        values.setdefault(scheme, []).append(_REFERENCE.sub(lambda found: environ[found[1]], value))
    return values


def identities(values: Values, document: Mapping[str, Any], *, dev: bool = False) -> list[Identity]:
    """The identities that values make in a document. Raises NotACredential.

    `dev`: the key that everybody knows stands in for keys that are not given, as it does at a gateway under this profile.
    """
    schemes: Mapping[str, Mapping[str, Any]] = document.get("components", {}).get("securitySchemes", {})
    if dev:
        values = {**{name: [DEVELOPMENT_KEY] for name, scheme in schemes.items() if scheme.get("type") == "apiKey"}, **values}
    sent: list[dict[str, Sent]] = []
    for name, given in values.items():
        if name not in schemes:
            known = f"; {did_you_mean(name, list(schemes))}" if schemes else ": it has none"
            raise NotACredential(f"there is no security scheme '{name}' in the merged document{known}")
        for number, value in enumerate(given):
            if number == len(sent):
                sent.append({})
            sent[number][name] = _sent(name, schemes[name], value)
    return [Identity(f"identity {number}", each) for number, each in enumerate(sent, 1)]


def shut_out(subject: Subject, callers: Iterable[Identity]) -> dict[str, frozenset[str]]:
    """The operations (`GET /users`) that nobody has credentials for, each with the schemes that it names."""
    shut = {}
    for label, operation in subject.labelled():
        security: Sequence[Mapping[str, object]] = operation.get("security") or ()
        if not any(caller.credentials(security) is not None for caller in (Identity("nobody", {}), *callers)):
            shut[label] = frozenset(name for names in security for name in names)
    return shut


def _sent(name: str, scheme: Mapping[str, Any], value: str) -> Sent:
    kind = scheme.get("type")
    if kind == "apiKey":
        return Sent(scheme["in"], scheme["name"], value)
    if kind in ("oauth2", "openIdConnect") or (kind == "http" and str(scheme.get("scheme")).lower() == "bearer"):
        return Sent("header", "Authorization", f"Bearer {value}")
    if kind == "http" and str(scheme.get("scheme")).lower() == "basic":
        if ":" not in value:
            raise NotACredential(f"'{name}' is HTTP Basic: its credential is USER:PASSWORD")
        return Sent("header", "Authorization", f"Basic {base64.b64encode(value.encode()).decode()}")
    if kind == "mutualTLS":
        if not _CERTIFICATE.fullmatch(value):
            raise NotACredential(
                f"'{name}' is mutualTLS: its credential is the field Client-Cert as a proxy writes it (RFC 9440), :BASE64:; "
                "a certificate is not shown in the handshake"
            )
        return Sent("header", "Client-Cert", value)
    if kind == "http" and str(scheme.get("scheme")).lower() != "digest":
        return Sent("header", "Authorization", f"{scheme.get('scheme')} {value}")
    said = f"http {scheme.get('scheme')}" if kind == "http" else kind
    raise NotACredential(f"'{name}' is of the type {said}, which has no value to send: that it refuses is all that can be tested")

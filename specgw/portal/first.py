"""The first call: something that anybody can paste into a terminal and that the sandbox answers, before any key is there."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from specgw.mock import credentials
from specgw.plan.model import Plan
from specgw.portal.catalogue import Entry, Volume
from specgw.portal.references import resolved
from specgw.portal.samples.call import Call, Credential, absolute, call_of
from specgw.portal.samples.curl import curl
from specgw.portal.security import alternatives
from specgw.portal.text import mapping, sequence

_FOLDER = "/sandbox"
_ANYWHERE = ("", "0.0.0.0", "::", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class First:
    """A call with nothing left to fill in."""

    entry: Entry
    address: str
    """Where the sandbox is, in the text too: a script of the page puts the page's own in its place."""
    text: str


def first_call(volumes: Iterable[Volume], plan: Plan, token: str) -> First | None:
    """The simplest call there is: one that only reads, asks for the least, and needs only what the sandbox gives everybody.

    `token`: the bearer token that the sandbox takes. None where no operation is as simple as that.
    """
    address = f"{_address(plan)}{_FOLDER}"
    found = ((entry, volume) for volume in volumes for entry in volume.entries if entry.method == "GET" and not entry.deprecated)
    for entry, volume in sorted(found, key=lambda pair: (pair[0].path.count("{"), pair[0].path.count("/"), len(pair[0].path))):
        call = _call(entry, volume, address, token)
        if call is not None:
            return First(entry, address, curl(call))
    return None


def _address(plan: Plan) -> str:
    """How the gateway is reached, as far as the Plan says so."""
    listen = plan.edge.listen
    if listen.public_url and absolute(listen.public_url) and "$" not in listen.public_url:
        return listen.public_url.rstrip("/")
    host = "127.0.0.1" if listen.host in _ANYWHERE or "$" in listen.host else listen.host
    port = listen.port if isinstance(listen.port, int) and listen.port else 8080
    return f"{'http' if listen.tls is None else 'https'}://{f'[{host}]' if ':' in host else host}:{port}"


def _call(entry: Entry, volume: Volume, server: str, token: str) -> Call | None:
    document, operation = volume.document, entry.operation
    if not entry.path.isascii() or mapping(resolved(operation.get("requestBody"), document)).get("required") is True:
        return None
    told = alternatives(operation.get("security"), document)
    declared = [resolved(value, document) for value in sequence(operation.get("parameters"))]
    needed = [value for value in declared if value.get("required") is True]
    for schemes in [[scheme.declared for scheme in alternative.schemes] for alternative in told] or [[]]:
        call = call_of(entry.method, entry.path, needed, None, schemes, document, server)
        if len(call.credentials) == len(schemes):
            given = _given(call.credentials, token)
            if given is not None:
                fields, query = given
                return replace(call, credentials=(), fields=(*call.fields, *fields), query=(*call.query, *query))
    return None


def _given(asked: Sequence[Credential], token: str) -> tuple[list[tuple[str, str]], list[str]] | None:
    """The sandbox's own credentials as header fields and query parameters; None where it has none of that kind."""
    fields, query = [], []
    for credential in asked:
        if credential.place == "header":
            fields.append((credential.name, credentials.KEYS[0]))
        elif credential.place == "query":
            query.append(f"{credential.name}={credentials.KEYS[0]}")
        elif credential.place == "basic":
            pair = f"{credentials.NAMES[0]}:{credentials.PASSWORDS[0]}"
            fields.append(("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"))
        elif credential.place == "bearer" and token:
            fields.append(("Authorization", f"Bearer {token}"))
        else:
            return None
    return fields, query

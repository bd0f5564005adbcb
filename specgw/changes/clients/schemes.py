"""How clients get and send credentials: the security schemes of both documents.

Who asks for which of them is told of each operation. Schemes that only one document has say nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from specgw.changes.clients.side import CARRIED, Difference, Tokens, resolve

Scheme = Mapping[str, Any]
_ADDRESSES = ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl")


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Difference]]:
    """What differs of each scheme that both documents have, with what it is called."""
    before, after = ((document.get("components") or {}).get("securitySchemes") or {} for document in (old, new))
    for name in before.keys() & after.keys():
        was, now = resolve(old, before[name]), resolve(new, after[name])
        for difference in _scheme(was, now, ("securitySchemes", name)):
            yield f"scheme {name}", difference


def _scheme(old: Scheme, new: Scheme, tokens: Tokens) -> Iterator[Difference]:
    was, now = _sent(old), _sent(new)
    if was != now:
        yield Difference("credentials-place", "", was, now, tokens)
        return
    if old.get("description") != new.get("description"):
        yield Difference("description", "", tokens=(*tokens, "description"))
    if old.get("openIdConnectUrl") != new.get("openIdConnectUrl"):
        yield Difference("authorization-address", "", old.get("openIdConnectUrl"), new.get("openIdConnectUrl"), tokens)
    before, after = (old.get("flows") or {}, new.get("flows") or {})
    for flow in before.keys() | after.keys():
        name = flow.removeprefix(CARRIED)
        if flow not in before or flow not in after:
            yield Difference("flow-removed" if flow in before else "flow-added", name, tokens=(*tokens, "flows", name))
        else:
            yield from _flow(name, before[flow], after[flow], (*tokens, "flows", name))


def _flow(flow: str, old: Scheme, new: Scheme, tokens: Tokens) -> Iterator[Difference]:
    for keyword in _ADDRESSES:
        if old.get(keyword) != new.get(keyword):
            yield Difference("authorization-address", f"{flow} {keyword}", old.get(keyword), new.get(keyword), (*tokens, keyword))
    before, after = (side.get("scopes") or {} for side in (old, new))
    for scope in before.keys() ^ after.keys():
        yield Difference("scope-removed" if scope in before else "scope-added", f"{flow} {scope}", tokens=(*tokens, "scopes", scope))


def _sent(scheme: Scheme) -> str:
    """What is sent and where. Schemes of HTTP are compared without case (RFC 9110 section 11.1)."""
    kind = scheme.get("type")
    if kind == "apiKey":
        where = scheme.get("in")
        return f"apiKey in {where} {str(scheme.get('name')).lower() if where == 'header' else scheme.get('name')}"
    return f"http {str(scheme.get('scheme')).lower()}" if kind == "http" else str(kind)

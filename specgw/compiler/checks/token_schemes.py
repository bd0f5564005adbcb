"""Schemes with bearer tokens that would accept too much, or could never accept anything."""

from __future__ import annotations

from collections.abc import Iterator

from specgw.compiler.draft import Draft
from specgw.openapi.model import Node
from specgw.plan.model import Scheme
from specgw.policies.auth.addresses import fetched, unfit

SECRETS = ("HS256", "HS384", "HS512")


def run(draft: Draft) -> None:
    """Report what cannot be meant, for schemes that some served operation asks for."""
    served = (declared for declared in draft.declared if declared.served)
    asked = {required.scheme for declared in served for alternative in declared.security or () for required in alternative}
    for key in sorted(asked & set(draft.schemes)):
        scheme, node = draft.schemes[key], draft.scheme_nodes[key]
        if scheme.kind == "token" and scheme.verify == "gateway" and scheme.verifiable:
            _check(draft, scheme, node)


def _check(draft: Draft, scheme: Scheme, node: Node) -> None:
    add = draft.findings.add
    for place, url in _addresses(scheme, node):
        if "${" not in url and unfit(url, plain=scheme.plain_http) is not None:
            message = f"what '{scheme.name}' is verified with would come unencrypted from another machine: it is not asked, tokens get 503"
            add("unencrypted-issuer", place, message, hint="write https; or `plainHttp: true` where the network between is trusted")
    if scheme.introspection is None:
        _check_secrets(draft, scheme, node)
    if not scheme.audience:
        message = f"'{scheme.name}' accepts tokens that its issuer made for any other service too"
        add("tokens-for-any-audience", node, message, hint="say 'audience' in its x-gateway: what 'aud' names in tokens for this API")


def _check_secrets(draft: Draft, scheme: Scheme, node: Node) -> None:
    add = draft.findings.add
    if scheme.secret is not None and scheme.jwks is not None:
        message = f"both 'secret' and 'jwks' say what tokens of '{scheme.name}' are verified with"
        add("two-sources-of-keys", _said(node, "secret"), message, hint="a file of keys may hold the secret, too, as a key of the type oct")
    in_vain = [name for name in scheme.algorithms if name in SECRETS] if scheme.jwks is None or fetched(scheme.jwks) else []
    if scheme.secret is not None:
        in_vain = [name for name in scheme.algorithms if name not in SECRETS]
    if in_vain:
        message = f"'{scheme.name}' has no keys that {', '.join(in_vain)} could verify with"
        hint = "a secret verifies HS256, HS384 and HS512" if scheme.secret is not None else "say 'secret', or 'jwks' with a file"
        add("algorithm-without-key", _said(node, "algorithms"), message, hint=hint)


def _addresses(scheme: Scheme, node: Node) -> Iterator[tuple[Node, str]]:
    """What is asked, and where it is written."""
    if scheme.introspection is not None:
        asked = _said(node, "introspection")
        yield asked.get("url") or asked, scheme.introspection.url
        return
    if scheme.secret is not None:
        return
    if scheme.jwks is not None and fetched(scheme.jwks):
        yield _said(node, "jwks"), scheme.jwks
    if scheme.open_id_connect_url is not None and (scheme.jwks is None or scheme.issuer is None):
        yield node.get("openIdConnectUrl") or node, scheme.open_id_connect_url
    elif scheme.issuer is not None and scheme.jwks is None:
        yield _said(node, "issuer"), scheme.issuer


def _said(node: Node, key: str) -> Node:
    """Where a key of the scheme's x-gateway stands."""
    extension = node.get("x-gateway")
    return (extension.get(key) if extension is not None else None) or node

"""What protects nothing: schemes without anything to verify with, and operations that were left out."""

from __future__ import annotations

from specgw.compiler.declared import Declared
from specgw.compiler.draft import Draft
from specgw.compiler.passes.schemes import UNDECLARED
from specgw.plan.model import Scheme


def run(draft: Draft) -> None:
    """Report schemes that are asked for in vain, and operations about which nothing is said beside protected ones."""
    served = [declared for declared in draft.declared if declared.served]
    for key in sorted({scheme.scheme for declared in served for alternative in declared.security or () for scheme in alternative} - {""}):
        scheme = draft.schemes[key]
        if scheme.kind == "mutualTLS" and scheme.verify == "gateway":
            _check_certificates(draft, key, scheme)
        elif not scheme.verifiable and scheme.type != UNDECLARED:
            message = f"nothing says how credentials of '{scheme.name}' ({scheme.type}) are verified: its operations answer 401"
            draft.findings.add("nothing-to-verify-with", draft.scheme_nodes[key], message, hint=_hint(scheme))
    protected = {declared.contract.root.file for declared in served if any(declared.security or ())}
    for declared in served:
        if declared.security is None and declared.contract.root.file in protected:
            _report(draft, declared)


def _check_certificates(draft: Draft, key: str, scheme: Scheme) -> None:
    """Certificates are shown in a handshake of this gateway's, or to a proxy that it trusts; and somebody has to have issued them."""
    edge = draft.edge
    if edge.trusted_proxies or (edge.listen.tls is not None and (scheme.ca or edge.listen.tls.client_ca)):
        return
    lacking = "there is neither `listen.tls` nor a trusted proxy, to which one could be shown"
    if edge.listen.tls is not None:
        lacking = "neither the scheme's 'ca' nor `listen.tls.clientCa` says whose are good"
    message = f"no client certificate can satisfy '{scheme.name}': {lacking}; its operations answer 401"
    draft.findings.add("nothing-to-verify-with", draft.scheme_nodes[key], message, hint="docs/auth.md shows both ways")


def _report(draft: Draft, declared: Declared) -> None:
    message = f"anybody may call {declared.label}: it has no `security`, while other operations of the document have"
    hint = "say it at the root for all operations; `security: []` says that one is public"
    draft.findings.add("unprotected-operation", declared.operation.node, message, hint=hint)


def _hint(scheme: Scheme) -> str:
    if scheme.kind == "token":
        return "say 'x-gateway: {issuer: …}' in the scheme, or 'jwks', or 'introspection'; or 'verify: upstream'"
    return "'x-gateway: {verify: upstream}' in the scheme leaves it to the service"

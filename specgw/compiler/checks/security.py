"""What protects nothing: schemes without anything to verify with, and operations that were left out."""

from __future__ import annotations

from specgw.compiler.declared import Declared
from specgw.compiler.draft import Draft
from specgw.plan.model import Scheme


def run(draft: Draft) -> None:
    """Report schemes that are asked for in vain, and operations about which nothing is said beside protected ones."""
    served = [declared for declared in draft.declared if declared.served]
    for key in sorted({scheme.scheme for declared in served for alternative in declared.security or () for scheme in alternative} - {""}):
        scheme = draft.schemes[key]
        if not scheme.verifiable:
            message = f"nothing says how credentials of '{scheme.name}' ({scheme.type}) are verified: its operations answer 401"
            draft.findings.add("nothing-to-verify-with", draft.scheme_nodes[key], message, hint=_hint(scheme))
    protected = {declared.contract.root.file for declared in served if any(declared.security or ())}
    for declared in served:
        if declared.security is None and declared.contract.root.file in protected:
            _report(draft, declared)


def _report(draft: Draft, declared: Declared) -> None:
    message = f"anybody may call {declared.label}: it has no `security`, while other operations of the document have"
    hint = "say it at the root for all operations; `security: []` says that one is public"
    draft.findings.add("unprotected-operation", declared.operation.node, message, hint=hint)


def _hint(scheme: Scheme) -> str:
    if scheme.kind == "token":
        return "say 'x-gateway: {issuer: …}' in the scheme, or 'jwks', or 'introspection'; or 'verify: upstream'"
    return "'x-gateway: {verify: upstream}' in the scheme leaves it to the service"

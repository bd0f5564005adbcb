"""`require` that can never be decided, or that nobody can ever meet."""

from __future__ import annotations

from specgw.compiler.draft import Draft
from specgw.openapi.model import Node
from specgw.plan.model import Require


def run(draft: Draft) -> None:
    """Check each expression once, where it was written, and look for operations that ask who calls without asking for credentials."""
    seen: dict[tuple[str, str], bool] = {}
    for declared in draft.declared:
        require = declared.settings.require
        if require is None or not declared.served:
            continue
        place = declared.settings.place("require.when")
        if require.when is not None and place is not None:
            key = place.document.file, place.pointer
            if key not in seen:
                seen[key] = _sound(draft, require.when, place)
        if not any(declared.security or ()) and _asks_who(require):
            where = declared.settings.place("require") or declared.operation.node
            message = f"{declared.label} is public, so that nobody is known and its 'require' refuses everybody"
            hint = "`security` says which credentials are asked for; `require: null` in the operation removes what it inherits"
            draft.findings.add("require-without-security", where, message, hint=hint)


def _sound(draft: Draft, when: str, place: Node) -> bool:
    from specgw.policies.auth.expression import Expression, Invalid

    try:
        Expression(when)
    except Invalid as fault:
        draft.findings.add("invalid-expression", place, f"'when' is no condition: {fault}", hint=fault.hint)
        return False
    return True


def _asks_who(require: Require) -> bool:
    if require.roles or require.scopes or require.claims:
        return True
    from specgw.policies.auth.expression import Expression, Invalid

    try:
        return bool(Expression(require.when or "true").used.keys() & {"claims", "identity"})
    except Invalid:
        return False

"""Two operations that a request cannot tell apart: same method, path, host and conditions."""

from __future__ import annotations

from specgw.compiler.declared import Address, Declared
from specgw.compiler.draft import Draft


def run(draft: Draft) -> None:
    """Report each operation that claims what an earlier one has, with the place of that one."""
    claimed: dict[tuple[object, ...], tuple[Declared, Address]] = {}
    for declared in draft.declared:
        for address in declared.addresses if declared.served else ():
            for host in declared.settings.host or ("",):
                key = (*_key(declared, address), host)
                first, where = claimed.setdefault(key, (declared, address))
                if first is not declared:
                    _report(draft, first, where, declared, address, host)


def _key(declared: Declared, address: Address) -> tuple[object, ...]:
    match = declared.conditions
    conditions = (tuple(sorted(match.headers.items(), key=str)), tuple(sorted(match.query.items(), key=str)))
    return declared.operation.method, declared.settings.path_match, address.template.key, conditions


def _report(draft: Draft, first: Declared, where: Address, declared: Declared, address: Address, host: str) -> None:
    same = "" if where.path == address.path else f", which matches the same paths as {where.path}"
    on = f" on host {host}" if host else ""
    message = f"{declared.operation.method} {address.path}{on}{same} is declared at {first.operation.node.written()} already"
    hint = "give one of them another `mount`, `host`, `version` or `match`"
    if first.contract is declared.contract:
        hint = "keep one of the two"
    draft.findings.add("duplicate-route", declared.operation.node, message, hint=hint)

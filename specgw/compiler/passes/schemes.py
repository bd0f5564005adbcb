"""The security schemes of every document, with what x-gateway says of them, and which of them each operation means.

Stands after the settings, which name the services: two of them may call different schemes by the same name.
"""

from __future__ import annotations

from functools import partial

from specgw.compiler.draft import Draft
from specgw.compiler.names import unused
from specgw.openapi.model import Contract
from specgw.plan.model import Scheme, SecurityScheme
from specgw.xgateway.schemes import settle_scheme

UNDECLARED = "undeclared"
"""What stands for the type of a scheme that a document asks for and does not declare, or not so that it could be used."""


def run(draft: Draft) -> None:
    """Fill in `schemes`, and those of each operation. A scheme that nothing asks for is looked at all the same."""
    known: dict[str, dict[str, SecurityScheme]] = {}
    for contract in draft.contracts:
        service = next((declared.service for declared in draft.declared if declared.contract is contract), "")
        known[contract.root.file] = _required(draft, contract, service)
    for declared in draft.declared:
        declared.schemes = known[declared.contract.root.file]


def _required(draft: Draft, contract: Contract, service: str) -> dict[str, SecurityScheme]:
    """What a requirement says of each scheme of a document, by its name there."""
    required = {}
    for name, stated in contract.schemes.items():
        scheme = settle_scheme(stated, service, draft.findings)
        # Two documents of one service, such as its versions, may have something else under the same name.
        key = unused(f"{service}/{name}", partial(_another, draft, scheme), mark="#")
        draft.schemes[key] = scheme
        draft.scheme_nodes.setdefault(key, stated.node)
        required[name] = SecurityScheme(name=name, scheme=key, roles=stated.type not in ("oauth2", "openIdConnect"))
    for operation in contract.operations:
        for requirement in operation.security or ():
            for name, _ in requirement.schemes:
                if name not in required:
                    # Found where it was read: it is not declared, or not whole. Nobody's credentials can meet it.
                    scheme = Scheme(name=name, service=service, kind="token", type=UNDECLARED, http_scheme="bearer")
                    key = unused(f"{service}/{name}", partial(_another, draft, scheme), mark="#")
                    draft.schemes[key] = scheme
                    draft.scheme_nodes.setdefault(key, requirement.node)
                    required[name] = SecurityScheme(name=name, scheme=key)
    return required


def _another(draft: Draft, scheme: Scheme, key: str) -> bool:
    return draft.schemes.get(key, scheme) != scheme

"""The effective x-gateway of every operation, from gateway.yaml's defaults down to the operation's own.

Stands right after reading: all that follows asks the settings. It also looks at the places of x-gateway that no
operation inherits from, since a mistake in an unused block is a mistake as well.
"""

from __future__ import annotations

import re
import unicodedata

from specgw.compiler.declared import Declared
from specgw.compiler.draft import Draft
from specgw.openapi.model import Contract, Node, Operation
from specgw.xgateway.extension import KEY, examine
from specgw.xgateway.inheritance import Inheritance

_ACCENTS = re.compile("[\u0300-\u036f]+")
_FOREIGN = re.compile(r"[^a-z0-9]+")


def run(draft: Draft) -> None:
    """Fill in `declared`."""
    inheritance = Inheritance(draft.gateway.defaults, draft.findings, draft.library, draft.gateway.names)
    for contract in draft.contracts:
        root = contract.root.get(KEY)
        whole = inheritance.effective(root, None, None)
        service = whole.service or slug(contract)
        examine(contract, inheritance, draft.findings)
        for operation in contract.operations:
            path, *nearer = _of_path(operation) or (None,)
            settings = inheritance.effective(root, path, operation.node.get(KEY), nearer=nearer)
            draft.declared.append(Declared(contract, operation, settings, service))


def slug(contract: Contract) -> str:
    """A service's identifier made from the title of its document, or else from the name of the file."""
    stem = contract.root.file.rpartition("/")[2].partition(".")[0]
    # Letters keep what they are without their accents: "Bücher" is bucher, not b-cher.
    plain = (_ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower() for text in (contract.title, stem))
    return next(filter(None, (_FOREIGN.sub("-", text).strip("-") for text in plain)), "service")


def _of_path(operation: Operation) -> list[Node]:
    """The x-gateway of its path items, the weakest first: a path item may be reached by `$ref` from another."""
    return [said for level in operation.path_levels or (operation.path_item,) if (said := level.get(KEY)) is not None]

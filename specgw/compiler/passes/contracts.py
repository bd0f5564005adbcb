"""Reads every document into a Contract.

Stands before everything that speaks of operations. A document that cannot be read is left out with its findings; the
others go on, so that one compile shows what is wrong in all of them.
"""

from __future__ import annotations

from specgw.compiler.draft import Draft
from specgw.openapi.read import read


def run(draft: Draft) -> None:
    """Fill in `contracts`."""
    # All of them before any is read: a reference may lead to one by the name that it has given itself (`$self`).
    for document in [draft.library.load(path) for path in draft.sources.documents]:
        contract = read(document, draft.library, draft.findings) if document is not None else None
        if contract is not None:
            draft.contracts.append(contract)
    if draft.library.overlays is not None:
        draft.library.overlays.close()  # all files that something refers to have been read by now

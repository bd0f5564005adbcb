"""Operations whose security requirements cannot be checked: they answer 503, and are never forwarded unchecked."""

from __future__ import annotations

from collections import Counter

from specgw.compiler.draft import Draft
from specgw.compiler.listing import secured
from specgw.openapi.model import Node


def run(draft: Draft) -> None:
    """Report once a document, at its `security` or else at the first operation, how many operations answer 503."""
    counts: Counter[str] = Counter()
    first: dict[str, Node] = {}
    for declared in draft.declared:
        if declared.served and secured(declared.security):
            root = declared.contract.root
            counts[root.file] += 1
            first.setdefault(root.file, root.get("security") or declared.operation.node.at("security"))
    for file, place in first.items():
        count = counts[file]
        message = f"{count} operations require" if count > 1 else "1 operation requires"
        message += " credentials, which this version cannot verify yet: the answer is 503, nothing is forwarded unchecked"
        draft.findings.add("security-not-enforced", place, message, hint="`security: []` says that an operation is public")

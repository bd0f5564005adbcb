"""What stands above the paths of a merged document: title and version, tags, and the author's own extensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from specgw.compiler.declared import Declared
from specgw.compiler.merge.fields import fitting, portable
from specgw.compiler.merge.split import Published
from specgw.openapi.model import Contract


def info(contracts: Sequence[Contract]) -> dict[str, Any]:
    """The Info Object: that of a single contract, or one that lists them all."""
    if not contracts:
        return {"title": "No public operations", "version": "1"}
    if len(contracts) == 1:
        said = contracts[0].root.value.get("info")
        return dict(fitting("info", said if isinstance(said, dict) else {}))
    lines = []
    versions = set()
    for contract in contracts:
        said = contract.root.value.get("info")
        version = str(said.get("version", "")) if isinstance(said, dict) else ""
        versions.add(version)
        lines.append(f"- {contract.title} {version}".rstrip())
    return {
        "title": " and ".join(sorted({contract.title for contract in contracts})) if len(contracts) < 4 else f"{len(contracts)} services",
        "version": versions.pop() if len(versions) == 1 else "1",
        "description": "Served by one gateway:\n\n" + "\n".join(lines),
    }


def overview_extensions(contract: Contract) -> dict[str, Any]:
    """`externalDocs` and extensions of the root, for a document that is made from one contract."""
    return {
        key: value for key, value in contract.root.value.items() if key == "externalDocs" or (key.startswith("x-") and portable(key, value))
    }


def services(declared: Sequence[Declared]) -> dict[str, dict[str, Any]]:
    """What each service says of itself (`info`, `externalDocs`), by its name; `NAME.VERSION` where it has versions side by side."""
    said: dict[str, dict[str, Any]] = {}
    for operation in declared:
        name = operation.service if operation.version is None else f"{operation.service}.{operation.version}"
        if name not in said:
            root = operation.contract.root.value
            said[name] = {key: root[key] for key in ("info", "externalDocs") if key in root}
    return said


def tags(entries: Sequence[Published], declared: Sequence[Declared]) -> tuple[list[dict[str, Any]], dict[tuple[str, str], str]]:
    """The Tag Objects, and new names by document and tag where documents define one name differently.

    Tags that only unpublished operations have are left out.
    """
    shown: dict[str, set[str]] = {}
    for entry in entries:
        shown.setdefault(entry.declared.contract.root.file, set()).update(entry.declared.operation.tags)
    used: dict[str, set[str]] = {}
    for operation in declared:
        used.setdefault(operation.contract.root.file, set()).update(operation.operation.tags)
    definitions: dict[str, list[tuple[Declared, dict[str, Any]]]] = {}
    for operation in {entry.declared.contract.root.file: entry.declared for entry in entries}.values():
        file = operation.contract.root.file
        for node in operation.contract.root.at("tags").elements():
            name = node.value.get("name") if isinstance(node.value, dict) else None
            if isinstance(name, str) and (name in shown[file] or name not in used[file]):
                definition = dict(fitting("tag", node.value))
                definitions.setdefault(name, []).append((operation, definition))
    known: list[dict[str, Any]] = []
    renamed: dict[tuple[str, str], str] = {}
    for name, found in definitions.items():
        if all(definition == found[0][1] for _, definition in found):
            known.append(found[0][1])
            continue
        for operation, definition in found:
            own = f"{operation.service}.{name}"
            renamed[operation.contract.root.file, name] = own
            if all(other["name"] != own for other in known):
                known.append({**definition, "name": own})
    return known, renamed

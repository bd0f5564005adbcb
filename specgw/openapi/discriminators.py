"""`discriminator`: it never changes what is valid. It says which alternative was meant, so that its violations are shown.

OpenAPI section "Discriminator Object": `propertyName` is required; the values of `mapping` are names of schemas under
`components`, or references; without an entry there the value is the name of the schema. One that names what is not there
misleads readers and generated code, which is a finding.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from specgw.diagnostics import closest
from specgw.openapi.model import Document, Node
from specgw.openapi.pointers import escape
from specgw.openapi.sites import Site


def discriminator(site: Site, value: Any) -> None:
    """Keep which value means which alternative, and report what is wrong with a discriminator; nothing of it is enforced."""
    if value is None:
        return
    if not isinstance(value, dict):
        hint = f"write 'discriminator: {{propertyName: {value}}}'" if isinstance(value, str) else None
        site.find("schema-fault", "discriminator", "`discriminator` has to be a mapping; it has no effect", hint=hint)
        return
    if not isinstance(value.get("propertyName"), str):
        site.find("schema-fault", "discriminator", "`discriminator` needs `propertyName`; it has no effect")
    mapping = site.node.at("discriminator").get("mapping")
    for name, target in mapping.items() if mapping is not None else ():
        _check(site, name, target)
    if isinstance(value.get("propertyName"), str) and (meant := _alternatives(site, mapping)):
        site.out["discriminator"] = {"propertyName": value["propertyName"], "mapping": meant}


def _alternatives(site: Site, mapping: Node | None) -> dict[str, int]:
    """The index in `oneOf`, or else in `anyOf`, of what each value stands for."""
    branches = site.node.get("oneOf") or site.node.get("anyOf")
    if branches is None or not isinstance(branches.value, list):
        return {}
    places: dict[tuple[str, str], int] = {}
    meant: dict[str, int] = {}
    for index, branch in enumerate(branches.elements()):
        if isinstance(branch.value, dict) and isinstance(branch.value.get("$ref"), str):
            target = site.run.targets.peek(branch, branch.value["$ref"])
            if target is not None:
                places.setdefault((target.file, target.pointer), index)
                meant.setdefault(target.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~"), index)
    for value, entry in mapping.items() if mapping is not None else ():
        if isinstance(entry.value, str):
            known = entry.value in _names(entry.document)
            target = site.run.targets.peek(entry, f"#/components/schemas/{escape(entry.value)}" if known else entry.value)
            if target is not None and (target.file, target.pointer) in places:
                meant[value] = places[target.file, target.pointer]
    return meant


def _check(site: Site, name: str, target: Node) -> None:
    reference = target.value
    if not isinstance(reference, str):
        site.run.findings.add("schema-fault", target, f"`mapping` has to say with a string which schema '{name}' stands for")
        return
    known = _names(target.document)
    is_name = "/" not in reference and "#" not in reference
    # In a file that is only referred to, names are those of whoever refers to it.
    if reference in known or (is_name and not target.document.version) or site.run.targets.stands(target, reference):
        return
    message = f"`mapping` takes '{name}' to '{reference}', where no schema stands; what is valid does not depend on it"
    site.run.findings.add("schema-fault", target, message, hint=_suggestion(reference, known))


def _names(document: Document) -> Collection[str]:
    """The names under `components: schemas:`."""
    components = document.value.get("components") if isinstance(document.value, dict) else None
    schemas = components.get("schemas") if isinstance(components, dict) else None
    return schemas if isinstance(schemas, dict) else ()


def _suggestion(reference: str, known: Collection[str]) -> str | None:
    holder, slash, name = reference.rpartition("/")
    close = closest(name, known)
    return None if close is None else f"did you mean '{holder}{slash}{close}'?"

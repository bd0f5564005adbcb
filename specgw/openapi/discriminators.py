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
        _check(site, target, f"`mapping` takes '{name}'", f"`mapping` has to say with a string which schema '{name}' stands for")
    # `defaultMapping` came with 3.2: what is meant where the property is absent, or has a value that stands for nothing.
    default = site.node.at("discriminator").get("defaultMapping") if site.dialect.version == "3.2" else None
    if default is not None:
        _check(site, default, "`defaultMapping` leads", "`defaultMapping` has to say with a string which schema is meant")
    if isinstance(value.get("propertyName"), str):
        meant, otherwise = _alternatives(site, mapping, default)
        if meant:
            site.out["discriminator"] = {"propertyName": value["propertyName"], "mapping": meant}
            if otherwise is not None:
                site.out["discriminator"]["default"] = otherwise


def _alternatives(site: Site, mapping: Node | None, default: Node | None) -> tuple[dict[str, int], int | None]:
    """The index in `oneOf`, or else in `anyOf`, of what each value stands for, and of what all others do."""
    branches = site.node.get("oneOf") or site.node.get("anyOf")
    if branches is None or not isinstance(branches.value, list):
        return {}, None
    places: dict[tuple[str, str], int] = {}
    meant: dict[str, int] = {}

    def index_of(entry: Node) -> int | None:
        if not isinstance(entry.value, str):
            return None
        known = entry.value in _names(entry.document)
        target = site.run.targets.peek(entry, f"#/components/schemas/{escape(entry.value)}" if known else entry.value)
        return None if target is None else places.get((target.file, target.pointer))

    for index, branch in enumerate(branches.elements()):
        if isinstance(branch.value, dict) and isinstance(branch.value.get("$ref"), str):
            target = site.run.targets.peek(branch, branch.value["$ref"])
            if target is not None:
                places.setdefault((target.file, target.pointer), index)
                meant.setdefault(target.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~"), index)
    for value, entry in mapping.items() if mapping is not None else ():
        found = index_of(entry)
        if found is not None:
            meant[value] = found
    return meant, None if default is None else index_of(default)


def _check(site: Site, target: Node, said: str, wanted: str) -> None:
    """Report a value that is no name or reference, or leads to no schema; `said` and `wanted` are the words for that."""
    reference = target.value
    if not isinstance(reference, str):
        site.run.findings.add("schema-fault", target, wanted)
        return
    known = _names(target.document)
    is_name = "/" not in reference and "#" not in reference
    # In a file that is only referred to, names are those of whoever refers to it.
    if reference in known or (is_name and not target.document.version) or site.run.targets.stands(target, reference):
        return
    message = f"{said} to '{reference}', where no schema stands; what is valid does not depend on it"
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

"""One Schema Object as JSON Schema 2020-12: each keyword by its own function, and then what depends on several.

Annotations are left out: nothing at run time reads them.
"""

from __future__ import annotations

from typing import Any

from specgw.openapi import applicators, assertions, contradictions, discriminators, keywords
from specgw.openapi.dialects import BEFORE, NARROWING, known_dialect, misspelt
from specgw.openapi.model import Node, kind_of
from specgw.openapi.sites import Context, Site


def lower(site: Site) -> None:
    """Lower the schema of a site; its subschemas are put on the work list."""
    value: dict[str, Any] = site.node.value
    if not site.dialect.reference_siblings and isinstance(value.get("$ref"), str):
        applicators.reference(site, value["$ref"])
        siblings = [key for key in value if key != "$ref" and (key in LOWER or key in ("nullable", "readOnly", "writeOnly"))]
        if siblings:
            message = f"keys beside `$ref` have no effect in OpenAPI 3.0: {', '.join(siblings)}"
            site.find("reference-siblings", siblings[0], message, hint="put both into `allOf`")
        return
    if _or_null(site):
        return
    for keyword in value:
        rule = LOWER.get(keyword)
        if rule is not None:
            if keyword in site.dialect.foreign:
                site.foreign(site.node.at(keyword), f"keyword `{keyword}`", earlier=keyword in BEFORE)
            rule(site, value[keyword])
        elif (meant := misspelt(keyword)) is not None:
            site.find(
                "unknown-keyword", keyword, f"`{keyword}` is no keyword of schemas; it has no effect", hint=f"did you mean '{meant}'?"
            )
    _consequences(site)
    contradictions.report(site)
    if site.run.annotate:
        _annotate(site)


def _or_null(site: Site) -> bool:
    """OpenAPI 3.1 has no `nullable`; where `type` alone cannot say what its author meant, null becomes an alternative."""
    value = site.node.value
    if value.get("nullable") is not True or not site.dialect.reference_siblings or site.context.bare:
        return False
    if not any(keyword in value for keyword in NARROWING):
        return False
    site.repaired("nullable", 'is no keyword of OpenAPI 3.1; it is read as "or null"')
    bare = Context(site.context.relaxed, site.context.strict, bare=True)
    site.out["anyOf"] = [{"type": "null"}, {"$ref": site.run.reach(site.node, bare)}]
    return True


ANNOTATIONS = "x-sandbox"
"""Where a lowered schema keeps what asserts nothing: sample values, the format by its name, how branches are told apart."""


def _annotate(site: Site) -> None:
    """Keep what a plausible value is made from (OpenAPI section "Schema Object": `example`, `examples`, `default`, `discriminator`)."""
    said = site.node.value
    samples = [said["example"]] if "example" in said else []
    samples += said["examples"] if isinstance(said.get("examples"), list) else []
    samples += [said["default"]] if "default" in said else []
    kept: dict[str, Any] = {"samples": samples} if samples else {}
    names = site.out.get("properties")
    if isinstance(names, dict) and list(names) != sorted(names):
        kept["order"] = list(names)
    if isinstance(said.get("format"), str):
        kept["format"] = said["format"]
    discriminator = said.get("discriminator")
    if isinstance(discriminator, dict) and isinstance(discriminator.get("propertyName"), str):
        mapping = discriminator.get("mapping")
        names = {target: name for name, target in mapping.items() if isinstance(target, str)} if isinstance(mapping, dict) else {}
        kept["discriminator"] = {"property": discriminator["propertyName"], "names": names}
    if kept:
        site.out[ANNOTATIONS] = kept


def _consequences(site: Site) -> None:
    """Drop what would refuse more than its author said because something beside it is not enforced."""
    for keyword, sources in _DEPEND.items():
        if keyword in site.out and not site.dropped.isdisjoint(sources):
            del site.out[keyword]
            site.run.lose(site, keyword, site.node.pointer)


# Keywords that say which properties and items are evaluated (2020-12 Core section 11).
_EVALUATING = frozenset(
    (
        *("$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "dependencies"),
        *("properties", "patternProperties", "additionalProperties", "prefixItems", "items", "contains"),
    )
)
_DEPEND: dict[str, frozenset[str]] = {
    "additionalProperties": frozenset(("properties", "patternProperties")),
    "items": frozenset(("prefixItems",)),
    "unevaluatedProperties": _EVALUATING,
    "unevaluatedItems": _EVALUATING,
}
"""Keywords that speak of what others left over: they go when one of those is not enforced."""

GAPS = _EVALUATING | {"schema"}
"""What is lost with these may have evaluated something; "schema" is a subschema that is none."""
DIALECTS = frozenset(("$schema", "jsonSchemaDialect"))
"""What is marked for these is enforced, but perhaps not as its dialect means it."""


def _schema_dialect(site: Site, value: Any) -> None:
    if site.dialect.identifiers and not known_dialect(value):
        site.find("dialect-not-enforced", "$schema", _unknown(value))
        site.mark("$schema")


def check_dialect(site: Site) -> None:
    """Mark a schema whose document chooses a dialect for all schemas that is not known (`jsonSchemaDialect`, 3.1)."""
    document = site.node.document
    if not site.dialect.identifiers or not isinstance(document.value, dict) or "jsonSchemaDialect" not in document.value:
        return
    chosen = document.value["jsonSchemaDialect"]
    if not known_dialect(chosen) and "$schema" not in site.node.value:
        site.run.findings.add("dialect-not-enforced", Node(document, "/jsonSchemaDialect", chosen), _unknown(chosen))
        site.mark("jsonSchemaDialect")


def _unknown(dialect: Any) -> str:
    shown = f"the dialect '{dialect}'" if isinstance(dialect, str) else f"a dialect that is {kind_of(dialect)}"
    return f"{shown} is not known; its schemas are enforced as JSON Schema 2020-12 has them"


LOWER: dict[str, assertions.Rule] = {
    "$ref": applicators.reference,
    "$dynamicRef": applicators.dynamic_reference,
    "$recursiveRef": applicators.recursive_reference,
    "$schema": _schema_dialect,
    "type": assertions.types,
    "nullable": assertions.nullable,
    "enum": assertions.enum,
    "minimum": assertions.bound("minimum", "exclusiveMinimum"),
    "maximum": assertions.bound("maximum", "exclusiveMaximum"),
    "exclusiveMinimum": assertions.exclusive_bound("minimum", "exclusiveMinimum"),
    "exclusiveMaximum": assertions.exclusive_bound("maximum", "exclusiveMaximum"),
    **{keyword: assertions.plain(keyword) for keyword in keywords.READERS},
    "multipleOf": assertions.multiple_of,
    "format": assertions.format_name,
    "pattern": assertions.pattern,
    "required": assertions.required,
    "properties": applicators.properties,
    "patternProperties": applicators.pattern_properties,
    "additionalProperties": applicators.additional_properties,
    "propertyNames": applicators.single("propertyNames"),
    "unevaluatedProperties": applicators.single("unevaluatedProperties"),
    "items": applicators.items,
    "prefixItems": applicators.branches("prefixItems"),
    "unevaluatedItems": applicators.single("unevaluatedItems"),
    "contains": applicators.single("contains"),
    "allOf": applicators.branches("allOf"),
    "anyOf": applicators.branches("anyOf"),
    "oneOf": applicators.branches("oneOf"),
    "not": applicators.single("not", strict=True),
    "if": applicators.single("if", strict=True),
    "then": applicators.single("then", in_place=True),
    "else": applicators.single("else", in_place=True),
    "dependentSchemas": applicators.dependent_schemas,
    "dependencies": applicators.dependencies,
    "discriminator": discriminators.discriminator,
}
"""What lowers or checks each keyword; everything else is annotation or unknown."""

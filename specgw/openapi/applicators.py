"""Keywords that apply other schemas: references, compositions, properties and items.

Each function lowers one keyword of a `Site`; those that take names make such a function.
"""

from __future__ import annotations

from typing import Any

from specgw.openapi import keywords
from specgw.openapi.assertions import Rule, as_flag, enforceable, require
from specgw.openapi.directions import NO_NAMES
from specgw.openapi.keywords import NOTHING
from specgw.openapi.model import Node
from specgw.openapi.sites import PLAIN, STRICT, Context, Site
from specgw.openapi.targets import can_be_schema


def reference(site: Site, value: Any) -> None:
    """`$ref`."""
    if not isinstance(value, str):
        site.lost("$ref", "has to be a string; it is not enforced")
        return
    _lead(site, "$ref", site.run.targets.follow(site.node, site.dialect))


def dynamic_reference(site: Site, value: Any) -> None:
    """`$dynamicRef`; to anything but a `$dynamicAnchor` it is a `$ref`."""
    if not isinstance(value, str):
        site.lost("$dynamicRef", "has to be a string; it is not enforced")
        return
    target, name = site.run.targets.dynamic(site.node, site.dialect)
    if target is None or name is None:
        _lead(site, "$dynamicRef", target)
    else:
        site.out["$dynamicRef"] = site.run.dynamic(target, name)


def _lead(site: Site, keyword: str, target: Node | None) -> None:
    if target is None:
        site.mark(keyword)
    else:
        _point(site, keyword, target)


def recursive_reference(site: Site, value: Any) -> None:
    """Draft 2019-09's `$recursiveRef`."""
    target = site.run.targets.recursive(site.node) if value == "#" else None
    if target is None:
        site.lost("$recursiveRef", "leads to no schema with `$recursiveAnchor: true` around it; it is not enforced")
    else:
        _point(site, "$recursiveRef", target)


def _point(site: Site, keyword: str, target: Node) -> None:
    """Refer to a target, unless the chain of references comes back here before it says anything."""
    if not can_be_schema(target):
        site.lost(keyword, "leads to a value that is no schema; it is not enforced")
        return
    if site.run.targets.endless(target, site.dialect):
        hint = "one of the schemas has to say something"
        site.find("reference-cycle", keyword, f"`{keyword}` leads into a circle of references; it is not enforced", hint=hint)
        site.mark(keyword)
        return
    names = site.context.relaxed
    if site.dialect.reference_siblings and len(site.node.value) > 1:
        names |= site.hidden_names()
    relaxed = site.run.directions.relaxable(names, target, site.dialect, site.direction) if names else NO_NAMES
    context = Context(relaxed, site.context.strict) if relaxed or site.context.strict else PLAIN
    uri = site.run.reach(target, context)
    if "$ref" in site.out:
        site.out.setdefault("allOf", []).append({"$ref": uri})
    else:
        site.out["$ref"] = uri


def properties(site: Site, value: Any) -> None:
    """`properties`; a hidden one is refused in responses, and one with a boolean `required` is required."""
    if value is None:
        site.repaired("properties", "has no value; nothing is enforced")
        return
    declared = site.run.targets.properties(site.node, site.dialect)
    if declared is None:
        site.lost("properties", "has to be a mapping of names to schemas; it is not enforced")
        return
    if isinstance(value.get("$ref"), str):
        site.repaired("properties", "cannot be a reference; what it leads to is read as the properties")
    lowered: dict[str, Any] = {}
    site.out["properties"] = lowered
    context = site.inner()
    hides = site.direction == "response" and not site.context.strict
    for name, child in declared.items():
        if hides and site.run.directions.hidden(child, site.dialect, site.direction):
            lowered[name] = False
            continue
        site.child(child, lowered, name, context)
        if isinstance(child.value, dict) and as_flag(child.value.get("required")) is True:
            require(site, [name])


def pattern_properties(site: Site, value: Any) -> None:
    """`patternProperties`, without those whose expression cannot be enforced."""
    if not isinstance(value, dict):
        site.lost("patternProperties", "has to be a mapping of expressions to schemas; it is not enforced")
        return
    lowered: dict[str, Any] = {}
    for expression, child in site.node.at("patternProperties").items():
        read = enforceable(site, "patternProperties", child, expression)
        text = None if read is None else read.of_names
        if text is not None and text not in lowered:
            site.child(child, lowered, text, site.inner())
    site.out["patternProperties"] = lowered


def additional_properties(site: Site, value: Any) -> None:
    """`additionalProperties`, a boolean or a schema."""
    flag = as_flag(value)
    if flag is None:
        site.child(site.node.at("additionalProperties"), site.out, "additionalProperties", site.inner())
        return
    if not isinstance(value, bool):
        site.repaired("additionalProperties", f"is the text '{value}'; it is read as the boolean")
    site.out["additionalProperties"] = flag


def items(site: Site, value: Any) -> None:
    """`items`; a list, as drafts up to 2019-09 had it, is `prefixItems`, and `additionalItems` beside it are `items`."""
    if not isinstance(value, list):
        site.child(site.node.at("items"), site.out, "items", site.inner())
        return
    site.repaired("items", "is a list; it is read as `prefixItems`")
    if "prefixItems" not in site.node.value:
        _list_of(site, site.node.at("items"), "prefixItems", site.inner())
        if "additionalItems" in site.node.value:
            site.child(site.node.at("additionalItems"), site.out, "items", site.inner())


def branches(keyword: str) -> Rule:
    """`allOf`, `anyOf`, `oneOf` and `prefixItems`: lists of schemas."""

    def rule(site: Site, value: Any) -> None:
        if value is None or (value == [] and keyword in ("allOf", "prefixItems")):
            site.repaired(keyword, "holds no schema; nothing is enforced")
            return
        # Not into oneOf: a branch that requires less could match beside the one that was meant.
        context = site.inner() if keyword == "prefixItems" else site.in_place(relaxed=keyword != "oneOf")
        added = site.out.get(keyword, [])
        if isinstance(value, dict) and keyword != "prefixItems":
            site.repaired(keyword, "is one schema; it is read as a list of it")
            site.out[keyword] = [True]
            site.child(site.node.at(keyword), site.out[keyword], 0, context)
        elif isinstance(value, list) and value:
            _list_of(site, site.node.at(keyword), keyword, context)
        else:
            site.lost(keyword, "has to be a list of at least one schema; it is not enforced")
            return
        site.out[keyword].extend(added)

    return rule


def _list_of(site: Site, place: Node, keyword: str, context: Context) -> None:
    lowered: list[Any] = [True] * len(place.value)
    site.out[keyword] = lowered
    for index, child in enumerate(place.elements()):
        if child.value is None and keyword in ("anyOf", "oneOf") and site.dialect.identifiers:
            site.run.findings.add("schema-fault", child, "an alternative without content is read as the type 'null'")
            lowered[index] = {"type": "null"}
        else:
            site.child(child, lowered, index, context)


def single(keyword: str, *, strict: bool = False, in_place: bool = False) -> Rule:
    """Keywords whose value is one schema. `in_place`: it applies to the same value; `strict`: as a condition only."""

    def rule(site: Site, value: Any) -> None:
        if value is None:
            site.repaired(keyword, "has no value; nothing is enforced")
        elif not isinstance(value, dict | bool):
            site.lost(keyword, "has to be a schema; it is not enforced")
        else:
            context = STRICT if strict else site.in_place() if in_place else site.inner()
            site.child(site.node.at(keyword), site.out, keyword, context)

    return rule


def dependent_schemas(site: Site, value: Any) -> None:
    """`dependentSchemas`."""
    if not isinstance(value, dict):
        site.lost("dependentSchemas", "has to be a mapping of names to schemas; it is not enforced")
        return
    lowered = site.out.setdefault("dependentSchemas", {})
    for name, child in site.node.at("dependentSchemas").items():
        site.child(child, lowered, name, site.in_place())


def dependencies(site: Site, value: Any) -> None:
    """Draft 7's `dependencies`: `dependentRequired` and `dependentSchemas` in one."""
    if not isinstance(value, dict):
        site.lost("dependencies", "has to be a mapping of names to lists or schemas; it is not enforced")
        return
    for name, child in site.node.at("dependencies").items():
        if isinstance(child.value, list | str):
            names = site.read("dependencies", keywords.read_names(child.value))
            if names is not NOTHING:
                site.out.setdefault("dependentRequired", {})[name] = names
        else:
            site.child(child, site.out.setdefault("dependentSchemas", {}), name, site.in_place())

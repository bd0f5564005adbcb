from __future__ import annotations

from typing import Any

import pytest

from specgw.compiler.merge.components import Component, Components, ImpliedMapping, Pointer, Requirement, preferred_name
from specgw.diagnostics import FilePlace
from specgw.openapi.model import Node


class File:
    value: Any = None
    version = "3.1"

    def __init__(self, file: str) -> None:
        self.file = file

    def written(self, pointer: str) -> FilePlace:
        return FilePlace(self.file)

    def line(self, number: int) -> str:
        return ""


def node(pointer: str, file: str = "users.yaml") -> Node:
    return Node(File(file), pointer, None)


def claim(components: Components, name: str, owner: str, content: Any, *targets: Component) -> Component:
    """A schema of a service whose properties a, b … refer to the targets."""
    component, _ = components.claim("schemas", node(f"/components/schemas/{name}", f"{owner}.yaml"), owner)
    component.content = content
    refer(component, *targets)
    return component


def refer(component: Component, *targets: Component) -> None:
    for key, target in zip("abc", targets, strict=False):
        holder = component.content.setdefault("properties", {}).setdefault(key, {"$ref": ""})
        component.references.append(Pointer(holder, "$ref", target))


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (node("/components/schemas/User"), "User"),
        (node("/components/schemas/User name~1x"), "User-name-x"),
        (node("/components/schemas/User/properties/address"), "User.address"),
        (node("/paths/~1users~1{id}/get/responses/200/content/application~1json/schema"), "users-id.get.responses.200.application-json"),
        (node("", "models/user.v2.yaml"), "user"),
        (node("/links", "shared/pages.yml"), "pages.links"),
        (node("/components/schemas/ÄÖ"), "Component"),
    ],
)
def test_a_component_is_called_after_its_place(place: Node, name: str) -> None:
    assert preferred_name(place) == name


def test_what_is_referred_to_twice_is_one_component() -> None:
    components = Components()
    first, new = components.claim("schemas", node("/components/schemas/User"), "users")
    again, new_again = components.claim("schemas", node("/components/schemas/User"), "users")
    assert first is again
    assert (new, new_again) == (True, False)


def test_equal_components_of_two_services_are_shared() -> None:
    components = Components()
    claim(components, "Error", "users", {"type": "object"})
    claim(components, "Error", "products", {"type": "object"})
    components.settle()
    assert components.section("schemas") == {"Error": {"type": "object"}}


def test_different_components_of_one_name_are_renamed_by_service() -> None:
    components = Components()
    claim(components, "Item", "users", {"type": "object"})
    claim(components, "Item", "products", {"type": "string"})
    components.settle()
    assert components.section("schemas") == {"products.Item": {"type": "string"}, "users.Item": {"type": "object"}}


def test_components_that_refer_to_different_ones_are_different() -> None:
    components = Components()
    for owner, kind in (("users", "object"), ("products", "string")):
        leaf = claim(components, "Leaf", owner, {"type": kind})
        claim(components, "Tree", owner, {}, leaf)
    components.settle()
    assert list(components.section("schemas")) == ["products.Leaf", "products.Tree", "users.Leaf", "users.Tree"]
    assert components.section("schemas")["users.Tree"] == {"properties": {"a": {"$ref": "#/components/schemas/users.Leaf"}}}


def test_equal_cycles_are_shared() -> None:
    components = Components()
    for owner in ("users", "products"):
        folder = claim(components, "Folder", owner, {"type": "object"})
        file = claim(components, "File", owner, {"type": "object"}, folder)
        refer(folder, file, folder)
    components.settle()
    assert list(components.section("schemas")) == ["File", "Folder"]


def test_what_gives_way_keeps_its_name_only_where_nobody_claims_it() -> None:
    for claimed in (True, False):
        components = Components()
        if claimed:
            claim(components, "Problem", "trains", {"type": "string"})
        own, _ = components.claim("schemas", node("/components/schemas/Problem", "gateway"), "gateway")
        own.content, own.yields = {"type": "object"}, True
        components.settle()
        assert own.name == ("gateway.Problem" if claimed else "Problem")
        assert components.section("schemas").get("Problem") == ({"type": "string"} if claimed else {"type": "object"})


def test_names_stay_unique_where_one_service_has_several_documents() -> None:
    components = Components()
    for file, kind in (("a.yaml", "object"), ("b.yaml", "string"), ("c.yaml", "integer")):
        component, _ = components.claim("schemas", node("/components/schemas/Item", file), "shop")
        component.content = {"type": kind}
    components.settle()
    assert list(components.section("schemas")) == ["shop.Item", "shop.Item.2", "shop.Item.3"]


def test_requirements_are_written_under_the_final_names_of_schemes() -> None:
    components = Components()
    scheme, _ = components.claim("securitySchemes", node("/components/securitySchemes/key"), "users")
    other, _ = components.claim("securitySchemes", node("/components/securitySchemes/key", "products.yaml"), "products")
    scheme.content, other.content = {"in": "header"}, {"in": "query"}
    components.settle()
    holder: dict[str, Any] = {}
    Requirement(holder, ((scheme, ["read"]),)).write(lambda target: target.name)
    assert holder == {"users.key": ["read"]}


def test_a_discriminator_spells_out_names_that_payloads_carry_and_components_lost() -> None:
    components = Components()
    cat = claim(components, "Cat", "users", {"type": "object"})
    claim(components, "Cat", "products", {"type": "string"})
    dog = claim(components, "Dog", "users", {"type": "object"})
    discriminator: dict[str, Any] = {"propertyName": "kind"}
    components.settle()
    ImpliedMapping(discriminator, {}, (cat, dog)).write(lambda target: target.name)
    assert discriminator == {"propertyName": "kind", "mapping": {"Cat": "#/components/schemas/users.Cat"}}

"""Components of the merged document: each once, equal ones shared, different ones renamed by their service.

A component is known by where its source stands (file and pointer). Its final name depends on all the others, so that
references are noted while copying and written once every component is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import msgspec

from specgw.compiler.names import unused
from specgw.openapi.model import Node
from specgw.openapi.pointers import tokens_of

SECTIONS = (
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
)

# OpenAPI 3.1 section "Components Object": the only characters a component's name may have.
_FOREIGN = re.compile(r"[^a-zA-Z0-9._-]+")

# Tokens of a pointer that say how a document is built, not what the thing is.
_STRUCTURE = frozenset(
    ("components", "definitions", "$defs", "properties", "items", "allOf", "anyOf", "oneOf", "paths", "content", "schema", "schemas")
)


@dataclass(eq=False, slots=True)
class Component:
    """One component: `preferred` is its name where nothing else claims it, `owner` the service it came with."""

    section: str
    preferred: str
    owner: str
    source: Node
    content: Any = None
    requests: bool = False
    """Whether it is the copy for requests: it is called so where one for answers says something else."""
    yields: bool = False
    """Whether it gives way where a contract claims its name: so with what the gateway itself adds."""
    name: str = ""
    references: list[Reference] = field(default_factory=list)
    """What its content refers to."""

    @property
    def pointer(self) -> str:
        """How the merged document refers to it."""
        return f"#/components/{self.section}/{self.name}"


Naming = Callable[[Component], str]


class Reference(Protocol):
    """A place in copied content that names components, written once their names are known."""

    def write(self, name: Naming) -> None:
        """Write the names as `name` gives them; may be called several times."""


@dataclass(slots=True)
class Pointer:
    """A value that is the pointer of a component: `$ref`, or an entry of `discriminator.mapping`."""

    holder: dict[str, Any]
    key: str
    target: Component

    def write(self, name: Naming) -> None:
        """Write `#/components/SECTION/NAME`."""
        self.holder[self.key] = f"#/components/{self.target.section}/{name(self.target)}"


@dataclass(slots=True)
class Requirement:
    """A Security Requirement Object: its keys are names of security schemes."""

    holder: dict[str, Any]
    schemes: tuple[tuple[Component, list[str]], ...]

    def write(self, name: Naming) -> None:
        """Write `{NAME: scopes}` for every scheme."""
        self.holder.clear()
        for scheme, scopes in self.schemes:
            self.holder[name(scheme)] = scopes


@dataclass(slots=True)
class ImpliedMapping:
    """A discriminator whose values are names of components: spelt out where one of these was renamed.

    OpenAPI section "Discriminator Object": without `mapping` the value is the name of the schema.
    """

    discriminator: dict[str, Any]
    explicit: dict[str, Any]
    """The `mapping` that the author wrote; its own references are written before this one."""
    variants: tuple[Component, ...]

    def write(self, name: Naming) -> None:
        """Add `mapping` entries for renamed variants, under the names that payloads still carry."""
        implied = {}
        for variant in self.variants:
            given = name(variant)
            if given != variant.preferred and variant.preferred not in self.explicit:
                implied[variant.preferred] = f"#/components/schemas/{given}"
        if implied or self.explicit:
            self.discriminator["mapping"] = {**self.explicit, **implied}
        else:
            self.discriminator.pop("mapping", None)


def preferred_name(source: Node) -> str:
    """The name of a component made from a node: its own under `components`, otherwise what its place says."""
    tokens = tokens_of(source.pointer)
    if len(tokens) == 3 and tokens[0] == "components":
        words = tokens[2:]
    else:
        words = [token for token in tokens if token not in _STRUCTURE]
        if not words or tokens[0] not in ("components", "paths"):
            words.insert(0, source.file.rpartition("/")[2].partition(".")[0])
    cleaned = [_FOREIGN.sub("-", word).strip("-") for word in words]
    return ".".join(word for word in cleaned if word) or "Component"


class Components:
    """All components of one merged document, in the order in which they were first referred to."""

    def __init__(self) -> None:
        self._by_source: dict[tuple[object, ...], Component] = {}
        self._named: dict[tuple[str, str], Component] = {}

    def __iter__(self) -> Iterator[Component]:
        return iter(self._by_source.values())

    def claim(
        self, section: str, source: Node, owner: str, *, requests: bool = False, apart: frozenset[str] = frozenset()
    ) -> tuple[Component, bool]:
        """The component for a source, and whether it is new: its content is the caller's to fill then.

        `requests` and `apart` tell copies of one source from each other.
        """
        key = (section, source.file, source.pointer, requests, apart)
        component = self._by_source.get(key)
        if component is not None:
            return component, False
        component = Component(section, preferred_name(source), owner, source, requests=requests)
        self._by_source[key] = component
        return component, True

    def _taken(self, section: str, name: str) -> bool:
        return (section, name) in self._named

    def settle(self) -> None:
        """Share equal components, name all, and write the references inside them."""
        classes = self._classes()
        groups: dict[tuple[str, str], dict[int, list[Component]]] = {}
        for component in self:
            group = groups.setdefault((component.section, component.preferred), {})
            group.setdefault(classes[component], []).append(component)
        left: list[tuple[str, str, list[Component]]] = []
        apart: list[tuple[Component, list[Component]]] = []
        for (section, preferred), versions in groups.items():
            apart += _for_requests(versions)
            firm = [members for members in versions.values() if not all(member.yields for member in members)]
            plain = firm or list(versions.values())
            if len(plain) == 1:
                self._name(plain[0], preferred)
            left += [(section, preferred, members) for members in versions.values() if len(plain) > 1 or members is not plain[0]]
        for section, preferred, members in sorted(left, key=lambda item: min(_place(member) for member in item[2])):
            owner = min(member.owner for member in members)
            self._name(members, unused(f"{owner}.{preferred}", partial(self._taken, section), mark="."))
        for twin, members in sorted(apart, key=lambda item: min(_place(member) for member in item[1])):
            self._name(members, unused(f"{twin.name}Request", partial(self._taken, twin.section), mark="."))
        for component in self:
            write(component.references)

    def _name(self, members: list[Component], name: str) -> None:
        for member in members:
            member.name = name
        self._named[members[0].section, name] = min(members, key=_place)

    def _classes(self) -> dict[Component, int]:
        """Components that mean the same get the same number.

        Only those that claim the same name are compared. Partition refinement: all claimants of a name begin as equal,
        and are split by their content with each reference replaced by the class it leads to, until nothing splits
        further; so that cycles are equal when no path through them tells them apart.
        """
        claims: dict[tuple[str, str], list[Component]] = {}
        for component in self:
            claims.setdefault((component.section, component.preferred), []).append(component)
        contested = [members for members in claims.values() if len(members) > 1]
        classes = {member: number for number, members in enumerate(claims.values()) for member in members}
        if not contested:
            return classes
        count = len(claims)
        while True:
            split: dict[tuple[int, bytes], int] = {}
            refined = dict(classes)
            current = {member: str(number) for member, number in classes.items()}
            for members in contested:
                for member in members:
                    for reference in member.references:
                        reference.write(current.__getitem__)
                    content = msgspec.json.encode(member.content, order="sorted")
                    refined[member] = split.setdefault((classes[member], content), len(claims) + len(split))
            classes = refined
            total = len(claims) - len(contested) + len(split)
            if total == count:
                return classes
            count = total

    def section(self, section: str) -> dict[str, Any]:
        """The contents of one section by name, sorted."""
        found = {name: component.content for (where, name), component in self._named.items() if where == section}
        return dict(sorted(found.items()))


def _for_requests(versions: dict[int, list[Component]]) -> list[tuple[Component, list[Component]]]:
    """Take out the versions of a name that are copies for requests alone, each with one for answers of the same source."""
    everyone = [member for members in versions.values() for member in members]
    plain = {(member.source.file, member.source.pointer): member for member in everyone if not member.requests}
    found = []
    for number, members in list(versions.items()):
        twins = [plain.get((member.source.file, member.source.pointer)) for member in members if member.requests]
        if len(twins) == len(members) and all(twins):
            del versions[number]
            found.append((min((twin for twin in twins if twin is not None), key=_place), members))
    return found


def write(references: list[Reference]) -> None:
    """Write final names into content that refers to components."""
    for reference in references:
        reference.write(lambda target: target.name)


def _place(component: Component) -> tuple[str, str, str]:
    return component.owner, component.source.file, component.source.pointer

"""Where the public reaches each operation: mount, version and document path as one template.

Stands after the settings, which hold the mount and the version, and before the checks, which compare templates.
"""

from __future__ import annotations

from specgw.compiler.declared import Address, Declared
from specgw.compiler.draft import Draft
from specgw.plan.template import TemplateError, parse


def run(draft: Draft) -> None:
    """Fill in `addresses`."""
    for declared in draft.declared:
        declared.addresses = tuple(_addresses(declared))


def _addresses(declared: Declared) -> list[Address]:
    settings, path = declared.settings, declared.operation.path
    version = settings.version
    places: list[tuple[str, str | None]] = []
    if version is None or version.default:
        places.append((f"{settings.mount}{path}", None))
    if version is not None:
        places.append((f"{settings.mount}/{version.name}{path}", version.name))
    try:
        return [Address(parse(place), name) for place, name in places]
    except TemplateError:
        return []  # said where the path was read: mount and version are always sound

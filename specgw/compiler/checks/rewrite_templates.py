"""Rewrite templates that speak of a parameter that the path does not have."""

from __future__ import annotations

from specgw.compiler.declared import Declared
from specgw.compiler.draft import Draft
from specgw.diagnostics import did_you_mean
from specgw.plan.template import TemplateError, parse


def run(draft: Draft) -> None:
    """Report each template once with the first operation that cannot fill it, however many inherit it."""
    reported: set[tuple[str, str, str]] = set()
    for declared in draft.declared:
        template = declared.rewrite.template if declared.rewrite is not None and declared.served else None
        for name in _lacking(declared, template) if template is not None else ():
            place = declared.settings.place("rewrite.template") or declared.operation.node
            key = (place.file, place.pointer, name)
            if key not in reported:
                reported.add(key)
                message = f"'{template}' needs '{{{name}}}', which the path {declared.operation.path} does not have"
                names = declared.addresses[0].template.names
                hint = did_you_mean(name, names) or "only path parameters can be filled in, and this path has none"
                draft.findings.add("unknown-rewrite-parameter", place, message, hint=hint)


def _lacking(declared: Declared, template: str) -> list[str]:
    try:
        wanted = parse(template).names
    except TemplateError as error:
        # The vocabulary has looked at its form; what it lets through has a meaning that no request can have.
        return [str(error)]
    known = declared.addresses[0].template.names
    return [name for name in wanted if name not in known]

"""The files that a Plan names, relative to `Edge.folder`: all the places where one may stand."""

from __future__ import annotations

from collections.abc import Iterator

from specgw.plan.model import Plan


def file_names(plan: Plan) -> Iterator[str]:
    """The name of each, as gateway.yaml or a document has it; `${NAME}` references are not resolved."""
    for listen in (plan.edge.listen, plan.edge.admin):
        if listen.tls is not None:
            for pair in listen.tls.certificates:
                yield from (pair.cert, pair.key)
            yield from listen.tls.authorities
    if plan.edge.state.path is not None:
        yield plan.edge.state.path
    for scheme in plan.schemes.values():
        if scheme.jwks is not None and "://" not in scheme.jwks:
            yield scheme.jwks
        if scheme.ca is not None:
            yield scheme.ca

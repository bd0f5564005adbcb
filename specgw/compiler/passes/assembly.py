"""Routes out of operations, and the Plan out of routes.

Stands last: it decides nothing any more, but for the names of routes. There is a Plan only where nothing is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from specgw.compiler.declared import Address, Declared
from specgw.compiler.draft import Draft
from specgw.compiler.names import unused
from specgw.compiler.retirement import fields
from specgw.openapi.model import Node
from specgw.plan.model import Edge, Origin, Plan, Route, Scheme, Upstream
from specgw.plan.sandbox import Mock


def run(draft: Draft) -> None:
    """Fill in the routes of each operation, and `plan`."""
    served = [declared for declared in draft.declared if declared.served]
    names = _names(served)
    for declared in served:
        declared.routes = tuple(_route(declared, address, names[id(address)]) for address in declared.addresses)
    if draft.findings.errors:
        return
    routes = sorted((route for declared in served for route in declared.routes), key=_route_order)
    schemes = _asked_for(draft, routes)
    draft.plan = Plan(
        edge=_asking(draft.edge, schemes.values()),
        routes=tuple(routes),
        upstreams=_used(draft, routes),
        schemes=schemes,
        scheme_origins={key: _origin(draft.scheme_nodes[key]) for key in schemes},
        schemas=draft.schemas.resources() if draft.schemas is not None else {},
        sandbox=replace(draft.sandbox, operations=_mocks(served)),
    )


def _mocks(served: Sequence[Declared]) -> dict[str, Mock]:
    """How each route is answered in the sandbox."""
    return {route.id: declared.mock for declared in served if declared.mock is not None for route in declared.routes}


def _route_order(route: Route) -> tuple[object, ...]:
    """By path, method, hosts, and then what else tells routes apart; not by the order of files."""
    return route.path, route.method, route.hosts, -route.conditions.weight, route.id


def _used(draft: Draft, routes: Sequence[Route]) -> dict[str, Upstream]:
    """Only upstreams that a request can reach: the references of others need not be resolved."""
    used = {choice.upstream for route in routes for choice in route.upstreams} | {draft.edge.fallback}
    return {name: upstream for name, upstream in sorted(draft.upstreams.items()) if name in used}


def _asked_for(draft: Draft, routes: Sequence[Route]) -> dict[str, Scheme]:
    """Only schemes that a route asks for."""
    used = {scheme.scheme for route in routes for alternative in route.security or () for scheme in alternative}
    return {key: scheme for key, scheme in sorted(draft.schemes.items()) if key in used}


def _asking(edge: Edge, schemes: Iterable[Scheme]) -> Edge:
    """The edge whose clients are asked for the certificates that `mutualTLS` schemes want."""
    files = tuple(sorted({scheme.ca for scheme in schemes if scheme.ca is not None}))
    if edge.listen.tls is None or not files:
        return edge
    return replace(edge, listen=replace(edge.listen, tls=replace(edge.listen.tls, scheme_ca=files)))


def _names(served: Sequence[Declared]) -> dict[int, str]:
    """The id of the route of each address: the operationId where it is unique, otherwise method and path."""
    claims = Counter(declared.operation.operation_id for declared in served)
    names: dict[int, str] = {}
    taken: set[str] = set()
    for declared in served:
        for number, address in enumerate(declared.addresses):
            operation_id = declared.operation.operation_id
            if operation_id is not None and claims[operation_id] == 1:
                name = operation_id if number == 0 else f"{operation_id}@{address.version}"
            else:
                name = f"{declared.operation.method} {address.path}"
                if declared.settings.host:
                    name += f" ({declared.settings.host[0]})"
            names[id(address)] = unused(name, taken.__contains__, mark=" #")
            taken.add(names[id(address)])
    return names


def _origin(node: Node) -> Origin:
    place = node.written()
    return Origin(file=place.file, line=place.line, column=place.column, pointer=place.pointer)


def _route(declared: Declared, address: Address, name: str) -> Route:
    operation, settings = declared.operation, declared.settings
    return Route(
        id=name,
        operation_id=operation.operation_id,
        service=declared.service,
        method=operation.method,
        path=address.path,
        document_path=operation.path,
        path_match=settings.path_match,
        hosts=settings.host,
        version=declared.version,
        conditions=declared.conditions,
        origin=_origin(operation.node),
        visibility=settings.visibility,
        deprecated=operation.deprecated,
        upstreams=declared.upstreams,
        rewrite=declared.rewrite,
        parameters=declared.parameters,
        body=declared.body,
        responses=declared.responses,
        validate=settings.validate,
        max_body=settings.max_body,
        max_response=settings.max_response,
        max_depth=settings.max_depth,
        encoded_slash=settings.encoded_slash,
        request_headers=settings.headers.request,
        response_headers=fields(settings, deprecated=operation.deprecated),
        request_query=settings.query.request,
        timeout=settings.timeout,
        websocket=settings.websocket if operation.method == "GET" else None,
        security=declared.security,
        require=settings.require,
        csrf=settings.csrf,
        unenforced=tuple(declared.unenforced),
    )

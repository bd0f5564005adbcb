"""What a build adds to the changelog of the folder that it writes: the documents there are compared with the new ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from specgw.cli.specs import Generated, Refused
from specgw.plan.folder import CHANGES, PLAN

if TYPE_CHECKING:
    from specgw.changes.change import Change
    from specgw.changes.history import History, State
    from specgw.compiler.build import Build
    from specgw.plan.model import Plan
    from specgw.settings import Settings


def continued(build: Build, plan: Plan, directory: Path, settings: Settings) -> History:
    """The history of a folder with the build that is about to be written into it.

    Raises Refused where there is one that cannot be continued: nothing that was told is lost.
    """
    from specgw.changes import history
    from specgw.changes.clients import operations
    from specgw.changes.clients.side import Side
    from specgw.changes.compare import ordered
    from specgw.cli.generated import read_merged
    from specgw.compiler.generated import document_bytes

    file, day, state = directory / CHANGES, _day(settings.source_date_epoch), _state(build, plan)
    if not file.exists():
        content = b"".join(map(document_bytes, build.merged.values()))
        return history.begun(state, day, content, plan.edge.listen.public_url)
    try:
        known = history.read(file.read_bytes())
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from error
    except history.Unreadable as error:
        raise Refused(f"{file} is not a changelog that can be continued: {error}; put back the one of the last build") from error
    built = Generated(directory)
    merged = read_merged(built)
    if not merged or not (directory / PLAN).is_file():
        raise Refused(f"{file} goes with a build that is not there: put back openapi.json and {PLAN}, or begin anew without {CHANGES}")
    noticed = [*operations.compare(Side(merged), Side(build.merged), day), *_enforced(built, build, plan)]
    return history.continued(known, _operations_of(built), state, ordered(noticed), day)


def _enforced(built: Generated, build: Build, plan: Plan) -> list[Change]:
    """What clients notice that no document says: limits and the like. Nothing where the last plan is of an earlier format."""
    from specgw.changes.enforced import routes
    from specgw.changes.enforced.side import Enforced
    from specgw.cli.generated import read_origins
    from specgw.plan.codec import CodecError, decode

    try:
        before = Enforced(decode(built.plan.read_bytes()), read_origins(built))
    except (OSError, CodecError, Refused):
        return []
    return [change for change in routes.compare(before, Enforced(plan, build.origins)) if change.operation or change.service]


def _day(epoch: str | None) -> date:
    if epoch is None:
        return datetime.now(tz=UTC).date()
    try:
        return datetime.fromtimestamp(int(epoch), tz=UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise Refused(f"SOURCE_DATE_EPOCH is {epoch!r}, and has to be seconds since 1970") from error


def _state(build: Build, plan: Plan) -> State:
    from specgw.changes.history import Service, State

    titles: dict[str, list[str]] = {}
    versions: dict[str, list[str]] = {}
    for declared in build.declared:
        if any(route.visibility == "public" for route in declared.routes):
            info = declared.contract.root.value.get("info")
            version = str(info.get("version", "")) if isinstance(info, dict) else ""
            titles.setdefault(declared.service, []).append(declared.contract.title)
            versions.setdefault(declared.service, []).append(version)
    services = {
        name: Service(title=titles[name][0], version=", ".join(sorted(filter(None, set(versions[name]))))) for name in sorted(titles)
    }
    routes = [route for route in plan.routes if route.visibility == "public"]
    return State(services, {f"{route.method} {route.path}": route.service for route in routes}, _webhooks(build))


def _webhooks(build: Build) -> dict[str, str]:
    """The services of webhooks. Of those that share a name only the one with its service in front is known."""
    found: dict[str, set[str]] = {}
    for declared in build.declared:
        said = declared.contract.root.value.get("webhooks")
        for name in said if isinstance(said, dict) else ():
            found.setdefault(name, set()).add(declared.service)
            found.setdefault(f"{declared.service}.{name}", set()).add(declared.service)
    return {name: services.pop() for name, services in found.items() if len(services) == 1}


def _operations_of(built: Generated) -> dict[str, str]:
    """The services of operations that an earlier build published. Read as JSON: its plan may be of an earlier format."""
    from specgw.cli.generated import read_json

    plan: dict[str, Any] = read_json(built.plan)
    routes = plan.get("routes")
    found = {}
    for route in routes if isinstance(routes, list) else ():
        if isinstance(route, dict) and route.get("visibility") != "internal":
            found[f"{route.get('method')} {route.get('path')}"] = str(route.get("service", ""))
    return found

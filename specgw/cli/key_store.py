"""Which store `specgw keys` works on: the one that a gateway with the same gateway.yaml and environment would ask."""

from __future__ import annotations

import os
from pathlib import Path

from specgw.cli.specs import Generated, Refused, locate
from specgw.plan.model import Edge
from specgw.plan.references import ReferenceFault, resolve
from specgw.settings import Settings
from specgw.state.opening import Unopened, key_file, open_keys
from specgw.state.table import KeyTable


def open_store(of: Path | None, settings: Settings) -> KeyTable:
    """The store that `of` (documents or a built folder), or what is there without it, names. Raises `Refused`."""
    edge = _edge(of, settings)
    try:
        redis = resolve(edge.state.redis or "", os.environ)
        path = resolve(edge.state.path or "", os.environ)
        return open_keys(redis or settings.redis_url, key_file(path or None, edge.folder, settings.state_home))
    except ReferenceFault as error:
        raise Refused(f"gateway.state: {error}") from error
    except Unopened as error:
        origin = "gateway.state.redis" if edge.state.redis else "REDIS_URL"
        raise Refused(f"{origin}: {error}") from error


def _edge(of: Path | None, settings: Settings) -> Edge:
    """What gateway.yaml says of the gateway as a whole. Without any, the defaults: keys need no documents."""
    if of is None and not _something(settings):
        return Edge()
    located = locate(() if of is None else (of,), settings)
    if isinstance(located, Generated):
        from specgw.cli.generated import read_plan

        edge = read_plan(located).edge
        return _placed(edge, located.directory / edge.folder)
    from specgw.compiler.inputs import Inputs
    from specgw.compiler.passes import discovery
    from specgw.diagnostics import Findings, Severity

    findings = Findings()
    inputs = Inputs(located.paths, gateway=located.gateway, profiles=settings.active_profiles, examples=False)
    draft = discovery.begin(inputs, os.environ, findings)
    gateway = draft.sources.gateway
    label = None if gateway is None else draft.sources.label(gateway)
    wrong = [it for it in findings.settle() if it.severity is Severity.ERROR and (not draft.gateway.readable or it.file == label)]
    if wrong:
        raise Refused(f"{wrong[0].file}:{wrong[0].line}: {wrong[0].message}; `specgw check` says more")
    return draft.edge if gateway is None else _placed(draft.edge, gateway.parent)


def _something(settings: Settings) -> bool:
    return settings.gateway_config is not None or Path("gateway.yaml").is_file() or Path("specs").is_dir()


def _placed(edge: Edge, folder: Path) -> Edge:
    from msgspec.structs import replace

    return replace(edge, folder=os.path.abspath(folder))

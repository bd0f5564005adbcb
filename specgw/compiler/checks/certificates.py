"""Files of `tls` that no gateway could start with, as far as they can be seen from here.

Only warnings: the machine that compiles need not be the one that serves, and a certificate that expires must not stop a
change of the documents. Names with `${NAME}` references are known only where the gateway runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from specgw.compiler.draft import Draft
from specgw.openapi.model import Node
from specgw.plan.model import Listen
from specgw.tls.files import Unusable, check_authorities, read_pair


def run(draft: Draft) -> None:
    """Report the first fault of each certificate, and of the authorities, at its place."""
    if draft.sources.gateway is None:
        return
    for name, listen in (("listen", draft.edge.listen), ("admin", draft.edge.admin)):
        _check(draft, draft.sources.gateway.parent, name, listen)


def _check(draft: Draft, folder: Path, name: str, listen: Listen) -> None:
    said = draft.gateway.place(f"{name}.tls")
    if listen.tls is None or said is None:
        return
    several = isinstance(said.value, list)
    for number, pair in enumerate(listen.tls.certificates):
        place = said.at(number) if several else draft.gateway.place(f"{name}.tls.cert") or said
        if _known(pair.cert, pair.key):
            names = (pair.cert, pair.key)
            _report(draft, place, read_pair, folder / pair.cert, folder / pair.key, time.time(), *names)
    authorities = listen.tls.client_ca
    if authorities is not None and _known(authorities):
        place = said.at(0) if several else draft.gateway.place(f"{name}.tls.clientCa") or said
        _report(draft, place, check_authorities, folder / authorities, authorities)


def _report(draft: Draft, place: Node, check: Callable[..., object], *what: object) -> None:
    try:
        check(*what)
    except Unusable as fault:
        draft.findings.add("unusable-certificate", place, str(fault), hint="no gateway starts with it: docs/tls.md")


def _known(*names: str) -> bool:
    """Whether names are the same wherever the gateway runs."""
    return not any("$" in name for name in names)

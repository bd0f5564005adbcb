"""gateway.yaml and the files of its profiles: what is said about the gateway as a whole, with the place of each part."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from specgw.diagnostics import FilePlace, Findings, closest
from specgw.openapi.model import Document, Node
from specgw.plan.model import Consumer, Edge, FailedLogins, KeyPair, Limits, Listen, Portal, State, Telemetry, Tls, Upstream
from specgw.plan.portal import OwnKeys, SignIn
from specgw.plan.references import UnresolvedReference, resolve
from specgw.settings import DEV_PROFILE
from specgw.xgateway.faults import sound, unknown_upstream
from specgw.xgateway.schemes import digest
from specgw.xgateway.settings import GatewayFile, PortalSettings
from specgw.xgateway.settling import targets
from specgw.xgateway.tree import Tree, merge, place, plant, strip
from specgw.xgateway.vocabulary import gateway as vocabulary
from specgw.xgateway.vocabulary.portal import Portal as SaidOfPortal
from specgw.xgateway.vocabulary.sign_in import OwnKeys as SaidOfKeys
from specgw.xgateway.vocabulary.sign_in import SignIn as SaidOfSignIn

_PROFILE = re.compile(r"[A-Za-z0-9_-]+")


class Files(Protocol):
    """What reads files, each of them once; None, with a finding, where that fails."""

    def load(self, path: Path) -> Document | None:
        """The document in a file."""


def load_gateway(path: Path, profiles: Sequence[str], environ: Mapping[str, str], findings: Findings, library: Files) -> GatewayFile:
    """Read gateway.yaml, merge `gateway.PROFILE.yaml` beside it over it in the order given, and check the result.

    `environ` resolves `specs` only: every other reference is kept as text for the activation.
    """
    document = library.load(path)
    if document is None:
        return GatewayFile(readable=False)
    said = _file(document)
    for profile in profiles:
        beside = _profile_file(path, profile, document.file, findings)
        if beside is not None:
            over = library.load(beside)
            if over is None:
                return GatewayFile(readable=False)
            said = merge(said, _file(over))
    said = strip(said)
    if said.children is None:
        findings.add("wrong-value", said.node, "gateway.yaml must be a mapping with the one key 'gateway'")
        return GatewayFile(readable=False)
    sound(vocabulary.GatewayFile, Tree(said.node, {**said.children, "gateway": Tree(said.node, {})}), "gateway.yaml", findings)
    inner = said.children.get("gateway")
    if inner is None:
        findings.add("missing-key", said.node, "gateway.yaml lacks the key 'gateway'", hint="everything stands under it")
        return GatewayFile(said=said, readable=False)
    if inner.children is None:
        findings.add("wrong-value", inner.node, "'gateway' must be a mapping")
        return GatewayFile(said=said, readable=False)
    gateway, _ = sound(vocabulary.Gateway, inner, "gateway", findings)
    upstreams = _upstreams(inner, gateway)
    return GatewayFile(
        edge=Edge(
            listen=_listen(gateway.listen, Listen()),
            admin=_listen(gateway.admin, Edge().admin),
            trusted_proxies=tuple(gateway.trusted_proxies or ()),
            limits=_limits(gateway.limits) if gateway.limits else Limits(),
            fallback=_fallback(gateway, inner, upstreams, findings),
            telemetry=_telemetry(gateway),
            state=State(redis=gateway.state.redis, path=gateway.state.path) if gateway.state else State(),
            consumers=_consumers(gateway, inner, profiles, findings),
            portal=Portal() if gateway.portal is None else _live_portal(gateway.portal),
        ),
        upstreams=upstreams,
        defaults=inner.children.get("defaults") if gateway.defaults is not None else None,
        portal=PortalSettings() if gateway.portal is None else _portal(gateway.portal),
        specs=_specs(gateway, inner, path.parent, environ, findings),
        said=said,
    )


def _file(document: Document) -> Tree:
    """One file. An empty `gateway:` says nothing; it does not remove what the other files say."""
    tree = plant(Node(document, "", document.value))
    if tree.children is not None and (inner := tree.children.get("gateway")) is not None and inner.null:
        return Tree(tree.node, {**tree.children, "gateway": Tree(inner.node, {})})
    return tree


def _profile_file(path: Path, profile: str, label: str, findings: Findings) -> Path | None:
    """The file of a profile; None where there is none, which is no fault unless the name is nearly that of another."""
    where = FilePlace(label)
    if _PROFILE.fullmatch(profile) is None:
        findings.add("invalid-profile", where, f"'{profile}' is not a name of a profile", hint="letters, digits, '_' and '-'")
        return None
    beside = path.with_name(f"{path.stem}.{profile}{path.suffix}")
    if beside.is_file():
        return beside
    others = [other.name[len(path.stem) + 1 : -len(path.suffix)] for other in path.parent.glob(f"{path.stem}.*{path.suffix}")]
    close = closest(profile, others)
    if close is not None:
        message = f"there is no file {beside.name} for the profile '{profile}'"
        findings.add("misspelt-profile", where, message, hint=f"did you mean '{close}'?")
    return None


def _listen(listen: vocabulary.Listen | None, default: Listen) -> Listen:
    if listen is None:
        return default
    return Listen(
        host=listen.host or default.host,
        port=default.port if listen.port is None else listen.port,
        public_url=listen.public_url,
        tls=None if listen.tls is None else _tls(listen.tls if isinstance(listen.tls, list) else [listen.tls]),
    )


def _limits(limits: vocabulary.Limits) -> Limits:
    said = limits.model_dump(exclude_none=True)
    failures: str | None = said.pop("failed_logins", None)
    if failures == "off":
        said["failed_logins"] = None
    elif failures is not None:
        count, _, unit = failures.partition("/")
        said["failed_logins"] = FailedLogins(count=int(count), window={"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}[unit])
    return Limits(**said)


def _tls(certificates: list[vocabulary.ListenTls]) -> Tls:
    pairs = (KeyPair(cert=certificate.cert, key=certificate.key) for certificate in certificates)
    return Tls(certificates=tuple(pairs), client_ca=certificates[0].client_ca)


def _telemetry(gateway: vocabulary.Gateway) -> Telemetry:
    said = gateway.telemetry.access_log if gateway.telemetry else None
    return Telemetry() if said is None else Telemetry(access_log=said)


def _live_portal(portal: SaidOfPortal) -> Portal:
    said = portal.keys or SaidOfKeys()
    keys = OwnKeys(
        most=said.most or OwnKeys().most,
        lifetime=said.lifetime,
        scopes=tuple(dict.fromkeys(said.scopes or ())),
        roles=tuple(dict.fromkeys(said.roles or ())),
    )
    return Portal(enabled=portal.enabled is not False, sign_in=None if portal.sign_in is None else _sign_in(portal.sign_in), keys=keys)


def _sign_in(said: SaidOfSignIn) -> SignIn:
    return SignIn(
        issuer=said.issuer,
        client_id=said.client_id,
        client_secret=said.client_secret,
        # OpenID Connect Core 1.0 section 3.1.2.1: without it, it is no request of OpenID Connect.
        scopes=tuple(dict.fromkeys(("openid", *(said.scopes or ())))),
        consumer_from=said.consumer_from or "sub",
        plain_http=said.plain_http or False,
    )


def _portal(portal: SaidOfPortal) -> PortalSettings:
    colors = portal.colors
    return PortalSettings(
        name=portal.name or "",
        logo=portal.logo or "",
        accent=colors.accent.lower() if colors else "",
        accent_dark=(colors.accent_dark or "").lower() if colors else "",
        renderer=portal.renderer or "none",
        guides=None if portal.guides is None else tuple(portal.guides),
    )


def _consumers(gateway: vocabulary.Gateway, inner: Tree, profiles: Sequence[str], findings: Findings) -> dict[str, Consumer]:
    """Who calls. Development keys are refused where the development profile is not active, since anybody can read them."""
    consumers = {}
    for name, consumer in sorted((gateway.consumers or {}).items()):
        said = consumer or vocabulary.Consumer()
        if said.keys and DEV_PROFILE not in profiles:
            message = f"the keys of the consumer '{name}' are for development, and the profile '{DEV_PROFILE}' is not active"
            hint = f"move them to gateway.{DEV_PROFILE}.yaml; for everything else there is `specgw keys`"
            findings.add("development-keys", place(inner, ("consumers", name, "keys")), message, hint=hint)
            continue
        keys = (key if "$" in key else digest(key) for key in said.keys or ())
        consumers[name] = Consumer(roles=tuple(dict.fromkeys(said.roles or ())), tier=said.tier, keys=tuple(keys))
    return consumers


def _upstreams(inner: Tree, gateway: vocabulary.Gateway) -> dict[str, Upstream]:
    written = (inner.children or {}).get("upstreams")
    right = {name: upstream for name, upstream in (gateway.upstreams or {}).items() if upstream is not None}
    names = sorted(written.children or ()) if written else ()
    return {name: Upstream(name=name, targets=targets(right[name]) if name in right else ()) for name in names}


def _fallback(gateway: vocabulary.Gateway, inner: Tree, known: Collection[str], findings: Findings) -> str | None:
    if gateway.fallback is None:
        return None
    name = gateway.fallback.upstream
    if name not in known:
        unknown_upstream(name, place(inner, ("fallback", "upstream")), known, findings)
        return None
    return name


def _specs(gateway: vocabulary.Gateway, inner: Tree, folder: Path, environ: Mapping[str, str], findings: Findings) -> tuple[Path, ...]:
    found = []
    for number, text in enumerate(gateway.specs or ()):
        try:
            found.append(folder / resolve(text, environ))
        except UnresolvedReference as error:
            where = place(inner, ("specs", number))
            names = ", ".join(error.names)
            hint = "set it, or give a default: '${NAME:-default}'"
            findings.add("variable-not-set", where, f"'specs[{number}]' refers to {names}, which the environment does not have", hint=hint)
    return tuple(found)

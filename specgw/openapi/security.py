"""Which security an operation asks for (OpenAPI section "Security Requirement Object")."""

from __future__ import annotations

from specgw.diagnostics import did_you_mean
from specgw.openapi.model import Node, Requirement, kind_of
from specgw.openapi.reading import Reading

_TYPES = ("apiKey", "http", "mutualTLS", "oauth2", "openIdConnect")


class Security:
    """Reads the security requirements of one contract against the schemes of its entry document."""

    def __init__(self, reading: Reading, root: Node) -> None:
        self._reading = reading
        components = root.get("components")
        self._schemes = (
            dict(reading.members(components, "securitySchemes")) if components is not None and isinstance(components.value, dict) else {}
        )
        self._scopes = {name: self._offered(scheme) for name, scheme in self._schemes.items()}
        self._root = self._requirements(root)

    def of(self, operation: Node) -> tuple[Requirement, ...] | None:
        """What is in force: the operation's own, else the root's; None where nothing is said, () where it is public."""
        own = self._requirements(operation)
        return self._root if own is None else own

    def _requirements(self, node: Node) -> tuple[Requirement, ...] | None:
        if not isinstance(node.value.get("security"), list):
            return None
        return tuple(self._requirement(element) for element in self._reading.elements(node, "security"))

    def _requirement(self, element: Node) -> Requirement:
        add = self._reading.findings.add
        if not isinstance(element.value, dict):
            message = f"a security requirement is a mapping from schemes to scopes, not {kind_of(element.value)}"
            hint = f"write '- {element.value}: []'" if isinstance(element.value, str) else None
            add("wrong-type", element, message, hint=hint)
            return Requirement(element, ())
        schemes = []
        for name, scopes in element.items():
            if name not in self._schemes:
                message = f"the security scheme '{name}' is not declared under `components: securitySchemes:`"
                add("undefined-security-scheme", scopes, message, hint=did_you_mean(name, self._schemes))
            wanted = scopes.value
            if not isinstance(wanted, list) or not all(isinstance(scope, str) for scope in wanted):
                add(
                    "wrong-type",
                    scopes,
                    f"the scopes of '{name}' have to be a list of strings",
                    hint=f"write '{name}: []' where there are none",
                )
                wanted = []
            offered = self._scopes.get(name)
            for scope in wanted:
                if offered is not None and scope not in offered:
                    message = f"no flow of '{name}' declares the scope '{scope}'"
                    add("undefined-scope", scopes, message, hint=did_you_mean(scope, offered) if offered else None)
            schemes.append((name, tuple(wanted)))
        return Requirement(element, tuple(schemes))

    def _offered(self, stated: Node) -> frozenset[str] | None:
        """Check a scheme; the scopes of all of its flows where it is OAuth 2.0, else None."""
        add = self._reading.findings.add
        scheme = self._reading.object(stated, "Security Scheme")
        if scheme is None:
            return None
        kind = self._reading.field(scheme, "type", str)
        if kind is None:
            if scheme.value.get("type") is None:
                add("missing-field", scheme, "this security scheme lacks 'type'", hint="allowed: " + ", ".join(_TYPES))
            return None
        if kind not in _TYPES:
            hint = did_you_mean(kind, _TYPES)
            if kind in ("basic", "bearer"):
                hint = f"in OpenAPI 3 it is written 'type: http' and 'scheme: {kind}'"
            add("wrong-value", scheme.at("type"), f"there is no security scheme of the type '{kind}'", hint=hint)
            return None
        for key in {"apiKey": ("name", "in"), "http": ("scheme",), "openIdConnect": ("openIdConnectUrl",), "oauth2": ("flows",)}.get(
            kind, ()
        ):
            if scheme.value.get(key) is None:
                add("missing-field", scheme, f"a security scheme of the type '{kind}' needs '{key}'")
        location = self._reading.field(scheme, "in", str)
        if kind == "apiKey" and location is not None and location not in ("query", "header", "cookie"):
            add(
                "wrong-value",
                scheme.at("in"),
                f"an API key cannot be in '{location}'",
                hint=did_you_mean(location, ("query", "header", "cookie")),
            )
        if kind != "oauth2":
            return None
        scopes: set[str] = set()
        for _, flow in self._reading.members(scheme, "flows", extensible=True):
            scopes.update(key for key, _ in self._reading.members(flow, "scopes"))
        return frozenset(scopes)

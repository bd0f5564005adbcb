"""Which security an operation asks for (OpenAPI section "Security Requirement Object")."""

from __future__ import annotations

from specgw.diagnostics import did_you_mean
from specgw.http import TOKEN
from specgw.openapi.model import Node, Requirement, SecurityScheme, kind_of
from specgw.openapi.reading import Reading

_TYPES = ("apiKey", "http", "mutualTLS", "oauth2", "openIdConnect")
_NEEDED = {"apiKey": ("name", "in"), "http": ("scheme",), "openIdConnect": ("openIdConnectUrl",), "oauth2": ("flows",)}
_LOCATIONS = ("query", "header", "cookie")


class Security:
    """Reads the security requirements of one contract against the schemes of its entry document."""

    def __init__(self, reading: Reading, root: Node) -> None:
        self._reading = reading
        components = root.get("components")
        self._stated = (
            dict(reading.members(components, "securitySchemes")) if components is not None and isinstance(components.value, dict) else {}
        )
        self._scopes: dict[str, frozenset[str] | None] = {}
        read = ((name, self._scheme(name, stated)) for name, stated in self._stated.items())
        self.schemes = {name: scheme for name, scheme in read if scheme is not None}
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
            if name not in self._stated:
                message = f"the security scheme '{name}' is not declared under `components: securitySchemes:`: its operations answer 401"
                add("undefined-security-scheme", scopes, message, hint=did_you_mean(name, self._stated))
            wanted = scopes.value
            if wanted is None:
                add("read-as-meant", scopes, f"'{name}' has no list of scopes; it is read as an empty one", hint=f"write '{name}: []'")
                wanted = []
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

    def _scheme(self, name: str, stated: Node) -> SecurityScheme | None:
        """The scheme where it is whole; a finding for each thing that is wrong with it."""
        scheme = self._reading.object(stated, "Security Scheme")
        if scheme is None:
            return None
        kind = self._type(scheme)
        if kind is None:
            return None
        lacking = [key for key in _NEEDED.get(kind, ()) if scheme.value.get(key) in (None, "")]
        for key in lacking:
            if key != "flows":  # whether a token is good does not depend on how it was got
                self._wrong(scheme, f"a security scheme of the type '{kind}' needs '{key}'", None)
            else:
                self._reading.findings.add("incomplete", scheme, "a security scheme of the type 'oauth2' needs 'flows'")
        lacking = [key for key in lacking if key != "flows"]
        said = {key: self._reading.field(scheme, key, str) or "" for key in ("in", "name", "scheme", "openIdConnectUrl")}
        sound = not lacking and all(said[key] for key in _NEEDED.get(kind, ()) if key in said)
        location = said["in"]
        if kind == "apiKey" and location and location not in _LOCATIONS:
            self._wrong(scheme.at("in"), f"an API key cannot be in '{location}'", did_you_mean(location, _LOCATIONS))
            sound = False
        # RFC 9110 sections 5.1 and 11.1, RFC 6265 section 4.1.1: what no message can hold, nobody can ever send.
        for key in [key for key, kinds in (("name", "apiKey"), ("scheme", "http")) if kinds == kind and said[key] and location != "query"]:
            if not TOKEN.fullmatch(said[key]):
                what = "an authentication scheme" if key == "scheme" else f"the name of a {location or 'header'}"
                self._wrong(scheme.at(key), f"'{said[key]}' cannot be {what}", "letters, digits and some signs, without blanks")
                sound = False
        scopes: dict[str, None] = {}
        if kind == "oauth2":
            for _, flow in self._reading.members(scheme, "flows", extensible=True):
                scopes.update(dict.fromkeys(key for key, _ in self._reading.members(flow, "scopes")))
        self._scopes[name] = frozenset(scopes) if kind == "oauth2" else None
        if not sound:
            return None
        return SecurityScheme(
            scheme,
            name,
            kind,
            location=location if kind == "apiKey" else "",
            field=said["name"] if kind == "apiKey" else "",
            http_scheme=said["scheme"].lower() if kind == "http" else "",
            open_id_connect_url=said["openIdConnectUrl"] if kind == "openIdConnect" else "",
            scopes=tuple(scopes),
        )

    def _type(self, scheme: Node) -> str | None:
        kind: str | None = self._reading.field(scheme, "type", str)
        if kind is None:
            if scheme.value.get("type") is None:
                self._wrong(scheme, "this security scheme lacks 'type'", "allowed: " + ", ".join(_TYPES))
        elif kind not in _TYPES:
            hint = did_you_mean(kind, _TYPES)
            if kind in ("basic", "bearer"):
                hint = f"in OpenAPI 3 it is written 'type: http' and 'scheme: {kind}'"
            self._wrong(scheme.at("type"), f"there is no security scheme of the type '{kind}'", hint)
            return None
        return kind

    def _wrong(self, place: Node, message: str, hint: str | None) -> None:
        self._reading.findings.add("unusable-security-scheme", place, f"{message}: its operations answer 401", hint=hint)

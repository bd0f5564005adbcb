"""The page docs/x-gateway.md, made from the models: every key with its place, merge rule, default, meaning and an example."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specgw.xgateway.docstrings import described
from specgw.xgateway.published import IN_WORDS, Schema, definitions_of_models, gateway_schema, x_gateway_schema
from specgw.xgateway.vocabulary.level import KEYS, Level
from specgw.xgateway.vocabulary.part import Later, Part
from specgw.xgateway.vocabulary.web import OWNED_IN_REQUESTS, OWNED_IN_RESPONSES

_VALUES = {
    "Duration": ("duration", "`250ms`, `5s`, `2m`, `1h`, or several in falling order: `1m30s`"),
    "TimeLimit": ("duration", ""),
    "Size": ("size", "`512B`, `64KiB`, `1MiB`, `2GiB` (powers of 1024), or a whole number of bytes"),
    "Rate": ("rate", "a count and `/s`, `/m`, `/h`, `/d` or `/mo`: `100/s`, `5000/h`, `1/mo`"),
    "Percentage": ("percentage", "`20%`, `0.5%`, up to `100%`"),
    "Name": ("name", "letters, digits, `.`, `_` and `-`, the first a letter or digit"),
    "Host": ("Host name", "`api.example.com`: without scheme and port; an IPv6 address in brackets"),
    "Path": ("path", "begins with `/`, does not end with it; no parameters, no empty or dot segments; other characters percent-encoded"),
    "Prefix": ("path", ""),
    "Template": ("path template", "a path with `{parameters}`"),
    "Url": ("URL", "`http://` or `https://`, a host, perhaps a port and a base path; no user name, query or fragment"),
    "PublicUrl": ("URL or path", ""),
    "Cidr": ("address block", "`10.0.0.0/8`, `fd00::/8`, or one address"),
    "HeaderName": ("header name", "a token of RFC 9110"),
    "RequestHeaderName": ("header name", ""),
    "ResponseHeaderName": ("header name", ""),
    "HeaderValue": ("header value", "printable ASCII in one line"),
    "ParameterName": ("parameter name", "the name of a query parameter, decoded"),
    "ParameterValue": ("text", ""),
    "Date": ("date", "`2027-06-30`, or with time `2027-06-30T12:00:00Z`"),
    "Text": ("text", ""),
    "BindHost": ("address", ""),
    "Secret": ("secret", "text, better a `${NAME}` reference; it is never shown"),
    "SecretReference": ("secret reference", "a `${NAME}` reference and nothing else"),
    "PasswordHash": ("password hash", "`$scrypt$ln=14,r=8,p=1$SALT$HASH`, or a `${NAME}` reference to one; it is never shown"),
    "ClaimPath": ("claim", "`scope`, `realm_access.roles`: names with dots between them"),
    "Subject": ("certificate subject", "`CN=ada,O=Shop` (RFC 4514), or an alternative name: `DNS:…`, `URI:…`, `email:…`"),
    "UserName": ("user name", "text without a colon"),
}

_HEAD = """\
# The `x-gateway` vocabulary

<!-- Made by `python -m specgw.xgateway` from the models in specgw/xgateway/vocabulary. Do not edit. -->

A document without any annotation is served as it is: routes from `paths`, upstream from `servers`. `x-gateway` says more
where more is wanted. An unknown key, a wrong value, a key in the wrong place: each is an error with file, line and a
suggestion, all of them at once. A key that this version cannot enforce yet is refused, never accepted and ignored.

## Where it stands

At the document's root, in a path item and in an operation; as named blocks under `components.x-gateway`; in a security
scheme; and under `defaults:` in gateway.yaml.

```yaml
openapi: 3.1.0
info: {title: Users, version: 1.0.0}
x-gateway:
  mount: /api
  upstream: users
  timeout: {response: 5s}
paths:
  /users:
    x-gateway:
      visibility: internal
    post:
      operationId: createUser
      x-gateway:
        $ref: '#/components/x-gateway/writes'
        timeout: {response: 8s}
      responses:
        '201': {description: Created}
components:
  x-gateway:
    writes:
      maxBody: 64KiB
      validate: {unknownQuery: reject}
```

## In editors

The package holds a JSON Schema for documents and one for gateway.yaml. An editor with the YAML language server completes
and explains keys when the first line of a file names one of them:

```text
# yaml-language-server: $schema=PATH/specgw/xgateway/schema.json
# yaml-language-server: $schema=PATH/specgw/xgateway/gateway.schema.json
```

`python -c "import specgw, pathlib; print(pathlib.Path(specgw.__file__).parent / 'xgateway')"` prints where they are.

## Inheritance

Operation over path item over root over `defaults`. How a key meets what is inherited is its *merge* rule:

- **deep**: mappings merge key by key, at every depth; lists and single values are replaced. Header names compare without case.
- **whole**: the nearest one replaces everything.
- `null` removes what is inherited, for any key and inside of those that merge deep; the default holds then.

```yaml
openapi: 3.1.0
info: {title: Users, version: 1.0.0}
x-gateway:
  timeout: {response: 5s, total: 20s}
  headers:
    request: {set: {X-Caller: gateway}}
paths:
  /users:
    get:
      x-gateway:
        timeout: {total: null}                     # response 5s from the root, total 60s by default
        headers:
          request: {set: {x-caller: list}}         # replaces X-Caller
      responses:
        '200': {description: Users}
```

## Named blocks

`$ref` directly inside of `x-gateway` takes the keys of a block, in the same document
(`#/components/x-gateway/NAME`) or in another file (`common.yaml#/components/x-gateway/NAME`). Keys beside `$ref` are
nearer than those of the block, and merge with them by the same rules. A block may refer to another one. Every block is
checked, used or not; a key that may not stand where its block is used is an error there.

## Values

"""

_SCHEME = """\
## In a security scheme

What credentials are verified with, and what the service gets of them: see [auth.md](auth.md). A key that means nothing for
the type of its scheme is refused.

```yaml
components:
  securitySchemes:
    login:
      type: openIdConnect
      openIdConnectUrl: https://id.example.com/.well-known/openid-configuration
      x-gateway: {issuer: 'https://id.example.com', audience: users, forward: claims}
```
"""

_GATEWAY = """\
## gateway.yaml

Optional; beside the documents, or named by `GATEWAY_CONFIG`. Everything stands under the one key `gateway:`.

```yaml
gateway:
  listen:
    host: 127.0.0.1
    port: 8080
    publicUrl: https://api.example.com
  specs: [users.yaml, products.yaml]
  trustedProxies: [10.0.0.0/8]
  upstreams:
    users: ${USERS_URL:-http://127.0.0.1:8081}
    products:
      targets:
        - url: http://10.0.0.7:8082
          weight: 3
        - url: http://10.0.0.8:8082
  fallback: {upstream: users}
  defaults:
    timeout: {response: 5s}
    maxBody: 256KiB
```

**Environment.** `${NAME}` and `${NAME:-default}` are resolved when the gateway starts, never when it is built: no value of
the environment is written to generated/. The default is taken where the variable is unset or empty; `$${` stands for a
literal `${`. They may stand in `host`, `port` and `publicUrl` of `listen` and `admin`, in upstream URLs, in header values
of `set` and `add` (in documents too), in `telemetry.accessLog`, and in `specs` (resolved when compiling). Anywhere else they are an
error.

**Profiles.** Under `ACTIVE_PROFILES=dev,local` the files `gateway.dev.yaml` and `gateway.local.yaml` beside gateway.yaml
are merged over it, in that order: mappings key by key, lists and single values replaced, `null` removes. A profile without
a file is no mistake, unless its name is nearly that of one that has one.

"""


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD.rstrip()
    yield ""
    yield "| value | how it is written |\n|---|---|"
    yield from (f"| {name} | {text} |" for name, text in _VALUES.values() if text)
    yield ""
    yield "`${NAME}` works in URLs and header values only; see [gateway.yaml](#gatewayyaml).\n"
    yield from _keys()
    document = x_gateway_schema()["$defs"]
    yield from _sections(document)
    yield _SCHEME
    yield from _tables("Scheme", document, set())
    yield _GATEWAY.rstrip() + "\n"
    yield from _tables("Gateway", gateway_schema()["$defs"], {"Defaults", "Upstream"}, plain=True)


def _keys() -> Iterator[str]:
    """The table of all keys."""
    texts = described(Level)
    yield "## Keys\n"
    yield "| key | where | merge | default | built | meaning |\n|---|---|---|---|---|---|"
    for name, key in KEYS.items():
        where = ", ".join(IN_WORDS[place] for place in key.where) if len(key.where) < 3 else "all"
        built = "yes" if key.built else "not yet"
        yield f"| [`{name}`](#{name.lower()}) | {where} | {key.merge or '–'} | {key.default} | {built} | {_cell(texts[name])} |"
    without = ", ".join(f"`{name}`" for name, key in KEYS.items() if "root" in key.where and not key.defaults)
    yield f"\n`defaults` in gateway.yaml takes what the root takes, except {without}.\n"


def _sections(document: dict[str, Schema]) -> Iterator[str]:
    """One section a key: meaning, what it holds, an example."""
    texts = described(Level)
    seen: set[str] = set()
    for name, key in KEYS.items():
        schema = document[f"key-{name}"]
        yield f"### `{name}`\n"
        yield texts[name] + "\n"
        kind = _kind(schema)
        kind = "a mapping" if kind.startswith("*") and kind.count("*") == 2 else kind
        yield f"{_upper(kind)}." + ("" if key.built else " **Not built yet**: checked, then refused.") + "\n"
        yield "```yaml\nx-gateway:\n" + "\n".join("  " + line for line in key.example.splitlines()) + "\n```\n"
        if name == "headers":
            yield "Fields that the gateway writes itself cannot be named. In requests: " + _listed(OWNED_IN_REQUESTS) + "."
            yield "In responses: " + _listed(OWNED_IN_RESPONSES) + ".\n"
        for model in _models(schema):
            yield from _tables(model, document, seen)


def _tables(name: str, definitions: dict[str, Schema], seen: set[str], *, plain: bool = False) -> Iterator[str]:
    """A table of the fields of a model, and of those inside it that no table was made of yet."""
    if name in seen:
        return
    seen.add(name)
    model: type[Part] = definitions_of_models()[name]
    texts = described(model)
    properties = definitions[name]["properties"]
    yield f"**{_upper(_title(name))}**\n"
    yield "| key | value | meaning |\n|---|---|---|"
    for field, info in model.model_fields.items():
        key = info.alias or field
        later = next((mark for mark in info.metadata if isinstance(mark, Later)), None)
        note = "" if later is None else " *Not built yet.*" if not later.values else " *Not built yet:* " + _listed(later.values) + "."
        required = " *Required.*" if info.is_required() else ""
        yield f"| `{key}` | {_cell(_kind(properties[key]))} | {_cell(texts[key])}{required}{note} |"
    yield ""
    for key in properties:
        for inner in _models(properties[key]):
            yield from _tables(inner, definitions, seen, plain=plain)


def _models(schema: Any) -> list[str]:
    """The models that a schema refers to, in order."""
    if isinstance(schema, list):
        return [name for part in schema for name in _models(part)]
    if not isinstance(schema, dict):
        return []
    own = [schema["$ref"].rpartition("/")[2]] if isinstance(schema.get("$ref"), str) else []
    found = [*own, *(name for part in schema.values() for name in _models(part))]
    return [name for name in dict.fromkeys(found) if name in definitions_of_models()]


def _kind(schema: Schema) -> str:
    """What a value is, in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _VALUES[name][0] if name in _VALUES else f"*{_title(name)}*"
    if "anyOf" in schema and not all("pattern" in part and "type" not in part for part in schema["anyOf"]):
        kinds = [_kind(part) for part in schema["anyOf"] if part.get("type") != "null"]
        return ", or ".join(dict.fromkeys(kinds))
    if "const" in schema:
        return f"`{str(schema['const']).lower()}`"
    if "enum" in schema:
        return "/".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return "list of " + _several(schema["items"])
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        names = _kind(schema["propertyNames"]) if "propertyNames" in schema else "name"
        return f"mapping from {names} to {_kind(inner)}" if isinstance(inner, dict) else f"mapping from {names}"
    if schema.get("type") == "integer":
        low, high = schema.get("minimum"), schema.get("maximum")
        return "whole number" + ("" if low is None else f" from {low}") + ("" if high is None else f" to {high}")
    if schema.get("examples") == ["users", "http://127.0.0.1:8081"]:
        return "name of an upstream or URL"
    if "examples" in schema:
        return "text such as " + ", ".join(f"`{example}`" for example in schema["examples"])
    return {"string": "text", "boolean": "`true`/`false`"}.get(str(schema.get("type")), "any value")


def _several(schema: Schema) -> str:
    kind = _kind(schema)
    if kind.startswith("*"):
        return f"*{kind[1:-1]}s*"
    return kind if kind == "text" or kind.startswith(("`", "text such", "name of")) else kind + "s"


def _title(name: str) -> str:
    """`RequestHeaderEdits` as people read it."""
    spelt = {"UpstreamTls": "upstream TLS", "ListenTls": "listener TLS", "Cors": "CORS", "WebSocket": "WebSocket", "Grpc": "gRPC"}
    return spelt.get(name) or "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _listed(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in (names if isinstance(names, tuple) else sorted(names)))

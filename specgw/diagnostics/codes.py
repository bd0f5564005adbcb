"""The catalogue: every kind of finding, and what it means for the author.

It is the only list of codes; a test holds it against the code that raises them and the page in docs/diagnostics.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How a finding weighs: an error stops the build, a warning does not (unless `--strict`)."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding: its code, how it weighs, and what it means for the author."""

    code: str
    severity: Severity
    title: str
    meaning: str


def _error(code: str, title: str, meaning: str) -> Code:
    return Code(code, Severity.ERROR, title, meaning)


def _warning(code: str, title: str, meaning: str) -> Code:
    return Code(code, Severity.WARNING, title, meaning)


# Ordered as a compile meets them: files, references, OpenAPI, schemas, x-gateway, gateway.yaml, routes.
CODES: tuple[Code, ...] = (
    _error("file-not-found", "File not found", "A file or folder that was named does not exist or cannot be read."),
    _error("several-gateway-files", "More than one gateway.yaml", "What was named holds several gateway.yaml; a gateway has one."),
    _warning(
        "misnamed-gateway-file",
        "Nearly gateway.yaml",
        "A file in a folder of documents looks like gateway.yaml, but has another name and is not read.",
    ),
    _error("no-documents", "No documents", "Nothing that was named holds an OpenAPI document."),
    _error("syntax", "Not YAML or JSON", "The file cannot be parsed; the place is where the parser gave up."),
    _error("duplicate-key", "Repeated key", "A mapping has the same key twice; only one of them could take effect."),
    _error("empty-document", "Empty file", "The file holds no value at all: nothing, or only comments."),
    _error("invalid-encoding", "Not UTF-8", "The file's bytes are not text in UTF-8, nor in what its byte order mark says."),
    _error("several-documents", "More than one YAML document", "A file holds one document; what follows `---` would be ignored."),
    _error(
        "recursive-alias", "Alias inside its own anchor", "A YAML alias stands inside the value that it repeats, which would never end."
    ),
    _error(
        "unsupported-tag",
        "YAML tag without meaning",
        "OpenAPI allows the types of JSON only; a tag like `!!binary` or `!include` has no meaning in it.",
    ),
    _error(
        "number-out-of-range", "Number too large", "A number is larger than programs can compute with, so that it could not be checked."
    ),
    _error(
        "document-limits",
        "Too large or too deep",
        "The file, or what its aliases repeat, is larger or nests deeper than a contract can sensibly be.",
    ),
    # overlays
    _warning(
        "misnamed-overlay",
        "Nearly an overlay",
        "A file in a folder of documents holds an overlay, but is not called `NAME.overlay.yaml`, and is not applied.",
    ),
    _error("not-an-overlay", "Not an overlay", "A file is called `NAME.overlay.yaml`, but has no `overlay` at its root."),
    _error(
        "overlay-without-document",
        "Overlay of a document that is not there",
        "`extends` of an overlay leads to no file, so that nothing of the overlay can be applied.",
    ),
    _error("invalid-target", "Not a JSONPath query", "`target` or `copy` of an overlay's action is no JSONPath query as RFC 9535 has it."),
    _error("ambiguous-action", "Two actions in one", "An action of an overlay has both `update` and `copy`, which exclude each other."),
    _error(
        "incompatible-update",
        "Values that cannot be merged",
        "An overlay's action would merge a value into one of another kind, remove the root, or copy what is not a single node.",
    ),
    _warning(
        "overlay-without-effect",
        "Overlay that changes nothing",
        "A target selects nothing in any document that the overlay applies to, an action says nothing, or no document was read for it.",
    ),
    _warning(
        "overlay-of-another-version",
        "Action of another version",
        "An overlay of version 1.0 does what only 1.1 has: it copies, or selects a value that is no mapping and no list.",
    ),
    # references
    _error("invalid-reference", "Not a reference", "A `$ref` is not a string, or not a URI reference as RFC 3986 has it."),
    _error(
        "broken-reference", "Reference that leads nowhere", "Nothing stands where a `$ref` points to: no such file, or no such value in it."
    ),
    _error("reference-cycle", "References in a circle", "A chain of `$ref`s comes back to itself before it reaches a value."),
    _error(
        "reference-outside",
        "Reference out of the folder",
        "A `$ref`, or a link in the file system, leads out of the folders that were named. Files there are not read.",
    ),
    _error(
        "remote-reference",
        "Reference to another host",
        "A `$ref` leads to a URL whose host --allow-remote does not name, or that cannot be fetched.",
    ),
    _warning(
        "reference-siblings",
        "Keys beside `$ref`",
        "Keys beside a `$ref` have no effect here; OpenAPI allows only `summary` and `description`.",
    ),
    _warning(
        "misplaced-reference",
        "`$ref` in an odd place",
        "OpenAPI has no Reference Object here. It is followed, but other tools may not do so.",
    ),
    # OpenAPI
    _error("not-openapi", "Not an OpenAPI document", "A file that was named has no `openapi` at its root."),
    _error(
        "unsupported-version",
        "Version not read",
        "The document is of a version that is not read: OpenAPI 3.0, 3.1, 3.2 and Swagger 2.0 are.",
    ),
    _warning(
        "upgrade-loss",
        "Not carried over from Swagger 2.0",
        "Swagger 2.0 is read as OpenAPI 3.0. This part of the document has no counterpart there, or leaves open what is meant; where a "
        "value is not checked for that reason, its routes are marked.",
    ),
    _error("missing-field", "Missing field", "A field without which an object means nothing is missing."),
    _warning("incomplete", "Required field missing", "A field that OpenAPI requires is missing, but the gateway can do without it."),
    _error(
        "misspelt-field",
        "Misspelt field",
        "A key is not a field of its object, but looks like one that is missing: what it says would be lost.",
    ),
    _warning("unknown-field", "Unknown field", "A key is not a field of its object and has no effect. Keys of one's own start with `x-`."),
    _error("wrong-type", "Wrong type", "A field has a value of another type than OpenAPI says."),
    _error("wrong-value", "Wrong value", "OpenAPI, or the vocabulary of x-gateway, does not allow this value in its place."),
    _warning("unquoted-text", "Text without quotes", "YAML reads a text as a number or something else, since it lacks quotes."),
    _warning(
        "read-as-meant",
        "Read as it was meant",
        "Something is written as OpenAPI does not have it, yet what it means is plain. It is read and enforced that way.",
    ),
    _warning(
        "ignored-value",
        "Value left out",
        "A field on which nothing that is enforced depends has a value of a type that OpenAPI does not have there. It is left out.",
    ),
    _warning("empty-field", "Field without a value", "A key stands there without a value; it is treated as absent."),
    _warning("no-effect", "No effect here", "A field has no effect where it stands."),
    _warning(
        "component-name",
        "Component name",
        "A component has a name with characters that OpenAPI does not allow there; other tools may refuse it.",
    ),
    _warning(
        "invalid-path",
        "Invalid path",
        "A key of `paths` cannot be a path: no leading slash, or braces that do not match. Its operations are not served.",
    ),
    _warning(
        "query-in-path",
        "Path with a query",
        "A key of `paths` ends with a query, which OpenAPI does not know. It is taken as a condition on query parameters.",
    ),
    _warning(
        "unreachable-path",
        "Path that no request reaches",
        "A path has a fragment, which is never sent, or empty or dot segments, a backslash or a bad escape, which get 400.",
    ),
    _warning(
        "undeclared-path-parameter",
        "Path parameter not declared",
        "A path has a parameter that `parameters` does not declare; any value passes.",
    ),
    _warning(
        "unused-path-parameter",
        "Path parameter not in the path",
        "A path parameter is declared, but its path has no such expression; it is left out.",
    ),
    _warning(
        "optional-path-parameter", "Path parameter not required", "A path parameter lacks `required: true`; it is treated as required."
    ),
    _error("repeated-parameter", "Repeated parameter", "A list of parameters has the same name and location twice."),
    _warning(
        "untyped-parameter", "Parameter without a schema", "A parameter or header has neither `schema` nor `content`; any value passes."
    ),
    _error(
        "ambiguous-parameter",
        "Two ways to read a parameter",
        "A parameter has both `schema` and `content`, or not exactly one media type in `content`.",
    ),
    _error("invalid-style", "Style not possible here", "A parameter's `style` does not exist in its location."),
    _warning(
        "ignored-header",
        "Header parameter ignored",
        "Header parameters named Accept, Content-Type or Authorization are ignored, as OpenAPI requires.",
    ),
    _warning("invalid-header-name", "Not a header name", "A header parameter's name is one that no request can have; it is left out."),
    _warning(
        "body-without-meaning",
        "Body without a meaning",
        "HTTP gives bodies of GET, HEAD, DELETE and TRACE requests no meaning; they are checked and passed on.",
    ),
    _warning("invalid-media-type", "Not a media type", "A key of `content` is no media type and no range; it is left out."),
    _warning("invalid-status", "Not a status code", "A key of `responses` is no status code, no range like 2XX, and not `default`."),
    _warning(
        "duplicate-operation-id",
        "operationId used twice",
        "Two operations of a document have the same operationId. Both are served; elsewhere they are told apart by method and path.",
    ),
    _warning(
        "undefined-security-scheme",
        "Security scheme not declared",
        "`security` names a scheme that `components.securitySchemes` does not have. No credentials can meet it: the answer is 401.",
    ),
    _warning(
        "unusable-security-scheme",
        "Security scheme that cannot be used",
        "A security scheme lacks what its type needs, or holds what no request can. No credentials can meet it: the answer is 401.",
    ),
    _warning("undefined-scope", "Scope not declared", "`security` asks for a scope that no flow of the scheme declares."),
    _warning(
        "nothing-to-verify-with",
        "Credentials that cannot be verified",
        "Nothing says how credentials of a security scheme are verified; operations that ask for it answer 401, whoever calls.",
    ),
    _warning(
        "unencrypted-issuer",
        "Keys over an unencrypted connection",
        "An issuer would be asked without TLS on another machine, and nobody said `plainHttp`: it is not asked, and tokens get 503.",
    ),
    _warning(
        "tokens-for-any-audience",
        "Tokens for anybody are accepted",
        "A scheme with tokens says no `audience`: those that the issuer made for any other service are accepted too.",
    ),
    _warning(
        "algorithm-without-key",
        "Algorithm that nothing verifies",
        "A scheme names an algorithm, and what it has for verifying holds no key of that kind: such tokens are refused.",
    ),
    _error("two-sources-of-keys", "Two sources of keys", "A scheme says both `secret` and `jwks`, and one of them would have no effect."),
    _warning(
        "unprotected-operation",
        "Operation without protection",
        "Nothing says who may call an operation, while others of its document are protected. `security: []` says that it is meant.",
    ),
    _error(
        "sign-in-in-the-clear",
        "Sign-in without TLS",
        "`listen.publicUrl` says that browsers reach the gateway without TLS, from other machines: whoever listens could take over "
        "sessions of the portal, so that nobody can sign in.",
    ),
    _warning(
        "sign-in-without-keys",
        "Sign-in without keys",
        "People could sign in to the portal, and there is no operation that would take the keys that they make.",
    ),
    # schemas
    _warning(
        "schema-fault", "Harmless fault in a schema", "A keyword breaks its rule, but what its author meant is plain, and that is enforced."
    ),
    _warning(
        "schema-keyword-dropped",
        "Keyword not enforced",
        "A schema keyword has a value that it cannot have. It is left out, and the routes that use the schema are marked.",
    ),
    _warning(
        "contradiction",
        "Schema that contradicts itself",
        "Keywords of a schema contradict each other, so that nothing, or no value of a type, is ever valid. It is enforced as it stands.",
    ),
    _warning(
        "keyword-of-another-dialect",
        "Keyword of another version",
        "A schema has a construct that its OpenAPI version does not have, such as `const` in 3.0. It is enforced as JSON Schema has it.",
    ),
    _warning(
        "unknown-keyword", "Unknown schema keyword", "A key of a schema looks like a misspelt keyword. As it stands it has no effect."
    ),
    _warning(
        "nullable-without-effect",
        "`nullable` without effect",
        "OpenAPI 3.0's `nullable` adds null to `type` in the same schema, and to nothing else.",
    ),
    _warning(
        "pattern-not-enforced",
        "Expression not enforced",
        "A regular expression is not valid in ECMA-262 (JavaScript), or cannot be checked. It is left out, and the routes that use "
        "it are marked.",
    ),
    _warning(
        "pattern-backtracks",
        "Expression that backtracks",
        "A regular expression has back-references, or look-around that cannot be taken apart: it is enforced under a limit of steps, "
        "and for short texts only. Longer ones are refused.",
    ),
    _warning(
        "pattern-costly",
        "Expression that can be slow",
        "A regular expression is large, or counts behind something that may begin anywhere: it is enforced for texts up to a length. "
        "Longer ones are refused.",
    ),
    _warning(
        "dialect-not-enforced",
        "Dialect not enforced exactly",
        "A schema uses a JSON Schema dialect, or a dynamic reference, that cannot be enforced exactly. The routes that use it are marked.",
    ),
    _warning(
        "invalid-server",
        "Server that cannot be used",
        "A server's URL is not an http or https URL, or its variables cannot be filled; it is left out.",
    ),
    # x-gateway and gateway.yaml
    _error("unknown-key", "Unknown key", "A key that is not part of the vocabulary in this place; nothing is accepted and ignored."),
    _error("misplaced-key", "Key in the wrong place", "A key of the vocabulary stands at a level, or in a file, where it has no meaning."),
    _error("missing-key", "Missing key", "A mapping lacks a key without which it says nothing."),
    _error(
        "not-built-yet",
        "Cannot be enforced yet",
        "The key or value is part of the vocabulary, but this version does not act on it. It is refused rather than ignored.",
    ),
    _error(
        "invalid-block-reference",
        "Not a reference to a block",
        "A `$ref` in `x-gateway` names something else than a block under `components.x-gateway`.",
    ),
    _error("unknown-upstream", "Unknown upstream", "An upstream is named that gateway.yaml does not have."),
    _warning(
        "upstream-without-default",
        "Conditions without a default",
        "Every line of `upstream` has a `match`; requests that fit none of them are answered with 503.",
    ),
    _warning(
        "misspelt-extension",
        "Nearly `x-gateway`",
        "A key that looks like `x-gateway` and is not; as any unknown extension it has no effect.",
    ),
    _error("stray-extension", "`x-gateway` without effect", "An `x-gateway` stands in an object that the gateway does not read it from."),
    _error(
        "invalid-variable",
        "Malformed `${NAME}`",
        "What begins with `${` is not a reference to the environment; `$${` stands for a literal `${`.",
    ),
    _error(
        "variable-not-allowed",
        "`${NAME}` has no effect here",
        "References to the environment are resolved when the gateway starts, and only in some places; here it would stay text.",
    ),
    _error(
        "variable-not-set",
        "Variable is not set",
        "A reference in `specs` has to be resolved when compiling, and the variable has neither a value nor a default.",
    ),
    _error("invalid-profile", "Not a name of a profile", "A profile is named by letters, digits, `_` and `-`."),
    _warning(
        "misspelt-profile", "Nearly a profile", "No file belongs to this profile, and one belongs to a profile with nearly the same name."
    ),
    _error(
        "development-keys",
        "Development keys outside of development",
        "A consumer has keys in gateway.yaml, which are for development only, and the profile `dev` is not active.",
    ),
    # routes
    _error("invalid-upstream-url", "Not a URL for all upstreams", "`--upstream` is no http or https URL."),
    _warning("no-upstream", "No upstream", "Neither `servers` nor `x-gateway` say where the service is. The routes answer 503."),
    _warning(
        "content-not-enforced",
        "Content that cannot be checked",
        "Bodies or parameters of a media type such as XML cannot be checked against a schema. They are passed on unread, and the "
        "routes are marked.",
    ),
    _error(
        "duplicate-route",
        "Route declared twice",
        "Two operations have the same method, path, host and conditions: a request cannot tell them apart.",
    ),
    _warning(
        "ambiguous-paths",
        "Paths that match the same",
        "Two paths match the same request, and neither is more concrete than the other everywhere.",
    ),
    _warning(
        "hides-builtin-path",
        "Path of the gateway hidden",
        "A path stands in front of one that the gateway answers itself, such as /healthz. The document wins.",
    ),
    _error(
        "unknown-rewrite-parameter",
        "Unknown parameter in `rewrite`",
        "The template of a `rewrite` has a parameter that the operation's path does not have.",
    ),
    _error(
        "websocket-without-get",
        "`websocket` where nothing can be one",
        "A WebSocket is opened by GET (RFC 6455 section 4.1), and no operation that this `websocket` speaks of is one.",
    ),
    _error(
        "invalid-expression",
        "Not a condition",
        "An expression of `require.when` cannot be read, names something that is not there, or can never be true or false.",
    ),
    _warning(
        "require-without-security",
        "`require` that nobody can meet",
        "A `require` asks who calls, and the operation is public, so that nobody is ever known. It answers 403.",
    ),
    _warning(
        "unusable-certificate",
        "Certificate cannot be used",
        "A file of `tls` is missing, damaged, expired, or does not belong to the others. As long as that is so, no gateway starts with it.",
    ),
    _warning(
        "unusable-logo",
        "Logo that cannot be shown",
        "The file of `portal.logo` is missing, too large, neither SVG nor PNG, or SVG that could run or fetch something.",
    ),
    _warning(
        "low-contrast",
        "Colour that cannot be read",
        "Text in a colour of `portal.colors` is too faint on the portal's pages (WCAG 2.2, success criterion 1.4.3).",
    ),
    _warning(
        "guide-front-matter",
        "Front matter that means nothing",
        "The lines between `---` with which a guide begins say something else than `order`, which is all that has a meaning there.",
    ),
    _warning(
        "dead-link",
        "Link of a guide that leads nowhere",
        "A guide leads to a page of the portal, or a place on it, that is not there, or to an address that no guide may lead to.",
    ),
    _warning("unused-upstream", "Upstream that nothing uses", "gateway.yaml has an upstream that no operation and no fallback names."),
    _warning(
        "example-invalid",
        "An example that breaks its schema",
        "Its own schema refuses an example of a parameter, a header, a body or an answer; clients copy it, and the sandbox uses it.",
    ),
    _warning(
        "default-invalid",
        "A default that breaks its schema",
        "A schema refuses its own `default`: clients and services that fill it in make a value that is refused.",
    ),
    _warning(
        "link-operation",
        "Link to no operation",
        "A link of a response leads to no operation, or does not say which one it is; the merged document leaves it out.",
    ),
    _warning(
        "link-parameter",
        "Link that hands over what nobody takes",
        "A link of a response names a parameter that the other operation does not have, or takes its value from where there is none.",
    ),
    _error(
        "example-refused",
        "An example that breaks its contract",
        "`specgw check --examples` sent this example as a request, or as an answer, and it was refused as a client's would be.",
    ),
)

CATALOGUE: dict[str, Code] = {code.code: code for code in CODES}

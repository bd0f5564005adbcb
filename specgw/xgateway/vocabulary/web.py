"""Values that end up in HTTP messages or URLs: header fields, query parameters, paths, upstream URLs, `${NAME}` references."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from specgw.http import HOP_BY_HOP, IDENTITY_FAMILY, TOKEN
from specgw.plan import references
from specgw.xgateway.vocabulary.part import wrong
from specgw.xgateway.vocabulary.values import checked, matches, text_of

REFERENCE = r"\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?\}"

# Written by the gateway for every message (RFC 9112 section 6, RFC 7239, RFC 9110 section 7.6, W3C Trace Context):
# an edit would be overwritten, or would break the framing.
_OWNED = frozenset(name.decode() for name in HOP_BY_HOP) | {"content-length", "via", "x-request-id"}
OWNED_IN_REQUESTS = _OWNED | {
    "host",
    "expect",
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "traceparent",
    "tracestate",
}
OWNED_IN_RESPONSES = _OWNED

TOKEN_PATTERN = TOKEN.pattern
# RFC 9110 section 5.5 without obs-text: what lies outside ASCII has no agreed meaning on the wire.
FIELD_VALUE = r"(?:[!-~](?:[\t -~]*[!-~])?)?"
# RFC 3986 section 3.3, without the escapes of what may never stand inside a segment: / \ and NUL.
_CHARACTER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%(?!2[Ff]|5[Cc]|00)[0-9A-Fa-f]{2})"
_SEGMENT = rf"(?!\.{{1,2}}(?:/|$)){_CHARACTER}+"
PATH = rf"(?:/{_SEGMENT})+"
_TEMPLATED = rf"(?!\.{{1,2}}(?:/|$))(?:{_CHARACTER}|\{{[^{{}}/?#]+\}})+"
TEMPLATE = rf"(?:/|(?:/{_TEMPLATED})+/?)"


def references_of(text: str, phrase: str) -> list[str]:
    """The `${NAME}` and `${NAME:-default}` references of a text; an error where one is malformed. `$${` is no reference."""
    if references.malformed(text) is not None:
        hint = "a reference is written '${NAME}' or '${NAME:-default}'; '$${' stands for a literal '${'"
        raise wrong(phrase, hint=hint, kind="invalid-variable")
    return re.findall(REFERENCE, text.replace("$${", ""))


def read_field_name(value: object) -> str:
    """A field name (RFC 9110 section 5.1)."""
    text = text_of(value, "a header name")
    if not matches(TOKEN_PATTERN, text):
        raise wrong("a header name such as 'X-Caller'")
    return text


def read_field_value(value: object) -> str:
    """A field value (RFC 9110 section 5.5); may hold references."""
    phrase = "a header value: text in one line of printable ASCII"
    text = text_of(value, phrase)
    references_of(text, phrase)
    if not matches(FIELD_VALUE, text):
        # A header value may be a credential: it is not shown.
        raise wrong(phrase + ", without blanks at its ends" if text != text.strip() else phrase, resolves=True, secret=True)
    return text


def _any_case(name: str) -> str:
    return "".join(f"[{c.upper()}{c}]" if c.isalpha() else c for c in name)


# Fields that say who calls (`specgw.http.own`), with what servers take for the same name.
_WHO_CALLS = _any_case(IDENTITY_FAMILY).replace("-", "[-_.]") + ".*"


def _not_owned(owned: frozenset[str]) -> AfterValidator:
    def check(name: str) -> str:
        if name.lower() in owned or (owned is OWNED_IN_REQUESTS and matches(_WHO_CALLS, name)):
            hint = "'rewrite' and 'upstream' decide where a request goes" if name.lower() == "host" else None
            raise wrong("a header that the gateway does not write itself", hint=hint)
        return name

    return AfterValidator(check)


def _not_owned_pattern(owned: frozenset[str]) -> dict[str, object]:
    # JSON Schema patterns have no flag for "ignore case".
    names = "|".join(_any_case(name) for name in sorted(owned))
    if owned is OWNED_IN_REQUESTS:
        names += f"|{_WHO_CALLS}"
    return {"type": "string", "pattern": f"^{TOKEN_PATTERN}$", "not": {"pattern": f"^(?:{names})$"}}


def read_parameter_name(value: object) -> str:
    """The name of a query parameter, decoded."""
    text = text_of(value, "the name of a query parameter")
    if not text:
        raise wrong("the name of a query parameter")
    return text


def read_parameter_value(value: object) -> str:
    """The value of a query parameter, decoded; the gateway encodes it."""
    text = text_of(value, "text")
    if "${" in text:
        raise wrong("plain text")
    return text


def read_path(value: object) -> str:
    """A path of literal segments, as RFC 3986 section 3.3 writes them, without a slash at its end."""
    phrase = "a path such as '/api'"
    text = text_of(value, phrase)
    if not text.startswith("/"):
        raise wrong("a path that begins with '/'", hint=f"did you mean '/{text}'?" if matches(PATH, "/" + text) else None)
    if text == "/":
        raise wrong("a path with at least one segment", hint="leave the key out when there is no prefix")
    if text.endswith("/"):
        shorter = text.rstrip("/")
        raise wrong("a path without '/' at its end", hint=f"did you mean '{shorter}'?" if matches(PATH, shorter) else None)
    if "{" in text or "}" in text:
        raise wrong("a path without parameters")
    if not matches(PATH, text):
        raise wrong("a path as RFC 3986 writes it: no empty or dot segments, no query, other characters percent-encoded")
    return text


def read_prefix(value: object) -> str:
    """As `read_path`; `/` means "nothing in front"."""
    return "/" if value == "/" else read_path(value)


def read_template(value: object) -> str:
    """A path template: literal text and `{parameters}`."""
    phrase = "a path template such as '/internal/{id}'"
    text = text_of(value, phrase)
    if not text.startswith("/"):
        raise wrong("a path template that begins with '/'", hint=f"did you mean '/{text}'?" if matches(TEMPLATE, "/" + text) else None)
    if not matches(TEMPLATE, text):
        raise wrong(phrase + ": no empty or dot segments, no query, braces in pairs, other characters percent-encoded")
    return text


def _read_url(value: object, phrase: str) -> str:
    text = text_of(value, phrase)
    found = references_of(text, phrase)
    # Stand-ins for the references: their defaults, or text that is right wherever a reference can stand.
    tried = text
    if not any(":-" in reference for reference in found[:1]) and found and text.startswith(found[0]):
        rest = text[len(found[0]) :]
        tried = ("http" if rest.startswith("://") else "http://host") + rest
    tried = re.sub(REFERENCE, lambda match: (match[0][2:-1].partition(":-") if ":-" in match[0] else ("", "", "1"))[2], tried)
    if "@" in tried.split("://", 1)[-1].split("/", 1)[0]:
        raise wrong(
            "a URL without user name and password",
            secret=True,
            resolves=True,
            hint="secrets do not belong in URLs: set a header with a '${NAME}' reference",
        )
    if "?" in tried or "#" in tried:
        raise wrong("a URL without query and fragment", secret=True, resolves=True)
    if not re.match(r"https?://", tried):
        scheme, found_scheme, _ = tried.partition("://")
        raise wrong(phrase, resolves=True, hint=None if found_scheme else f"did you mean 'http://{scheme}'?")
    try:
        parts = urlsplit(tried)
        reachable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        reachable = False
    if not reachable or not matches(r"[!-~]+", tried) or not matches(rf"(?:{PATH})?/?", parts.path):
        raise wrong(phrase, resolves=True)
    return text


def read_upstream_url(value: object) -> str:
    """An http or https URL with an optional base path; may hold references."""
    return _read_url(value, "an http or https URL such as 'http://127.0.0.1:8081/base'")


def read_public_url(value: object) -> str:
    """An http or https URL, or the path under which a proxy in front publishes the gateway; may hold references."""
    if isinstance(value, str) and (value == "/" or matches(PATH, value)):
        return value
    return _read_url(value, "an http or https URL such as 'https://api.example.com', or a path")


def read_port(value: object) -> int | str:
    """A TCP port, 0 for any free one, or a reference."""
    phrase = "a port from 0 to 65535"
    if isinstance(value, str):
        if matches(REFERENCE, value):
            default = value[2:-1].partition(":-")[2]
            if default and not (default.isdigit() and int(default) <= 65535):
                raise wrong(phrase, resolves=True)
            return value
        raise wrong(phrase, hint="write it without quotes" if value.isdigit() else None, resolves=True)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 65535:
        raise wrong(phrase, resolves=True)
    return value


def read_bind_host(value: object) -> str:
    """An address or name to bind, or a reference."""
    phrase = "an address such as '127.0.0.1', '::1' or a host name"
    text = text_of(value, phrase)
    references_of(text, phrase)
    if not matches(r"[A-Za-z0-9._:-]+", re.sub(REFERENCE, "x", text)):
        raise wrong(phrase, resolves=True)
    return text


def read_location(value: object) -> str:
    """A file path or URL that may hold references."""
    text = text_of(value, "a path")
    references_of(text, "a path")
    if not text.strip() or "\0" in text:
        raise wrong("a path", resolves=True)
    return text


_LINK_TARGET = r"[!#-;=?-~]+"


def read_link_target(value: object) -> str:
    """A URI reference (RFC 3986) that can stand between `<` and `>` in a `Link` field; it may hold references."""
    phrase = "a path or URL of ASCII without spaces, such as '/api/v2/users'"
    text = text_of(value, phrase)
    references_of(text, phrase)
    if not matches(_LINK_TARGET, text):
        raise wrong(phrase)
    return text


_TOKEN_SCHEMA = {"type": "string", "pattern": f"^{TOKEN_PATTERN}$"}
_URL_SCHEMA = {"type": "string", "pattern": r"^(?:https?://[^\s?#@]+|[^\s?#@]*\$\{[^\s]*)$", "examples": ["http://127.0.0.1:8081"]}

LinkTarget = Annotated[str, *checked(read_link_target, {"type": "string", "pattern": f"^{_LINK_TARGET}$"})]
HeaderName = Annotated[str, *checked(read_field_name, _TOKEN_SCHEMA)]
RequestHeaderName = Annotated[
    str, BeforeValidator(read_field_name), _not_owned(OWNED_IN_REQUESTS), WithJsonSchema(_not_owned_pattern(OWNED_IN_REQUESTS))
]
ResponseHeaderName = Annotated[
    str, BeforeValidator(read_field_name), _not_owned(OWNED_IN_RESPONSES), WithJsonSchema(_not_owned_pattern(OWNED_IN_RESPONSES))
]
HeaderValue = Annotated[str, *checked(read_field_value, {"type": "string", "pattern": f"^{FIELD_VALUE}$"})]
ParameterName = Annotated[str, *checked(read_parameter_name, {"type": "string", "minLength": 1})]
ParameterValue = Annotated[str, *checked(read_parameter_value, {"type": "string"})]
Path = Annotated[str, *checked(read_path, {"type": "string", "pattern": f"^{PATH}$", "examples": ["/api"]})]
Prefix = Annotated[str, *checked(read_prefix, {"type": "string", "pattern": f"^(?:/|{PATH})$", "examples": ["/v2"]})]
Template = Annotated[str, *checked(read_template, {"type": "string", "pattern": f"^{TEMPLATE}$", "examples": ["/internal/{id}"]})]
Url = Annotated[str, *checked(read_upstream_url, _URL_SCHEMA)]
PublicUrl = Annotated[
    str, *checked(read_public_url, {"type": "string", "anyOf": [{"pattern": f"^(?:/|{PATH})$"}, {"pattern": _URL_SCHEMA["pattern"]}]})
]
Port = Annotated[
    int | str,
    *checked(read_port, {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 65535}, {"type": "string", "pattern": f"^{REFERENCE}$"}]}),
]
BindHost = Annotated[str, *checked(read_bind_host, {"type": "string", "minLength": 1, "examples": ["127.0.0.1"]})]
Location = Annotated[str, *checked(read_location, {"type": "string", "pattern": r"\S"})]

"""Where a request goes and what is asked of it: version, conditions, rewrite, validation, timeouts."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Discriminator, Tag, WithJsonSchema, model_validator

from specgw.xgateway.vocabulary.part import Later, Part, wrong
from specgw.xgateway.vocabulary.values import Host, TimeLimit, matches, patterned
from specgw.xgateway.vocabulary.web import FIELD_VALUE, HeaderName, ParameterName, Prefix, Template


def kind(value: Any) -> str | None:
    """Which alternative of a union a value is meant as: `text`, `mapping` or `list`; None for anything else."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, dict | Part):
        return "mapping"
    return "list" if isinstance(value, list) else None


VersionName = Annotated[
    str,
    *patterned(r"[A-Za-z0-9][A-Za-z0-9._-]*", "a version name such as 'v1': letters, digits, '.', '_' and '-'", json={"examples": ["v1"]}),
]


class Version(Part):
    """A version of the service, so that several documents of one service stand side by side."""

    name: VersionName | None = None
    """The version's name, as clients write it. Required where `version` is used."""
    by: Annotated[Literal["path", "header", "mediaType"] | None, Later(("header", "mediaType"))] = None
    """How a request says which version it wants; `path`: a segment between `mount` and the document's path. Default: `path`."""
    header: Annotated[HeaderName | None, Later()] = None
    """The header that names the version, with `by: header`. Default: `X-API-Version`."""
    default: bool | None = None
    """Whether requests that name no version get this one; with `by: path` it is also served without the segment. Default: `false`."""


VersionSetting = Annotated[
    Annotated[VersionName, Tag("text")] | Annotated[Version, Tag("mapping")],
    Discriminator(
        kind,
        custom_error_type="wrong-value",
        custom_error_message="a version name such as 'v1', or a mapping with 'name'",
    ),
]

HostSetting = Annotated[
    Annotated[Host, Tag("text")] | Annotated[list[Host], Tag("list")],
    Discriminator(kind, custom_error_type="wrong-value", custom_error_message="a Host name such as 'api.example.com', or a list of them"),
]


def _asked(value: object) -> str | bool:
    phrase = "the value to compare with, or 'true' where the presence is enough"
    if value is False or value is None:
        raise wrong(phrase, hint="that something is absent cannot be asked")
    if value is True:
        return True
    if not isinstance(value, str):
        raise wrong(phrase, hint=f'write it in quotes: "{value}"' if isinstance(value, int | float) else None)
    if "${" in value:
        raise wrong("plain text")
    return value


def _asked_of_field(value: str | bool) -> str | bool:
    if isinstance(value, str) and not matches(FIELD_VALUE, value):
        raise wrong("a header value: text in one line of printable ASCII, without blanks at its ends")
    return value


FieldCondition = Annotated[
    str | bool,
    BeforeValidator(_asked),
    AfterValidator(_asked_of_field),
    WithJsonSchema({"anyOf": [{"const": True}, {"type": "string", "pattern": f"^{FIELD_VALUE}$"}]}),
]
ParameterCondition = Annotated[str | bool, BeforeValidator(_asked), WithJsonSchema({"anyOf": [{"const": True}, {"type": "string"}]})]


def _not_host(name: str) -> str:
    if name.lower() == "host":
        raise wrong("a header other than 'Host'", hint="Host names have a key of their own: 'host'")
    return name


ConditionHeader = Annotated[HeaderName, AfterValidator(_not_host)]


def distinct(names: dict[str, Any]) -> dict[str, Any]:
    """A mapping by header names, refused when two of them differ in case only (RFC 9110 section 5.1)."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.lower(), name)
        if other != name:
            raise wrong(f"a mapping that names each header once: '{other}' and '{name}' are the same header")
    return names


class Match(Part):
    """Further conditions on a request beside method, path and host; all of them have to hold."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["headers"]}, {"required": ["query"]}]})

    headers: Annotated[dict[ConditionHeader, FieldCondition], AfterValidator(distinct)] | None = None
    """By header name: the exact value that one field line has to have, or `true` for "is present"."""
    query: dict[ParameterName, ParameterCondition] | None = None
    """By parameter name: the exact decoded value that one occurrence has to have, or `true` for "is present"."""

    @model_validator(mode="after")
    def _asks_something(self) -> Match:
        if not self.headers and not self.query:
            raise wrong("a mapping with at least one condition under 'headers' or 'query'")
        return self


class Rewrite(Part):
    """The path sent upstream; one of the two. The base path of the upstream's URL is not put in front of it."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    prefix: Prefix | None = None
    """This prefix, followed by the document's path; `/` for the document's path alone."""
    template: Template | None = None
    """The whole path; `{name}` stands for the raw value of a path parameter of the operation."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Rewrite:
        if (self.prefix is None) == (self.template is None):
            raise wrong("a mapping with either 'prefix' or 'template'")
        return self


class Validation(Part):
    """What is done about requests and responses that break the contract."""

    astray: ClassVar[dict[str, str]] = {
        "requests": "the key is 'request'",
        "responses": "the key is 'response'",
        "mode": "'request' and 'response' have a mode each",
    }

    request: Literal["enforce", "report", "off"] | None = None
    """`enforce`: refuse with 400; `report`: log and count, and forward; `off`: do not look. Default: `enforce`."""
    response: Literal["enforce", "report", "off"] | None = None
    """`enforce`: answer 502 instead; `report`: log and count, and pass on; `off`: do not look. Default: `off`."""
    unknown_query: Literal["ignore", "report", "reject"] | None = None
    """What is done about query parameters that the operation does not declare. Default: `ignore`."""
    formats: bool | None = None
    """Whether `format` (date-time, email, uuid, …) is enforced or only an annotation. Default: `true`."""


class Timeout(Part):
    """How long the gateway waits for the service."""

    connect: TimeLimit | None = None
    """Until a connection stands. Default: `1s`."""
    response: TimeLimit | None = None
    """From the request's end until the head of the answer. Default: `15s`."""
    total: TimeLimit | None = None
    """For the whole exchange. Default: `60s`."""
    idle: TimeLimit | None = None
    """Between two pieces of a body. Default: `60s`."""

"""Changes to header fields and query parameters."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Discriminator, Field, Tag

from specgw.xgateway.vocabulary.part import Part, wrong
from specgw.xgateway.vocabulary.routing import distinct, kind
from specgw.xgateway.vocabulary.web import HeaderValue, ParameterName, ParameterValue, RequestHeaderName, ResponseHeaderName

Once = AfterValidator(distinct)

HeaderValues = Annotated[
    Annotated[HeaderValue, Tag("text")] | Annotated[Annotated[list[HeaderValue], Field(min_length=1)], Tag("list")],
    Discriminator(kind, custom_error_type="wrong-value", custom_error_message="a header value, or a list of them"),
]
ParameterValues = Annotated[
    Annotated[ParameterValue, Tag("text")] | Annotated[Annotated[list[ParameterValue], Field(min_length=1)], Tag("list")],
    Discriminator(kind, custom_error_type="wrong-value", custom_error_message="a value, or a list of them"),
]


def _moved(names: dict[str, Any]) -> dict[str, Any]:
    for old, new in names.items():
        if isinstance(new, str) and old.lower() == new.lower():
            raise wrong(f"a mapping from old to new names: '{old}' keeps its name")
    return distinct(names)


class RequestHeaderEdits(Part):
    """Changes to the header fields of a request, made in the order rename, remove, set, add."""

    rename: Annotated[dict[RequestHeaderName, RequestHeaderName | None], AfterValidator(_moved)] | None = None
    """From the old name to the new one."""
    remove: list[RequestHeaderName] | None = None
    """Names whose fields are dropped."""
    set: Annotated[dict[RequestHeaderName, HeaderValue | None], Once] | None = None
    """Fields that replace all of the same name; values may hold `${NAME}` references."""
    add: Annotated[dict[RequestHeaderName, HeaderValues | None], Once] | None = None
    """Fields that stand beside those of the same name; values may hold `${NAME}` references."""


class ResponseHeaderEdits(Part):
    """Changes to the header fields of a response, made in the order rename, remove, set, add."""

    rename: Annotated[dict[ResponseHeaderName, ResponseHeaderName | None], AfterValidator(_moved)] | None = None
    """From the old name to the new one."""
    remove: list[ResponseHeaderName] | None = None
    """Names whose fields are dropped."""
    set: Annotated[dict[ResponseHeaderName, HeaderValue | None], Once] | None = None
    """Fields that replace all of the same name; values may hold `${NAME}` references."""
    add: Annotated[dict[ResponseHeaderName, HeaderValues | None], Once] | None = None
    """Fields that stand beside those of the same name; values may hold `${NAME}` references."""


class QueryEdits(Part):
    """Changes to the query parameters of a request, made in the order rename, remove, set, add."""

    rename: dict[ParameterName, ParameterName | None] | None = None
    """From the old name to the new one."""
    remove: list[ParameterName] | None = None
    """Names that are dropped."""
    set: dict[ParameterName, ParameterValue | None] | None = None
    """Parameters that replace all of the same name; names and values are written decoded."""
    add: dict[ParameterName, ParameterValues | None] | None = None
    """Parameters that stand beside those of the same name; names and values are written decoded."""


_DIRECTION = "'request' or 'response' is missing above it"


class Headers(Part):
    """Changes to header fields, in both directions. Fields that the gateway writes itself cannot be named."""

    astray: ClassVar[dict[str, str]] = {"set": _DIRECTION, "add": _DIRECTION, "remove": _DIRECTION, "rename": _DIRECTION}

    request: RequestHeaderEdits | None = None
    """On the way to the service, after validation."""
    response: ResponseHeaderEdits | None = None
    """On the way to the client."""


class Query(Part):
    """Changes to query parameters."""

    astray: ClassVar[dict[str, str]] = {
        "response": "a response has no query",
        "set": "'request' is missing above it",
        "add": "'request' is missing above it",
        "remove": "'request' is missing above it",
        "rename": "'request' is missing above it",
    }

    request: QueryEdits | None = None
    """On the way to the service, after validation."""

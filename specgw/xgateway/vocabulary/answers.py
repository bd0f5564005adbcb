"""Other answers and other forms: mock responses, body transformation, gRPC, plugins."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic.alias_generators import to_camel

from specgw.xgateway.vocabulary.part import Part, wrong
from specgw.xgateway.vocabulary.routing import kind
from specgw.xgateway.vocabulary.values import DURATION, Name, Percentage, Text, TimeLimit, patterned
from specgw.xgateway.vocabulary.web import Location


class Latency(Part):
    """How long mock responses take, as a distribution."""

    median: TimeLimit
    """Half of them take less."""
    p99: TimeLimit
    """99 of 100 take less."""


LatencyText = Annotated[
    str,
    *patterned(
        rf"{DURATION}(?:\.\.{DURATION})?",
        "a duration such as '20ms', or a range such as '20ms..80ms'",
        json={"examples": ["20ms", "20ms..80ms"]},
    ),
]
LatencySetting = Annotated[
    Annotated[LatencyText, Tag("text")] | Annotated[Latency, Tag("mapping")],
    Discriminator(
        kind, custom_error_type="wrong-value", custom_error_message="a duration, a range such as '20ms..80ms', or '{median, p99}'"
    ),
]


class Faults(Part):
    """Mock responses that go wrong on purpose."""

    rate: Percentage | None = None
    """How many of them. Default: `0%`."""
    kind: Literal["status", "reset", "slow", "malformed"] | None = None
    """What goes wrong. Default: `status`."""
    status: Annotated[int, Field(ge=400, le=599)] | None = None
    """The status with `kind: status`. Default: `503`."""


class Mock(Part):
    """Responses made from examples and schemas instead of the service's."""

    mode: Literal["off", "always", "fallback"] | None = None
    """`always`: instead of the service; `fallback`: while the service cannot be reached. Default: `off`."""
    state: Literal["none", "crud"] | None = None
    """`crud`: what was created can be read, changed and deleted again, by the caller who created it. Default: `none`."""
    latency: LatencySetting | None = None
    """How long a response takes."""
    faults: Faults | None = None
    """Responses that go wrong on purpose."""


BodyTransform = Annotated[
    Annotated[Text, Tag("text")] | Annotated[dict[Text, Any], Tag("mapping")],
    Discriminator(kind, custom_error_type="wrong-value", custom_error_message="an expression, or a mapping from members to expressions"),
]


class Transform(Part):
    """A body in another form."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    request: BodyTransform | None = None
    """The body that the service gets: an expression, or a mapping from members to expressions."""
    response: BodyTransform | None = None
    """The body that the client gets."""
    xml: Literal["request", "response", "both"] | None = None
    """Where the service speaks XML and the client JSON."""

    @model_validator(mode="after")
    def _something(self) -> Transform:
        if self.request is None and self.response is None and self.xml is None:
            raise wrong("a mapping with 'request', 'response' or 'xml'")
        return self


class Grpc(Part):
    """The gRPC method that an operation is answered by."""

    service: Text
    """Full name of the service, with its package."""
    method: Text
    """Name of the method."""
    proto: Location
    """The file that declares it, relative to the document."""


class Plugin(Part):
    """A policy of a Python package; its own settings stand beside `name`."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True, alias_generator=to_camel, defer_build=True)

    name: Name
    """The name under which the package registers it."""

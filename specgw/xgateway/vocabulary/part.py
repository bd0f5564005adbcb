"""What every model of the vocabulary is built from: the strict base, and what a field says beside its type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

Where = Literal["root", "path", "operation"]
Merge = Literal["deep", "whole"]
WrongKind = Literal["wrong-value", "invalid-variable"]

EVERYWHERE: tuple[Where, ...] = ("root", "path", "operation")
BELOW_ROOT: tuple[Where, ...] = ("path", "operation")


@dataclass(frozen=True, slots=True)
class Key:
    """What the vocabulary says about one key of `x-gateway` beside its type; the reference page shows all of it.

    `where` are the places that may hold it; `merge` how it meets what is inherited (None: there is nothing to
    inherit); `default` its effect when nobody says anything, in Markdown; `defaults` whether gateway.yaml may give it
    under `defaults:`; `built` whether this version acts on it; `example` YAML that shows it.
    """

    where: tuple[Where, ...]
    merge: Merge | None
    default: str
    example: str
    built: bool = True
    defaults: bool = True


@dataclass(frozen=True, slots=True)
class Later:
    """Marks what is part of the vocabulary and cannot be enforced yet: a whole field, or some of its values."""

    values: tuple[str, ...] = ()


class Part(BaseModel):
    """Base of every model: no unknown keys, no conversions between types, camelCase outside."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel, defer_build=True)

    astray: ClassVar[dict[str, str]] = {}
    """Keys that people look for here, with the reason why there is none."""


def wrong(
    phrase: str, *, hint: str | None = None, secret: bool = False, resolves: bool = False, kind: WrongKind = "wrong-value"
) -> PydanticCustomError:
    """An error whose message completes "must be …". `kind` is the code of the finding.

    The value of a `secret` is not shown; `resolves` says that `${NAME}` references may stand in this place.
    """
    return PydanticCustomError(kind, "{phrase}", {"phrase": phrase, "hint": hint, "secret": secret, "resolves": resolves})

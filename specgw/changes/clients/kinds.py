"""Every kind of change that clients may notice, with its class and its effect. docs/diff.md lists them.

Kinds of schemas are there twice: what a request may hold has to stay allowed, what a response may hold must not become more.
"""

from __future__ import annotations

from dataclasses import dataclass

from specgw.changes.change import Grade


@dataclass(frozen=True, slots=True)
class Kind:
    """What a change of a kind does to clients."""

    grade: Grade
    effect: str


_SCHEMAS: dict[str, tuple[Grade, Grade, str]] = {
    "type-widened": ("added", "breaking", "more types of values are allowed"),
    "type-narrowed": ("breaking", "fixed", "fewer types of values are allowed"),
    "type-changed": ("breaking", "breaking", "values are of another type"),
    "null-allowed": ("added", "breaking", "null is allowed"),
    "null-refused": ("breaking", "fixed", "null is not allowed any more"),
    "format-added": ("breaking", "fixed", "values need a format"),
    "format-removed": ("added", "risky", "values need no format any more"),
    "format-widened": ("added", "breaking", "the format has a greater range"),
    "format-narrowed": ("breaking", "fixed", "the format has a smaller range"),
    "format-changed": ("breaking", "breaking", "values have another format"),
    "enum-widened": ("added", "risky", "further values are listed"),
    "enum-narrowed": ("breaking", "fixed", "values are not listed any more"),
    "enum-added": ("breaking", "fixed", "only listed values are allowed"),
    "enum-removed": ("added", "risky", "values are not limited to a list any more"),
    "pattern-added": ("breaking", "fixed", "values have to match a pattern"),
    "pattern-removed": ("added", "risky", "values have to match no pattern any more"),
    "pattern-changed": ("risky", "risky", "values have to match another pattern"),
    "limit-narrowed": ("breaking", "fixed", "a limit is tighter"),
    "limit-widened": ("added", "breaking", "a limit is wider"),
    "limit-changed": ("breaking", "breaking", "a limit is another one"),
    "default-changed": ("risky", "fixed", "what counts where nothing is sent is another value"),
    "read-only-added": ("risky", "fixed", "it is only in answers"),
    "read-only-removed": ("added", "fixed", "it may be sent too"),
    "write-only-added": ("fixed", "breaking", "it is only in requests"),
    "write-only-removed": ("fixed", "added", "it is in answers too"),
    "property-added": ("added", "added", "an optional property is new"),
    "required-property-added": ("breaking", "added", "a required property is new"),
    "property-removed": ("risky", "risky", "an optional property is gone"),
    "known-property-removed": ("breaking", "breaking", "a property is gone that is refused now, or was always there"),
    "property-required": ("breaking", "fixed", "a property has become required"),
    "property-optional": ("added", "breaking", "a property is not required any more"),
    "additional-allowed": ("added", "risky", "properties that are not listed are allowed"),
    "additional-refused": ("breaking", "fixed", "properties that are not listed are refused"),
    "alternative-added": ("added", "breaking", "there is a further alternative"),
    "alternative-removed": ("breaking", "fixed", "there is one alternative less"),
    "alternatives-added": ("breaking", "fixed", "values have to fit one of several alternatives"),
    "alternatives-removed": ("added", "breaking", "values have to fit no alternative any more"),
    "alternatives-replaced": ("breaking", "breaking", "alternatives stand where one schema stood, or the other way round"),
    "discriminator-added": ("risky", "fixed", "a property tells alternatives apart"),
    "discriminator-removed": ("fixed", "risky", "no property tells alternatives apart any more"),
    "discriminator-changed": ("breaking", "breaking", "another property tells alternatives apart"),
    "mapping-added": ("added", "risky", "a further value of the discriminator is mapped"),
    "mapping-removed": ("breaking", "fixed", "a value of the discriminator is not mapped any more"),
    "mapping-changed": ("breaking", "breaking", "a value of the discriminator stands for another schema"),
    "encoding-changed": ("breaking", "breaking", "values are written in another way"),
    "constraint-changed": ("risky", "risky", "another condition, which cannot be compared"),
    "schema-deprecated": ("deprecated", "deprecated", "it is deprecated"),
    "schema-undeprecated": ("fixed", "fixed", "it is not deprecated any more"),
    "schema-description": ("fixed", "fixed", "it is described in other words"),
}

_OTHERS: dict[str, Kind] = {
    "path-removed": Kind("breaking", "nothing of the path is left"),
    "path-added": Kind("added", "the path is new"),
    "method-removed": Kind("breaking", "the operation is gone"),
    "method-added": Kind("added", "the operation is new"),
    "removed-after-sunset": Kind("fixed", "the operation is gone, as its deprecation announced"),
    "deprecated": Kind("deprecated", "the operation is deprecated"),
    "undeprecated": Kind("fixed", "the operation is not deprecated any more"),
    "sunset-added": Kind("deprecated", "the day is known on which the operation goes"),
    "sunset-earlier": Kind("breaking", "the operation goes earlier than announced"),
    "sunset-later": Kind("fixed", "the operation goes later than announced"),
    "sunset-removed": Kind("fixed", "the operation goes on no announced day any more"),
    "operation-id": Kind("risky", "generated clients call the operation by another name"),
    "tags": Kind("fixed", "the operation is listed elsewhere"),
    "description": Kind("fixed", "it is described in other words"),
    "server": Kind("breaking", "the gateway has another address"),
    "credentials": Kind("breaking", "credentials that were enough are not any more"),
    "parameter-added": Kind("added", "an optional parameter is new"),
    "required-parameter-added": Kind("breaking", "a required parameter is new"),
    "parameter-removed": Kind("risky", "a parameter is gone"),
    "parameter-moved": Kind("breaking", "a parameter is sent in another place"),
    "parameter-required": Kind("breaking", "a parameter has become required"),
    "parameter-optional": Kind("added", "a parameter is not required any more"),
    "parameter-style": Kind("breaking", "values of a parameter are written in another way"),
    "parameter-media-type": Kind("breaking", "values of a parameter are of another media type"),
    "parameter-empty-allowed": Kind("added", "a parameter may be empty"),
    "parameter-empty-refused": Kind("breaking", "a parameter may not be empty any more"),
    "parameter-deprecated": Kind("deprecated", "a parameter is deprecated"),
    "parameter-undeprecated": Kind("fixed", "a parameter is not deprecated any more"),
    "body-added": Kind("added", "a body may be sent"),
    "required-body-added": Kind("breaking", "a body has to be sent"),
    "body-removed": Kind("breaking", "no body is taken any more"),
    "body-required": Kind("breaking", "the body has become required"),
    "body-optional": Kind("added", "the body is not required any more"),
    "request-media-type-added": Kind("added", "a further media type is taken"),
    "request-media-type-removed": Kind("breaking", "a media type is not taken any more"),
    "encoding-of-parts": Kind("breaking", "parts of a form are written in another way"),
    "callbacks": Kind("risky", "what the service calls back has changed"),
    "status-added": Kind("added", "a further status is answered"),
    "success-status-removed": Kind("breaking", "a status of success is not answered any more"),
    "status-removed": Kind("fixed", "a status of failure is not answered any more"),
    "response-media-type-added": Kind("added", "answers come in a further media type"),
    "response-media-type-removed": Kind("breaking", "answers do not come in a media type any more"),
    "header-added": Kind("added", "answers have a further field"),
    "header-removed": Kind("risky", "answers lack an optional field"),
    "required-header-removed": Kind("breaking", "answers lack a field that was always there"),
    "header-required": Kind("fixed", "a field is always there"),
    "header-optional": Kind("breaking", "a field is not always there any more"),
    "header-deprecated": Kind("deprecated", "a field is deprecated"),
    "header-undeprecated": Kind("fixed", "a field is not deprecated any more"),
}

KINDS: dict[str, Kind] = {
    **_OTHERS,
    **{f"request-{code}": Kind(request, effect) for code, (request, _, effect) in _SCHEMAS.items()},
    **{f"response-{code}": Kind(response, effect) for code, (_, response, effect) in _SCHEMAS.items()},
}
"""By code."""

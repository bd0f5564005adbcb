"""Parameters, bodies and responses in the form in which they are checked.

Stands after the settings, since `validate` decides what is needed: schemas of responses are lowered only where
responses are validated, and nothing is lowered for an operation that nobody can call.
"""

from __future__ import annotations

from specgw.compiler.declared import Declared
from specgw.compiler.draft import Draft
from specgw.compiler.passes.bodies import Bodies
from specgw.compiler.passes.fields import Fields
from specgw.openapi.schemas import Schemas
from specgw.plan.model import Body, Content, Response


def run(draft: Draft) -> None:
    """Fill in `schemas`, and of each operation `parameters`, `body` and `responses`."""
    schemas = draft.schemas = Schemas(draft.library, draft.findings)
    for version in sorted({contract.version for contract in draft.contracts}):
        fields = Fields(schemas, version, draft.findings)
        bodies = Bodies(schemas, fields, version, draft.library, draft.findings)
        for declared in draft.declared:
            if declared.served and declared.contract.version == version:
                _lower(declared, fields, bodies, thorough=draft.inputs.thorough)


def _lower(declared: Declared, fields: Fields, bodies: Bodies, *, thorough: bool) -> None:
    operation, validate = declared.operation, declared.settings.validate
    checked = validate.request != "off" or thorough
    unenforced = declared.unenforced if checked else []
    declared.parameters = tuple(
        bodies.query(parameter, fields, unenforced, checked=checked)
        if parameter.location == "querystring"
        else fields.lower(parameter, "request", unenforced, checked=checked)
        for parameter in operation.parameters
    )
    if operation.request_body is not None:
        content = tuple(bodies.lower(entry, "request", unenforced, checked=checked) for entry in operation.request_body.content)
        if not content:
            # Nothing, or nothing usable, is said about the type: then any will do.
            content = (Content(media_range="*/*"),)
            if operation.request_body.node.value.get("content"):
                unenforced.append("request body: none of its media types can be read")
        declared.body = Body(required=operation.request_body.required, content=content)
    if validate.response != "off" or thorough:
        declared.responses = tuple(
            Response(
                status=response.status,
                headers=tuple(fields.lower(header, "response", declared.unenforced) for header in response.headers),
                content=tuple(bodies.lower(entry, "response", declared.unenforced) for entry in response.content),
            )
            for response in operation.responses
        )
    declared.unenforced[:] = dict.fromkeys(declared.unenforced)

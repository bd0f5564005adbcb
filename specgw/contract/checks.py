"""The words of schemathesis for what it does and what it looks at; tests hold them to the installed one."""

from __future__ import annotations

PHASES = ("examples", "coverage", "fuzzing", "stateful")

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "use_after_free",
    "ensure_resource_availability",
    "ignored_auth",
    "object_level_authorization",
)
"""What is looked at in each answer; all of it, unless something is left out."""

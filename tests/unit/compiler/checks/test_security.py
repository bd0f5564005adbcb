from __future__ import annotations

from typing import Any

HEAD = """
security: [{key: []}]
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
"""


def test_one_finding_a_document_says_how_many_operations_are_refused(build: Any) -> None:
    made = build(
        HEAD + "paths: {/a: {get: {responses: {default: {description: ok}}}, "
        "put: {responses: {default: {description: ok}}}, post: {security: [], responses: {default: {description: ok}}}}}"
    )
    [finding] = made.findings
    assert (finding.code, finding.severity, finding.line) == ("security-not-enforced", "warning", 5)
    assert finding.message.startswith("2 operations require credentials")
    assert made.plan is not None


def test_an_optional_scheme_is_refused_as_well(build: Any) -> None:
    made = build(HEAD.replace("[{key: []}]", "[{}, {key: []}]") + "paths: {/a: {get: {responses: {default: {description: ok}}}}}")
    assert next(iter(made.findings)).message.startswith("1 operation requires credentials")


def test_the_operation_is_the_place_where_the_root_says_nothing(build: Any) -> None:
    made = build(
        HEAD.replace("security: [{key: []}]", "")
        + "paths:\n  /a:\n    get:\n      security: [{key: []}]\n      responses: {default: {description: ok}}\n"
    )
    assert [finding.line for finding in made.findings] == [10]


def test_public_and_disabled_operations_are_not_counted(build: Any) -> None:
    made = build(
        HEAD + "paths: {/a: {get: {security: [{}], responses: {default: {description: ok}}}, "
        "put: {x-gateway: {enabled: false}, responses: {default: {description: ok}}}}}"
    )
    assert list(made.findings) == []

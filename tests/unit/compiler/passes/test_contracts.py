from __future__ import annotations

from typing import Any


def test_documents_are_read_in_the_order_of_their_names(build: Any) -> None:
    made = build(
        {
            "b.yaml": "paths: {/b: {get: {responses: {default: {description: b}}}}}",
            "a.yaml": "paths: {/a: {get: {responses: {default: {description: a}}}}}",
        }
    )
    assert [declared.operation.path for declared in made.declared] == ["/a", "/b"]


def test_what_is_only_referred_to_is_no_document(build: Any) -> None:
    made = build({"a.yaml": "paths: {/a: {$ref: 'items.yaml#/a'}}", "items.yaml!": "a: {get: {responses: {default: {description: a}}}}"})
    assert [declared.operation.node.file for declared in made.declared] == ["items.yaml"]
    assert sorted(path.name for path in made.files) == ["a.yaml", "items.yaml"]
    assert made.plan.routes[0].service == "users"

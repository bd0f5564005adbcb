from __future__ import annotations

from typing import Any

OK = "responses: {'200': {description: ok}}"
LINKED = "responses: {'200': {description: ok, links: {next: {operationId: list}}}}"


def test_operation_ids_of_one_document_stay(merge: Any) -> None:
    made = merge(f"paths: {{/a: {{get: {{operationId: list, {OK}}}, put: {{{OK}}}}}}}")
    assert made["paths"]["/a"]["get"]["operationId"] == "list"
    assert "operationId" not in made["paths"]["/a"]["put"]


def test_operation_ids_that_documents_share_get_their_service_in_front_and_links_follow(merge: Any) -> None:
    text = f"x-gateway: {{service: NAME}}\npaths: {{/NAME: {{get: {{operationId: list, {OK}}}, put: {{operationId: putNAME, {LINKED}}}}}}}"
    made = merge({"a.yaml": text.replace("NAME", "a"), "b.yaml": text.replace("NAME", "b")})
    assert {path: item["get"]["operationId"] for path, item in made["paths"].items()} == {"/a": "a.list", "/b": "b.list"}
    assert made["paths"]["/b"]["put"]["responses"]["200"]["links"] == {"next": {"operationId": "b.list"}}


def test_operation_ids_stay_unique_where_a_service_has_several_documents(merge: Any) -> None:
    text = f"x-gateway: {{service: s}}\npaths: {{/NAME: {{get: {{operationId: list, {OK}}}}}}}"
    made = merge({"a.yaml": text.replace("NAME", "a"), "b.yaml": text.replace("NAME", "b")})
    assert [item["get"]["operationId"] for item in made["paths"].values()] == ["s.list", "s.list.2"]


def test_an_operation_reference_to_another_file_is_followed(merge: Any) -> None:
    made = merge(
        {
            "a.yaml": "x-gateway: {mount: /x}\npaths: {/a: {get: {responses: {'200': {description: ok, "
            "links: {n: {operationRef: 'b.yaml#/paths/~1b~1{id}/get'}}}}}}}",
            "b.yaml": "x-gateway: {mount: /y}\npaths: {'/b/{id}': {get: {parameters: [{name: id, in: path, "
            f"required: true, schema: {{}}}}], {OK}}}}}}}",
        }
    )
    assert made["paths"]["/x/a"]["get"]["responses"]["200"]["links"] == {"n": {"operationRef": "#/paths/~1y~1b~1{id}/get"}}

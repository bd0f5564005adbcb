from __future__ import annotations

from typing import Any

import pytest

from specgw.openapi.model import Contract, Node, Operation
from specgw.xgateway.extension import examine, near_miss
from specgw.xgateway.inheritance import Inheritance

METHODS = ("get", "post")


def examined(folder: Any, text: str) -> list[str]:
    root: Node = folder.read(text)
    operations = [
        Operation(
            node=node, path_item=item, root=root, path=path, method=method.upper(), operation_id=None,
            parameters=(), request_body=None, responses=(), security=None, servers=(),
        )
        for path, item in root.at("paths").items()
        for method in METHODS
        if (node := item.get(method)) is not None
    ]  # fmt: skip
    contract = Contract(root=root, version="3.1", title="API", operations=tuple(operations))
    examine(contract, Inheritance(None, folder.findings, folder.library, {"users"}), folder.findings)
    said: list[str] = folder.said()
    return said


def test_a_document_with_x_gateway_where_it_belongs(folder: Any) -> None:
    text = """
    info: {title: a, version: '1'}
    x-gateway: {mount: /api}
    paths:
      /a: {x-gateway: {maxBody: 1}, get: {x-gateway: {maxBody: 2}, responses: {'200': {description: ok}}}}
    components: {x-gateway: {writes: {maxBody: 3}}, schemas: {A: {properties: {x-gateway: {type: string}}}}}
    """
    assert examined(folder, text) == []


def test_unused_blocks_are_read(folder: Any) -> None:
    examined(folder, "components: {x-gateway: {writes: {maxbody: 3}}}")
    assert folder.codes() == [("unknown-key", "/components/x-gateway/writes/maxbody")]


@pytest.mark.parametrize(
    ("blocks", "finding"),
    [
        ("[]", "wrong-value /components/x-gateway: 'components.x-gateway' must be a mapping of named blocks"),
        (
            "{timeout: {total: 5s}}",
            "wrong-value /components/x-gateway/timeout: 'timeout' stands where the name of a block is expected"
            " (give the block a name: {NAME: {timeout: …}})",
        ),
        (
            "{maxBody: 1}",
            "wrong-value /components/x-gateway/maxBody: 'maxBody' stands where the name of a block is expected"
            " (give the block a name: {NAME: {maxBody: …}})",
        ),
        ("{a: 5}", "wrong-value /components/x-gateway/a: a block must be a mapping"),
    ],
)
def test_blocks_that_are_none(folder: Any, blocks: str, finding: str) -> None:
    assert examined(folder, f"components: {{x-gateway: {blocks}}}") == [finding]


def test_a_block_may_be_named_like_a_key(folder: Any) -> None:
    assert examined(folder, "components: {x-gateway: {timeout: {timeout: {total: 5s}}, cache: {}}}") == []


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("info: {x-gateway: {}}", "info"),
        ("servers: [{url: /, x-gateway: {}}]", "server"),
        ("tags: [{name: a, x-gateway: {}}]", "tag"),
        ("paths: {x-gateway: {}}", "paths"),
        ("webhooks: {a: {x-gateway: {}}}", "webhook"),
        ("paths: {/a: {get: {}, parameters: [{name: a, in: query, x-gateway: {}}]}}", "parameter"),
        ("paths: {/a: {get: {responses: {'200': {description: a, x-gateway: {}}}}}}", "response"),
        ("paths: {/a: {get: {requestBody: {x-gateway: {}}}}}", "request body"),
        ("paths: {/a: {get: {requestBody: {content: {a/b: {x-gateway: {}}}}}}}", "media type"),
        ("components: {schemas: {A: {x-gateway: {}}}}", "schema"),
        ("components: {parameters: {A: {x-gateway: {}}}}", "parameter"),
    ],
)
def test_an_extension_that_is_never_read_is_an_error(folder: Any, place: str, kind: str) -> None:
    (found,) = examined(folder, place)
    assert found.startswith("stray-extension ")
    assert f"'x-gateway' has no meaning in a {kind} object" in found


def test_names_of_headers_and_data_are_no_extensions(folder: Any) -> None:
    text = """
    paths:
      /a:
        get:
          parameters: [{name: x-gateway, in: header, example: {x-gateway: 1}, schema: {default: {x-gatway: 1}}}]
          responses: {'200': {description: a, headers: {x-gateway: {}, X-Gateway: {}}, content: {a/b: {example: {x-gateway: 1}}}}}
    """
    assert examined(folder, text) == []


@pytest.mark.parametrize(
    ("text", "pointer", "hint"),
    [
        ("x-gatway: {}", "/x-gatway", "did you mean 'x-gateway'?"),
        ("X-Gateway: {}", "/X-Gateway", "did you mean 'x-gateway'?"),
        ("paths: {/a: {x-gatewy: {}, get: {}}}", "/paths/~1a/x-gatewy", "did you mean 'x-gateway'?"),
        (
            "paths: {/a: {get: {x-gateway-timeout: 5s}}}",
            "/paths/~1a/get/x-gateway-timeout",
            "did you mean 'timeout' inside of 'x-gateway'?",
        ),
        ("components: {x-gateways: {}}", "/components/x-gateways", "did you mean 'x-gateway'?"),
    ],
)
def test_near_misses_are_warned_of(folder: Any, text: str, pointer: str, hint: str) -> None:
    name = pointer.rpartition("/")[2]
    assert examined(folder, text) == [f"misspelt-extension {pointer}: '{name}' looks like 'x-gateway' and has no effect ({hint})"]
    assert not folder.findings.errors


@pytest.mark.parametrize("key", ["x-github", "x-amazon-apigateway-integration", "x-api-gateway", "x-oaiMeta", "x-kong-name", "x-internal"])
def test_other_extensions_are_left_alone(key: str) -> None:
    assert not near_miss(key)

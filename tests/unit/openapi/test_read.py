from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.openapi.documents import reading

OK = "responses: {default: {description: ''}}"
ITEM = f"get: {{{OK}}}"


def test_an_operation_with_all_that_it_inherits(tmp_path: Path) -> None:
    text = f"""\
openapi: 3.0.3
info: {{title: Users, version: 1.0.0}}
servers: [{{url: /v1}}]
security: [{{key: []}}]
paths:
  /users/{{id}}:
    parameters:
    - {{name: id, in: path, required: true, schema: {{type: string}}}}
    - {{name: limit, in: query, schema: {{type: integer}}}}
    get:
      operationId: getUser
      tags: [users]
      deprecated: true
      parameters:
      - {{name: limit, in: query, required: true, schema: {{type: integer}}}}
      - {{name: X-Trace, in: header, schema: {{type: string}}}}
      {OK}
components: {{securitySchemes: {{key: {{type: apiKey, in: header, name: X-Key}}}}}}
"""
    outcome = reading(tmp_path, text, head="")
    assert outcome.found == []
    assert outcome.contract is not None
    assert (outcome.contract.title, outcome.contract.version) == ("Users", "3.0")
    operation = outcome.operation
    assert (operation.method, operation.path, operation.operation_id) == ("GET", "/users/{id}", "getUser")
    assert (operation.tags, operation.deprecated) == (("users",), True)
    assert [(parameter.location, parameter.name, parameter.required) for parameter in operation.parameters] == [
        ("path", "id", True),
        ("query", "limit", True),
        ("header", "X-Trace", False),
    ]
    assert (operation.node.pointer, operation.path_item.pointer, operation.root.pointer) == (
        "/paths/~1users~1{id}/get",
        "/paths/~1users~1{id}",
        "",
    )
    assert operation.path_levels == (operation.path_item,)
    assert str(operation.node.written()) == "api.yaml:10"


def test_operations_in_the_order_of_the_document(tmp_path: Path) -> None:
    methods = ["trace", "patch", "head", "options", "delete", "post", "put", "get"]
    items = "\n".join(f"    {method}: {{{OK}}}" for method in methods)
    outcome = reading(tmp_path, f"paths:\n  /b:\n{items}\n  /a: {{{ITEM}}}\n  x-own: 5\n")
    assert [(operation.path, operation.method) for operation in outcome.operations] == [
        *(("/b", method.upper()) for method in methods),
        ("/a", "GET"),
    ]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("- openapi", "not-openapi", 1),
        ("text", "not-openapi", 1),
        ("info: {}\npaths: {}\n", "not-openapi", 1),
        ("openApi: 3.1.0\npaths: {}\n", "not-openapi", 1),
        ("info: {}\nswagger: '1.2'\n", "unsupported-version", 2),
        ("openapi: 3.3.0\n", "unsupported-version", 1),
        ("openapi: 4.0.0\n", "unsupported-version", 1),
        ("openapi: [3]\n", "unsupported-version", 1),
        ("openapi:\n", "unsupported-version", 1),
        ("openapi: three\n", "unsupported-version", 1),
    ],
)
def test_documents_that_are_not_read(tmp_path: Path, text: str, code: str, line: int) -> None:
    outcome = reading(tmp_path, text, head="")
    assert (outcome.only.code, outcome.only.line) == (code, line)
    assert outcome.contract is None


def test_a_file_that_is_none_says_what_was_seen(tmp_path: Path) -> None:
    assert "info, paths" in reading(tmp_path, "info: {}\npaths: {}\n", head="").only.message
    assert reading(tmp_path, "OpenAPI: 3.1.0\n", head="").only.hint == "write 'openapi' instead of 'OpenAPI'"


@pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.0", "3.1.2"])
def test_versions_that_are_read(tmp_path: Path, version: str) -> None:
    outcome = reading(tmp_path, f"openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths: {{}}\n", head="")
    assert outcome.contract is not None
    assert outcome.contract.version == version[:3]
    assert outcome.found == []


def test_a_version_without_quotes(tmp_path: Path) -> None:
    outcome = reading(tmp_path, "openapi: 3.1\ninfo: {title: T, version: '1'}\npaths: {}\n", head="")
    assert outcome.contract is not None
    assert outcome.only.code == "unquoted-text"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("openapi: 3.0.3\npaths: {}\n", ["incomplete"]),
        ("openapi: 3.0.3\ninfo: {}\npaths: {}\n", ["incomplete", "incomplete"]),
        ("openapi: 3.0.3\ninfo: text\npaths: {}\n", ["wrong-type"]),
        ("openapi: 3.0.3\ninfo: {title: T, version: '1'}\n", ["missing-field"]),
        ("openapi: 3.1.0\ninfo: {title: T, version: '1'}\n", ["missing-field"]),
        ("openapi: 3.1.0\ninfo: {title: T, version: '1'}\nwebhooks: {}\n", []),
        ("openapi: 3.1.0\ninfo: {title: T, version: '1'}\ncomponents: {}\n", []),
        ("openapi: 3.0.3\ninfo: {title: T, version: '1'}\ncomponents: {}\n", ["missing-field"]),
        ("openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: []\n", ["wrong-type"]),
        ("openapi: 3.0.3\ninfo: {title: T, version: '1'}\npath: {}\n", ["missing-field", "misspelt-field"]),
        ("openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents: {schema: {}}\n", ["misspelt-field"]),
    ],
)
def test_the_root(tmp_path: Path, text: str, codes: list[str]) -> None:
    outcome = reading(tmp_path, text, head="")
    assert sorted(code for code, _ in outcome.found) == sorted(codes)
    assert outcome.contract is not None
    assert outcome.operations == ()


def test_a_title_that_is_no_string_is_none(tmp_path: Path) -> None:
    outcome = reading(tmp_path, "openapi: 3.1.0\ninfo: {title: 5, version: '1'}\npaths: {}\n", head="")
    assert outcome.contract is not None
    assert outcome.contract.title == ""


@pytest.mark.parametrize(
    ("paths", "code", "count"),
    [
        ("{/a: null}", "empty-field", 0),
        ("{/a: []}", "wrong-type", 0),
        ("{/a: {get: null}}", "empty-field", 0),
        ("{/a: {get: text}}", "wrong-type", 0),
        (f"{{a: {{{ITEM}}}}}", "read-as-meant", 1),
        (f"{{/a#b: {{{ITEM}}}}}", "unreachable-path", 1),
        (f"{{/a: {{parameters: {{}}, {ITEM}}}}}", "wrong-type", 1),
        (f"{{/a: {{Get: {{{OK}}}}}}}", "read-as-meant", 1),
        (f"{{/a: {{query: {{{OK}}}}}}}", "unknown-field", 0),
        (f"{{/a: {{get: {{{OK}, tags: [1, a]}}}}}}", "unquoted-text", 1),
        (f"{{/a: {{get: {{{OK}, operationId: ''}}}}}}", None, 1),
    ],
)
def test_paths(tmp_path: Path, paths: str, code: str | None, count: int) -> None:
    outcome = reading(tmp_path, f"paths: {paths}\n")
    assert [found for found, _ in outcome.found] == [code] * (code is not None)
    assert len(outcome.operations) == count


def test_a_query_in_a_path(tmp_path: Path) -> None:
    outcome = reading(tmp_path, f"paths: {{'/a?beta=true': {{{ITEM}}}}}\n")
    assert (outcome.operation.path, outcome.operation.query) == ("/a", (("beta", "true"),))


def test_path_parameters_against_the_template(tmp_path: Path) -> None:
    text = f"""
paths:
  /users/{{userId}}/{{other}}:
    parameters:
    - {{name: userID, in: path, required: true, schema: {{}}}}
    - {{name: other, in: path, required: true, schema: {{}}}}
    - {{name: userId, in: query, schema: {{}}}}
    {ITEM}
"""
    outcome = reading(tmp_path, text)
    assert [(finding.code, finding.line, finding.hint) for finding in outcome.findings] == [
        ("unused-path-parameter", 7, "did you mean 'userId'?"),
        ("undeclared-path-parameter", 10, "did you mean 'userID', which is declared?"),
    ]
    assert [(parameter.location, parameter.name) for parameter in outcome.operation.parameters] == [("path", "other"), ("query", "userId")]


def test_an_operation_overrides_a_header_whatever_its_case(tmp_path: Path) -> None:
    text = f"""
paths:
  /a:
    parameters: [{{name: X-Id, in: header, schema: {{}}}}]
    get: {{parameters: [{{name: x-id, in: header, required: true, schema: {{}}}}], {OK}}}
"""
    assert [(parameter.name, parameter.required) for parameter in reading(tmp_path, text).operation.parameters] == [("x-id", True)]


def test_names_of_components(tmp_path: Path) -> None:
    text = "paths: {}\ncomponents: {schemas: {Good.name-1_x: {}, 'Bad name': {}, 'ü': {}}, x-own: {'any thing': {}}}\n"
    assert [(finding.code, finding.pointer) for finding in reading(tmp_path, text).findings] == [
        ("component-name", "/components/schemas/Bad name"),
        ("component-name", "/components/schemas/ü"),
    ]


def test_operation_ids_are_unique(tmp_path: Path) -> None:
    text = (
        f"paths:\n  /a: {{get: {{operationId: x, {OK}}}}}\n  /b:\n    put: {{operationId: x, {OK}}}\n    post: {{operationId: X, {OK}}}\n"
    )
    finding = reading(tmp_path, text).only
    assert (finding.code, finding.line, finding.pointer) == ("duplicate-operation-id", 6, "/paths/~1b/put/operationId")
    assert "GET /a (api.yaml:4)" in finding.message


def test_a_path_item_elsewhere(tmp_path: Path) -> None:
    other = f"item:\n  summary: x\n  parameters: [{{name: q, in: query, schema: {{}}}}]\n  get: {{operationId: x, {OK}}}\n"
    outcome = reading(tmp_path, "paths: {/a: {$ref: 'sub/other.yaml#/item'}, /b: {$ref: 'sub/other.yaml#/item'}}\n", sub__other=other)
    assert outcome.found == []
    first, second = outcome.operations
    assert (first.path, second.path, first.operation_id, second.operation_id) == ("/a", "/b", "x", "x")
    assert (first.node.file, first.path_item.file, first.path_item.pointer, first.root.file) == (
        "sub/other.yaml",
        "sub/other.yaml",
        "/item",
        "api.yaml",
    )
    assert [(level.file, level.pointer) for level in first.path_levels] == [("sub/other.yaml", "/item"), ("api.yaml", "/paths/~1a")]
    assert [parameter.name for parameter in first.parameters] == ["q"]


def test_keys_beside_the_reference_of_a_path_item_are_nearer(tmp_path: Path) -> None:
    text = f"""
paths:
  /a:
    $ref: '#/components/pathItems/A'
    parameters: [{{name: q, in: query, required: true, schema: {{}}}}]
    x-gateway: {{}}
    put: {{operationId: here, {OK}}}
components:
  pathItems:
    A:
      parameters: [{{name: q, in: query, schema: {{}}}}, {{name: r, in: query, schema: {{}}}}]
      x-gateway: {{}}
      put: {{operationId: there, {OK}}}
      get: {{operationId: get, {OK}}}
"""
    outcome = reading(tmp_path, text)
    assert [(code, line) for code, line in outcome.found] == [("reference-siblings", 7), ("reference-siblings", 9)]
    assert [(operation.operation_id, operation.path_item.pointer) for operation in outcome.operations] == [
        ("here", "/paths/~1a"),
        ("get", "/components/pathItems/A"),
    ]
    assert [(parameter.name, parameter.required) for parameter in outcome.operations[1].parameters] == [("q", True), ("r", False)]


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ("{A: {$ref: '#/components/pathItems/A'}}", "reference-cycle"),
        ("{A: {$ref: '#/components/pathItems/B'}, B: {$ref: '#/components/pathItems/A'}}", "reference-cycle"),
        ("{A: {$ref: '#/components/pathItems/B'}}", "broken-reference"),
        ("{A: {$ref: 5}}", "invalid-reference"),
        ("{A: text}", "wrong-type"),
    ],
)
def test_path_items_that_are_not_reached(tmp_path: Path, items: str, code: str) -> None:
    outcome = reading(tmp_path, f"paths: {{/a: {{$ref: '#/components/pathItems/A'}}}}\ncomponents: {{pathItems: {items}}}\n")
    assert outcome.only.code == code
    assert outcome.operations == ()


def test_an_operation_elsewhere(tmp_path: Path) -> None:
    outcome = reading(tmp_path, "paths: {/a: {get: {$ref: get.yaml}}}\n", get=f"operationId: x\n{OK}\n")
    assert outcome.only.code == "misplaced-reference"
    assert (outcome.operation.node.file, outcome.operation.path_item.file, outcome.operation.operation_id) == ("get.yaml", "api.yaml", "x")


def test_all_findings_come_at_once(tmp_path: Path) -> None:
    text = """paths:
  a: {}
  /b:
    get:
      parametres: []
      security: [{nope: []}]
      responses: {200: {$ref: '#/nowhere'}}
"""
    assert reading(tmp_path, text).found == [
        ("read-as-meant", 4),
        ("misspelt-field", 7),
        ("undefined-security-scheme", 8),
        ("broken-reference", 9),
    ]

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from specgw.openapi.model import Node
from specgw.plan.model import Edits, Timeout, Validate
from specgw.xgateway.inheritance import Inheritance
from specgw.xgateway.settings import Settings
from specgw.xgateway.vocabulary.level import KEYS

NAMES = {"users", "users-next"}


class Levels:
    """Up to four levels, each written as YAML; None says nothing."""

    def __init__(self, folder: Any, defaults: str | None, root: str | None, path: str | None, operation: str | None) -> None:
        self.nodes = [
            None if text is None else folder.read(text, f"{name}.yaml")
            for name, text in (("defaults", defaults), ("root", root), ("path", path), ("operation", operation))
        ]
        self.inheritance = Inheritance(self.nodes[0], folder.findings, folder.library, NAMES)

    def settings(self) -> Settings:
        return self.inheritance.effective(*self.nodes[1:])


@pytest.mark.parametrize(
    ("defaults", "root", "path", "operation", "attribute", "value", "from_file"),
    [
        # whole: the nearest one holds
        (None, None, None, None, "max_body", 1 << 20, None),
        ("maxBody: 1", None, None, None, "max_body", 1, "defaults.yaml"),
        ("maxBody: 1", "maxBody: 2", None, None, "max_body", 2, "root.yaml"),
        ("maxBody: 1", "maxBody: 2", "maxBody: 3", None, "max_body", 3, "path.yaml"),
        ("maxBody: 1", "maxBody: 2", "maxBody: 3", "maxBody: 4", "max_body", 4, "operation.yaml"),
        ("maxBody: 1", None, None, "maxBody: 4", "max_body", 4, "operation.yaml"),
        ("maxBody: 1", "maxBody: 2", "maxBody: null", None, "max_body", 1 << 20, None),
        (None, "maxBody: 2", "maxBody: null", "maxBody: 4", "max_body", 4, "operation.yaml"),
        (None, "rewrite: {prefix: /a}", None, "rewrite: {template: /b}", "rewrite.template", "/b", "operation.yaml"),
        (None, "rewrite: {prefix: /a}", None, "rewrite: {template: /b}", "rewrite.prefix", None, None),
        # deep: key by key
        (
            "timeout: {idle: 4s}",
            "timeout: {total: 3s}",
            "timeout: {response: 2s}",
            "timeout: {connect: 1s}",
            "timeout",
            Timeout(connect=1, response=2, total=3, idle=4),
            "operation.yaml",
        ),
        (None, "timeout: {total: 3s, idle: 4s}", None, "timeout: {total: null}", "timeout", Timeout(idle=4), "operation.yaml"),
        (None, "timeout: {total: 3s}", "timeout: null", "timeout: {idle: 4s}", "timeout", Timeout(idle=4), "operation.yaml"),
        (None, "timeout: {total: 3s}", None, "timeout: null", "timeout", Timeout(), None),
        (
            None,
            "validate: {response: enforce}",
            "validate: {unknownQuery: reject}",
            None,
            "validate",
            Validate(response="enforce", unknown_query="reject"),
            "path.yaml",
        ),
        (
            None,
            "headers: {request: {set: {X-A: a, X-B: b}}}",
            None,
            "headers: {request: {set: {x-a: c, X-B: null}, remove: [Y]}}",
            "headers.request",
            Edits(set={"x-a": "c"}, remove=("Y",)),
            "operation.yaml",
        ),
        (
            None,
            "headers: {request: {remove: [A, B]}}",
            None,
            "headers: {request: {remove: [C]}}",
            "headers.request",
            Edits(remove=("C",)),
            "operation.yaml",
        ),
        ("version: {default: true}", "version: v1", None, None, "version.default", True, "defaults.yaml"),
        # levels that are empty say nothing
        (None, "maxBody: 2", "{}", "{}", "max_body", 2, "root.yaml"),
    ],
)
def test_who_decides(
    folder: Any,
    defaults: str | None,
    root: str | None,
    path: str | None,
    operation: str | None,
    attribute: str,
    value: object,
    from_file: str | None,
) -> None:
    settings = Levels(folder, defaults, root, path, operation).settings()
    found: Any = settings
    for part in attribute.split("."):
        found = getattr(found, part)
    assert found == value
    key = {"max_body": "maxBody"}.get(attribute, attribute)
    place = settings.place(key)
    assert (place.file if place else None) == from_file
    assert list(folder.findings) == []


@pytest.mark.parametrize("level", ["root", "path", "operation"])
@pytest.mark.parametrize("name", list(KEYS))
def test_every_key_stands_where_the_table_says(folder: Any, name: str, level: str) -> None:
    texts = {place: KEYS[name].example if place == level else None for place in ("root", "path", "operation")}
    Levels(folder, None, **texts).settings()
    wanted = set() if level in KEYS[name].where else {"misplaced-key"}
    if not KEYS[name].built and not wanted:
        wanted = {"not-built-yet"}
    assert {found.code for found in folder.findings} == wanted


@pytest.mark.parametrize("name", list(KEYS))
def test_what_defaults_may_hold(folder: Any, name: str) -> None:
    key = KEYS[name]
    Levels(folder, key.example, None, None, None).settings()
    codes = {found.code for found in folder.findings}
    if "root" in key.where and key.defaults:
        assert codes == (set() if key.built else {"not-built-yet"})
    else:
        assert codes == {"misplaced-key"}


@pytest.mark.parametrize("name", [name for name, key in KEYS.items() if "path" in key.where or "operation" in key.where])
def test_null_is_right_for_every_key(folder: Any, name: str) -> None:
    level = KEYS[name].where[-1]
    texts = {place: f"{name}: null" if place == level else None for place in ("root", "path", "operation")}
    assert Levels(folder, None, **texts).settings() == Settings()
    assert list(folder.findings) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [("[]", "'x-gateway' must be a mapping"), ("users", "'x-gateway' must be a mapping"), ("5", "'x-gateway' must be a mapping")],
)
def test_an_extension_that_is_no_mapping(folder: Any, text: str, message: str) -> None:
    assert Levels(folder, None, text, None, None).settings() == Settings()
    assert [(found.code, found.message) for found in folder.findings] == [("wrong-value", message)]


def test_an_empty_extension_says_what_to_do(folder: Any) -> None:
    root = folder.read("x-gateway:\npaths: {}").get("x-gateway")
    Inheritance(None, folder.findings, folder.library).effective(root, None, None)
    assert folder.said() == ["wrong-value /x-gateway: 'x-gateway' must be a mapping (leave the key out where there is nothing to say)"]


def test_errors_of_all_levels_are_found_at_once(folder: Any) -> None:
    Levels(folder, "zone: 1", "maxBody: x", "maxDepth: 0", "timeout: 5").settings()
    assert {(found.file, found.pointer) for found in folder.findings} == {
        ("defaults.yaml", "/zone"),
        ("root.yaml", "/maxBody"),
        ("path.yaml", "/maxDepth"),
        ("operation.yaml", "/timeout"),
    }


def test_what_is_right_beside_an_error_still_holds(folder: Any) -> None:
    settings = Levels(folder, None, "maxBody: x\nmaxDepth: 5", None, None).settings()
    assert (settings.max_body, settings.max_depth) == (1 << 20, 5)


def test_a_document_without_version_takes_none_from_the_defaults(folder: Any) -> None:
    assert Levels(folder, "version: {by: path}", "{}", None, None).settings().version is None
    assert list(folder.findings) == []


def test_defaults_know_no_blocks(folder: Any) -> None:
    Levels(folder, "$ref: '#/components/x-gateway/a'", None, None, None).settings()
    assert folder.said() == ["unknown-key /$ref: '$ref' has no meaning in 'defaults' (blocks belong to one document: write the keys here)"]


# --- blocks


def document(folder: Any, text: str, name: str = "api.yaml") -> tuple[Node, Inheritance]:
    return folder.read(text, name), Inheritance(None, folder.findings, folder.library, NAMES)


def at(root: Node, *path: str) -> Node:
    for step in path:
        child = root.get(step)
        assert child is not None
        root = child
    return root


def test_keys_beside_a_reference_are_nearer_than_the_block(folder: Any) -> None:
    root, inheritance = document(
        folder,
        """
        x-gateway: {$ref: '#/components/x-gateway/strict', timeout: {total: 9s}, maxBody: null}
        components: {x-gateway: {strict: {timeout: {total: 3s, idle: 4s}, maxBody: 5, maxDepth: 6}}}
        """,
    )
    settings = inheritance.effective(at(root, "x-gateway"), None, None)
    assert (settings.timeout, settings.max_body, settings.max_depth) == (Timeout(total=9, idle=4), 1 << 20, 6)
    depth = settings.place("maxDepth")
    assert depth is not None
    assert depth.pointer == "/components/x-gateway/strict/maxDepth"
    assert list(folder.findings) == []


def test_a_null_beside_a_reference_removes_what_is_inherited_too(folder: Any) -> None:
    root, inheritance = document(
        folder,
        """
        x-gateway: {maxBody: 1}
        op: {$ref: '#/components/x-gateway/small', maxBody: null}
        components: {x-gateway: {small: {maxBody: 2}}}
        """,
    )
    assert inheritance.effective(at(root, "x-gateway"), None, at(root, "op")).max_body == 1 << 20


def test_blocks_refer_to_blocks_in_other_files(folder: Any) -> None:
    folder.write(
        "components: {x-gateway: {base: {maxBody: 1, maxDepth: 2}, writes: {$ref: '#/components/x-gateway/base', maxDepth: 3}}}",
        "common.yaml",
    )
    root, inheritance = document(
        folder,
        """
        x-gateway: {$ref: '#/components/x-gateway/own'}
        components: {x-gateway: {own: {$ref: 'common.yaml#/components/x-gateway/writes', visibility: internal}}}
        """,
    )
    settings = inheritance.effective(at(root, "x-gateway"), None, None)
    assert (settings.max_body, settings.max_depth, settings.visibility) == (1, 3, "internal")
    body = settings.place("maxBody")
    assert body is not None
    assert (body.file, body.pointer) == ("common.yaml", "/components/x-gateway/base/maxBody")


def test_a_circle_of_blocks_is_found_once(folder: Any) -> None:
    root, inheritance = document(
        folder,
        """
        x-gateway: {$ref: '#/components/x-gateway/a'}
        components:
          x-gateway:
            a: {$ref: '#/components/x-gateway/b', maxBody: 1}
            b: {$ref: '#/components/x-gateway/c'}
            c: {$ref: '#/components/x-gateway/a', maxDepth: 2}
        """,
    )
    settings = inheritance.effective(at(root, "x-gateway"), None, None)
    inheritance.blocks(at(root, "components", "x-gateway"))
    assert folder.said() == ["reference-cycle /components/x-gateway/c/$ref: these blocks refer to each other in a circle: a → b → c → a"]
    assert (settings.max_body, settings.max_depth) == (1, 2)


def test_a_block_that_refers_to_itself(folder: Any) -> None:
    root, inheritance = document(folder, "components: {x-gateway: {a: {$ref: '#/components/x-gateway/a'}}}")
    inheritance.blocks(at(root, "components", "x-gateway"))
    assert folder.said() == ["reference-cycle /components/x-gateway/a/$ref: these blocks refer to each other in a circle: a → a"]


@pytest.mark.parametrize("reference", ["'#/x-gateway'", "common.yaml", "5", "null", "'#/components/schemas/a'", "strict"])
def test_a_reference_to_something_else_than_a_block(folder: Any, reference: str) -> None:
    root, inheritance = document(folder, f"x-gateway: {{$ref: {reference}, maxBody: 1}}")
    assert inheritance.effective(at(root, "x-gateway"), None, None).max_body == 1
    assert folder.said() == [
        "invalid-block-reference /x-gateway/$ref: '$ref' in 'x-gateway' must name a block, such as '#/components/x-gateway/NAME'"
    ]


def test_a_reference_that_leads_nowhere(folder: Any) -> None:
    root, inheritance = document(folder, "x-gateway: {$ref: '#/components/x-gateway/strct'}\ncomponents: {x-gateway: {strict: {}}}")
    inheritance.effective(at(root, "x-gateway"), None, None)
    (finding,) = folder.findings
    assert (finding.code, finding.pointer, finding.hint) == (
        "broken-reference",
        "/x-gateway/$ref",
        "did you mean '#/components/x-gateway/strict'?",
    )


def test_a_block_used_where_its_keys_may_not_stand(folder: Any) -> None:
    root, inheritance = document(
        folder,
        """
        op: {$ref: '#/components/x-gateway/whole'}
        components: {x-gateway: {whole: {mount: /api, maxBody: 1}}}
        """,
    )
    settings = inheritance.effective(None, None, at(root, "op"))
    assert (settings.mount, settings.max_body) == ("", 1)
    assert folder.said() == [
        "misplaced-key /op/$ref: 'mount' cannot stand in an operation, and the block 'whole' holds it (it belongs at the document's root)"
    ]


# --- cost and the short way


def test_what_is_inherited_is_settled_once(folder: Any) -> None:
    root, inheritance = document(folder, "x-gateway: {maxBody: 1}\npath: {maxDepth: 2}")
    level, path = at(root, "x-gateway"), at(root, "path")
    first = inheritance.effective(level, path, None)
    again = inheritance.effective(Node(level.document, level.pointer, level.value), path, None)
    assert again is first
    assert inheritance.effective(level, None, None) is not first


def test_several_path_items_merge_the_nearest_last(folder: Any) -> None:
    root, inheritance = document(folder, "far: {maxBody: 1, maxDepth: 2}\nnear: {maxBody: 3}\n")
    settings = inheritance.effective(None, at(root, "far"), None, nearer=[at(root, "near")])
    assert (settings.max_body, settings.max_depth) == (3, 2)
    assert inheritance.effective(None, at(root, "far"), None).max_body == 1


def test_findings_of_a_level_come_once_however_many_inherit_it(folder: Any) -> None:
    root, inheritance = document(folder, "x-gateway: {maxbody: 1, version: {by: path}}\nops: [{}, {maxDepth: 3}, {maxDepth: 4}]")
    for operation in at(root, "ops").elements():
        inheritance.effective(at(root, "x-gateway"), None, operation)
    assert sorted(found.code for found in folder.findings) == ["missing-key", "unknown-key"]


def test_upstream_names_are_left_alone_when_they_cannot_be_known(folder: Any) -> None:
    root = folder.read("x-gateway: {upstream: anything}")
    Inheritance(None, folder.findings, folder.library).effective(at(root, "x-gateway"), None, None)
    assert list(folder.findings) == []


def test_no_upstream_is_known(folder: Any) -> None:
    root = folder.read("x-gateway: {upstream: users}")
    Inheritance(None, folder.findings, folder.library, ()).effective(at(root, "x-gateway"), None, None)
    assert folder.said() == [
        "unknown-upstream /x-gateway/upstream: there is no upstream 'users' in gateway.yaml"
        " (gateway.yaml names none; a URL works too: 'upstream: http://127.0.0.1:8081')"
    ]


@pytest.mark.parametrize("name", list(KEYS))
def test_an_example_shows_its_own_key(folder: Any, name: str) -> None:
    assert list(folder.read(KEYS[name].example).value) == [name]


def test_documents_that_say_nothing_need_no_models() -> None:
    code = (
        "import sys; from specgw.xgateway.inheritance import Inheritance; from specgw.diagnostics import Findings; "
        "Inheritance(None, Findings(), None).effective(None, None, None); sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

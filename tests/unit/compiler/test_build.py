from __future__ import annotations

import subprocess
import sys
from typing import Any

OK = "responses: {default: {description: ok}}"


def test_what_is_made_of_a_build_is_made_once(build: Any) -> None:
    made = build(f"paths: {{/a: {{get: {{{OK}}}}}}}")
    for view in ("merged", "mocks", "listing", "security"):
        assert getattr(made, view) is getattr(made, view)
    assert list(made.merged) == ["openapi.json"]


def test_files_are_all_that_was_read(build: Any) -> None:
    made = build(
        {
            "gateway.yaml": "gateway: {}",
            "a.yaml": "paths: {/a: {get: {responses: {default: {$ref: 'shared.yaml#/ok'}}}}}",
            "shared.yaml!": "ok: {description: ok}",
            "unused.yaml!": "x: 1",
        }
    )
    assert sorted(path.name for path in made.files) == ["a.yaml", "gateway.yaml", "shared.yaml"]
    assert all(path.is_absolute() for path in made.files)


def test_a_compile_that_asks_for_the_plan_alone_does_not_load_the_merging() -> None:
    code = "import sys, specgw.compiler.compile; sys.exit('specgw.compiler.merge.document' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

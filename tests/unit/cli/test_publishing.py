from __future__ import annotations

from pathlib import Path

from specgw.cli.publishing import check_guides, published
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.portal.published import Guide, Theme

API = (
    "openapi: 3.1.0\ninfo: {title: A, version: '1'}\nservers: [{url: 'http://h'}]\n"
    "paths: {/a: {get: {responses: {default: {description: ok}}}}}\n"
)


def test_everything_that_a_build_has_for_the_portal(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(API, encoding="utf-8")
    (tmp_path / "gateway.yaml").write_text("gateway: {portal: {name: N, colors: {accent: '#0b6355'}}}", encoding="utf-8")
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "g.md").write_text("---\norder: 1\n---\n# G\n\n[x](y.md)", encoding="utf-8")
    build = compile_documents(Inputs((tmp_path,), base=tmp_path), environ={})
    made = published(build)
    assert (made.documents, made.plan, made.history) == (build.merged, build.plan, None)
    assert made.services == {"a": {"info": {"title": "A", "version": "1"}}}
    assert made.guides == {"g": Guide("# G\n\n[x](y.md)", "guides/g.md", 4)}
    assert made.theme == Theme("N", "#0b6355")
    check_guides(build)
    [finding] = build.findings
    assert (finding.code, finding.file, finding.line, finding.column) == ("dead-link", "guides/g.md", 6, 5)
    assert build.excerpt(finding.file, finding.line) == "[x](y.md)"

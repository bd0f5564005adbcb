"""Documents → routes and findings. Each `*.case` file is one test; adding a case needs no code.

A file begins with a line or more that say what is to be seen and why, then sections:

    === NAME.yaml, NAME.json, folder/NAME.yaml    files to compile, as many as wanted; `NAME.yaml latin-1` in another encoding
    === options                                   optional YAML: {paths, gateway, profiles, upstream, strict, explain, examples}
    === routes                                    what is served, one line a route, settings that are not the default below it
    === findings                                  what a person is told
    === contract                                  optional: what is validated of each route
    === schemas                                   optional: what schemas become
    === explain                                   optional: what `specgw explain` says of the requests in the option `explain`
    === plan | merged | mocks                     optional: these parts of the build in full, routes and schemas excepted

`routes` is "none" where the findings hold an error, so that there is no Plan.
`pytest tests/golden --update-golden` rewrites what is expected with what came; read the difference before you keep it.
A new case needs only its words and files: the update adds `routes` and `findings`.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import msgspec.structs
import pytest
import yaml

from specgw.cli.explaining.asked import read_asked
from specgw.cli.explaining.explanation import explain
from specgw.cli.explaining.text import as_text
from specgw.cli.publishing import check_guides
from specgw.compiler.build import Build
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.contract.examples.proof import prove
from specgw.plan.model import Part, Plan, Route, UpstreamChoice

FOLDER = Path(__file__).parent
CASES = sorted(FOLDER.rglob("*.case"))
CONTRACT = frozenset(("parameters", "body", "responses"))
IN_THE_LINE = CONTRACT | {"id", "operation_id", "service", "method", "path", "document_path", "origin", "upstreams", "rewrite"}


class Dumper(yaml.SafeDumper):
    """YAML without anchors, which a reader would have to follow."""

    def ignore_aliases(self, data: Any) -> bool:
        """Always: everything is written out."""
        return True


def as_yaml(value: object) -> str:
    """A value as YAML, keys in their order."""
    return str(yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=140)).rstrip("\n") if value else ""


def destination(route: Route, choice: UpstreamChoice, plan: Plan) -> str:
    """Where a request of this route goes: every target of the upstream, with the path sent there."""
    path = route.document_path
    bare = False
    if route.rewrite is not None:
        bare = True
        path = route.rewrite.template or f"{route.rewrite.prefix}{path}"
    urls = []
    for target in plan.upstreams[choice.upstream].targets:
        base = re.sub(r"^(\w+://[^/]+).*", r"\1", target.url) if bare else target.url.rstrip("/")
        urls.append(base + path + (f" (weight {target.weight})" if target.weight != 1 else ""))
    when = f" when {msgspec.to_builtins(choice.conditions)}" if choice.conditions else ""
    return f"{choice.upstream}{when} = {' | '.join(urls)}"


def unusual(value: Any, left_out: frozenset[str] = frozenset()) -> Any:
    """A part of a Plan as plain values, without the members that are the default."""
    if isinstance(value, dict):
        return {key: unusual(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [unusual(member) for member in value]
    if not isinstance(value, Part):
        return value
    found = {}
    for field in msgspec.structs.fields(type(value)):
        member = getattr(value, field.name)
        default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
        if field.name not in left_out and member != default:
            found[field.name] = unusual(member)
    return found


def routes(plan: Plan) -> str:
    """Every route in a line, and below it what is not the default."""
    lines = []
    for route in plan.routes:
        origin = f"{route.origin.file}:{route.origin.line}"
        lines.append(f"{route.method} {route.path}  {route.id}  {route.service}  {origin}")
        lines += [f"  → {destination(route, choice, plan)}" for choice in route.upstreams] or ["  → no upstream"]
        lines += [f"  {line}" for line in as_yaml(unusual(route, IN_THE_LINE)).splitlines()]
    return "\n".join(lines)


def findings(build: Build, *, strict: bool) -> str:
    """Every finding as a person reads it."""
    lines = []
    for finding in build.findings.settle(strict=strict):
        place = f"{finding.file}:{finding.line}:{finding.column}"
        lines.append(f"{place}: {finding.severity.value}[{finding.code}] {finding.message}")
        lines.append(f"  at {finding.pointer or '(root)'}")
        if finding.hint:
            lines.append(f"  hint: {finding.hint}")
    return "\n".join(lines)


def explained(build: Build, requests: list[str]) -> str:
    """What is known of each request: method, URL and header lines, separated by ` | `; settings that nobody gave left out."""
    assert build.plan is not None
    told = []
    for request in requests:
        target, *fields = request.split(" | ")
        method, _, url = target.partition(" ")
        told.append(as_text(explain(build.plan, build.origins, build.security, read_asked(method, url, fields))).plain)
    lines = "\n".join(told).rstrip("\n").splitlines()
    return "\n".join(line for line in lines if not line.endswith("  built-in default") or "  public  " in line)


def shown(build: Build, name: str, *, strict: bool, requests: list[str]) -> str:
    """One section of what came."""
    plan = build.plan
    match name:
        case "findings":
            return findings(build, strict=strict)
        case _ if plan is None:
            return "none"
        case "routes":
            return routes(plan)
        case "plan":
            return as_yaml(unusual(plan, frozenset(("schemas", "routes"))))
        case "contract":
            return as_yaml({route.id: {key: part for key, part in unusual(route).items() if key in CONTRACT} for route in plan.routes})
        case "schemas":
            return as_yaml({name: schema for name, schema in plan.schemas.items() if name.startswith(("request:", "response:"))})
        case "merged":
            return as_yaml(build.merged)
        case "explain":
            return explained(build, requests)
        case "mocks":
            return as_yaml(build.mocks)
    raise AssertionError(f"no such section: {name}")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.relative_to(FOLDER).with_suffix("").as_posix())
def test_case(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    words, *rest = re.split(r"^=== (\S+(?: \S+)?)\n", path.read_text(), flags=re.MULTILINE)
    sections = {name: text.removesuffix("\n") for name, text in zip(rest[::2], rest[1::2], strict=True)}
    assert words.strip(), "a case begins with what is to be seen, and why"
    assert len(sections) == len(rest) // 2, "a section stands twice"

    options: dict[str, Any] = yaml.safe_load(sections.get("options", "")) or {}
    for title, text in sections.items():
        name, _, encoding = title.partition(" ")
        if "." in name:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text and text + "\n", encoding=encoding or "utf-8")
    paths = tuple(tmp_path / name for name in options.pop("paths", ["."]))
    strict = bool(options.pop("strict", False))
    requests = options.pop("explain", [])
    profiles = tuple(options.pop("profiles", ()))
    gateway = tmp_path / options.pop("gateway") if "gateway" in options else None
    inputs = Inputs(paths, gateway, profiles, options.pop("upstream", None), tmp_path)
    build = compile_documents(inputs)
    if options.pop("examples", False):
        prove(compile_documents(dataclasses.replace(inputs, thorough=True)), build.findings)
    check_guides(build)
    assert not options, "an option that no one reads"

    if request.config.getoption("--update-golden"):
        for name in ("routes", "findings"):
            sections.setdefault(name, "")
    came = {name: shown(build, name, strict=strict, requests=requests) for name in sections if "." not in name and name != "options"}
    if request.config.getoption("--update-golden"):
        sections |= came
        path.write_text(words + "".join(f"=== {name}\n{text}\n" if text else f"=== {name}\n" for name, text in sections.items()))
    assert came == {name: sections.get(name) for name in came}
    assert {"routes", "findings"} <= sections.keys(), "every case shows its routes and its findings"

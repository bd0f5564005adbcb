from __future__ import annotations

import re
from typing import Any

from specgw.compiler.checks.ambiguous_paths import MOST_TOLD
from specgw.plan.template import parse


def paths(*templates: str, said: str = "") -> str:
    lines = ["paths:"]
    for template in templates:
        names = re.findall(r"\{(\w+)\}", template)
        parameters = ", ".join(f"{{name: {name}, in: path, required: true, schema: {{}}}}" for name in names)
        lines.append(f"  '{template}': {{{said} get: {{parameters: [{parameters}], responses: {{default: {{description: ok}}}}}}}}")
    return "\n".join(lines)


def test_a_witness_shows_what_both_match_and_the_finding_says_which_is_taken(build: Any) -> None:
    made = build(paths("/a/{x}/c", "/a/b/{y}"))
    [finding] = made.findings
    assert (finding.code, finding.severity, finding.line) == ("ambiguous-paths", "warning", 6)
    assert "/a/b/{y} and /a/{x}/c (users.yaml:5) both match '/a/b/c'" in finding.message
    assert finding.message.endswith("the gateway takes /a/b/{y}")
    assert made.plan is not None


def test_concrete_before_templated_is_no_finding(build: Any) -> None:
    assert list(build(paths("/a/{x}", "/a/me", "/a/{x}.json", "/b/{x}/{y}", "/b/c/{y}")).findings) == []


def test_the_witness_is_matched_by_both(build: Any) -> None:
    [finding] = build(paths("/{x}.json", "/report-{y}")).findings
    witness = finding.message.split("'")[1]
    assert parse("/{x}.json").match(witness)
    assert parse("/report-{y}").match(witness)


def test_paths_of_different_hosts_do_not_meet(build: Any) -> None:
    made = build({"a.yaml": "x-gateway: {host: a.example}\n" + paths("/a/{x}/c"), "b.yaml": paths("/a/b/{y}")})
    assert list(made.findings) == []


def test_prefixes_are_meant_to_meet_other_paths(build: Any) -> None:
    assert list(build(paths("/a/{x}/c", "/a/b/{y}", said="x-gateway: {pathMatch: prefix},")).findings) == []


def test_what_two_templates_share_may_belong_to_a_third(build: Any) -> None:
    assert list(build(paths("/a/{x}/c", "/a/b/{y}", "/a/b/c")).findings) == []
    assert list(build(paths("/a/{x}/v{n}", "/a/b/{y}", "/a/b/v{n}")).findings) == []
    assert len(list(build(paths("/a/{x}/v{n}", "/a/b/{y}", "/a/b/v1")).findings)) == 1


def test_paths_that_share_one_of_their_hosts_meet_once(build: Any) -> None:
    several = "x-gateway: {host: [a.example, b.example]}\n"
    made = build({"a.yaml": several + paths("/a/{x}/c"), "b.yaml": several.replace("b.", "c.") + paths("/a/b/{y}")})
    assert [finding.code for finding in made.findings] == ["ambiguous-paths"]
    made = build({"a.yaml": several + paths("/a/{x}/c"), "b.yaml": several + paths("/a/b/{y}")})
    assert [finding.code for finding in made.findings] == ["ambiguous-paths"]


def test_one_mistake_made_again_and_again_is_told_some_times_and_then_counted(build: Any) -> None:
    made = build(paths(*(f"/{{x}}/a{number}" for number in range(MOST_TOLD + 5)), "/b/{y}"))
    told = [finding.message for finding in made.findings]
    assert len(told) == MOST_TOLD + 1
    assert sum(f"/b/{{y}} shares paths with more than {MOST_TOLD} others" in message for message in told) == 1

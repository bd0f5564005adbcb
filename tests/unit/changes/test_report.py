from __future__ import annotations

from specgw.changes.change import TITLES, Change
from specgw.changes.report import as_json, as_markdown, as_text
from specgw.plan.model import Origin

OPEN = Change(
    grade="weaker",
    code="security",
    subject="GET /status",
    message="public is enough now",
    before="users/key",
    after="public",
    old=Origin(file="old/users.yaml", line=5),
    new=Origin(file="users.yaml", line=7),
)
ODD = Change(grade="neutral", code="operation-added", subject="GET /<b>|`_\nerror: none", message="new, and protected")


def test_a_text_has_a_block_for_each_grade_and_no_line_of_its_own_making() -> None:
    assert as_text([OPEN, ODD], {OPEN.mark}) == (
        "weaker protection:\n"
        f"  {OPEN.mark}  GET /status: public is enough now  (old/users.yaml:5 → users.yaml:7)  [accepted]\n"
        "neutral:\n"
        f"  {ODD.mark}  GET /<b>|`_ error: none: new, and protected\n"
    )


def test_markdown_is_a_table_whatever_documents_hold() -> None:
    lines = as_markdown([OPEN, ODD], ()).splitlines()
    assert lines[:5] == [
        "### Weaker protection",
        "",
        "| what | change | where | mark |",
        "|---|---|---|---|",
        f"| GET /status | public is enough now | old/users.yaml:5 → users.yaml:7 | `{OPEN.mark}` |",
    ]
    assert lines[-1] == f"| GET /&lt;b>\\|\\`\\_ error: none | new, and protected |  | `{ODD.mark}` |"


def test_json_has_everything() -> None:
    document = as_json([OPEN], ())
    assert document == {
        "changes": [
            {
                "mark": OPEN.mark,
                "class": "weaker protection",
                "code": "security",
                "subject": "GET /status",
                "message": "public is enough now",
                "before": "users/key",
                "after": "public",
                "old": {"file": "old/users.yaml", "line": 5},
                "new": {"file": "users.yaml", "line": 7},
                "accepted": False,
            }
        ],
        "summary": {title: int(title == "weaker protection") for title in TITLES.values()},
    }


def test_nothing_is_said_in_words() -> None:
    assert as_text([], ()) == "no changes\n"
    assert as_markdown([], ()) == "No changes.\n"

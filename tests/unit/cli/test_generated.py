from __future__ import annotations

from pathlib import Path

import pytest

from specgw.cli.generated import read_plan, read_security
from specgw.cli.specs import Generated, Refused
from specgw.plan.codec import encode, seal
from specgw.plan.model import Edge, Listen, Plan


def test_a_plan_is_read(tmp_path: Path) -> None:
    plan = Plan(edge=Edge(listen=Listen(port=8123)))
    (tmp_path / "plan.json").write_bytes(encode(plan))
    assert read_plan(Generated(tmp_path)) == plan


@pytest.mark.parametrize(
    ("content", "said"), [(b"{", "not a plan"), (b'{"format": 999999}', "build it again"), (seal(b'{"format": 2, "routes": 3}'), "damaged")]
)
def test_what_is_no_plan_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "plan.json").write_bytes(content)
    with pytest.raises(Refused, match=said):
        read_plan(Generated(tmp_path))


def test_a_plan_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"plan\.json: No such file"):
        read_plan(Generated(tmp_path))


def test_the_security_matrix_is_read(tmp_path: Path) -> None:
    (tmp_path / "security.json").write_text('{"operations": []}')
    assert read_security(Generated(tmp_path)) == {"operations": []}


@pytest.mark.parametrize(("content", "said"), [(None, "No such file"), ("{", "damaged")])
def test_a_security_matrix_that_cannot_be_read_is_refused(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "security.json").write_text(content)
    with pytest.raises(Refused, match=said):
        read_security(Generated(tmp_path))

from __future__ import annotations

from urllib.parse import quote

import pytest

from specgw.policies.certificate import LONGEST, Shown, vouched
from tests.unit.tls.authority import Authority

ISSUED = Authority().issue("a.example", client=True)


def test_what_is_written_is_read() -> None:
    assert vouched(Shown(ISSUED.der).field) == Shown(ISSUED.der, vouched=True)


def test_pem_with_escapes_as_nginx_writes_it() -> None:
    assert vouched(quote(ISSUED.pem).encode()) == Shown(ISSUED.der, vouched=True)


LONG = b":" + b"A" * LONGEST + b":"


@pytest.mark.parametrize("field", [b"", b":", b"::", b":%%%:", b"abc", b":YQ==:, :YQ==:", quote("\xff").encode(), LONG])
def test_what_cannot_be_read_is_nobodys(field: bytes) -> None:
    assert vouched(field) == Shown(b"", vouched=True)

from __future__ import annotations

from specgw.policies.auth.remembered import Remembered, digest_of


def test_until_its_end_and_not_longer() -> None:
    memory: Remembered[str] = Remembered()
    memory.put(b"a", 10.0, "ada")
    assert memory.get(b"a", 9.9) == "ada"
    assert memory.get(b"a", 10.0) is None
    assert len(memory) == 0
    assert memory.get(b"b", 0.0) is None


def test_bounded_and_the_oldest_goes_first() -> None:
    memory: Remembered[int] = Remembered(2)
    for number, name in enumerate((b"a", b"b", b"b", b"c")):
        memory.put(name, 10.0, number)
    assert [memory.get(name, 0.0) for name in (b"a", b"b", b"c")] == [None, 2, 3]
    memory.forget()
    assert len(memory) == 0


def test_a_digest_is_not_the_token() -> None:
    assert digest_of(b"token") != b"token"
    assert digest_of(b"token") == digest_of(b"token") != digest_of(b"tokem")

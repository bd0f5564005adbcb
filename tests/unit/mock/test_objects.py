from __future__ import annotations

import pytest

from specgw.mock import objects
from specgw.mock.objects import Objects

PLACE = ("pets /pets",)


def test_objects_belong_to_the_caller_who_created_them() -> None:
    kept = Objects()
    kept.put("a", PLACE, "1", {"id": 1})
    kept.put("a", ("pets /pets", "x"), "1", {"id": "x"})
    assert kept.find("a", PLACE, "1") == {"id": 1}
    assert kept.all("a", PLACE) == [{"id": 1}]
    assert kept.find("b", PLACE, "1") is None
    assert kept.all("b", PLACE) == []
    assert not kept.remove("b", PLACE, "1")
    assert kept.remove("a", PLACE, "1")
    assert kept.find("a", PLACE, "1") is None


def test_they_end_an_hour_after_the_last_write() -> None:
    now = 0.0
    kept = Objects(lambda: now)
    kept.put("a", PLACE, "1", {})
    kept.put("a", PLACE, "2", {})
    now = 10.0
    kept.put("a", PLACE, "1", {"again": True})
    now = objects.TIME_TO_LIVE
    assert kept.all("a", PLACE) == [{"again": True}]
    now += 10.0
    assert kept.find("a", PLACE, "1") is None
    assert (len(kept), kept.size) == (0, 0)


def test_a_caller_has_so_many_and_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "OF_A_CALLER", 2)
    monkeypatch.setattr(objects, "BYTES_OF_A_CALLER", 30)
    kept = Objects()
    kept.put("b", PLACE, "1", {})
    for name in ("1", "2", "3"):
        kept.put("a", PLACE, name, {"n": name})
    assert kept.all("a", PLACE) == [{"n": "2"}, {"n": "3"}]
    kept.put("a", PLACE, "4", {"text": "x" * 18})
    assert kept.all("a", PLACE) == [{"text": "x" * 18}]
    kept.put("a", PLACE, "5", {"text": "x" * 30})
    assert kept.find("a", PLACE, "5") is None
    assert kept.find("b", PLACE, "1") == {}


def test_all_together_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "OBJECTS", 3)
    monkeypatch.setattr(objects, "BYTES", 50)
    kept = Objects()
    for caller in ("a", "b", "c", "d"):
        kept.put(caller, PLACE, "1", {})
    assert [len(kept.all(caller, PLACE)) for caller in ("a", "b", "c", "d")] == [0, 1, 1, 1]
    kept.put("e", PLACE, "1", {"text": "x" * 39})
    assert (len(kept), kept.size) == (1, 50)


def test_a_number_is_never_given_twice() -> None:
    kept = Objects()
    assert [kept.number() for _ in range(3)] == [1, 2, 3]

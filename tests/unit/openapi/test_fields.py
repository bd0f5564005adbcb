from __future__ import annotations

from specgw.openapi.fields import FIELDS, METHODS, MOVED, REFERABLE, SINCE


def test_every_table_speaks_of_objects_that_there_are() -> None:
    assert set(FIELDS) >= REFERABLE
    assert set(FIELDS) >= {kind for kind, _ in MOVED} | {kind for kind, _ in SINCE}


def test_what_moved_is_no_field_any_more_and_what_came_is_one() -> None:
    assert not [(kind, field) for kind, field in MOVED if field in FIELDS[kind]]
    assert all(field in FIELDS[kind] for kind, field in SINCE)


def test_a_path_item_has_every_method() -> None:
    assert set(METHODS) <= set(FIELDS["Path Item"])
    assert "query" in METHODS
    assert SINCE["Path Item", "query"] == "3.2"


def test_a_header_has_neither_name_nor_location() -> None:
    assert set(FIELDS["Parameter"]) - set(FIELDS["Header"]) == {"name", "in"}

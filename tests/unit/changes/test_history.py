from __future__ import annotations

from datetime import date

import msgspec
import pytest

from specgw.changes import history
from specgw.changes.change import Change, Grade
from specgw.changes.history import CHANGES, ENTRIES, History, Recorded, Service, State

FIRST, LATER = date(2026, 1, 2), date(2026, 3, 4)
STATE = State({"users": Service(title="Users", version="1.0")}, {"GET /users": "users"})
NEXT = State({"users": Service(title="Users", version="1.1")}, {"GET /users": "users"})


def change(grade: Grade = "breaking", code: str = "parameter-required", *, operation: str = "GET /users", place: str = "query n") -> Change:
    subject = f"{operation}, {place}" if place else operation
    return Change(grade=grade, code=code, subject=subject, message="it changed", operation=operation)


def begun(state: State = STATE) -> History:
    return history.begun(state, FIRST, b"{}", "https://api.example.com/x")


def test_the_first_entry_says_that_there_is_something() -> None:
    made = begun()
    [entry] = made.entries
    assert (entry.number, entry.date, entry.versions, entry.changes) == (1, FIRST, {"users": (None, "1.0")}, ())


@pytest.mark.parametrize(
    ("public_url", "authority"),
    [
        ("https://API.example.com:8443/x", "api.example.com"),
        (None, "localhost"),
        ("${PUBLIC_URL}", "localhost"),
        ("http://[::1]/", "localhost"),
    ],
)
def test_a_history_is_named_by_a_tag(public_url: str | None, authority: str) -> None:
    made = history.begun(STATE, FIRST, b"{}", public_url)
    assert made.id == f"tag:{authority},2026-01-02:44136fa355b3678a"


def test_a_change_is_told_with_its_service_operation_and_place() -> None:
    made = history.continued(begun(), STATE.operations, NEXT, [change()], LATER)
    entry, first = made.entries
    assert first == begun().entries[0]
    assert (entry.number, entry.date, entry.versions, entry.counts) == (2, LATER, {"users": ("1.0", "1.1")}, {"breaking": 1})
    [told] = entry.changes
    assert told == Recorded(
        kind="breaking", code="parameter-required", service="users", operation="GET /users", place="query n", text="it changed"
    )


def test_nothing_noticed_is_no_entry() -> None:
    assert history.continued(begun(), STATE.operations, STATE, [], LATER) == begun()


def test_another_title_is_kept_without_an_entry() -> None:
    titled = State({"users": Service(title="People", version="1.0")}, STATE.operations)
    made = history.continued(begun(), STATE.operations, titled, [], LATER)
    assert (made.entries, made.services["users"].title) == (begun().entries, "People")


@pytest.mark.parametrize("grade", ["weaker", "stronger", "neutral"])
def test_what_changes_protection_is_not_told(grade: Grade) -> None:
    assert history.continued(begun(), STATE.operations, STATE, [change(grade)], LATER) == begun()


def test_a_risky_change_is_a_change_and_the_gravest_stand_first() -> None:
    made = history.continued(begun(), STATE.operations, STATE, [change("fixed"), change("risky"), change("breaking")], LATER)
    assert [told.kind for told in made.entries[0].changes] == ["breaking", "changed", "fixed"]


def test_a_service_comes_and_goes_as_a_whole() -> None:
    both = State({**STATE.services, "shop": Service(title="Shop", version="7")}, {**STATE.operations, "GET /a": "shop", "PUT /a": "shop"})
    added = [change("added", "path-added", operation=operation, place="") for operation in ("GET /a", "PUT /a")]
    come = history.continued(begun(), STATE.operations, both, added, LATER)
    [told] = come.entries[0].changes
    assert (told.code, told.service, told.text) == ("service-added", "shop", "the service is new, with 2 operations")
    gone = history.continued(come, both.operations, STATE, [change(code="path-removed", operation="GET /a", place="")], LATER)
    [told] = gone.entries[0].changes
    assert (told.kind, told.code, gone.entries[0].versions) == ("breaking", "service-removed", {"shop": ("7", None)})


def test_it_is_bounded() -> None:
    made = begun()
    for number in range(ENTRIES + 4):
        changes = [change(place=f"query p{each}") for each in range(CHANGES + 3)] if number == ENTRIES else [change()]
        made = history.continued(made, STATE.operations, STATE, changes, LATER)
    assert (len(made.entries), made.omitted, made.entries[0].number) == (ENTRIES, 5, ENTRIES + 5)
    [long] = [entry for entry in made.entries if entry.omitted]
    assert (len(long.changes), long.omitted, long.counts) == (CHANGES, 3, {"breaking": CHANGES + 3})


def test_what_is_written_is_read() -> None:
    made = history.continued(begun(), STATE.operations, NEXT, [change()], LATER)
    assert history.read(history.written(made)) == made
    assert history.written(made).startswith(b'{\n  "changelog": 1,')


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "truncated"),
        (b"<<<<<<< HEAD\n", "malformed"),
        (b'{"changes": []}', "unknown field `changes`"),
        (b'{"changelog": 2, "id": "tag:x", "services": {}, "entries": []}', "of format 2"),
        (b'{"changelog": 1, "id": "tag:x", "services": {}, "entries": [{"number": 0, "date": "2026-01-01"}]}', "\\$.entries\\[0\\].number"),
        (b"\xff\xfe", "malformed|utf-8"),
    ],
)
def test_what_is_damaged_or_foreign_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(history.Unreadable, match=words):
        history.read(content)


def test_an_unknown_field_is_refused() -> None:
    content = msgspec.json.decode(history.written(begun()))
    content["more"] = 1
    with pytest.raises(history.Unreadable, match="more"):
        history.read(msgspec.json.encode(content))

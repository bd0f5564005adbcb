from __future__ import annotations

from specgw.policies.auth.algorithms import DEFAULT, PUBLIC, SECRET, VERIFY


def test_by_default_nothing_is_accepted_that_a_public_key_could_be_taken_for_a_secret_of() -> None:
    assert not DEFAULT & set(SECRET)
    assert DEFAULT.union(SECRET) == set(VERIFY)


def test_none_is_in_no_list() -> None:
    assert not any(name.lower() == "none" for name in VERIFY)


def test_no_algorithm_belongs_to_two_types_of_keys() -> None:
    every = [name for names in (*PUBLIC.values(), frozenset(SECRET)) for name in names]
    assert len(every) == len(set(every))

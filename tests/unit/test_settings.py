from __future__ import annotations

import os
from pathlib import Path

import pytest

import specgw
from specgw.settings import Settings, python_path, read_settings, variables


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings({}) == Settings(gateway_config=None, active_profiles=(), redis_url=None, no_color=False)


def test_every_variable_is_read() -> None:
    environ = {"GATEWAY_CONFIG": "deploy/gateway.yaml", "ACTIVE_PROFILES": "dev", "REDIS_URL": "redis://cache:6379"}
    environ |= {"XDG_STATE_HOME": "/var/lib", "SOURCE_DATE_EPOCH": "1767312000", "NO_COLOR": "1"}
    settings = read_settings(environ)
    assert settings == Settings(
        gateway_config=Path("deploy/gateway.yaml"),
        active_profiles=("dev",),
        redis_url="redis://cache:6379",
        state_home=Path("/var/lib"),
        source_date_epoch="1767312000",
        no_color=True,
    )
    assert [name for name, _ in variables()] == list(environ)


def test_a_variable_that_is_set_but_empty_counts_as_not_set() -> None:
    assert read_settings({name: "" for name, _ in variables()}) == Settings()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("dev", ("dev",)),
        (" dev , local ", ("dev", "local")),
        ("local,dev,local", ("local", "dev")),
        (",,", ()),
        ("  ", ()),
    ],
)
def test_profiles_are_trimmed_and_keep_their_order(text: str, names: tuple[str, ...]) -> None:
    assert read_settings({"ACTIVE_PROFILES": text}).active_profiles == names


@pytest.mark.parametrize(("text", "dev"), [("dev", True), ("local,dev", True), ("development", False), ("", False)])
def test_dev_is_a_profile_of_that_exact_name(text: str, dev: bool) -> None:
    assert read_settings({"ACTIVE_PROFILES": text}).dev is dev


def test_every_variable_says_what_it_means() -> None:
    assert all(len(meaning) > 40 for _, meaning in variables())


def test_other_processes_import_the_package_that_runs_here() -> None:
    here = str(Path(specgw.__file__).parents[1])
    assert python_path({}) == python_path({"PYTHONPATH": ""}) == here
    assert python_path({"PYTHONPATH": "/their/own"}) == f"{here}{os.pathsep}/their/own"

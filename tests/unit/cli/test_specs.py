from __future__ import annotations

from pathlib import Path

import pytest

from specgw.cli.specs import Documents, Generated, Refused, locate, locate_documents
from specgw.settings import Settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def touch(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()


def test_what_is_given_is_taken(folder: Path) -> None:
    touch("a.yaml", "more/b.yaml", "gateway.yaml", "specs/c.yaml")
    assert locate([Path("a.yaml"), Path("more")], Settings()) == Documents((Path("a.yaml"), Path("more")))


def test_gateway_config_holds_for_given_documents_too(folder: Path) -> None:
    touch("a.yaml", "deploy/gateway.yaml")
    settings = Settings(gateway_config=Path("deploy/gateway.yaml"))
    assert locate([Path("a.yaml")], settings) == Documents((Path("a.yaml"),), Path("deploy/gateway.yaml"))


def test_without_specs_gateway_config_comes_first(folder: Path) -> None:
    touch("deploy/gateway.yaml", "gateway.yaml", "specs/c.yaml")
    settings = Settings(gateway_config=Path("deploy/gateway.yaml"))
    assert locate([], settings) == Documents((), Path("deploy/gateway.yaml"))


def test_then_gateway_yaml_here(folder: Path) -> None:
    touch("gateway.yaml", "specs/c.yaml")
    assert locate([], Settings()) == Documents((), Path("gateway.yaml"))


def test_then_the_folder_specs(folder: Path) -> None:
    touch("specs/c.yaml")
    assert locate([], Settings()) == Documents((Path("specs"),))


def test_a_file_named_specs_is_not_that_folder(folder: Path) -> None:
    touch("specs")
    with pytest.raises(Refused, match="no SPECS"):
        locate([], Settings())


def test_nothing_at_all_is_refused_and_says_what_was_looked_for(folder: Path) -> None:
    with pytest.raises(Refused, match=r"GATEWAY_CONFIG is not set.*\./gateway\.yaml nor \./specs") as refused:
        locate([], Settings())
    assert refused.value.exit_code == 2


def test_what_does_not_exist_is_refused_by_name(folder: Path) -> None:
    touch("a.yaml")
    with pytest.raises(Refused, match=r"^missing/b\.yaml: no such file or folder$"):
        locate([Path("a.yaml"), Path("missing/b.yaml")], Settings())


@pytest.mark.parametrize("given", [[], [Path("a.yaml")]])
def test_a_gateway_config_that_is_no_file_is_refused(folder: Path, given: list[Path]) -> None:
    touch("a.yaml", "deploy/other.yaml")
    with pytest.raises(Refused, match="GATEWAY_CONFIG names it"):
        locate(given, Settings(gateway_config=Path("deploy")))


def test_a_folder_with_a_plan_is_what_build_wrote(folder: Path) -> None:
    touch("generated/plan.json")
    located = locate([Path("generated")], Settings(gateway_config=Path("not-looked-at.yaml")))
    assert located == Generated(Path("generated"))
    assert located.plan == Path("generated/plan.json")


def test_what_build_wrote_is_served_alone(folder: Path) -> None:
    touch("generated/plan.json", "a.yaml")
    with pytest.raises(Refused, match=r"^generated is what `specgw build` wrote"):
        locate([Path("a.yaml"), Path("generated")], Settings())


def test_commands_that_compile_refuse_what_build_wrote(folder: Path) -> None:
    touch("generated/plan.json", "a.yaml")
    with pytest.raises(Refused, match="name the documents that it was built from"):
        locate_documents([Path("generated")], Settings())
    assert locate_documents([Path("a.yaml")], Settings()) == Documents((Path("a.yaml"),))


@pytest.mark.parametrize(
    ("paths", "base"),
    [
        (("specs",), "."),
        (("specs/c.yaml",), "specs"),
        (("specs/c.yaml", "more/b.yaml"), "."),
        (("specs", "deploy/specs"), "."),
        ((".",), "."),
        (("specs", "."), "."),
    ],
)
def test_names_are_kept_from_the_same_folder_wherever_a_command_runs(folder: Path, paths: tuple[str, ...], base: str) -> None:
    assert Documents(tuple(map(Path, paths))).base == folder / base
    assert Documents(tuple(folder / path for path in paths)).base == folder / base


def test_without_paths_the_folder_of_gateway_yaml_is_taken(folder: Path) -> None:
    assert Documents((), Path("deploy/gateway.yaml")).base == folder / "deploy"

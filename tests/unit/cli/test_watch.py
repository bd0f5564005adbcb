from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from specgw.cli.watch import Watch


def write(path: Path, text: str = "openapi: 3.1.0\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A folder with a document that refers to one outside of it."""
    write(tmp_path / "specs" / "users.yaml")
    write(tmp_path / "specs" / "deep" / "er" / "products.json")
    write(tmp_path / "shared" / "schema.txt")
    return tmp_path / "specs"


@pytest.fixture
def watch(specs: Path) -> Watch:
    watch = Watch([specs])
    watch.read([specs / "users.yaml", specs.parent / "shared" / "schema.txt"])
    return watch


def test_nothing_happened(watch: Watch) -> None:
    assert not watch.changed()


@pytest.mark.parametrize(
    "change",
    [
        lambda specs: write(specs / "users.yaml", "openapi: 3.1.0 # changed\n"),
        lambda specs: write(specs.parent / "shared" / "schema.txt", "changed"),
        lambda specs: (specs / "users.yaml").unlink(),
        lambda specs: write(specs / "deep" / "er" / "products.json", "{}"),
        lambda specs: write(specs / "new.yml"),
        lambda specs: write(specs / "newer" / "new.yaml"),
        lambda specs: os.replace(write(specs / "users.yaml~"), specs / "users.yaml"),
        lambda specs: write(specs.parent / "shared" / "gateway.dev.yaml"),
    ],
    ids=["edited", "a referenced file", "removed", "below", "new file", "new folder", "replaced by its like", "beside a referenced file"],
)
def test_a_change_is_seen_once(watch: Watch, specs: Path, change: Callable[[Path], object]) -> None:
    change(specs)
    assert watch.changed()
    assert not watch.changed()


@pytest.mark.parametrize(
    "change",
    [
        lambda specs: write(specs / "notes.txt"),
        lambda specs: write(specs / ".users.yaml.swp"),
        lambda specs: write(specs / ".hidden.yaml"),
        lambda specs: write(specs / ".git" / "x.yaml"),
        lambda specs: write(specs / "node_modules" / "x" / "x.json"),
        lambda specs: write(specs.parent / "elsewhere.yaml"),
        lambda specs: [write(specs / "generated" / name) for name in ("plan.json", "findings.json", "openapi.json")],
    ],
)
def test_what_a_build_does_not_depend_on_is_no_change(watch: Watch, specs: Path, change: Callable[[Path], object]) -> None:
    change(specs)
    assert not watch.changed()


def test_beside_a_file_that_was_read_others_count_by_name_only(watch: Watch, specs: Path) -> None:
    log = write(specs.parent / "shared" / "access.json")
    assert watch.changed()
    write(log, "one line more")
    assert not watch.changed()


def test_a_link_that_is_exchanged_is_a_change(tmp_path: Path) -> None:
    """As Kubernetes updates a ConfigMap: the files are links through `..data`, and only that one is replaced."""
    for version in ("..1", "..2"):
        write(tmp_path / version / "users.yaml", f"openapi: 3.1.0 # {version}\n")
    (tmp_path / "..data").symlink_to("..1")
    (tmp_path / "users.yaml").symlink_to("..data/users.yaml")
    watch = Watch([tmp_path])
    (tmp_path / "..data_tmp").symlink_to("..2")
    os.replace(tmp_path / "..data_tmp", tmp_path / "..data")
    assert watch.changed()


def test_what_changes_while_it_is_read_still_is_a_change(specs: Path) -> None:
    watch = Watch([specs])
    write(specs / "users.yaml", "openapi: 3.1.0 # while compiling\n")
    watch.read([specs / "users.yaml"])
    assert watch.changed()


def test_a_named_file_is_watched_in_its_folder_alone(specs: Path) -> None:
    watch = Watch([specs / "users.yaml"])
    assert watch.folders() == (specs,)
    write(specs / "deep" / "er" / "products.json", "{}")
    assert not watch.changed()
    write(specs / "users.yaml", "changed")
    assert watch.changed()


def test_folders_are_those_named_those_below_and_those_of_files_read(watch: Watch, specs: Path) -> None:
    assert watch.folders() == (specs.parent / "shared", specs, specs / "deep", specs / "deep" / "er")


def test_a_folder_that_is_gone_is_a_change_and_no_error(specs: Path) -> None:
    watch = Watch([specs])
    specs.rename(specs.parent / "moved")
    assert watch.changed()
    assert watch.folders() == (specs.parent,)


def test_events_wake_it_up(watch: Watch, specs: Path) -> None:
    async def seen() -> int:
        count = 0
        async for _ in watch.changes():
            count += 1
            if count == 1:
                # Into a folder that did not exist when the watching began.
                write(specs / "newer" / "new.yaml")
            elif count == 2:
                write(specs / "newer" / "new.yaml", "edited")
            else:
                break
        return count

    async def run() -> int:
        task = asyncio.create_task(seen())
        write(specs / "users.yaml", "edited")
        return await asyncio.wait_for(task, 60)

    assert asyncio.run(run()) == 3


def test_a_folder_that_was_read_counts_with_what_is_in_it(watch: Watch, specs: Path) -> None:
    guides = specs / "guides"
    write(guides / "a.md", "# A")
    watch.read([specs / "users.yaml", guides, guides / "a.md"])
    watch.changed()
    write(guides / "b.md", "# B")
    assert watch.changed(), "another one"
    write(guides / "a.md", "# Other")
    assert watch.changed(), "one that was read"
    assert guides in watch.folders()
    shutil.rmtree(guides)
    assert watch.changed()


def test_a_folder_that_was_looked_for_may_come(watch: Watch, specs: Path) -> None:
    watch.read([specs / "users.yaml", specs / "guides"])
    write(specs / "guides" / "a.md", "# A")
    assert watch.changed()
    assert not watch.changed()

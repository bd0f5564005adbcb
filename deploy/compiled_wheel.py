"""Compiles the modules that every request goes through with mypyc, while a wheel is built (docs/decisions/0016-compiled-modules.md).

hatchling calls `CompiledWheel`, which runs this file once more for the compiling itself, so that a failure there leaves
the build alone: the wheel is then the same code without the compiled modules beside it, for any machine. So it is too
where `SPECGW_PURE` is set, for editable installs, and for interpreters other than CPython.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledWheel(BuildHookInterface[Any]):
    """Adds compiled modules to a wheel; `modules` of its configuration says which."""

    PLUGIN_NAME = "custom"
    _folder: str | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and have what comes of it put beside the sources; an extension module is imported before them."""
        if version == "editable" or os.environ.get("SPECGW_PURE"):
            return
        reason = self._compile() if platform.python_implementation() == "CPython" else "mypyc is for CPython"
        if reason is not None:
            self.app.display_warning(f"specgw is built without compiled modules: {reason}")
            return
        built = Path(str(self._folder), "built")
        build_data["force_include"].update(
            {str(module): module.relative_to(built).as_posix() for module in built.rglob("*") if module.is_file()}
        )
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was left on the way."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _compile(self) -> str | None:
        """None, or why there is nothing compiled."""
        self._folder = tempfile.mkdtemp(prefix="specgw-compiled-")
        command = [sys.executable, __file__, self._folder, *self.config["modules"]]
        done = subprocess.run(command, cwd=self.root, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode == 0:
            return None
        said = [line for line in done.stdout.splitlines() if line.strip()]
        return next((line for line in said if "error" in line.lower()), said[-1] if said else f"exit code {done.returncode}")


def main() -> None:
    """Compile the modules named in the arguments into the folder `built` of the folder in the first one."""
    from mypyc.build import mypycify
    from setuptools import Distribution
    from setuptools.command.build_ext import build_ext

    folder, *modules = sys.argv[1:]
    # The project's own type check is another matter (`nox -s types`): here types are only read.
    options = ["--config-file=", "--follow-imports=silent", "--ignore-missing-imports", f"--cache-dir={folder}/cache"]
    # -O1: as fast as -O2, and it takes a third less time to build.
    extensions = mypycify([*options, *modules], opt_level="1", debug_level="0", target_dir=f"{folder}/source")
    command = build_ext(Distribution({"name": "specgw", "ext_modules": extensions}))
    command.build_lib, command.build_temp = f"{folder}/built", f"{folder}/objects"
    command.ensure_finalized()
    command.run()


if __name__ == "__main__":
    main()

"""A child that counts operations, when asked for more than the compile."""

from __future__ import annotations

from specgw.compiler.build import Build


def counted(build: Build) -> bytes:
    return f"{len(build.declared)} operation".encode()


if __name__ == "__main__":
    from specgw.compiler.child import converse

    converse(counted)

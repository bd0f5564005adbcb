"""`specgw` and `python -m specgw`."""

from __future__ import annotations

import sys

from specgw.cli.app import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())

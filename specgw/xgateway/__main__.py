"""`python -m specgw.xgateway` writes what is made from the models: both JSON Schemas and the reference page."""

from __future__ import annotations

import json
from pathlib import Path

from specgw.xgateway.published import gateway_schema, x_gateway_schema
from specgw.xgateway.reference import page

FOLDER = Path(__file__).parent


def written() -> dict[Path, str]:
    """What each of the files has to hold."""
    return {
        FOLDER / "schema.json": json.dumps(x_gateway_schema(), indent=2) + "\n",
        FOLDER / "gateway.schema.json": json.dumps(gateway_schema(), indent=2) + "\n",
        FOLDER.parents[1] / "docs" / "x-gateway.md": page(),
    }


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")

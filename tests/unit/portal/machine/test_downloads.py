from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from specgw.compiler.build import Build
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.portal.catalogue import Volume, catalogue
from specgw.portal.machine.downloads import YAML_MARK, Downloads

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def made() -> Build:
    return compile_documents(Inputs((ROOT / "specs",)), environ={})


@pytest.fixture(scope="module")
def volumes(made: Build) -> list[Volume]:
    return catalogue(made.merged, made.plan, made.services)


def test_each_service_and_all_of_them(made: Build, volumes: list[Volume]) -> None:
    downloads = Downloads(volumes)
    files = downloads.files()
    names = ("products", "users", "openapi")
    assert list(files) == [f"downloads/{name}.{suffix}" for name in names for suffix in ("json", "yaml")]
    assert json.loads(files["downloads/openapi.json"]) == made.merged["openapi.json"]
    users = json.loads(files["downloads/users.json"])
    assert list(users["paths"]) == ["/api/users", "/api/users/{id}"]
    assert users["info"]["title"] == "User Service"
    assert "Product" not in users["components"]["schemas"]
    assert [(downloads.service(volume), downloads.merged(volume)) for volume in volumes] == [
        ("downloads/products", "downloads/openapi"),
        ("downloads/users", "downloads/openapi"),
    ]


@pytest.mark.parametrize("name", ["products", "users", "openapi"])
def test_they_are_valid_and_mean_the_same(volumes: list[Volume], name: str) -> None:
    files = Downloads(volumes).files()
    document = json.loads(files[f"downloads/{name}.json"])
    validate(document)
    text = files[f"downloads/{name}.yaml"]
    assert text.startswith(YAML_MARK)
    assert yaml.safe_load(text) == document


def test_a_document_with_one_service_is_that_of_the_service() -> None:
    document: dict[str, Any] = {"info": {"title": "Shop"}, "paths": {"/a": {"get": {}}}, "webhooks": {"sold": {}}}
    [volume] = catalogue({"openapi.json": document})
    downloads = Downloads([volume])
    assert downloads.service(volume) == downloads.merged(volume) == "downloads/shop"
    found = json.loads(downloads.files()["downloads/shop.json"])
    assert found == {"openapi": "3.1.0", **document}
    assert downloads.files()["downloads/shop.json"].startswith(b'{"openapi":"3.1.0"')


def test_a_service_may_be_called_as_a_merged_document_is(made: Build) -> None:
    first, second = catalogue(made.merged, made.plan, made.services)
    renamed = [first, Volume(**{**{field: getattr(second, field) for field in second.__slots__}, "page": "services/openapi.html"})]
    downloads = Downloads(renamed)
    assert (downloads.service(renamed[1]), downloads.merged(renamed[1])) == ("downloads/openapi", "downloads/openapi-2")

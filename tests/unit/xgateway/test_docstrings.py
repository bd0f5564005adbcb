from __future__ import annotations

import pytest

from specgw.xgateway.docstrings import described, summary
from specgw.xgateway.published import definitions_of_models
from specgw.xgateway.vocabulary.part import Part
from specgw.xgateway.vocabulary.routing import Timeout

MODELS = definitions_of_models()


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_every_field_says_what_it_means(model: type[Part]) -> None:
    texts = described(model)
    assert len(texts) == len(model.model_fields)
    assert all(text.endswith(".") for text in texts.values())
    assert summary(model).endswith(".")


def test_lines_are_joined() -> None:
    assert described(Timeout)["connect"] == "Until a connection stands. Default: `1s`."
    assert summary(Timeout) == "How long the gateway waits for the service."

"""What the models say about their fields: the docstring below each, read from the source where it is needed.

Only the published schemas and the reference page need them, so that importing the models stays cheap.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from types import ModuleType
from typing import Any

from specgw.xgateway.vocabulary.part import Part


def described(model: type[Part]) -> dict[str, str]:
    """The docstring of each field by its name outside; KeyError where one is missing."""
    texts = _fields(inspect.getmodule(model))[model.__name__]
    return {info.alias or name: texts[name] for name, info in model.model_fields.items()}


def summary(model: type[Part]) -> str:
    """The docstring of a model, in one line."""
    return " ".join((model.__doc__ or "").split())


@cache
def _fields(module: Any) -> dict[str, dict[str, str]]:
    assert isinstance(module, ModuleType)
    found: dict[str, dict[str, str]] = {}
    for statement in ast.parse(inspect.getsource(module)).body:
        if isinstance(statement, ast.ClassDef):
            found[statement.name] = {
                field.target.id: " ".join(text.value.value.split())
                for field, text in zip(statement.body, statement.body[1:], strict=False)
                if isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(text, ast.Expr)
                and isinstance(text.value, ast.Constant)
                and isinstance(text.value.value, str)
            }
    return found

"""Requests and responses against the contract of their operation: parameters, headers and bodies.

Everything that can be decided from the Plan is decided when a Route's policies are built; a request then meets closures
over compiled validators.
"""

from __future__ import annotations

from specgw.policies.validation.request import build
from specgw.policies.validation.response import build_response

__all__ = ["build", "build_response"]

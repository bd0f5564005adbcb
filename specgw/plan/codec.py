"""The Plan as bytes and back: JSON that is the same for the same Plan, and reads well as a difference.

Members that have their default are left out, mappings are sorted by key, one line a value.
"""

from __future__ import annotations

import gc

import msgspec

from specgw.plan.model import FORMAT, Plan


class CodecError(ValueError):
    """The bytes are no Plan of the format that is understood here, or the Plan holds what JSON cannot; the text says what."""


class _Head(msgspec.Struct):
    """What is read before anything else: the rest depends on it."""

    format: int


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Plan)
_head = msgspec.json.Decoder(_Head)
# msgspec checks UTF-8 only in strings that it keeps, and then says so with the exception of bytes.decode.
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def encode(plan: Plan) -> bytes:
    """The Plan as UTF-8 JSON, indented by one space, with a newline at the end.

    Raises CodecError for text that has no UTF-8 form (a lone surrogate from an escape in a document).
    """
    try:
        return msgspec.json.format(_encoder.encode(plan), indent=1) + b"\n"
    except UnicodeEncodeError as error:
        raise CodecError(f"the plan holds text that is not Unicode: {error.reason}") from None


def decode(data: bytes) -> Plan:
    """The Plan that `encode` wrote. Raises CodecError for anything else."""
    try:
        form = _head.decode(data).format
    except _UNREADABLE as error:
        raise CodecError(f"this is not a plan: {error}") from None
    if form != FORMAT:
        raise CodecError(f"the plan has format {form}, this version reads format {FORMAT}: build it again")
    # Nothing of what comes into being here can be garbage, and to look for it costs as much as to decode.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _decoder.decode(data)
    except _UNREADABLE as error:
        raise CodecError(f"the plan is damaged: {error}") from None
    finally:
        if collecting:
            gc.enable()

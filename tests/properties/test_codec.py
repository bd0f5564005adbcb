"""Every Plan survives the codec, and the codec survives every input."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specgw.plan.codec import CodecError, decode, encode
from specgw.plan.model import (
    Body,
    Conditions,
    Content,
    Edge,
    Edits,
    Encoding,
    Limits,
    Listen,
    Origin,
    Parameter,
    Plan,
    Response,
    Rewrite,
    Route,
    SecurityScheme,
    Shape,
    Target,
    Telemetry,
    Timeout,
    Upstream,
    UpstreamChoice,
    Validate,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers()
SECONDS = st.floats(min_value=0, max_value=1e6)
SIZES = st.integers(0, 1 << 40)


def few(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=2).map(tuple)


def mapping(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(TEXT, strategy, max_size=3)


JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
CONDITIONS = st.builds(Conditions, headers=mapping(st.none() | TEXT), query=mapping(st.none() | TEXT))
SHAPES = st.recursive(
    st.builds(Shape, types=few(TEXT)),
    lambda inner: st.builds(Shape, items=st.none() | inner, properties=mapping(inner), additional=st.none() | inner),
    max_leaves=3,
)
PARAMETERS = st.builds(
    Parameter,
    name=TEXT,
    location=st.sampled_from(("path", "query", "header", "cookie")),
    style=st.sampled_from(("simple", "form", "deepObject")),
    explode=st.booleans(),
    required=st.booleans(),
    shape=SHAPES,
    schema=st.none() | TEXT,
    media_type=st.none() | TEXT,
)
ENCODINGS = st.builds(Encoding, content_types=few(TEXT), explode=st.booleans(), headers=few(PARAMETERS))
CONTENTS = st.builds(
    Content,
    media_range=TEXT,
    kind=st.sampled_from(("json", "urlencoded", "multipart", "text", "opaque")),
    schema=st.none() | TEXT,
    encoding=mapping(ENCODINGS),
)
EDITS = st.none() | st.builds(Edits, rename=mapping(TEXT), remove=few(TEXT), set=mapping(TEXT), add=mapping(few(TEXT)))
ROUTES = st.builds(
    Route,
    id=TEXT,
    operation_id=st.none() | TEXT,
    service=TEXT,
    method=TEXT,
    path=TEXT,
    document_path=TEXT,
    path_match=st.sampled_from(("exact", "prefix")),
    hosts=few(TEXT),
    version=st.none() | TEXT,
    conditions=CONDITIONS,
    origin=st.builds(Origin, file=TEXT, line=st.integers(1, 1 << 31), pointer=TEXT),
    upstreams=few(st.builds(UpstreamChoice, upstream=TEXT, conditions=st.none() | CONDITIONS)),
    rewrite=st.none() | st.builds(Rewrite, prefix=st.none() | TEXT, template=st.none() | TEXT),
    parameters=few(PARAMETERS),
    body=st.none() | st.builds(Body, required=st.booleans(), content=few(CONTENTS)),
    responses=few(st.builds(Response, status=TEXT, headers=few(PARAMETERS), content=few(CONTENTS))),
    validate=st.builds(Validate, request=st.sampled_from(("enforce", "report", "off")), formats=st.booleans()),
    max_body=SIZES,
    request_headers=EDITS,
    request_query=EDITS,
    timeout=st.builds(Timeout, connect=SECONDS, total=SECONDS),
    security=st.none() | few(few(st.builds(SecurityScheme, name=TEXT, scopes=few(TEXT)))),
    unenforced=few(TEXT),
)
LISTENERS = st.builds(Listen, host=TEXT, port=st.integers(0, 65535) | TEXT, public_url=st.none() | TEXT)
PLANS = st.builds(
    Plan,
    edge=st.builds(
        Edge,
        listen=LISTENERS,
        admin=LISTENERS,
        trusted_proxies=few(TEXT),
        limits=st.builds(Limits, headers=SIZES, idle=SECONDS),
        fallback=st.none() | TEXT,
        telemetry=st.builds(Telemetry, access_log=TEXT),
    ),
    routes=few(ROUTES),
    upstreams=mapping(st.builds(Upstream, name=TEXT, targets=few(st.builds(Target, url=TEXT, weight=st.integers(1, 100))))),
    schemas=mapping(JSON),
)


@settings(max_examples=150, deadline=None)
@given(PLANS)
def test_a_plan_is_read_as_it_was_written(plan: Plan) -> None:
    data = encode(plan)
    assert decode(data) == plan
    assert encode(decode(data)) == data


@settings(max_examples=150, deadline=None)
@given(PLANS, st.randoms())
def test_a_damaged_plan_is_refused_or_read_but_never_worse(plan: Plan, chance: Any) -> None:
    data = bytearray(encode(plan))
    for _ in range(3):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with suppress(CodecError):
        assert isinstance(decode(bytes(data)), Plan)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | JSON.map(lambda value: str(value).encode()))
def test_anything_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(CodecError):
        decode(data)

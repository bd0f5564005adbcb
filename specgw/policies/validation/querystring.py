"""A parameter that is the whole query string (OpenAPI 3.2, `in: querystring`): read like a body of its media type."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from specgw.http import parse_media_type
from specgw.plan.model import Parameter
from specgw.policies.validation.bodies import Bodies
from specgw.policies.validation.escapes import Malformed, percent
from specgw.policies.validation.parameters import Wrong, missing
from specgw.problems import Violation


def querystring(parameter: Parameter, bodies: Bodies) -> Callable[[bytes | None], Wrong]:
    """The check of a raw query; None or nothing stands for a query that is not there."""
    content = parameter.content
    media = None if content is None else parse_media_type(content.media_range)
    check = None if content is None or media is None else bodies.cover(media, content).check
    # A form is decoded field by field; everything else is one text, percent-encoded as a whole.
    encoded = content is not None and content.kind != "urlencoded"
    absent = [replace(missing(parameter), location="query")] if parameter.required else None

    def judge(query: bytes | None) -> Wrong:
        if not query:
            return absent
        if check is None:
            return None
        try:
            text = percent(query.decode("utf-8")).encode() if encoded else query
        except UnicodeDecodeError:
            return [Violation("query", "is not UTF-8", "encoding", parameter.name)]
        except Malformed as malformed:
            return [Violation("query", malformed.message, malformed.keyword, parameter.name)]
        found = check(text)
        return None if found is None else [replace(violation, location="query", name=parameter.name) for violation in found]

    return judge

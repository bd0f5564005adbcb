"""Every kind of change of what only the gateway enforces, with its class and its effect. docs/diff.md lists them."""

from __future__ import annotations

from specgw.changes.clients.kinds import Kind

ROUTES: dict[str, Kind] = {
    "host-narrowed": Kind("breaking", "it is served under fewer host names"),
    "host-widened": Kind("added", "it is served under further host names"),
    "conditions-narrowed": Kind("breaking", "a request needs a further condition"),
    "conditions-widened": Kind("added", "a request needs one condition less"),
    "conditions-changed": Kind("breaking", "a request needs another condition"),
    "prefix-narrowed": Kind("breaking", "paths below it are not served any more"),
    "prefix-widened": Kind("added", "paths below it are served too"),
    "requirements-narrowed": Kind("breaking", "callers need something more"),
    "requirements-changed": Kind("risky", "callers need something else"),
    "csrf-on": Kind("breaking", "where a cookie says who calls, only pages of the gateway's own origin may ask"),
    "requests-checked": Kind("risky", "requests that break the contract are refused"),
    "requests-unchecked": Kind("weaker", "requests that break the contract reach the service"),
    "requests-noted": Kind("neutral", "requests that break the contract are passed on and counted, or not counted any more"),
    "unknown-query-refused": Kind("breaking", "query parameters that are not declared are refused"),
    "unknown-query-allowed": Kind("added", "query parameters that are not declared are not refused any more"),
    "unknown-query-noted": Kind("neutral", "query parameters that are not declared are counted, or not counted any more"),
    "formats-checked": Kind("breaking", "values have to keep to their formats"),
    "formats-unchecked": Kind("added", "values do not have to keep to their formats any more"),
    "answers-checked": Kind("risky", "answers that break the contract are kept back, and 502 stands in their place"),
    "answers-unchecked": Kind("risky", "answers that break the contract are not kept back any more"),
    "answers-noted": Kind("neutral", "answers that break the contract are counted, or not counted any more"),
    "max-body-lowered": Kind("breaking", "bodies that were taken are too large"),
    "max-body-raised": Kind("added", "larger bodies are taken"),
    "max-depth-lowered": Kind("breaking", "bodies that were taken are nested too deeply"),
    "max-depth-raised": Kind("added", "bodies may be nested more deeply"),
    "max-response-lowered": Kind("risky", "answers that were passed on are too large to be checked, and 502 stands in their place"),
    "max-response-raised": Kind("added", "larger answers are checked and passed on"),
    "encoded-slash-refused": Kind("breaking", "a slash inside a path parameter is refused"),
    "encoded-slash-allowed": Kind("added", "a slash may stand inside a path parameter"),
    "timeout-shorter": Kind("risky", "the service has less time, beyond which there is 504"),
    "timeout-longer": Kind("added", "the service has more time"),
    "websocket-removed": Kind("breaking", "no WebSocket can be opened any more"),
    "websocket-added": Kind("added", "a WebSocket can be opened"),
    "websocket-origins-narrowed": Kind("breaking", "pages that could open a WebSocket cannot any more"),
    "websocket-message-lowered": Kind("breaking", "messages that were taken are too large"),
    "websocket-message-raised": Kind("added", "larger messages are taken"),
    "websocket-idle-shorter": Kind("risky", "a silent WebSocket is closed earlier"),
    "websocket-idle-longer": Kind("added", "a silent WebSocket is closed later"),
    "made-up": Kind("breaking", "every answer is made up, and none is the service's"),
    "made-up-on-failure": Kind("risky", "answers are made up where the service fails"),
    "not-made-up": Kind("fixed", "answers are the service's own"),
    "made-up-otherwise": Kind("risky", "answers are made up in another way"),
    "sandbox": Kind("fixed", "the sandbox answers in another way"),
    "answer-fields": Kind("risky", "header fields of answers are changed in another way"),
    "request-edits": Kind("neutral", "what the service gets of a request is changed in another way"),
    "upstream": Kind("neutral", "another service answers, or one at another address"),
    "rewrite": Kind("neutral", "the service gets another path"),
}
"""Of an operation, by code."""

GATEWAY: dict[str, Kind] = {
    "address": Kind("breaking", "the gateway listens elsewhere"),
    "tls-on": Kind("breaking", "plain HTTP is not spoken any more"),
    "tls-off": Kind("weaker", "credentials and answers are sent in the clear"),
    "fallback-ended": Kind("breaking", "what no route matches is 404 and not passed on any more"),
    "edge-limit-lowered": Kind("breaking", "requests that were taken are too large"),
    "edge-limit-raised": Kind("added", "larger requests are taken"),
    "edge-pace-stricter": Kind("risky", "who is slow, silent or opens many connections is cut off earlier"),
    "edge-pace-looser": Kind("added", "who is slow, silent or opens many connections is cut off later"),
}
"""Of the gateway as a whole, by code."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.xgateway.faults import RESOLVED_IN, dotted, suggestion
from specgw.xgateway.inheritance import Inheritance

NOT_BUILT = "is part of the vocabulary, but this version cannot enforce it yet; it is refused rather than ignored"
NOT_OURS = "must be a header that the gateway does not write itself"
DURATION = "must be a duration such as '250ms', '5s', '2m' or '1m30s'"
SIZE = "must be a size such as '64KiB' or '1MiB', or a whole number of bytes"
HOST = "must be a Host name such as 'api.example.com', without scheme and port"
HEADER_VALUE = "must be a header value: text in one line of printable ASCII"
URL = "must be an http or https URL such as 'http://127.0.0.1:8081/base'"
MATCH = "must be the value to compare with, or 'true' where the presence is enough"
REFERENCE_HINT = "a reference is written '${NAME}' or '${NAME:-default}'; '$${' stands for a literal '${'"

# One wrong x-gateway of an operation (or of the root, where the first word says so) and everything that is found in it.
WRONG: list[tuple[str, str]] = [
    # keys
    ("maxbody: 1MiB", "unknown-key /maxbody: unknown key 'maxbody' in 'x-gateway' (did you mean 'maxBody'? (allowed: *))"),
    ("max_body: 1MiB", "unknown-key /max_body: unknown key 'max_body' in 'x-gateway' (did you mean 'maxBody'? (allowed: *))"),
    ("zzz: 1", "unknown-key /zzz: unknown key 'zzz' in 'x-gateway' (allowed: *)"),
    ("security: []", "unknown-key /security: unknown key 'security' in 'x-gateway' (the document's own 'security' says it)"),
    ("issuer: https://id", "unknown-key /issuer: unknown key 'issuer' in 'x-gateway' (it belongs in the 'x-gateway' of a security scheme)"),
    ("upstreams: {}", "unknown-key /upstreams: unknown key 'upstreams' in 'x-gateway' (it belongs in gateway.yaml, under 'gateway')"),
    ("timeout: {respons: 5s}", "unknown-key /timeout/respons: unknown key 'respons' in 'timeout' (did you mean 'response'? (allowed: connect, idle, response, total))"),
    ("timeout: {$ref: '#/components/x-gateway/a'}", "unknown-key /timeout/$ref: unknown key '$ref' in 'timeout' (a '$ref' stands directly in 'x-gateway' and names a block of 'components.x-gateway')"),
    ("query: {response: {remove: [a]}}", "unknown-key /query/response: unknown key 'response' in 'query' (a response has no query)"),
    ("headers: {set: {X-A: b}}", "unknown-key /headers/set: unknown key 'set' in 'headers' ('request' or 'response' is missing above it)"),
    ("upstream: {url: http://h}", "unknown-key /upstream/url: unknown key 'url' in 'upstream' (write the URL as 'upstream: URL', or under 'targets')"),
    # places
    ("service: users", "misplaced-key /service: 'service' cannot stand in an operation (it belongs at the document's root)"),
    ("mount: /api", "misplaced-key /mount: 'mount' cannot stand in an operation (it belongs at the document's root)"),
    ("host: a.example", "misplaced-key /host: 'host' cannot stand in an operation (it belongs at the document's root or in a path item)"),
    ("root pathMatch: prefix", "misplaced-key /pathMatch: 'pathMatch' cannot stand at the document's root (it belongs in a path item or in an operation)"),
    ("root transform: {xml: both}", "misplaced-key /transform: 'transform' cannot stand at the document's root (it belongs in a path item or in an operation)"),
    # names, paths, hosts
    ("root service: User Service", "wrong-value /service: 'service' must be a name of letters, digits, '.', '_' and '-', not 'User Service'"),
    ("root service: 7", "wrong-value /service: 'service' must be a name of letters, digits, '.', '_' and '-', not the number 7 (write it in quotes: \"7\")"),
    ("root mount: api", "wrong-value /mount: 'mount' must be a path that begins with '/', not 'api' (did you mean '/api'?)"),
    ("root mount: /api/", "wrong-value /mount: 'mount' must be a path without '/' at its end, not '/api/' (did you mean '/api'?)"),
    ("root mount: /", "wrong-value /mount: 'mount' must be a path with at least one segment, not '/' (leave the key out when there is no prefix)"),
    ("root mount: '/{tenant}'", "wrong-value /mount: 'mount' must be a path without parameters, not '/{tenant}'"),
    ("root mount: /a/../b", "wrong-value /mount: 'mount' must be a path as RFC 3986 writes it: no empty or dot segments, no query, other characters percent-encoded, not '/a/../b'"),
    ("root mount: /a%2Fb", "wrong-value /mount: 'mount' must be a path as RFC 3986 writes it: no empty or dot segments, no query, other characters percent-encoded, not '/a%2Fb'"),
    ("root host: https://api.example.com/", f"wrong-value /host: 'host' {HOST}, not 'https://api.example.com/' (did you mean 'api.example.com'?)"),
    ("root host: [a.example, 'b.example:8080']", f"wrong-value /host/1: 'host[1]' {HOST}, not 'b.example:8080' (did you mean 'b.example'?)"),
    ("root host: '*.example.com'", "wrong-value /host: 'host' must be one exact Host name, not '*.example.com' (wildcards are not part of the vocabulary: list the names)"),
    ("root host: {}", "wrong-value /host: 'host' must be a Host name such as 'api.example.com', or a list of them, not a mapping"),
    ("root version: 1", "wrong-value /version: 'version' must be a version name such as 'v1', or a mapping with 'name', not the number 1"),
    ("root version: {name: 1.0}", "wrong-value /version/name: 'version.name' must be a version name such as 'v1': letters, digits, '.', '_' and '-', not the number 1.0 (write it in quotes: \"1.0\")"),
    ("root version: {by: path}", "missing-key /version: 'version' lacks the key 'name' (such as 'name: v1')"),
    # single values
    ("pathMatch: regex", "wrong-value /pathMatch: 'pathMatch' must be 'exact' or 'prefix', not 'regex'"),
    ("enabled: 'yes'", "wrong-value /enabled: 'enabled' must be 'true' or 'false', not 'yes'"),
    ("visibility: intern", "wrong-value /visibility: 'visibility' must be 'public' or 'internal', not 'intern' (did you mean 'internal'?)"),
    ("encodedSlash: true", "wrong-value /encodedSlash: 'encodedSlash' must be 'reject' or 'allow', not 'true'"),
    ("maxDepth: 0", "wrong-value /maxDepth: 'maxDepth' must be at least 1, not the number 0"),
    ("maxDepth: 5000", "wrong-value /maxDepth: 'maxDepth' must be at most 1000, not the number 5000"),
    ("maxDepth: 1.5", "wrong-value /maxDepth: 'maxDepth' must be a whole number, not the number 1.5"),
    ("maxDepth: '8'", "wrong-value /maxDepth: 'maxDepth' must be a whole number, not '8'"),
    ("maxBody: 10MB", f"wrong-value /maxBody: 'maxBody' {SIZE}, not '10MB' (did you mean '10MiB'?)"),
    ("maxBody: -1", f"wrong-value /maxBody: 'maxBody' {SIZE}, not the number -1"),
    ("maxBody: true", f"wrong-value /maxBody: 'maxBody' {SIZE}, not 'true'"),
    ("maxBody: '${MAX}'", f"variable-not-allowed /maxBody: 'maxBody' {SIZE}, not '${{MAX}}' ({RESOLVED_IN})"),
    ("validate: enforce", "wrong-value /validate: 'validate' must be a mapping, not 'enforce'"),
    ("validate: {response: false}", "wrong-value /validate/response: 'validate.response' must be one of 'enforce', 'report', 'off', not 'false' (did you mean 'off'?)"),
    ("validate: {request: enfroce}", "wrong-value /validate/request: 'validate.request' must be one of 'enforce', 'report', 'off', not 'enfroce' (did you mean 'enforce'?)"),
    ("validate: {unknownQuery: off}", "wrong-value /validate/unknownQuery: 'validate.unknownQuery' must be one of 'ignore', 'report', 'reject', not 'off'"),
    ("timeout: 5s", "wrong-value /timeout: 'timeout' must be a mapping, not '5s'"),
    ("timeout: {total: 10}", f"wrong-value /timeout/total: 'timeout.total' {DURATION}, not the number 10 (a unit is missing: '10s'?)"),
    ("timeout: {total: '10'}", f"wrong-value /timeout/total: 'timeout.total' {DURATION}, not '10' (a unit is missing: '10s'?)"),
    ("timeout: {total: 5 seconds}", f"wrong-value /timeout/total: 'timeout.total' {DURATION}, not '5 seconds'"),
    ("timeout: {total: 0s}", "wrong-value /timeout/total: 'timeout.total' must be longer than zero, not '0s'"),
    ("timeout: {total: [5s]}", f"wrong-value /timeout/total: 'timeout.total' {DURATION}, not a list"),
    # conditions, rewrite, upstream
    ("match: {}", "wrong-value /match: 'match' must be a mapping with at least one condition under 'headers' or 'query'"),
    ("match: {query: {page: 1}}", f"wrong-value /match/query/page: 'match.query.page' {MATCH}, not the number 1 (write it in quotes: \"1\")"),
    ("match: {query: {page: false}}", f"wrong-value /match/query/page: 'match.query.page' {MATCH}, not 'false' (that something is absent cannot be asked)"),
    ("match: {headers: {Host: a.example}}", "wrong-value /match/headers/Host: 'Host' in 'match.headers' must be a header other than 'Host' (Host names have a key of their own: 'host')"),
    ("match: {headers: {X-A: a, x-a: b}}", "wrong-value /match/headers: 'match.headers' must be a mapping that names each header once: 'X-A' and 'x-a' are the same header"),
    ("match: {headers: {'X A': a}}", "wrong-value /match/headers/X A: 'X A' in 'match.headers' must be a header name such as 'X-Caller'"),
    ("rewrite: {}", "wrong-value /rewrite: 'rewrite' must be a mapping with either 'prefix' or 'template'"),
    ("rewrite: {prefix: /a, template: /b}", "wrong-value /rewrite: 'rewrite' must be a mapping with either 'prefix' or 'template'"),
    ("rewrite: {template: '/a/{id'}", "wrong-value /rewrite/template: 'rewrite.template' must be a path template such as '/internal/{id}': no empty or dot segments, no query, braces in pairs, other characters percent-encoded, not '/a/{id'"),
    ("rewrite: {template: 'a/{id}'}", "wrong-value /rewrite/template: 'rewrite.template' must be a path template that begins with '/', not 'a/{id}' (did you mean '/a/{id}'?)"),
    ("upstream: usrs", "unknown-upstream /upstream: there is no upstream 'usrs' in gateway.yaml (did you mean 'users'?)"),
    ("upstream: 127.0.0.1:8081", "wrong-value /upstream: 'upstream' must be the name of an upstream, or a URL, not '127.0.0.1:8081' (did you mean 'http://127.0.0.1:8081'?)"),
    ("upstream: ftp://h/x", f"wrong-value /upstream: 'upstream' {URL}, not 'ftp://h/x'"),
    ("upstream: http://user:secret@h", "wrong-value /upstream: 'upstream' must be a URL without user name and password (secrets do not belong in URLs: set a header with a '${NAME}' reference)"),
    ("upstream: http://h/x?key=1", "wrong-value /upstream: 'upstream' must be a URL without query and fragment"),
    ("upstream: 'http://${HOST'", f"invalid-variable /upstream: 'upstream' {URL}, not 'http://${{HOST' ({REFERENCE_HINT})"),
    ("upstream: 5", "wrong-value /upstream: 'upstream' must be the name of an upstream, a URL, a mapping with 'targets', or a list of '{match, upstream}', not the number 5"),
    ("upstream: {targets: []}", "wrong-value /upstream/targets: 'upstream.targets' must be a list with at least one entry"),
    ("upstream: {}", "wrong-value /upstream: 'upstream' must be a mapping with either 'targets' or 'discovery'"),
    ("upstream: {targets: [{wieght: 2}]}", "unknown-key /upstream/targets/0/wieght: unknown key 'wieght' in 'upstream.targets[0]' (did you mean 'weight'? (allowed: url, weight))\nmissing-key /upstream/targets/0: 'upstream.targets[0]' lacks the key 'url'"),
    ("upstream: {targets: [{url: http://h, weight: 0}]}", "wrong-value /upstream/targets/0/weight: 'upstream.targets[0].weight' must be at least 1, not the number 0"),
    ("upstream: [{upstream: users}, {upstream: users}]", "wrong-value /upstream: 'upstream' must be a list in which only the last line has no 'match': nothing after line 1 is ever taken"),
    ("upstream: [{match: {query: {a: b}}, upstream: users}]", "upstream-without-default /upstream: the last line of 'upstream' has a 'match': a request that fits none of the lines is answered with 503 (add a line without 'match')"),
    ("upstream: [{match: {query: {a: b}}, upstream: user}, {upstream: users}]", "unknown-upstream /upstream/0/upstream: there is no upstream 'user' in gateway.yaml (did you mean 'users'?)"),
    # edits
    ("headers: {request: {set: {Content-Length: '1'}}}", f"wrong-value /headers/request/set/Content-Length: 'Content-Length' in 'headers.request.set' {NOT_OURS}"),
    ("headers: {request: {set: {Host: a}}}", f"wrong-value /headers/request/set/Host: 'Host' in 'headers.request.set' {NOT_OURS} ('rewrite' and 'upstream' decide where a request goes)"),
    ("headers: {request: {remove: [TE]}}", f"wrong-value /headers/request/remove/0: 'headers.request.remove[0]' {NOT_OURS}, not 'TE'"),
    ("headers: {request: {rename: {X-A: Via}}}", f"wrong-value /headers/request/rename/X-A: 'headers.request.rename.X-A' {NOT_OURS}, not 'Via'"),
    ("headers: {response: {add: {Transfer-Encoding: chunked}}}", f"wrong-value /headers/response/add/Transfer-Encoding: 'Transfer-Encoding' in 'headers.response.add' {NOT_OURS}"),
    ("headers: {request: {set: {X-A: 5}}}", f"wrong-value /headers/request/set/X-A: 'headers.request.set.X-A' {HEADER_VALUE}, not the number 5 (write it in quotes: \"5\")"),
    ('headers: {request: {set: {X-A: "a\\r\\nX-B: secret"}}}', f"wrong-value /headers/request/set/X-A: 'headers.request.set.X-A' {HEADER_VALUE}"),
    ('headers: {request: {add: {X-A: [a, " b"]}}}', f"wrong-value /headers/request/add/X-A/1: 'headers.request.add.X-A[1]' {HEADER_VALUE}, without blanks at its ends"),
    ("headers: {request: {set: {X-A: '${1X}'}}}", f"invalid-variable /headers/request/set/X-A: 'headers.request.set.X-A' {HEADER_VALUE}, not '${{1X}}' ({REFERENCE_HINT})"),
    ("headers: {request: {rename: {X-A: x-a}}}", "wrong-value /headers/request/rename: 'headers.request.rename' must be a mapping from old to new names: 'X-A' keeps its name"),
    ("query: {request: {set: {a: 1}}}", "wrong-value /query/request/set/a: 'query.request.set.a' must be text, not the number 1 (write it in quotes: \"1\")"),
    ("query: {request: {set: {a: '${A}'}}}", f"variable-not-allowed /query/request/set/a: 'query.request.set.a' must be plain text, not '${{A}}' ({RESOLVED_IN})"),
    ("query: {request: {remove: a}}", "wrong-value /query/request/remove: 'query.request.remove' must be a list, not 'a'"),
    # known, not built: wrong values are found all the same
    ("rateLimit: {limit: 100/s}", f"not-built-yet /rateLimit: 'rateLimit' {NOT_BUILT}"),
    ("rateLimit: {limit: 100/second}", f"not-built-yet /rateLimit: 'rateLimit' {NOT_BUILT}\nwrong-value /rateLimit/limit: 'rateLimit.limit' must be a rate such as '100/s', '60/m', '5000/h', '10000/d' or '1/mo', not '100/second'"),
    ("rateLimit: {a: {limit: 1/s, by: user}}", f"not-built-yet /rateLimit: 'rateLimit' {NOT_BUILT}\nwrong-value /rateLimit/a/by: 'rateLimit.a.by' must be one of 'ip', 'consumer', 'route', 'header:NAME', 'claim:NAME', not 'user'"),
    ("cors: {origins: ['*'], credentials: true}", f"not-built-yet /cors: 'cors' {NOT_BUILT}\nwrong-value /cors: 'cors' must be a mapping without 'credentials: true' where 'origins' holds '*' (list the origins)"),
    ("ip: {allow: [10.0.0.1/8]}", f"not-built-yet /ip: 'ip' {NOT_BUILT}\nwrong-value /ip/allow/0: 'ip.allow[0]' must be an address block without bits behind its prefix length, not '10.0.0.1/8' (did you mean '10.0.0.0/8'?)"),
    ("retry: {on: ['503']}", f"not-built-yet /retry: 'retry' {NOT_BUILT}\nwrong-value /retry/on/0: 'retry.on[0]' must be 'connect', 'reset' or a status from 400 to 599, not '503' (write the status without quotes)"),
    ("mock: {latency: fast}", f"not-built-yet /mock: 'mock' {NOT_BUILT}\nwrong-value /mock/latency: 'mock.latency' must be a duration such as '20ms', or a range such as '20ms..80ms', not 'fast'"),
    ("mirror: {upstream: users, rate: 150%}", f"not-built-yet /mirror: 'mirror' {NOT_BUILT}\nwrong-value /mirror/rate: 'mirror.rate' must be a percentage such as '20%' or '0.5%', not '150%'"),
    ("sunset: next year", f"not-built-yet /sunset: 'sunset' {NOT_BUILT}\nwrong-value /sunset: 'sunset' must be a date such as '2027-06-30', or a date with time such as '2027-06-30T12:00:00Z', not 'next year'"),
    ("upstream: {targets: [{url: http://h}], balance: hash, hashBy: ip}", f"not-built-yet /upstream/balance: 'upstream.balance: hash' {NOT_BUILT}\nnot-built-yet /upstream/hashBy: 'upstream.hashBy' {NOT_BUILT}"),
    ("upstream: {discovery: {dns: a.internal}}", f"not-built-yet /upstream/discovery: 'upstream.discovery' {NOT_BUILT}"),
    ("upstream: {targets: [{url: http://h}], protocol: h2c}", f"not-built-yet /upstream/protocol: 'upstream.protocol: h2c' {NOT_BUILT}"),
    ("root version: {name: v1, by: header, header: X-V}", f"not-built-yet /version/by: 'version.by: header' {NOT_BUILT}\nnot-built-yet /version/header: 'version.header' {NOT_BUILT}"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), WRONG, ids=[written for written, _ in WRONG])
def test_what_is_wrong_is_said_at_its_place(folder: Any, written: str, expected: str) -> None:
    at_root = written.startswith("root ")
    node = folder.read("x-gateway:\n  " + written.removeprefix("root ")).get("x-gateway")
    inheritance = Inheritance(None, folder.findings, folder.library, {"users", "products"})
    inheritance.effective(*((node, None, None) if at_root else (None, None, node)))
    said = [line.replace("/x-gateway", "", 1) for line in folder.said()]
    wanted = expected.split("\n")
    assert len(said) == len(wanted)
    for line, want in zip(sorted(said), sorted(wanted), strict=True):
        start, star, end = want.partition("*")
        assert (line.startswith(start) and line.endswith(end)) if star else line == want


def test_the_table_above_is_long() -> None:
    assert len(WRONG) >= 60


def test_a_finding_knows_its_line(folder: Any) -> None:
    node = folder.read("x-gateway:\n  timeout:\n    connect: 1s\n    total: never\n").get("x-gateway")
    Inheritance(None, folder.findings, folder.library).effective(node, None, None)
    assert [(found.file, found.line, found.column) for found in folder.findings] == [("api.yaml", 4, 5)]


def test_long_values_are_shortened(folder: Any) -> None:
    node = folder.read("x-gateway: {visibility: " + "a" * 500 + "}").get("x-gateway")
    Inheritance(None, folder.findings, folder.library).effective(node, None, None)
    (finding,) = folder.findings
    assert len(finding.message) < 140
    assert finding.message.endswith("…'")


@pytest.mark.parametrize(
    ("path", "name", "text"),
    [
        ((), "x-gateway", "x-gateway"),
        (("upstream", 0, "match"), "x-gateway", "upstream[0].match"),
        (("listen", "port"), "gateway", "gateway.listen.port"),
        ((), "gateway.yaml", "gateway.yaml"),
        (("gateway",), "gateway.yaml", "gateway"),
    ],
)
def test_paths_are_written_as_people_do(path: tuple[str | int, ...], name: str, text: str) -> None:
    assert dotted(path, name) == text


def test_a_suggestion_names_the_closest_and_all() -> None:
    assert suggestion("conect", ["total", "connect"]) == "did you mean 'connect'? (allowed: connect, total)"
    assert suggestion("zzz", ["total", "connect"]) == "allowed: connect, total"

"""A call with curl. Every word of a document is quoted: a pasted line runs curl, nothing else."""

from __future__ import annotations

from shlex import quote

from specgw.portal.samples.call import FILE, GATEWAY, Call, Content, Credential

_LONGEST_QUERY = 48
"""Characters of a query that stands in the address; of a longer one each pair has a line of its own."""


def curl(call: Call) -> str:
    """The call as one command on several lines; secrets are variables of the shell."""
    words = [] if call.method == "GET" else ["--head"] if call.method == "HEAD" else [f"--request {call.method}"]
    query = _query(call)
    listed = call.method in ("GET", "HEAD") and call.content is None and len(query) > 1 and sum(map(len, query)) > _LONGEST_QUERY
    if listed:
        words = [*words, "--get", _place(call), *(f"--data {pair}" for pair in query)]
    else:
        words.append(_place(call) + "".join(f"'{'&' if number else '?'}'{pair}" for number, pair in enumerate(query)))
    words += [f"--header {quote(f'{name}: {value}')}" for name, value in call.fields]
    words += [option for credential in call.credentials for option in _credential(credential)]
    words += [f"--cookie {quote('; '.join(call.cookies))}"] if call.cookies else []
    words += _content(call.content) if call.content is not None else []
    return "curl " + " \\\n  ".join(words)


def _place(call: Call) -> str:
    """The address as one word of the shell. Brackets and braces are percent-encoded: curl would read them as patterns."""
    return quote(call.server + call.path) if call.server else f'"${GATEWAY}"' + quote(call.path)


def _query(call: Call) -> list[str]:
    """The pairs of the query, each as one word of the shell. None begins with `@`, which curl would read a file for: it is encoded."""
    secret = [quote(f"{credential.name}=") + '"$API_KEY"' for credential in call.credentials if credential.place == "query"]
    return [*map(quote, call.query), *secret]


def _credential(credential: Credential) -> list[str]:
    match credential.place:
        case "basic":
            return ['--user "$USERNAME:$PASSWORD"']
        case "digest":
            return ['--digest --user "$USERNAME:$PASSWORD"']
        case "bearer":
            return ['--header "Authorization: Bearer $TOKEN"']
        case "header":
            return [f"--header {quote(credential.name + ': ')}" + '"$API_KEY"']
        case "cookie":
            return [f"--cookie {quote(credential.name + '=')}" + '"$API_KEY"']
        case "certificate":
            return ['--cert "$CERTIFICATE"']
        case "query":
            return []  # it stands in the address


def _content(content: Content) -> list[str]:
    if content.media_type == "multipart/form-data":
        return [
            f"--form {quote(f'{name}=@{FILE}')}" if text is None else f"--form-string {quote(f'{name}={text}')}"
            for name, text in content.parts
        ]
    kind = f"--header {quote(f'Content-Type: {content.media_type}')}"
    if content.text is None:
        return [kind, f"--data-binary @{FILE}"]
    # Between the tokens of JSON line breaks and blanks mean nothing: below its option a body is told from the options.
    text = content.text.replace("\n", "\n  ") if content.value else content.text
    return [kind, f"--data-raw {quote(text)}"]

"""OAuth 2.0 and OpenID Connect as the bearer tokens that they are on a request (RFC 6750).

schemathesis asks without credentials, and with wrong ones, where a scheme is a key, a login or a token. Of `oauth2` and
`openIdConnect` it does not know where their credentials stand: operations that ask for one of them were not tried at all, and where
something else would do as well, the token stayed on the request that should have had nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BEARER = {"type": "http", "scheme": "bearer"}


def with_bearer_tokens(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document, with schemes that can be left out and sent wrongly; what operations ask for stays as it is."""
    components: Mapping[str, Any] = document.get("components", {})
    schemes: Mapping[str, Mapping[str, Any]] = components.get("securitySchemes", {})
    changed = {name: _BEARER for name, scheme in schemes.items() if scheme.get("type") in ("oauth2", "openIdConnect")}
    return {**document, "components": {**components, "securitySchemes": {**schemes, **changed}}} if changed else document

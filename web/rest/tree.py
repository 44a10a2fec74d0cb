"""Where the REST interface lies: the Camunda 7 addresses and their equivalents."""

from flask import request

#: Every client knows the first; the Modeler asks for the second; `/engine/default` names the only engine there is.
PREFIXES = ("/engine-rest", "/rest", "/engine-rest/engine/default", "/rest/engine/default")


def asked() -> bool:
    """Whether the request at hand is one to this interface."""
    return any(request.path == prefix or request.path.startswith(f"{prefix}/") for prefix in PREFIXES[:2])


def root() -> str:
    """The address under which the caller reached the interface, for links."""
    prefix = next(prefix for prefix in sorted(PREFIXES, key=len, reverse=True) if request.path.startswith(f"{prefix}/"))
    return request.host_url.rstrip("/") + prefix

"""The only place that makes random values."""

import secrets
import uuid


def new_id() -> str:
    """A new id, 32 hexadecimal characters, ordered by time of making so that indexes stay compact (RFC 9562, version 7 layout)."""
    random = uuid.uuid4().int
    milliseconds = uuid.uuid1().time // 10_000
    return f"{(milliseconds & ((1 << 48) - 1)) << 80 | 7 << 76 | random & ((1 << 76) - 1):032x}"


def new_secret() -> str:
    """A secret for sessions and tokens, 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)

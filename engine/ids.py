"""The only place that makes random values."""

import random
import secrets
import uuid


def new_id() -> str:
    """A new id, 32 hexadecimal characters, ordered by time of making so that indexes stay compact (RFC 9562, version 7 layout)."""
    unique = uuid.uuid4().int
    milliseconds = uuid.uuid1().time // 10_000
    return f"{(milliseconds & ((1 << 48) - 1)) << 80 | 7 << 76 | unique & ((1 << 76) - 1):032x}"


def new_secret() -> str:
    """A secret for sessions and tokens, 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


#: A source of repeatable chance.
Chance = random.Random


def seeded(seed: str) -> Chance:
    """Random values that are the same every time; for demo data only, never for ids or secrets."""
    return Chance(seed)

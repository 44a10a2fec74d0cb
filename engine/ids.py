"""The only place that makes random values."""

import random
import secrets
import uuid


def new_id() -> str:
    """A new id, 32 hexadecimal characters, ordered by time of making.

    The layout is version 7 of RFC 9562 with clock ticks of 100 ns after the milliseconds: ids made by one process within a
    millisecond are in order, too.
    """
    milliseconds, ticks = divmod(uuid.uuid1().time, 10_000)
    unique = secrets.randbits(60)
    return f"{(milliseconds & ((1 << 48) - 1)) << 80 | 7 << 76 | ticks >> 2 << 64 | 0b10 << 62 | (ticks & 3) << 60 | unique:032x}"


def new_secret() -> str:
    """A secret for sessions and tokens, 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


#: A source of repeatable chance.
Chance = random.Random


def seeded(seed: str) -> Chance:
    """Random values that are the same every time; for samples and demo data, never for ids or secrets."""
    return Chance(seed)

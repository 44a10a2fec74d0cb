"""How long something took."""

from datetime import datetime, timedelta


def milliseconds(begin: datetime, end: datetime | None) -> int | None:
    """Whole milliseconds between two instants; None while it lasts."""
    return None if end is None else (end - begin) // timedelta(milliseconds=1)

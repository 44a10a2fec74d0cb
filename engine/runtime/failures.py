"""What went wrong, in words that every database takes."""

import traceback

from engine.errors import OpsbookError

#: The end of a longer traceback says what happened.
_LONGEST_DETAIL = 8_000


def in_words(error: Exception) -> tuple[str, str, str]:
    """(Chinese, English, detail) of whatever was raised."""
    if isinstance(error, OpsbookError):
        return _storable(error.zh), _storable(error.en), _storable(error.en)
    kind, detail = type(error).__name__, "".join(traceback.format_exception(error))
    return _storable(f"{kind}：{error}"), _storable(f"{kind}: {error}"), _storable(detail[-_LONGEST_DETAIL:])


def _storable(text: str) -> str:
    """An exception may say anything, also half a character."""
    return text.encode(errors="replace").decode().replace("\0", "�")

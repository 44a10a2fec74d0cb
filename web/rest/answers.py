"""Answers: JSON whose content type is exactly `application/json`, nothing at all, and files."""

from typing import Any
from urllib.parse import quote

import orjson
from flask import Response as Answer

__all__ = ["Answer", "file_answer", "json_answer"]


def json_answer(value: Any, status: int = 200) -> Answer:
    """A JSON value as UTF-8. A content type with a charset makes the JavaScript client lose tasks."""
    return Answer(orjson.dumps(value), status, content_type="application/json")


def file_answer(content: bytes, name: str, media_type: str = "application/octet-stream") -> Answer:
    """A file to be saved, never shown."""
    made = Answer(content, content_type=media_type)
    made.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return made

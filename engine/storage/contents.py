"""The content store: files under the hash of their content, so that nothing is overwritten and nothing is kept twice."""

import errno
import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from engine.errors import DiskFull, InvalidInput, NotFound
from engine.settings import Settings
from engine.storage.media_types import media_type

_HASH_DIGITS = 64


@dataclass(frozen=True)
class StoredContent:
    """What the store says of a file it keeps."""

    sha256: str
    media_type: str
    size_bytes: int


class ContentStore:
    """Files in a folder, `ab/abcdef…` by SHA-256."""

    def __init__(self, settings: Settings) -> None:
        """The folder is made when the first file comes."""
        self._folder = settings.files_dir
        self._max_mb = settings.max_upload_mb

    def put(self, name: str, content: bytes) -> StoredContent:
        """Keep a file; it is on the disk when this returns. The same content again changes nothing.

        Raises:
            InvalidInput: too big, or of a kind that is not kept.
            DiskFull: there is no room for it.
        """
        if len(content) > self._max_mb * 1024 * 1024:
            raise InvalidInput(f"文件“{name}”超过 {self._max_mb} MB 的上限。", f"The file {name!r} is larger than {self._max_mb} MB.")
        stored = StoredContent(sha256(content).hexdigest(), media_type(name, content), len(content))
        path = self._path(stored.sha256)
        if not path.exists():
            _write_durably(path, content)
        return stored

    def get(self, digest: str) -> bytes:
        """The content under a hash.

        Raises:
            NotFound: the store does not have it.
        """
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            raise _missing(digest) from None

    def _path(self, digest: str) -> Path:
        if len(digest) != _HASH_DIGITS or not set(digest) <= set("0123456789abcdef"):
            raise _missing(digest)
        return self._folder / digest[:2] / digest


def _missing(digest: str) -> NotFound:
    return NotFound("找不到这个文件的内容。", "The content of this file is not in the store.", sha256=digest)


def _write_durably(path: Path, content: bytes) -> None:
    """Write beside, then rename: readers see all of the file or none of it, also after a power failure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except OSError as error:
        Path(beside).unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                "存放文件的磁盘已满，文件没有保存。请管理员腾出空间，然后再上传一次。",
                "The disk of the files is full; the file was not saved. Ask the administrator to make room, then upload it again.",
            ) from error
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

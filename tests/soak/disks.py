"""A disk of a few megabytes that a test may fill to the brim."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A folder on a file system of its own."""

    def __init__(self, folder: Path) -> None:
        """Args: folder: where it is mounted."""
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, leaving_kb: int) -> None:
        """Take all room but a little."""
        room = os.statvfs(self.folder)
        self._ballast.write_bytes(b"x" * (room.f_bavail * room.f_frsize - leaving_kb * 1024))

    def make_room(self) -> None:
        """Give it back."""
        self._ballast.unlink()


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """Mount one, which only root may (or who may become root without a password); the test is skipped for others."""
    folder = Path(tempfile.mkdtemp(prefix="opsbook-disk-"))  # not under pytest's folder, which only its owner may enter
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    options = f"size={megabytes}m,mode=777"
    try:
        mounted = subprocess.run(
            [*as_root, "mount", "-t", "tmpfs", "-o", options, "opsbook-test", folder], capture_output=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("mounting a small disk takes root")
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.decode()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run([*as_root, "umount", "--lazy", folder], check=True)
        folder.rmdir()

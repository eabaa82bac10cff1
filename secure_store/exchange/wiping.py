"""Empties a medium that is mounted here: every file overwritten, read again, removed (S4-14.2b).

On flash memory the old blocks may outlive the overwriting; that the medium encrypts itself is
what protects them, and why an unencrypted one carries nothing.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from secure_store.exchange.exchange_errors import MediumNotEmpty

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wiped:
    """How much was overwritten and removed."""

    files: int
    bytes: int


def wipe_folder(root: Path) -> Wiped:
    """Overwrites and removes everything below ``root``; the folder itself stays.

    Links are removed and never followed. Raises MediumNotEmpty when a file did not take the
    overwriting or something is left; running it again is safe.
    """
    files = size = 0
    for folder, _folders, names in os.walk(root, topdown=False):
        for name in names:
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink():
                size += overwrite(path)
            files += 1
            path.unlink()
        if Path(folder) != root:
            _remove_folder(Path(folder))
    _sync(root)
    if any(root.iterdir()):
        raise MediumNotEmpty(files=files)
    return Wiped(files, size)


def overwrite(path: Path) -> int:
    """Random bytes over a file, on the medium before this returns. Its length in bytes.

    Raises MediumNotEmpty when reading it again does not give what was written.
    """
    length = path.stat().st_size
    handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    with os.fdopen(handle, "r+b", buffering=0) as stream:
        for start in range(0, length, _PIECE):
            piece = secrets.token_bytes(min(_PIECE, length - start))
            stream.seek(start)
            stream.write(piece)
            os.fsync(stream.fileno())
            stream.seek(start)
            if stream.read(len(piece)) != piece:
                raise MediumNotEmpty(files=1)
    return length


def _remove_folder(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
        return
    folder.rmdir()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

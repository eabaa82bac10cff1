"""The key file: 32 random bytes on a medium that is taken away, and how two are told apart."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from secure_store.sealing import passphrase as phrase
from secure_store.sealing.sealing_errors import KeyExists, KeyFileUnusable

KEY_FILE_BYTES = 32
_CHECK_BYTES = 8


def key_file_check(content: bytes) -> str:
    """Tells two key files apart and says nothing about their content; 16 hex characters."""
    return hmac.digest(content, b"dialer/key-file/v1", "sha256")[:_CHECK_BYTES].hex()


def make_key_file(path: Path) -> str:
    """Writes 32 random bytes that only the owner reads; their check value. Raises KeyExists."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise KeyExists(file=path.name) from None
    except OSError:
        raise KeyFileUnusable(reason="unwritable") from None
    content = secrets.token_bytes(KEY_FILE_BYTES)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    phrase.sync_directory(path.parent)
    return key_file_check(content)


def read_key_file(path: Path) -> bytes:
    """The 32 bytes. Raises KeyFileUnusable, KeyStoreExposed when others may read the file."""
    try:
        phrase.refuse_exposed(path)
        content = path.read_bytes()
    except OSError:
        raise KeyFileUnusable(reason="unreadable") from None
    if len(content) != KEY_FILE_BYTES:
        raise KeyFileUnusable(reason="length")
    return content

"""Pure: what a root key can come from."""

from __future__ import annotations

from enum import StrEnum


class RootKind(StrEnum):
    """What the root key comes from."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind
    KEY_FILE = "key_file"
    TOKEN = "token"  # noqa: S105 - the name of a kind

"""Where the root key comes from: a passphrase, with a key file on a medium of its own, or a token.

The key store notes which of them it was made with. Whatever the way, what it gives is checked
against the key store's header before anything is unwrapped.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from secure_store.sealing import passphrase as phrase
from secure_store.sealing.root_files import KEY_FILE_BYTES, key_file_check
from secure_store.sealing.root_kinds import RootKind
from secure_store.sealing.sealing_errors import KeyFileUnusable, WrongPassphrase


class Token(Protocol):
    """A module that keeps a key of its own and wraps ours with it (PKCS#11)."""

    def new_wrapped(self, contract: str, secret: bytes) -> bytes:
        """Makes a key in the module and wraps 32 bytes with it."""

    def unwrapped(self, contract: str, wrapped: bytes) -> bytes:
        """The 32 bytes. Raises WrongPassphrase when the key is gone or another."""

    def destroy(self, wrapped: bytes) -> int:
        """Destroys the key that wrapped this; how many there were."""


@dataclass(frozen=True, slots=True)
class NewRoot:
    """A root key that was never used before, with what the key store keeps about it."""

    root_key: bytes = field(repr=False)
    header: phrase.PassphraseHeader
    note: bytes


@dataclass(frozen=True, slots=True)
class RootSource:
    """What a process was given to open a key store with. For a token the passphrase is its PIN."""

    passphrase: bytes = field(repr=False)
    key_file: bytes | None = field(default=None, repr=False)
    token: Token | None = None

    @property
    def kind(self) -> RootKind:
        if self.token is not None:
            return RootKind.TOKEN
        return RootKind.PASSPHRASE if self.key_file is None else RootKind.KEY_FILE

    def fresh(self, contract: str, parameters: phrase.Argon2Parameters) -> NewRoot:
        """A new root key from this source: a new salt, and with a token a new key in it."""
        salt, note = phrase.new_salt(), {"kind": self.kind.value}
        if self.token is not None:
            root_key = secrets.token_bytes(KEY_FILE_BYTES)
            note["wrapped"] = self.token.new_wrapped(contract, root_key).hex()
        else:
            root_key = self._derived(salt, parameters)
        if self.key_file is not None:
            note["check"] = key_file_check(self.key_file)
        header = phrase.header_for(root_key, contract, salt, parameters)
        return NewRoot(root_key, header, json.dumps(note, sort_keys=True).encode())

    def root_key(self, header: phrase.PassphraseHeader, note: bytes | None) -> bytes:
        """The root key behind a header. Raises WrongPassphrase, KeyFileUnusable."""
        said = json.loads(note) if note else {"kind": RootKind.PASSPHRASE.value}
        if said["kind"] != self.kind.value:
            raise KeyFileUnusable(needed=str(said["kind"]), given=self.kind.value)
        if self.key_file is not None and key_file_check(self.key_file) != said["check"]:
            raise KeyFileUnusable(reason="another")
        if self.token is not None:
            root_key = self.token.unwrapped(header.contract, bytes.fromhex(said["wrapped"]))
        else:
            root_key = self._derived(header.salt, header.parameters)
        phrase.require_root_key(header, root_key)
        return root_key

    def opens(self, header: phrase.PassphraseHeader, note: bytes | None) -> bool:
        """Whether this source opens a key store with this header."""
        try:
            self.root_key(header, note)
        except (WrongPassphrase, KeyFileUnusable):
            return False
        return True

    def forget(self, note: bytes | None) -> bool:
        """Destroys the module's key behind a former root; nothing else has one to destroy.

        True when the module found it, destroyed it and has it no more.
        """
        wrapped = json.loads(note).get("wrapped") if note else None
        if self.token is None or not wrapped:
            return False
        return self.token.destroy(bytes.fromhex(wrapped)) > 0

    def _derived(self, salt: bytes, parameters: phrase.Argon2Parameters) -> bytes:
        from_words = phrase.derive_root_key(self.passphrase, salt, parameters)
        if self.key_file is None:
            return from_words
        # Both are needed: neither the words nor the medium alone says anything about the other.
        return hmac.digest(self.key_file, b"dialer/root/v1" + from_words, "sha256")


GivenSource = bytes | RootSource | Callable[[], RootSource]


def source_of(given: GivenSource) -> Callable[[], RootSource]:
    """A passphrase, a source, or something that reads one anew, in one form."""
    if isinstance(given, bytes):
        words = RootSource(given)
        return lambda: words
    if isinstance(given, RootSource):
        source = given
        return lambda: source
    return given


def kind_of(note: bytes | None) -> RootKind:
    """What the root key of a key store comes from, by its note."""
    return RootKind(json.loads(note)["kind"]) if note else RootKind.PASSPHRASE

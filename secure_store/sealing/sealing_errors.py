"""What can be refused when something is sealed, opened or erased.

None of these errors says why a sealed value did not open, and none holds a value or a key.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from secure_store.errors import Conflict, DomainError, Invalid, NotFound, Unavailable


class SealBroken(DomainError):
    """A sealed value does not open here."""

    code: ClassVar[str] = "seal_broken"


class KeyDestroyed(DomainError):
    """The key was destroyed; what it sealed is erased and cannot come back."""

    code: ClassVar[str] = "key_destroyed"


class KeyMissing(NotFound):
    """The key store has never held this key."""

    code: ClassVar[str] = "key_missing"


class KeyExists(Conflict):
    """There is a key, or a key store, of this name already."""

    code: ClassVar[str] = "key_exists"


class KeyStoreMissing(Unavailable):
    """There is no key store in this directory."""

    code: ClassVar[str] = "key_store_missing"


class KeyStoreDamaged(Unavailable):
    """The key store cannot be read, or a key in it does not unwrap."""

    code: ClassVar[str] = "key_store_damaged"


class KeyStoreBusy(Unavailable):
    """Another process held the key store for too long; nothing was changed."""

    code: ClassVar[str] = "key_store_busy"


class KeyStoreUnwritable(Unavailable):
    """The key store's medium refused a read or a write; nothing was changed."""

    code: ClassVar[str] = "key_store_unwritable"


class KeyStoreExposed(Unavailable):
    """The key store, or its passphrase file, can be read by other users of the machine."""

    code: ClassVar[str] = "key_store_exposed"


class KeyStoreOnDatabaseDevice(Unavailable):
    """The key store lies on the device of the database, and this was not permitted."""

    code: ClassVar[str] = "key_store_on_database_device"


class KeyFileUnusable(Unavailable):
    """The key file or the key module does not belong to this key store, or is not there."""

    code: ClassVar[str] = "key_file_unusable"


class KeyInUse(Conflict):
    """Rows or unexpired backups still need this key; it was kept."""

    code: ClassVar[str] = "key_in_use"


class WrongPassphrase(DomainError):
    """The passphrase does not open the key store."""

    code: ClassVar[str] = "wrong_passphrase"


class PassphraseUnusable(Invalid):
    """The passphrase is missing, empty or too long."""

    code: ClassVar[str] = "passphrase_unusable"


class ParametersOutOfRange(Invalid):
    """The Argon2 parameters are outside of what is permitted."""

    code: ClassVar[str] = "parameters_out_of_range"


class ScopeInvalid(Invalid):
    """A part of a scope is empty, too long, or holds a character it may not hold."""

    code: ClassVar[str] = "scope_invalid"


class ForeignContract(DomainError):
    """The scope belongs to another contract than the key store."""

    code: ClassVar[str] = "foreign_contract"


@contextmanager
def storage_reasons() -> Iterator[None]:
    """Says in our words what SQLite refused in the key store; its own text may hold a path."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise KeyStoreBusy from None
        if name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
            raise KeyStoreUnwritable(reason=name.lower()) from None
        raise KeyStoreDamaged(part="file") from None

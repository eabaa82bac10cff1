"""What must hold before the key store opens: its passphrase, and the place it lies in.

The root key comes from the passphrase by Argon2id; parameters, salt and a check value stand in
the key store's header. The passphrase comes from a file that only its owner can read, never from the environment.
"""

from __future__ import annotations

import hmac
import os
import secrets
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from secure_store.sealing.boxes import with_lengths
from secure_store.sealing.scopes import checked_part
from secure_store.sealing.sealing_errors import (
    KeyExists,
    KeyStoreExposed,
    KeyStoreMissing,
    KeyStoreOnDatabaseDevice,
    ParametersOutOfRange,
    PassphraseUnusable,
    WrongPassphrase,
)

_ROOT_BYTES = 32
_SALT_BYTES = 16
_CHECK_BYTES = 16
_MAX_PASSPHRASE = 1024
_MAX_MEMORY_KIB = 4 * 1024 * 1024
_MAX_ITERATIONS = 64
_MAX_LANES = 16
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_BUSY_SECONDS = 5.0
_PRAGMAS = """PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;
PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;
PRAGMA cell_size_check=ON; PRAGMA cache_spill=OFF;"""


@dataclass(frozen=True, slots=True)
class Argon2Parameters:
    """Memory in KiB, passes over it, lanes. They stand in the key store's header.

    The upper bounds keep an altered header from exhausting the machine.
    """

    memory_kib: int
    iterations: int
    lanes: int

    def __post_init__(self) -> None:
        fits = (
            1 <= self.lanes <= _MAX_LANES
            and 8 * self.lanes <= self.memory_kib <= _MAX_MEMORY_KIB
            and 1 <= self.iterations <= _MAX_ITERATIONS
        )
        if not fits:
            raise ParametersOutOfRange(
                memory_kib=self.memory_kib, iterations=self.iterations, lanes=self.lanes
            )


PRODUCTION_PARAMETERS = Argon2Parameters(memory_kib=1024 * 1024, iterations=4, lanes=2)
REHEARSAL_PARAMETERS = Argon2Parameters(memory_kib=8 * 1024, iterations=1, lanes=1)


@dataclass(frozen=True, slots=True)
class PassphraseHeader:
    """What the key store's header says about the passphrase."""

    contract: str
    parameters: Argon2Parameters
    salt: bytes
    check: bytes


def derive_root_key(passphrase: bytes, salt: bytes, parameters: Argon2Parameters) -> bytes:
    """The 32-byte root key (about 2 seconds with the production parameters).

    Raises PassphraseUnusable for an empty passphrase or one of more than 1,024 bytes.
    """
    if not 1 <= len(passphrase) <= _MAX_PASSPHRASE:
        raise PassphraseUnusable(length=len(passphrase))
    return Argon2id(
        salt=salt,
        length=_ROOT_BYTES,
        iterations=parameters.iterations,
        lanes=parameters.lanes,
        memory_cost=parameters.memory_kib,
    ).derive(passphrase)


def header_for(
    root_key: bytes, contract: str, salt: bytes, parameters: Argon2Parameters
) -> PassphraseHeader:
    """The header by which a later opening recognises the passphrase. Raises ScopeInvalid."""
    checked_part(contract)
    numbers = (parameters.memory_kib, parameters.iterations, parameters.lanes)
    said = with_lengths(
        b"dialer/root-check/v1", contract.encode(), salt, *(str(n).encode() for n in numbers)
    )
    check = hmac.digest(root_key, said, "sha256")[:_CHECK_BYTES]
    return PassphraseHeader(contract, parameters, salt, check)


def new_salt() -> bytes:
    """16 random bytes for a header."""
    return secrets.token_bytes(_SALT_BYTES)


def require_root_key(header: PassphraseHeader, root_key: bytes) -> None:
    """Raises WrongPassphrase unless this root key belongs to the header, also if it was altered."""
    expected = header_for(root_key, header.contract, header.salt, header.parameters)
    if not hmac.compare_digest(expected.check, header.check):
        raise WrongPassphrase


def read_passphrase(path: Path) -> bytes:
    """The content of a passphrase file without its last line end.

    Raises PassphraseUnusable (no such file, empty, too long) and KeyStoreExposed when other
    users of the machine may read the file.
    """
    try:
        refuse_exposed(path)
        content = path.read_bytes()
    except OSError:
        raise PassphraseUnusable(file="unreadable") from None
    passphrase = content.removesuffix(b"\n").removesuffix(b"\r")
    if not 1 <= len(passphrase) <= _MAX_PASSPHRASE:
        raise PassphraseUnusable(length=len(passphrase))
    return passphrase


def refuse_exposed(path: Path) -> None:
    """Raises KeyStoreExposed when others than the owner have any right to the file."""
    if path.stat().st_mode & _OTHERS:
        raise KeyStoreExposed(file=path.name)


def device_differs(keystore_dir: Path, database_path: Path) -> bool:
    """Whether the two lie on different devices; what does not exist yet counts as its parent."""
    return _device(keystore_dir) != _device(database_path)


def require_own_device(keystore_dir: Path, database_path: Path) -> None:
    """Raises KeyStoreOnDatabaseDevice. Rehearsal homes and level C do not ask."""
    if not device_differs(keystore_dir, database_path):
        raise KeyStoreOnDatabaseDevice


def _device(path: Path) -> int:
    place = path.absolute()
    return next(each for each in (place, *place.parents) if each.exists()).stat().st_dev


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A private file to fill, which gets its name only when the block has ended well.

    Raises KeyExists when there is a file of this name, also one made meanwhile.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, unnamed = tempfile.mkstemp(dir=path.parent, prefix="unnamed-")
    os.close(handle)
    try:
        yield Path(unnamed)
        os.link(unnamed, path)
    except FileExistsError:
        raise KeyExists(file=path.name) from None
    finally:
        os.unlink(unnamed)
    sync_directory(path.parent)


def private_file(path: Path) -> tuple[int, int]:
    """Which file the path names now (device and number).

    Raises KeyStoreMissing, and KeyStoreExposed when others than the owner have any right to it.
    """
    try:
        found = path.stat()
    except OSError:
        raise KeyStoreMissing from None
    if not stat.S_ISREG(found.st_mode):
        raise KeyStoreMissing
    if found.st_mode & _OTHERS:
        raise KeyStoreExposed(file=path.name)
    return found.st_dev, found.st_ino


def connect_private(path: Path) -> sqlite3.Connection:
    """A connection to a SQLite file nobody else can read; erased content is overwritten.

    Raises KeyStoreMissing and KeyStoreExposed. Transactions are begun by hand.
    """
    private_file(path)
    place = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(place, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    connection.executescript(_PRAGMAS)
    return connection


class OpenedForLooks:
    """A private SQLite file kept open for each thread, as long as the path names that file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._of_thread = threading.local()

    @contextmanager
    def look(self) -> Iterator[sqlite3.Connection]:
        """A transaction of its own that changes nothing, and so sees what is there now."""
        connection = self._connection()
        try:
            connection.execute("BEGIN")
            yield connection
        except sqlite3.DatabaseError:
            self._of_thread.__dict__.clear()  # whatever it was, the next look begins anew
            raise
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _connection(self) -> sqlite3.Connection:
        kept: tuple[object, sqlite3.Connection] | None
        kept = getattr(self._of_thread, "kept", None)
        file = private_file(self._path)
        if kept is None or kept[0] != file:
            kept = self._of_thread.kept = (file, connect_private(self._path))
        return kept[1]


def sync_directory(directory: Path) -> None:
    """Put the entries of a directory on the medium: new files, and files that are gone."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

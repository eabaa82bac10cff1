"""Looks for people in raw bytes, as somebody would who has everything: home, backups, keys, passphrase.

Shares no code with the product: standard library and `cryptography` only, written from the
published form of a sealed value. It needs no table, no label and no associated data: whole key
store files are walked byte by byte for anything that unwraps, every file for anything that
begins like a sealed value, and what opens is searched again, down to databases inside of backups.

    python tests/erased/finder.py --keys DIR --passphrase-file FILE --planted FILE FOLDER...
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import sqlite3
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR, ECB
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

VALUE, STREAM = b"\xd1\x01\x01", b"\xd1BK\x01"
HEAD, COMMITMENT = 23, 16
PAGE, LOG_BYTES = 8192, 16 * 1024 * 1024
CHUNK, TAG = 1024 * 1024, 16
SQLITE = b"SQLite format 3\0"
CODECS = ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc-jp")
IN_TEXT = re.compile(rb"0QEB[A-Za-z0-9+/]{60,}={0,2}")  # a sealed value written in Base64
SALTED = re.compile(rb"(?=([\0-\xff]{8})([0-9a-f]{32})([\0-\xff]{16}))")


@dataclass(slots=True)
class Found:
    """``values``: different sealed values; ``opened`` of them; ``plain``: planted values met in
    the bytes as they lie; ``inside``: planted values met in what opened. ``keys``: unwrapped.
    """

    files: int = 0
    scanned: int = 0
    keys: int = 0
    values: int = 0
    opened: int = 0
    streams: int = 0
    streams_opened: int = 0
    plain: set[str] = field(default_factory=set)
    inside: set[str] = field(default_factory=set)

    def told(self) -> dict[str, int]:
        """The figures alone."""
        whole = {name: getattr(self, name) for name in self.__slots__}
        return {n: len(v) if isinstance(v, set) else v for n, v in whole.items()}


def expand(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, f"dialer/{purpose}/v1".encode() + b"\x01", "sha256")


def decrypt(key: bytes, nonce: bytes, ciphertext: bytes) -> bytes:
    """GCM's own stream, without its tag: whoever looks for remnants does not ask to be convinced."""
    return Cipher(AES(key), CTR(nonce + b"\0\0\0\2")).decryptor().update(ciphertext)


class Keys:
    """Every key that can be had from the bytes of a key store and the passphrase."""

    def __init__(self, stores: Sequence[bytes], passphrase: bytes, key_file: bytes = b"") -> None:
        self.whole: dict[bytes, bytes] = {}  # key id -> key
        self.known: set[bytes] = set()  # every id a key could have: all 8-byte windows
        for raw in stores:
            self.known |= {raw[at : at + 8] for at in range(len(raw) - 7)}
        for raw in stores:
            for root in roots(raw, passphrase + key_file):
                for contract in [root, *self._unwrapped(raw, root)]:
                    self._unwrapped(raw, contract)
        self.rows: dict[bytes, list[tuple[bytes, bytes]]] = {}
        self._last: dict[bytes, int] = {}
        for raw in stores:
            for one in SALTED.finditer(raw):
                self._add_row(*one.groups())

    def _unwrapped(self, raw: bytes, wrapping: bytes) -> list[bytes]:
        """Tries every place of the bytes as a wrapped key (nonce 12, key 32)."""
        places = range(len(raw) - 12 - 32)
        blocks = b"".join(
            raw[at : at + 12] + tail for at in places for tail in (b"\0\0\0\2", b"\0\0\0\3")
        )
        stream = Cipher(AES(wrapping), ECB()).encryptor().update(blocks)
        found = []
        for number, at in enumerate(places):
            secret = xor(raw[at + 12 : at + 44], stream[32 * number : 32 * number + 32])
            key_id = expand(secret, "kid")[:8]
            if key_id in self.known:
                self.whole[key_id] = secret
                found.append(secret)
        return found

    def _add_row(self, key_id: bytes, row: bytes, salt: bytes) -> None:
        data = self.whole.get(key_id)
        if data is not None:
            extracted = hmac.digest(salt, data, "sha256")
            info = b"dialer/rec/v1" + bytes.fromhex(row.decode()) + b"\x01"
            key = hmac.digest(extracted, info, "sha256")
            self.rows.setdefault(key_id, []).append((expand(key, "commit"), expand(key, "seal")))

    def opener(self, head: bytes, commitment: bytes) -> bytes | None:
        """The sealing key of a value, recognised by its commitment."""
        key_id = head[3:11]
        if key_id in self.whole:
            key = self.whole[key_id]
            commit = expand(key, "commit")
            if hmac.digest(commit, head, "sha256")[:COMMITMENT] == commitment:
                return expand(key, "seal")
        rows, last = self.rows.get(key_id, []), self._last.get(key_id, 0)
        for step in range(len(rows)):  # values of one row, and of the next, lie together
            at = (last + step) % len(rows)
            if hmac.digest(rows[at][0], head, "sha256")[:COMMITMENT] == commitment:
                self._last[key_id] = at
                return rows[at][1]
        return None


def xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(len(one))


def roots(raw: bytes, secret: bytes) -> list[bytes]:
    """The root key, by the parameters that stand in the store's header."""
    with as_database(raw) as connection:
        salt, memory, passes, lanes = connection.execute(
            "SELECT salt, memory_kib, iterations, lanes FROM header"
        ).fetchone()
    kdf = Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory)
    return [kdf.derive(secret)]


def as_database(raw: bytes) -> closing[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    # Version bytes 2 would ask for a write-ahead log that a copy in memory cannot have.
    connection.deserialize(raw[:18] + b"\1\1" + raw[20:])
    return closing(connection)


def patterns(value: str) -> Iterator[bytes]:
    """How a value looks in seven encodings."""
    for codec in CODECS:
        with suppress(UnicodeEncodeError):
            yield value.encode(codec)
    plain = value.encode()
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    for shift in range(3):
        written = base64.b64encode(b"\0" * shift + plain)
        yield written[(0, 2, 3)[shift] : (shift + len(plain)) * 8 // 6]


class Finder:
    """Walks over bytes, and over whatever opens inside of them."""

    def __init__(self, keys: Keys, planted: Iterable[str]) -> None:
        self.keys = keys
        self.found = Found(keys=len(keys.whole))
        self._wanted = [(value, one) for value in planted for one in patterns(value)]
        self._heads: set[bytes] = set()
        self._opened: set[bytes] = set()

    def walk(self, folders: Iterable[Path]) -> Found:
        """Every file of every folder."""
        for folder in folders:
            for path in [folder, *folder.rglob("*")]:
                if path.is_file() and not path.is_symlink():
                    self.found.files += 1
                    self.look(one_stream(path.read_bytes()), self.found.plain)
        self.found.values, self.found.opened = len(self._heads), len(self._opened)
        return self.found

    def look(self, raw: bytes, met: set[str]) -> None:
        """Searches some bytes for planted values, and opens what is sealed in them."""
        self.found.scanned += len(raw)
        met |= {value for value, one in self._wanted if value not in met and one in raw}
        for one in IN_TEXT.finditer(raw):
            with suppress(ValueError):
                self._values(base64.b64decode(one[0]))
        self._values(raw)
        self._streams(raw)
        if raw.startswith(SQLITE):  # a long value lies scattered over pages of the file
            for cell in blobs(raw):
                self._values(cell)

    def _values(self, raw: bytes) -> None:
        at = raw.find(VALUE)
        while at >= 0:
            head = raw[at : at + HEAD]
            commitment = raw[at + HEAD : at + HEAD + COMMITMENT]
            if len(commitment) == COMMITMENT and head[3:11] in self.keys.known:
                self._heads.add(head)
                self._open(head, commitment, raw, at + HEAD + COMMITMENT)
            at = raw.find(VALUE, at + 1)

    def _open(self, head: bytes, commitment: bytes, raw: bytes, start: int) -> None:
        if head in self._opened:
            return
        key = self.keys.opener(head, commitment)
        if key is None:
            return
        first = decrypt(key, head[11:], raw[start : start + 16])
        length = int.from_bytes(first[:4])
        content = decrypt(key, head[11:], raw[start : start + 4 + length])[4:]
        if len(content) == length:
            self._opened.add(head)
            self.look(content, self.found.inside)

    def _streams(self, raw: bytes) -> None:
        """A backup: chunks under a key of its own. The first bytes of an archive show the key."""
        if not raw.startswith(STREAM):
            return
        self.found.streams += 1
        chunks = [raw[at : at + CHUNK + TAG] for at in range(20, len(raw), CHUNK + TAG)]
        for key in self.keys.whole.values():
            clear = b"".join(
                decrypt(expand(key, "stream"), nonce(at, at == len(chunks) - 1), chunk[:-TAG])
                for at, chunk in enumerate(chunks[:1])
            )
            if clear[257:262] == b"ustar":
                self.found.streams_opened += 1
                self._unpack(expand(key, "stream"), chunks)
                return

    def _unpack(self, key: bytes, chunks: Sequence[bytes]) -> None:
        clear = b"".join(
            decrypt(key, nonce(at, at == len(chunks) - 1), chunk[:-TAG])
            for at, chunk in enumerate(chunks)
        )
        self.look(clear, self.found.inside)


def one_stream(raw: bytes) -> bytes:
    """A segment of PostgreSQL's log without its page headers, which cut through what was written."""
    if len(raw) != LOG_BYTES or raw[1:2] != b"\xd1":
        return raw
    pages = (raw[at : at + PAGE] for at in range(0, len(raw), PAGE))
    return b"".join(page[40 if page[2] & 2 else 24 :] for page in pages)


def nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11) + bytes([is_last])


def blobs(raw: bytes) -> Iterator[bytes]:
    """Every value of bytes in every table of a database file."""
    with suppress(sqlite3.DatabaseError), as_database(raw) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            for row in connection.execute(f'SELECT * FROM "{name}"'):
                yield from (cell for cell in row if isinstance(cell, bytes))


def find(folders: Iterable[Path], stores: Path, passphrase: bytes, planted: Iterable[str]) -> Found:
    """What somebody finds who has every byte of the folders, the key store and the passphrase."""
    raw = [path.read_bytes() for path in stores.rglob("*") if path.is_file()]
    keys = Keys([one for one in raw if one.startswith(SQLITE)], passphrase)
    return Finder(keys, planted).walk([*folders, stores])


def control(value: str) -> int:
    """In how many of seven encodings a planted value is found when it lies in a file."""
    with tempfile.TemporaryDirectory() as folder:
        seen = 0
        keys = Keys([], b"")
        forms = [value.encode(codec) for codec in CODECS]
        forms += [base64.b64encode(b"x" + value.encode()), value.encode().hex().encode()]
        for number, form in enumerate(forms):
            path = Path(folder) / str(number)
            path.write_bytes(b"\0" * 1000 + form + b"\0" * 1000)
            seen += value in Finder(keys, [value]).walk([path]).plain
        return seen


def main(words: list[str] | None = None) -> int:
    """Prints the figures as JSON; 1 when anything was found or opened."""
    parser = ArgumentParser(prog="finder")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--keys", type=Path, required=True)
    parser.add_argument("--passphrase-file", type=Path, required=True)
    parser.add_argument("--planted", type=Path, required=True, help="one value a line")
    given = parser.parse_args(words)
    passphrase = given.passphrase_file.read_bytes().removesuffix(b"\n")
    planted = given.planted.read_text("utf-8").split("\n")
    found = find(given.folders, given.keys, passphrase, [one for one in planted if one])
    sys.stdout.write(json.dumps(found.told()) + "\n")
    return 1 if found.opened or found.plain or found.inside or found.streams_opened else 0


if __name__ == "__main__":
    sys.exit(main())

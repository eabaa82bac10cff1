"""What a key or a sealed value belongs to, in words that hold no secret.

A scope names exactly one receivable: there is no scope over two, so nothing can be sealed,
opened or looked up across receivables (S4-14.4-2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from secure_store.sealing.boxes import with_lengths
from secure_store.sealing.sealing_errors import ScopeInvalid

_MAX_PART = 64
_INTEGER_BYTES = 8
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(microseconds=1)


def checked_part(part: str) -> str:
    """The part itself: 1 to 64 printable characters, no slash. Raises ScopeInvalid."""
    if not 1 <= len(part) <= _MAX_PART or "/" in part or not part.isprintable():
        raise ScopeInvalid(length=len(part))
    return part


def to_micros(instant: datetime) -> int:
    """An aware instant as microseconds since 1970, as the key store keeps it."""
    return (instant - _ZERO) // _STEP


def from_micros(micros: int) -> datetime:
    """The instant of `to_micros`, in UTC."""
    return _ZERO + micros * _STEP


class KeyKind(StrEnum):
    """The kinds of keys. RECORD keys are derived from a row salt and never stored."""

    CONTRACT = "contract"
    DATA = "data"
    PSEUDONYM = "pseudonym"
    FILE = "file"
    SIGNING = "signing"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class ReceivableScope:
    """One receivable of one contract."""

    contract: str
    receivable: str

    def __post_init__(self) -> None:
        checked_part(self.contract)
        checked_part(self.receivable)

    def text(self) -> str:
        return f"{self.contract}/{self.receivable}"


@dataclass(frozen=True, slots=True)
class BatchScope:
    """One lent batch of one receivable; `batch` is the campaign's code."""

    contract: str
    receivable: str
    batch: str

    def __post_init__(self) -> None:
        checked_part(self.contract)
        checked_part(self.receivable)
        checked_part(self.batch)

    def text(self) -> str:
        return f"{self.contract}/{self.receivable}/{self.batch}"

    def of_receivable(self) -> ReceivableScope:
        return ReceivableScope(self.contract, self.receivable)


@dataclass(frozen=True, slots=True)
class Context:
    """The one place where a sealed value opens: a group of a row at a version.

    `version` is the row's version, `schema` the version of the packing of the group.
    """

    scope: BatchScope
    table: str
    row_id: UUID
    group: str
    version: int
    schema: int = 1

    def associated_data(self) -> bytes:
        """What is bound into the sealed value; integers as 8 bytes, the row as 16."""
        return with_lengths(
            b"dialer/aad/v1",
            self.scope.contract.encode(),
            self.scope.receivable.encode(),
            self.scope.batch.encode(),
            self.table.encode(),
            self.row_id.bytes,
            self.group.encode(),
            self.version.to_bytes(_INTEGER_BYTES, "big"),
            self.schema.to_bytes(_INTEGER_BYTES, "big"),
        )


@dataclass(frozen=True, slots=True)
class KeyLabel:
    """Says which key is meant. `scope` is the text of what it belongs to.

    `name` is the id of a file, the hex id of a row, or the epoch of a contract key.
    """

    kind: KeyKind
    scope: str
    name: str = ""

    def text(self) -> str:
        """The label in words. A file's id is its own, whatever the file belongs to."""
        if self.kind is KeyKind.FILE:
            return f"file:{self.name}"
        return f"{self.scope}/{self.kind}:{self.name}" if self.name else self.scope

    def with_parents(self) -> tuple[str, ...]:
        """The texts of everything whose erasure erases this key too, widest first."""
        parts = self.scope.split("/")
        wider = tuple("/".join(parts[: n + 1]) for n in range(len(parts)))
        return (*wider, self.text()) if self.name else wider


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A key as it lies in the key store. `epoch` 0: wrapped by the root key itself."""

    label: KeyLabel
    key_id: bytes
    epoch: int
    created_at: datetime
    kcv: bytes
    wrapped: bytes

    def row(self) -> tuple[Any, ...]:
        """Kind, scope, name, id, creation, check value, epoch, wrapped bytes."""
        label, born = self.label, to_micros(self.created_at)
        head = (label.kind.value, label.scope, label.name, self.key_id, born, self.kcv)
        return (*head, self.epoch, self.wrapped)

    @classmethod
    def from_row(cls, row: tuple[Any, ...]) -> WrappedKey:
        kind, scope, name, key_id, born, kcv, epoch, wrapped = row
        label = KeyLabel(KeyKind(kind), scope, name)
        return cls(label, key_id, epoch, from_micros(born), kcv, wrapped)

    def destroyed(self, at: datetime) -> DestroyedKey:
        """The tombstone this key leaves."""
        return DestroyedKey.from_row((*self.row()[:6], to_micros(at)))


@dataclass(frozen=True, slots=True)
class DestroyedKey:
    """The tombstone of a key: one line of an erasure certificate (S4-14.10)."""

    key_id: str
    kind: KeyKind
    scope: str
    name: str
    created_at: datetime
    destroyed_at: datetime
    kcv: str

    def label(self) -> KeyLabel:
        return KeyLabel(self.kind, self.scope, self.name)

    def row(self) -> tuple[Any, ...]:
        """Kind, scope, name, id, creation, check value, destruction."""
        born, died = to_micros(self.created_at), to_micros(self.destroyed_at)
        key_id, kcv = bytes.fromhex(self.key_id), bytes.fromhex(self.kcv)
        return (self.kind.value, self.scope, self.name, key_id, born, kcv, died)

    @classmethod
    def from_row(cls, row: tuple[Any, ...]) -> DestroyedKey:
        kind, scope, name, key_id, born, kcv, died = row
        where = (KeyKind(kind), scope, name)
        return cls(key_id.hex(), *where, from_micros(born), from_micros(died), kcv.hex())


@dataclass(frozen=True, slots=True)
class KeyCount:
    """How many keys of a kind a scope holds; for RECORD keys, how many row salts."""

    kind: KeyKind
    scope: str
    count: int


@dataclass(frozen=True, slots=True)
class Generation:
    """The state of the key store. The stamp tells two histories of one number apart."""

    number: int
    stamp: bytes

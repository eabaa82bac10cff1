"""What may be known of the keys without any of them, and who may change them."""

from __future__ import annotations

from dataclasses import dataclass

from secure_store.access import Actor, Permission, Role, require
from secure_store.audit.tags import Tag
from secure_store.errors import NotAllowed
from secure_store.sealing.installed import installed_of
from secure_store.sealing.key_table import ROOT
from secure_store.sealing.root import kind_of
from secure_store.sealing.root_kinds import RootKind
from secure_store.sealing.rotation import rotate_epoch
from secure_store.sealing.scopes import KeyCount, KeyKind
from secure_store.work import SecureStore


class KeyPersonsWrong(NotAllowed):
    """Keys are changed by one supervisor and one administrator together."""

    code = "key_persons_wrong"


@dataclass(frozen=True, slots=True)
class BatchKeys:
    """The keys of one campaign: whether a replaced data key is still there, and its rows."""

    receivable: str
    campaign_code: str
    records: int
    is_being_replaced: bool


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """The state of the key store. ``level`` as certificates print it; no secret is in here."""

    level: str
    accepts_level_c: bool
    root: RootKind
    epoch: int
    generation: int
    counts: tuple[KeyCount, ...]
    tombstones: int
    batches: tuple[BatchKeys, ...]
    is_erased: bool
    public_key_pem: str


def key_status(store: SecureStore) -> KeyStatus:
    """Reads the state. Raises WrongPassphrase and the like when the store does not open."""
    installed = installed_of(store)
    keyring = installed.keyring
    with keyring.store.read() as table:
        note, epoch = table.note(ROOT), table.epoch
        generation, buried = table.generation.number, len(table.buried_ids())
        counts = table.counts()
    return KeyStatus(
        level=installed.assurance_level,
        accepts_level_c=installed.accepts_level_c,
        root=kind_of(note),
        epoch=epoch,
        generation=generation,
        counts=counts,
        tombstones=buried,
        batches=tuple(_batches(counts)),
        is_erased=keyring.is_erased(),
        public_key_pem=keyring.public_key_pem(),
    )


def _batches(counts: tuple[KeyCount, ...]) -> list[BatchKeys]:
    records = {count.scope: count.count for count in counts if count.kind is KeyKind.RECORD}
    found = []
    for count in counts:
        if count.kind is KeyKind.DATA:
            _contract, receivable, code = count.scope.split("/")
            salts = records.get(count.scope, 0)
            found.append(BatchKeys(receivable, code, salts // count.count, count.count > 1))
    return found


def require_two(first: Actor, second: Actor) -> None:
    """Raises KeyPersonsWrong unless one supervisor and one administrator act (decision 17)."""
    for actor in (first, second):
        require(actor, Permission.ROTATE_KEYS)
    if {first.role, second.role} != {Role.SUPERVISOR, Role.SYSTEM_ADMIN}:
        raise KeyPersonsWrong


def rotate_contract_key(store: SecureStore, first: Actor, second: Actor) -> int:
    """A new contract key over all others; how many keys were read back. Raises KeyPersonsWrong."""
    require_two(first, second)
    with store.work(first) as work:
        work.audit(Tag.KEY_REWRAPPED, reason="epoch", ref=second.code)
    return rotate_epoch(installed_of(store).keyring, store.clock.now())

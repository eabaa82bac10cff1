"""Pure: events as bytes, the hash chain, the RFC 6962 tree over it and its signed heads.

One chain per contract. An event's hash is at the same time its leaf in the tree, so one number
and one root vouch for every event before them. Signing happens elsewhere; this module only
knows ``hashlib``.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from secure_store.audit.tags import FieldGroup, Result, Tag, bits_of
from secure_store.canonical import canonical_json
from secure_store.errors import Invalid

HASH_BYTES = 32
GENESIS = bytes(HASH_BYTES)  # stands where the first event names its predecessor
NOTE_DASH = "\u2014"
ED25519_NOTE = b"\x01"  # the signature kind of a signed note

_SHORT_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.:-]{0,31}")
_LONG_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.:-]{0,63}")
_PSEUDONYM = re.compile(r"[0-9a-f]{16,32}")
_NUMBER_OF_A_PERSON = re.compile(r"(0|\+81)[0-9-]{8,12}")
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")

# Hexadecimal ids drawn at random may look like a telephone number; a reference never may.
_SHORT_FIELDS = ("actor", "role", "terminal", "receivable", "batch", "object_kind")
_RANDOM_FIELDS = ("session_ref", "request_id")
_LONG_FIELDS = ("reason", "ref")


class EventFault(StrEnum):
    """Why an event or a note cannot be written or read."""

    SEQUENCE = "sequence"
    INSTANT = "instant"
    NOT_A_CODE = "not_a_code"
    PSEUDONYM = "pseudonym"
    COUNT = "count"
    PREVIOUS_HASH = "previous_hash"
    NAME = "name"
    NOTE = "note"
    TREE = "tree"


class EventRefused(Invalid):
    """The audit event, tree or note is not well formed."""

    code = "audit_event_refused"


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """One event. Ids, codes and keyed pseudonyms only: no name, number or free text fits in.

    ``seq`` counts from 1 without a gap; ``subject`` is the hexadecimal pseudonym of a row;
    ``prev`` is the hash of the event before, or ``GENESIS``. ``groups`` tells what was shown.
    """

    seq: int
    at: datetime
    actor: str
    role: str
    tag: Tag
    prev: bytes
    result: Result = Result.OK
    session_ref: str | None = None
    terminal: str | None = None
    receivable: str | None = None
    batch: str | None = None
    object_kind: str | None = None
    object_id: UUID | None = None
    subject: str | None = None
    groups: tuple[FieldGroup, ...] = ()
    count: int | None = None
    reason: str | None = None
    ref: str | None = None
    request_id: str | None = None

    def __post_init__(self) -> None:
        _refuse_if(self.seq < 1, EventFault.SEQUENCE, "seq")
        _refuse_if(self.at.tzinfo is None, EventFault.INSTANT, "at")
        _refuse_if(len(self.prev) != HASH_BYTES, EventFault.PREVIOUS_HASH, "prev")
        _refuse_if(self.count is not None and self.count < 0, EventFault.COUNT, "count")
        for field in _SHORT_FIELDS + _RANDOM_FIELDS:
            _check_code(field, getattr(self, field), _SHORT_CODE)
        for field in _LONG_FIELDS:
            _check_code(field, getattr(self, field), _LONG_CODE)
        unknown = self.subject is not None and not _PSEUDONYM.fullmatch(self.subject)
        _refuse_if(unknown, EventFault.PSEUDONYM, "subject")


def _check_code(field: str, value: str | None, form: re.Pattern[str]) -> None:
    if value is None:
        return
    _refuse_if(not form.fullmatch(value), EventFault.NOT_A_CODE, field)
    if field not in _RANDOM_FIELDS:
        _refuse_if(bool(_NUMBER_OF_A_PERSON.fullmatch(value)), EventFault.NOT_A_CODE, field)


def _refuse_if(wrong: bool, fault: EventFault, field: str) -> None:
    if wrong:
        # Only the field's name: the value may be what should never have come here.
        raise EventRefused(fault=fault.value, field=field)


def canonical_bytes(facts: AuditFacts) -> bytes:
    """The bytes that are hashed and exported: usually under 512, never over 1,024."""
    return canonical_json(
        {
            "seq": facts.seq,
            "at": facts.at,
            "actor": facts.actor,
            "role": facts.role,
            "session": facts.session_ref,
            "terminal": facts.terminal,
            "tag": facts.tag,
            "receivable": facts.receivable,
            "batch": facts.batch,
            "object": facts.object_kind,
            "object_id": facts.object_id,
            "subject": facts.subject,
            "groups": bits_of(facts.groups) or None,
            "count": facts.count,
            "result": facts.result,
            "reason": facts.reason,
            "ref": facts.ref,
            "request": facts.request_id,
            "prev": facts.prev.hex(),
        }
    )


def event_hash(event: bytes) -> bytes:
    """SHA-256(0x00 ‖ event): the chain's hash and the tree's leaf in one (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\x00" + event).digest()


def export_line(event: bytes, stored_hash: bytes) -> bytes:
    """One line of a JSON-lines export; the event's bytes stand in it unchanged."""
    return b'{"event":' + event + b',"hash":"' + stored_hash.hex().encode() + b'"}\n'


class MerkleAccumulator:
    """The RFC 6962 root of a growing log, kept as the roots of its full subtrees.

    At most 64 of them, so that adding an event and asking for the root cost no re-reading.
    """

    def __init__(self) -> None:
        self._size = 0
        self._peaks: list[bytes] = []

    @property
    def size(self) -> int:
        return self._size

    def add(self, leaf_hash: bytes) -> None:
        """Append one leaf: ``event_hash`` of the event."""
        _refuse_if(len(leaf_hash) != HASH_BYTES, EventFault.TREE, "leaf_hash")
        node, size = leaf_hash, self._size
        while size & 1:
            node = _node(self._peaks.pop(), node)
            size >>= 1
        self._peaks.append(node)
        self._size += 1

    def root(self) -> bytes:
        """The root over all leaves; of an empty log SHA-256 of nothing."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = _node(peak, root)
        return root

    def to_bytes(self) -> bytes:
        """Eight bytes of size, then the subtree roots, largest first."""
        return self._size.to_bytes(8, "big") + b"".join(self._peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> MerkleAccumulator:
        """Read ``to_bytes`` back. Raises ``EventRefused`` when size and roots disagree."""
        size = int.from_bytes(data[:8], "big")
        fits = len(data) == 8 + HASH_BYTES * size.bit_count()
        _refuse_if(not fits, EventFault.TREE, "data")
        tree = cls()
        tree._size = size
        tree._peaks = [data[at : at + HASH_BYTES] for at in range(8, len(data), HASH_BYTES)]
        return tree


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A signed head taken apart. ``text`` is what the signature covers, newline included."""

    text: str
    name: str
    key_id: bytes
    signature: bytes


def signer_name(installation: str) -> str:
    """The name before the signature: ``dialer.<installation>``."""
    _refuse_if(not _NAME.fullmatch(installation), EventFault.NAME, "installation")
    return f"dialer.{installation}"


def checkpoint_text(installation: str, contract: str, size: int, root: bytes) -> str:
    """The three lines that are signed: origin, tree size, root in base64."""
    _refuse_if(not _NAME.fullmatch(contract), EventFault.NAME, "contract")
    _refuse_if(size < 0 or len(root) != HASH_BYTES, EventFault.TREE, "root")
    origin = f"{signer_name(installation)}/{contract}"
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def note_key_id(name: str, public_key: bytes) -> bytes:
    """The four bytes by which a note names its key (raw Ed25519 public key, 32 bytes)."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519_NOTE + public_key).digest()[:4]


def signed_note(text: str, name: str, key_id: bytes, signature: bytes) -> str:
    """Put the signature under ``text``. ``signature`` is Ed25519 over ``text`` in UTF-8."""
    well_formed = text.endswith("\n") and len(key_id) == 4 and len(signature) == 64
    _refuse_if(not well_formed, EventFault.NOTE, "text")
    value = base64.b64encode(key_id + signature).decode()
    return f"{text}\n{NOTE_DASH} {name} {value}\n"


_NOTE = re.compile(
    rf"(?P<text>[^\n]+\n[0-9]+\n[0-9A-Za-z+/=]{{44}}\n)\n{NOTE_DASH} "
    r"(?P<name>[^ \n]+) (?P<value>[0-9A-Za-z+/]+=?)\n"
)


def parse_note(note: str) -> SignedNote:
    """Take a signed head apart without judging it. Raises ``EventRefused`` for another form."""
    found = _NOTE.fullmatch(note)
    if found is None:
        raise EventRefused(fault=EventFault.NOTE.value, field="note")
    # 4 + 64 bytes fill 92 characters; writing them again refuses bits hidden in the padding.
    value = base64.b64decode(found["value"]) if len(found["value"]) == 92 else b""
    exact = len(value) == 68 and base64.b64encode(value).decode() == found["value"]
    _refuse_if(not exact, EventFault.NOTE, "signature")
    return SignedNote(found["text"], found["name"], value[:4], value[4:])

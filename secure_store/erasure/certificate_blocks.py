"""Pure: the blocks of an erasure certificate, as frozen values (S4-14.10, S3-B2-13.2 to 13.5).

Names of persons here are those of staff and officials who sign, never of callees. Absent
optional blocks and fields are left out of the signed text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from secure_store.erasure.states import Gate


class DocumentKind(StrEnum):
    """Which paper this is. One record on instruction is partial: a record, not a certificate."""

    ERASURE_CERTIFICATE = "erasure_certificate"
    DELETION_RECORD = "deletion_record"
    COMPLETION_REPORT = "completion_report"
    ERASURE_REPORT = "erasure_report"


class AssuranceLevel(StrEnum):
    """How the root key was held, which limits what the paper may claim (security.md 5.5)."""

    A = "A"
    B = "B"
    C = "C"


class Sanitization(StrEnum):
    CLEAR = "clear"
    PURGE = "purge"
    DESTROY = "destroy"


class EraseMethod(StrEnum):
    CRYPTOGRAPHIC = "cryptographic"
    DELETION = "deletion"
    OVERWRITE = "overwrite"
    PHYSICAL_DESTRUCTION = "physical_destruction"
    DISSOLUTION = "dissolution"


class PersonRole(StrEnum):
    OPERATOR = "operator"
    APPROVER = "approver"
    VERIFIER = "verifier"


class ItemKind(StrEnum):
    """What is counted before and after. ``SEALED_VALUES`` need a destroyed key of their batch."""

    ROWS = "rows"
    SEALED_VALUES = "sealed_values"
    BYTES = "bytes"
    FILES = "files"
    RECORDINGS = "recordings"
    OUTBOX_FILES = "outbox_files"
    BACKUPS = "backups"
    MEDIA = "media"
    PAPER_SHEETS = "paper_sheets"
    KEY_SHARES = "key_shares"
    TEMPORARY_FILES = "temporary_files"


@dataclass(frozen=True, slots=True)
class Head:
    """``period_end`` is the last day of the performance period; the rest follows from it."""

    certificate_id: str
    document: DocumentKind
    issued_on: date
    contract_no: str
    contract_name: str
    commissioner: str
    contractor: str
    contractor_representative: str
    basis: str
    scope: str
    receivables: tuple[str, ...]
    period_start: date
    period_end: date
    rehearsal: bool


@dataclass(frozen=True, slots=True)
class Instruction:
    """The commissioner's order to erase part of the data (S4-16.1)."""

    document_no: str
    instructed_on: date


@dataclass(frozen=True, slots=True)
class MediumItem:
    name: str
    kind: str
    place: str
    maker: str | None = None
    model: str | None = None
    serial: str | None = None
    asset_no: str | None = None
    capacity: str | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    item: str
    unit: str
    count: int


@dataclass(frozen=True, slots=True)
class Application:
    """The five items of the written application: items, media, quantities, method, date."""

    application_no: str
    applied_on: date
    items: tuple[str, ...]
    media: tuple[MediumItem, ...]
    quantities: tuple[Quantity, ...]
    method_planned: str
    planned_on: date
    sha256: str


@dataclass(frozen=True, slots=True)
class Consent:
    consent_no: str
    consented_on: date
    post_and_name: str
    letter_sha256: str
    scope_match: bool


@dataclass(frozen=True, slots=True)
class Witness:
    requested: bool
    name: str | None = None
    post: str | None = None
    present_from: datetime | None = None
    present_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    title: str
    role: PersonRole
    contact: str
    place: str


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    version: str
    commit: str | None = None
    sbom_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Execution:
    started_at: datetime
    finished_at: datetime
    persons: tuple[Person, ...]
    sanitization: Sanitization
    methods: tuple[EraseMethod, ...]
    technique: str
    tool: Tool
    assurance_level: AssuranceLevel
    boot_id_before: str | None = None
    boot_id_after: str | None = None


@dataclass(frozen=True, slots=True)
class InventoryLine:
    """One count of one receivable, batch and place (a table, a folder, a medium).

    ``after`` is zero, or ``exception_no`` names the entry that says why not. ``receivable``
    and ``batch`` are empty for what belongs to the whole contract.
    """

    kind: ItemKind
    place: str
    before: int
    after: int
    receivable: str | None = None
    batch: str | None = None
    exception_no: int | None = None


@dataclass(frozen=True, slots=True)
class DestroyedKeyLine:
    """One destroyed key. ``kcv`` is its check value; ``receipt`` what the key store answered."""

    key_id: str
    kind: str
    created_at: datetime
    destroyed_at: datetime
    kcv: str
    backend: str
    receipt: str
    copies_known: int
    copies_destroyed: int
    generation: int
    receivable: str | None = None
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class KeyDestruction:
    """Counts of the key store: when the erasure began, ever in the scope, and after it."""

    alive_before: int
    ever_made: int
    tombstones: int
    keys: tuple[DestroyedKeyLine, ...]


@dataclass(frozen=True, slots=True)
class CryptographicErase:
    """The ten statements about a cryptographic erase."""

    product: str
    key_generation: str
    encryption: str
    key_hierarchy: str
    data_areas: str
    key_life_cycle: str
    key_sanitization: str
    key_escrow: str
    error_handling: str
    interface: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Both scans. Before: ``control_opened`` of ``control_sealed`` open, real values sought in
    the clear. After: ``values_opened`` of ``values_tried`` open with every key still reachable.
    """

    before_report_sha256: str
    before_values_sought: int
    before_plain_hits: int
    control_sealed: int
    control_opened: int
    after_report_sha256: str
    values_tried: int
    values_opened: int
    canaries_sought: int
    canary_hits: int
    key_bytes_hits: int
    bytes_scanned: int
    encodings: tuple[str, ...]
    paths: tuple[str, ...]
    verifier: str
    verified_at: datetime


@dataclass(frozen=True, slots=True)
class Remainder:
    """Something that stays, and why (law, instruction)."""

    no: int
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class GateNoted:
    """A condition that was not met and, by the contract, did not stop the erasure."""

    gate: Gate
    note: str


@dataclass(frozen=True, slots=True)
class Validation:
    residual_risks: tuple[str, ...]
    exceptions: tuple[Remainder, ...]
    gates_noted: tuple[GateNoted, ...] = ()
    accepted_by: str | None = None
    accepted_on: date | None = None


@dataclass(frozen=True, slots=True)
class LogHead:
    """The audit chain at the end of the erasure; ``checkpoint`` is its signed head."""

    audit_origin: str
    tree_size: int
    root_hash: str
    head_hash: str
    checkpoint: str
    retention_until: date

"""Pure: names of the daily files, and the manifest that lists and fixes them (S4-13.1).

One manifest per daily pack. It carries the head of the audit chain, so that the city holds an
outside anchor for every business day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from secure_store.canonical import NotCanonical, canonical_json, parse_canonical, plain
from secure_store.errors import Invalid

FORM = "dialer/manifest/v1"
# What a daily file's name ends with once it is locked for its department.
AGE_SUFFIX, ZIP_SUFFIX, BOOK_SUFFIX = LOCKED_SUFFIXES = (".age", ".zip", ".xlsx")

_HEX64 = re.compile(r"[0-9a-f]{64}")
_SAFE_NAME = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]{0,99}")
_RECEIVABLE = re.compile(r"[0-9A-Z]{1,8}")
_CASE_FILE = re.compile(
    r"(?P<receivable>[0-9A-Z]+)_(?P<month>[0-9]{6})_(?P<kind>KEKKA|MEISAI_CALL|ESC)"
    r"_(?P<day>[0-9]{8})_(?P<number>[0-9]{2})\.csv"
)


class DailyFileKind(StrEnum):
    """The files of one receivable and day; the value stands in the file's name."""

    CALLEE_RESULTS = "KEKKA"
    CALL_DETAILS = "MEISAI_CALL"
    ESCALATIONS = "ESC"


class ManifestFault(StrEnum):
    """Why a manifest or a file name is refused."""

    NAME = "name"
    DOUBLE_NAME = "double_name"
    DIGEST = "digest"
    COUNT = "count"
    INSTANT = "instant"
    FORM = "form"


class ManifestRefused(Invalid):
    """The manifest or file name is not well formed."""

    code = "manifest_refused"


def _refuse_if(wrong: bool, fault: ManifestFault, field: str) -> None:
    if wrong:
        raise ManifestRefused(fault=fault.value, field=field)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file: SHA-256 in hexadecimal, data rows without the header, length in bytes."""

    name: str
    sha256: str
    rows: int
    bytes: int

    def __post_init__(self) -> None:
        _refuse_if(not _SAFE_NAME.fullmatch(self.name), ManifestFault.NAME, "name")
        _refuse_if(not _HEX64.fullmatch(self.sha256), ManifestFault.DIGEST, "sha256")
        counts = type(self.rows) is int and type(self.bytes) is int
        _refuse_if(not counts or self.rows < 0 or self.bytes < 0, ManifestFault.COUNT, "rows")


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The audit chain when the day was closed: events, tree root and last hash in hexadecimal."""

    size: int
    root: str
    hash: str

    def __post_init__(self) -> None:
        _refuse_if(type(self.size) is not int or self.size < 0, ManifestFault.COUNT, "size")
        digests = _HEX64.fullmatch(self.root) and _HEX64.fullmatch(self.hash)
        _refuse_if(not digests, ManifestFault.DIGEST, "audit_head")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a daily pack holds. ``revision`` is 0 for the first build and counts corrections.

    ``built_at`` is the instant of the close, not of a rebuild, so that a rebuild gives the same
    bytes (decision on the close of day).
    """

    contract: str
    business_day: date
    receivables: tuple[str, ...]
    files: tuple[FileEntry, ...]
    built_at: datetime
    audit_head: AuditHead
    revision: int
    rehearsal: bool

    def __post_init__(self) -> None:
        names = {entry.name for entry in self.files}
        _refuse_if(len(names) != len(self.files), ManifestFault.DOUBLE_NAME, "files")
        _refuse_if(self.built_at.tzinfo is None, ManifestFault.INSTANT, "built_at")
        counted = type(self.revision) is int and self.revision >= 0
        _refuse_if(not counted, ManifestFault.COUNT, "revision")
        _refuse_if(type(self.rehearsal) is not bool, ManifestFault.FORM, "rehearsal")

    def to_json(self) -> bytes:
        """The one canonical form; this is what is signed and placed beside the files."""
        return canonical_json({"form": FORM, **plain(self)})


def manifest_from_json(data: bytes) -> Manifest:
    """Read ``Manifest.to_json`` back.

    Raises ``NotCanonical`` for bytes in another form, ``ManifestRefused`` for other content.
    """
    said = parse_canonical(data)
    wanted = {field.name for field in fields(Manifest)} | {"form"}
    shaped = isinstance(said, dict) and said.keys() == wanted and said["form"] == FORM
    _refuse_if(not shaped, ManifestFault.FORM, "manifest")
    try:
        manifest = _manifest_of(said)
    except (TypeError, ValueError) as fault:
        raise ManifestRefused(fault=ManifestFault.FORM.value, field="manifest") from fault
    # Types that Python forgives (text for a tuple, an instant in another zone) end here.
    if manifest.to_json() != data:
        raise NotCanonical
    return manifest


def _manifest_of(said: dict[str, Any]) -> Manifest:
    return Manifest(
        contract=said["contract"],
        business_day=date.fromisoformat(said["business_day"]),
        receivables=tuple(said["receivables"]),
        files=tuple(FileEntry(**entry) for entry in said["files"]),
        built_at=datetime.fromisoformat(said["built_at"]),
        audit_head=AuditHead(**said["audit_head"]),
        revision=said["revision"],
        rehearsal=said["rehearsal"],
    )


class Difference(StrEnum):
    MISSING = "missing"
    UNEXPECTED = "unexpected"
    DIGEST = "digest"
    ROWS = "rows"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class FileDifference:
    name: str
    what: Difference


def differences(manifest: Manifest, found: Iterable[FileEntry]) -> tuple[FileDifference, ...]:
    """How the files found differ from those listed, by name; empty when the pack is whole."""
    listed = {entry.name: entry for entry in manifest.files}
    present = {entry.name: entry for entry in found}
    differing = []
    for name in sorted(listed.keys() | present.keys()):
        what = _difference(listed.get(name), present.get(name))
        if what is not None:
            differing.append(FileDifference(name, what))
    return tuple(differing)


def _difference(listed: FileEntry | None, present: FileEntry | None) -> Difference | None:
    if listed is None or present is None:
        return Difference.UNEXPECTED if listed is None else Difference.MISSING
    if listed.bytes != present.bytes:
        return Difference.BYTES
    if listed.rows != present.rows:
        return Difference.ROWS
    return Difference.DIGEST if listed.sha256 != present.sha256 else None


@dataclass(frozen=True, slots=True)
class DailyFileName:
    """A daily file's name taken apart; ``month`` is the first day of the campaign's month."""

    receivable: str
    month: date
    kind: DailyFileKind
    day: date
    number: int

    def __str__(self) -> str:
        return daily_file_name(self.receivable, self.month, self.kind, self.day, self.number)


def daily_file_name(
    receivable: str, month: date, kind: DailyFileKind, day: date, number: int = 1
) -> str:
    """``A01_202209_KEKKA_20220920_01.csv``; ``number`` is 1 to 99, one more per revision."""
    _refuse_if(not _RECEIVABLE.fullmatch(receivable), ManifestFault.NAME, "receivable")
    return f"{receivable}_{month:%Y%m}_{kind.value}_{day:%Y%m%d}_{_two_digits(number)}.csv"


def daily_report_name(day: date, number: int = 1) -> str:
    """``NIPPO_20220920_01.csv``, the daily report over all receivables."""
    return f"NIPPO_{day:%Y%m%d}_{_two_digits(number)}.csv"


def _two_digits(number: int) -> str:
    _refuse_if(not 1 <= number <= 99, ManifestFault.COUNT, "number")
    return f"{number:02d}"


def parse_daily_file_name(name: str) -> DailyFileName:
    """Take a receivable's daily file name apart. Raises ``ManifestRefused``."""
    found = _CASE_FILE.fullmatch(name)
    if found is None:
        raise ManifestRefused(fault=ManifestFault.NAME.value, field="name")
    try:
        month = datetime.strptime(found["month"] + "01+0000", "%Y%m%d%z").date()
        day = datetime.strptime(found["day"] + "+0000", "%Y%m%d%z").date()
    except ValueError as fault:
        raise ManifestRefused(fault=ManifestFault.NAME.value, field="name") from fault
    kind = DailyFileKind(found["kind"])
    parsed = DailyFileName(found["receivable"], month, kind, day, int(found["number"]))
    _refuse_if(str(parsed) != name, ManifestFault.NAME, "name")
    return parsed

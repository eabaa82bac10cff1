"""The one module that seals and opens what was lent and what was collected about a case.

Four boxes (decision 4): G1 contact, G2 identity, G3 debt, G4 collected. Every opening of a case
by a person notes an audit event in the same unit of work. Look-ups go by keyed hashes inside one
receivable; nothing here can name two receivables at once (S4-14.4-2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from campaigns.cases.groups import Group
from campaigns.cases.models import (
    CallCase,
    Campaign,
    CasePhone,
    LentList,
    LentListState,
)
from secure_store.audit.tags import GROUP_CODES, Tag
from secure_store.sealing.cipher import Box, Cipher, cipher_of, cipher_of_store
from secure_store.work import SecureStore, UnitOfWork

CASES = "call_case"
KEY_COLUMN = "key"
PHONE_COLUMN = "phone"

Fields = tuple[bytes, ...]

# The look-ups of somebody who rings back, composed once: that person waits on the line.
# Of each case its place in the campaign and whether it may be seen: one question, not two.
_FOUND = select(CallCase.row_number, CallCase.id, LentList.state).join(
    LentList, LentList.id == CallCase.lent_list_id
)
_BY_NUMBER = _FOUND.join(CasePhone, CasePhone.case_id == CallCase.id).where(
    CasePhone.campaign_code == bindparam("campaign"),
    CasePhone.lookup_index == bindparam("index"),
)
_BY_KEY = _FOUND.where(
    CallCase.campaign_code == bindparam("campaign"),
    CallCase.key_index == bindparam("index"),
)
# A campaign without published rows may have no key yet.
_TAKES_CALLBACKS = select(Campaign.code).where(
    Campaign.receivable == bindparam("receivable"),
    Campaign.callbacks_until >= bindparam("today"),
    Campaign.erased_at.is_(None),
    select(LentList.id)
    .where(LentList.campaign_code == Campaign.code, LentList.state == LentListState.PUBLISHED)
    .exists(),
)

_COLUMNS = {
    Group.G1: "contact_sealed",
    Group.G2: "identity_sealed",
    Group.G3: "debt_sealed",
}
_TAGS = {
    Group.G1: Tag.CASE_OPENED,
    Group.G2: Tag.CASE_IDENTITY_OPENED,
    Group.G3: Tag.CASE_DETAILS_OPENED,
}


@dataclass(frozen=True, slots=True)
class RowToSeal:
    """One lent row before it is sealed: its boxes, its key and the numbers to find it by."""

    case_id: UUID
    row_version: int
    boxes: dict[Group, Fields]
    key: str
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SealedRow:
    """The same row as it may be stored."""

    case_id: UUID
    boxes: dict[Group, bytes]
    key_index: bytes
    phone_indexes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class CollectedPlace:
    """Where a G4 box stands: table, row and version."""

    table: str
    row_id: UUID
    version: int = 1


def group_code(group: Group) -> str:
    return group.value.upper()


def make_keys(store: SecureStore, receivable: str, campaign_code: str, now: datetime) -> None:
    """Makes the data key of a campaign, before any row of it exists (decision 2)."""
    cipher = cipher_of_store(store)
    cipher.make_key(cipher.scope(receivable, campaign_code), now)


def make_record_salts(
    store: SecureStore, receivable: str, campaign_code: str, case_ids: Sequence[UUID], now: datetime
) -> None:
    """Makes the row salts of a slice, before its rows are written."""
    cipher = cipher_of_store(store)
    cipher.add_rows(cipher.scope(receivable, campaign_code), case_ids, now)


def sweep_salts(
    store: SecureStore, receivable: str, campaign_code: str, existing: Sequence[UUID], now: datetime
) -> int:
    """Removes salts that belong to no row, left by a staging that did not finish."""
    cipher = cipher_of_store(store)
    return cipher.sweep_all_but(cipher.scope(receivable, campaign_code), existing, now)


def seal_rows(
    store: SecureStore, receivable: str, campaign_code: str, rows: Sequence[RowToSeal]
) -> list[SealedRow]:
    """Seals a slice of lent rows; no database is touched."""
    cipher = cipher_of_store(store)
    scope = cipher.scope(receivable, campaign_code)
    items = [
        (row.case_id, Box(CASES, row.case_id, group.value, row.row_version), row.boxes[group])
        for row in rows
        for group in _COLUMNS
    ]
    boxes = iter(cipher.seal_many(scope, items))
    keys = cipher.index(scope, CASES, KEY_COLUMN, [row.key for row in rows])
    numbers = iter(
        cipher.index(scope, CASES, PHONE_COLUMN, [digits for row in rows for digits in row.phones])
    )
    return [
        SealedRow(
            row.case_id,
            {group: next(boxes) for group in _COLUMNS},
            key_index,
            tuple(next(numbers) for _digits in row.phones),
        )
        for row, key_index in zip(rows, keys, strict=True)
    ]


def open_group(work: UnitOfWork, case: CallCase, group: Group) -> Fields:
    """Opens one box of a case for a person and notes it: event first, data second."""
    work.audit(
        _TAGS[group],
        receivable=case.receivable,
        batch=case.campaign_code,
        object_kind="case",
        object_id=case.id,
        subject=case.subject,
        groups=(GROUP_CODES[group_code(group)],),
    )
    return _open(cipher_of(work), case, group)


def _open(cipher: Cipher, case: CallCase, group: Group) -> Fields:
    scope = cipher.scope(case.receivable, case.campaign_code)
    box = Box(CASES, case.id, group.value, case.row_version)
    return cipher.open(scope, case.id, box, getattr(case, _COLUMNS[group]))


def open_for_files(
    work: UnitOfWork, campaign: Campaign, cases: Sequence[CallCase]
) -> Iterator[dict[Group, Fields]]:
    """Opens all boxes of many cases for the daily files; the caller notes one event per file."""
    cipher = cipher_of(work)
    scope = cipher.scope(campaign.receivable, campaign.code)
    items = [
        (case.id, Box(CASES, case.id, group.value, case.row_version), getattr(case, column))
        for case in cases
        for group, column in _COLUMNS.items()
    ]
    opened = iter(cipher.open_many(scope, items))
    for _case in cases:
        yield {group: next(opened) for group in _COLUMNS}


def seal_collected(
    work: UnitOfWork, case: CallCase, place: CollectedPlace, fields: Sequence[bytes]
) -> bytes:
    """Seals what was collected in a call; it stays with this case only (S4-14.5-2)."""
    cipher = cipher_of(work)
    scope = cipher.scope(case.receivable, case.campaign_code)
    box = Box(place.table, place.row_id, Group.G4.value, place.version)
    return cipher.seal(scope, case.id, box, fields)


def open_collected(
    work: UnitOfWork,
    case: CallCase,
    place: CollectedPlace,
    sealed: bytes,
    *,
    for_file: bool = False,
) -> Fields:
    """Opens a G4 box; a person's look is noted, the daily files note one event per file."""
    if not for_file:
        work.audit(
            Tag.CASE_COLLECTED_OPENED,
            receivable=case.receivable,
            batch=case.campaign_code,
            object_kind=place.table,
            object_id=place.row_id,
            subject=case.subject,
            groups=(GROUP_CODES["G4"],),
        )
    cipher = cipher_of(work)
    scope = cipher.scope(case.receivable, case.campaign_code)
    box = Box(place.table, place.row_id, Group.G4.value, place.version)
    return cipher.open(scope, case.id, box, sealed)


def find_by_number(work: UnitOfWork, receivable: str, digits: str, today: date) -> list[UUID]:
    """Cases of one receivable that carry a number, in its campaigns still open for callbacks.

    The search itself is noted, never what was searched (security.md 6.3).
    """
    found = _found(work, _BY_NUMBER, _indexes(work, receivable, PHONE_COLUMN, digits, today))
    work.audit(Tag.SEARCH_NUMBER, receivable=receivable, count=len(found))
    return _published(found)


def find_by_key(work: UnitOfWork, receivable: str, key: str, today: date) -> list[UUID]:
    """Cases of one receivable with a 整理番号, in its campaigns still open for callbacks."""
    found = _found(work, _BY_KEY, _indexes(work, receivable, KEY_COLUMN, key, today))
    work.audit(Tag.SEARCH_KEY, receivable=receivable, count=len(found))
    return _published(found)


def _found(
    work: UnitOfWork, query: Select[*tuple[Any, ...]], indexes: Iterable[tuple[str, bytes]]
) -> dict[UUID, LentListState]:
    """The cases by campaign and row, each once, with the state of its list."""
    places = {
        (code, *row)
        for code, index in indexes
        for row in work.run(query, {"campaign": code, "index": index})
    }
    return {case_id: state for _code, _row, case_id, state in sorted(places)}


def _indexes(
    work: UnitOfWork, receivable: str, column: str, value: str, today: date
) -> Iterator[tuple[str, bytes]]:
    cipher = cipher_of(work)
    campaigns = work.run(_TAKES_CALLBACKS, {"receivable": receivable, "today": today})
    for (code,) in campaigns.all():
        yield code, cipher.index(cipher.scope(receivable, code), CASES, column, [value])[0]


def _published(found: Mapping[UUID, LentListState]) -> list[UUID]:
    return [case_id for case_id, state in found.items() if state is LentListState.PUBLISHED]

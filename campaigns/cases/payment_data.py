"""Seals, opens and finds what the city told of payments, inside one campaign of one receivable.

Amounts lie in boxes under the record key of their case, so they go when the case goes. A person
looks at none of them: matching and counting open many boxes and note one event for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select

from campaigns.cases.cases import published_lists
from campaigns.cases.groups import Group
from campaigns.cases.models import CallCase
from campaigns.cases.personal_data import CASES, KEY_COLUMN, Fields
from secure_store.audit.tags import Tag
from secure_store.sealing.cipher import Box, cipher_of
from secure_store.work import UnitOfWork

PAYMENTS = "payment_notice"
LINE_COLUMN = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLine:
    """One payment as it was told. ``period``: 期別番号, empty when not named."""

    case_id: UUID
    period: str = field(repr=False)
    paid_on: date
    yen: int = field(repr=False)
    posted_on: date | None = None

    @property
    def sameness(self) -> str:
        """What makes two rows the same payment."""
        day = self.paid_on.isoformat()
        return "/".join((self.case_id.hex, self.period.lstrip("0"), day, str(self.yen)))


def cases_by_key(
    work: UnitOfWork, receivable: str, campaign_code: str, keys: Sequence[str]
) -> dict[str, UUID]:
    """The cases of one campaign that carry these 整理番号; keys unknown there are missing."""
    if not keys:
        return {}
    cipher = cipher_of(work)
    scope = cipher.scope(receivable, campaign_code)
    indexes = dict(zip(cipher.index(scope, CASES, KEY_COLUMN, keys), keys, strict=True))
    found = work.session.execute(
        select(CallCase.key_index, CallCase.id).where(
            CallCase.campaign_code == campaign_code,
            CallCase.key_index.in_(list(indexes)),
            CallCase.lent_list_id.in_(published_lists(campaign_code)),
        )
    )
    return {indexes[index]: case_id for index, case_id in found}


def line_indexes(
    work: UnitOfWork, receivable: str, campaign_code: str, lines: Sequence[PaymentLine]
) -> list[bytes]:
    """By which a payment is known again when another file tells of it."""
    cipher = cipher_of(work)
    scope = cipher.scope(receivable, campaign_code)
    return cipher.index(scope, PAYMENTS, LINE_COLUMN, [line.sameness for line in lines])


def seal_amounts(
    work: UnitOfWork,
    receivable: str,
    campaign_code: str,
    amounts: Sequence[tuple[UUID, UUID, int]],
) -> list[bytes]:
    """Seals (row, case, yen) each under the key of its case."""
    cipher = cipher_of(work)
    items = [
        (case_id, Box(PAYMENTS, row_id, Group.G3.value, 1), (str(yen).encode(),))
        for row_id, case_id, yen in amounts
    ]
    return cipher.seal_many(cipher.scope(receivable, campaign_code), items)


def open_amounts(
    work: UnitOfWork,
    receivable: str,
    campaign_code: str,
    sealed: Sequence[tuple[UUID, UUID, bytes]],
) -> list[int]:
    """Opens (row, case, box) of one campaign; yen in the same order. The caller notes it."""
    cipher = cipher_of(work)
    items = [
        (case_id, Box(PAYMENTS, row_id, Group.G3.value, 1), box) for row_id, case_id, box in sealed
    ]
    opened = cipher.open_many(cipher.scope(receivable, campaign_code), items)
    return [int(yen) for (yen,) in opened]


def open_debts(work: UnitOfWork, cases: Sequence[CallCase]) -> Mapping[UUID, Fields]:
    """The debt boxes of cases of one campaign, to compare payments with what is owed."""
    if not cases:
        return {}
    cipher = cipher_of(work)
    scope = cipher.scope(cases[0].receivable, cases[0].campaign_code)
    items = [
        (case.id, Box(CASES, case.id, Group.G3.value, case.row_version), case.debt_sealed)
        for case in cases
    ]
    opened = cipher.open_many(scope, items)
    return {case.id: fields for case, fields in zip(cases, opened, strict=True)}


def note_matching(work: UnitOfWork, receivable: str, campaign_code: str, count: int) -> None:
    """One event for all boxes opened to match or to count payments."""
    work.audit(Tag.PAYMENTS_COMPARED, receivable=receivable, batch=campaign_code, count=count)

"""Pure: what an agent entered about a call, and what the case allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from campaigns.calling.legal_times import LegalTimes
from campaigns.calling.outcomes import Direction


class PaymentMethod(StrEnum):
    """How the person will pay (納付方法)."""

    SLIP = "slip"
    ACCOUNT_TRANSFER = "account_transfer"
    SMARTPHONE = "smartphone"
    COUNTER = "counter"
    UNDECIDED = "undecided"

    @property
    def file_code(self) -> int:
        """1 納付書 2 口座振替 3 スマホ等 4 窓口 9 未定."""
        return 9 if self is PaymentMethod.UNDECIDED else list(PaymentMethod).index(self) + 1


class TransferNotice(StrEnum):
    """口座振替案内: 0 対象外 1 案内済 2 希望 3 不要, in this order."""

    NOT_A_TARGET = "not_a_target"
    TOLD = "told"
    WANTED = "wanted"
    NOT_WANTED = "not_wanted"

    @property
    def file_code(self) -> int:
        """The digit in the files."""
        return list(TransferNotice).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeReport:
    """What the agent entered; free text and amounts are kept out of ``repr``."""

    direction: Direction = Direction.OUTBOUND
    follow_up_at: datetime | None = None
    promised_on: date | None = None
    promised_yen: int | None = field(default=None, repr=False)
    payment_method: PaymentMethod | None = None
    promised_periods: tuple[str, ...] = field(default=(), repr=False)
    rest_left_open: bool | None = None
    paid_on: date | None = None
    paid_yen: int | None = field(default=None, repr=False)
    paid_where: str = field(default="", repr=False)
    answer_wanted: bool | None = None
    transfer_notice: TransferNotice = TransferNotice.NOT_A_TARGET
    recording_made: bool | None = None
    recording_consent: bool | None = None
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLimits:
    """What the case itself allows. ``periods`` empty = not checked; ``codec`` of the campaign.

    ``is_transfer_target``: 口座振替勧奨対象 of the lent row (S4-12.1h).
    """

    unpaid_yen: int = field(repr=False)
    codec: str
    periods: frozenset[str] = field(default=frozenset(), repr=False)
    is_transfer_target: bool = False
    follow_ups_until: date | None = None  # the last day on which a follow-up call may be booked
    legal_times: LegalTimes | None = None  # where an agreed time may stand or move to

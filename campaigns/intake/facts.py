"""Typed readings of a lent row: what selection needs, and what each stage of the desk shows.

Everything is read from the raw cells by column name, so a reading can be made again at any
time from the sealed boxes. Each view needs the columns of one group only (decisions 4 and 5):
``contact_view`` G1, ``identity_view`` G2, ``debt_view`` G3. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from campaigns.cases.encodings import Encoding
from campaigns.intake.cells import date_of
from campaigns.intake.csv_bytes import value_of
from dialer.errors import NumberUnusable
from dialer.phone import NumberFault, normalise

Cells = Mapping[str, bytes]
"""The raw cells of one row by the heading of their column."""

PHONE_RANKS = (1, 2, 3)


class LineKind(StrEnum):
    """Whose line a lent number is said to be."""

    LANDLINE = "landline"
    MOBILE = "mobile"
    WORKPLACE = "workplace"
    UNKNOWN = "unknown"


class Care(StrEnum):
    """What the caller has to be considerate of."""

    NO_EVENINGS = "no_evenings"
    WEEKENDS_ONLY = "weekends_only"
    WEEKDAY_EVENINGS_ONLY = "weekday_evenings_only"
    SPEAK_SLOWLY = "speak_slowly"
    FOREIGN_LANGUAGE = "foreign_language"
    SIGN_OR_TEXT = "sign_or_text"


class DebtorKind(StrEnum):
    """In which role the person owes (which decides who counts as the right party)."""

    ADDRESSEE = "addressee"
    JOINTLY_LIABLE = "jointly_liable"
    HEIR = "heir"
    CORPORATION = "corporation"


class AccountTransfer(StrEnum):
    """Whether payment by account transfer has been arranged."""

    NOT_USED = "not_used"
    IN_USE = "in_use"
    FAILED = "failed"
    UNKNOWN = "unknown"


_LINE_KINDS = {"1": LineKind.LANDLINE, "2": LineKind.MOBILE, "3": LineKind.WORKPLACE}
_CARE = dict(zip(("01", "02", "03", "04", "05", "06"), Care, strict=True))
_DEBTOR_KINDS = dict(zip("1234", DebtorKind, strict=True))
_ACCOUNT_TRANSFER = {
    "0": AccountTransfer.NOT_USED,
    "1": AccountTransfer.IN_USE,
    "2": AccountTransfer.FAILED,
}


@dataclass(frozen=True, slots=True)
class Phone:
    """One number that may be dialled: national digits, whose line, its rank in the lent row."""

    digits: str = field(repr=False)
    line_kind: LineKind
    rank: int


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """The numbers of a row: those to dial, the ranks of unusable and of workplace ones."""

    phones: tuple[Phone, ...]
    unusable_ranks: tuple[int, ...]
    workplace_ranks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What selecting, ordering and dialling need of a row."""

    phones: tuple[Phone, ...]
    care: Care | None
    priority: int | None
    oldest_due_on: date
    account_transfer_target: bool
    debtor_kind: DebtorKind


@dataclass(frozen=True, slots=True)
class ContactView:
    """Stage 1: whom to ask for."""

    name: str = field(repr=False)
    kana: str = field(repr=False)
    has_gaiji: bool
    care: Care | None
    care_note: str = field(repr=False)
    phones: tuple[Phone, ...]


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A column of the type-specific file with its value, for showing as it stands."""

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class IdentityView:
    """Stage 2: to compare with what the person says, never to read out."""

    key: str = field(repr=False)
    born_on: date | None = field(repr=False)
    postal_code: str = field(repr=False)
    address: str = field(repr=False)
    address_detail: str = field(repr=False)
    debtor_kind: DebtorKind
    items: tuple[NamedValue, ...]


@dataclass(frozen=True, slots=True)
class PeriodView:
    """One unpaid period. Amounts in yen."""

    number: str
    month: str
    name: str = field(repr=False)
    due_on: date
    unpaid_yen: int = field(repr=False)
    slip_number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DebtView:
    """Stage 3: the debt. Amounts in yen; ``data_as_of`` limits what is known of payments."""

    receivable: str
    levy_year: int
    periods: tuple[PeriodView, ...]
    total_yen: int = field(repr=False)
    oldest_due_on: date
    mentions_late_charge: bool
    formal_demand_on: date | None
    payment_slip_resent: bool
    account_transfer: AccountTransfer
    account_transfer_target: bool
    last_promise_on: date | None = field(repr=False)
    contact_section: str
    contact_phone: str
    data_as_of: date
    items: tuple[NamedValue, ...]


def phones_of(cells: Cells, encoding: Encoding, *, dials_workplace: bool) -> PhoneReading:
    """The numbers of a row in their lent order, each once.

    A workplace number is dialled only where the work instruction says so (domain §2.1a); one
    that is lent as the person's own as well is a workplace's all the same.
    """
    lent: list[Phone] = []
    unusable: list[int] = []
    for rank in PHONE_RANKS:
        text = value_of(cells[f"電話番号{rank}"], encoding)
        if not text:
            continue
        try:
            digits = normalise(text)
        except NumberUnusable as refused:
            if refused.details["reason"] is not NumberFault.EMPTY:
                unusable.append(rank)
            continue
        kind = _LINE_KINDS.get(value_of(cells[f"種別{rank}"], encoding), LineKind.UNKNOWN)
        lent.append(Phone(digits, kind, rank))
    at_work = {phone.digits for phone in lent if phone.line_kind is LineKind.WORKPLACE}
    barred = frozenset() if dials_workplace else at_work
    phones: dict[str, Phone] = {}
    for phone in lent:
        if phone.digits not in barred:
            kind = LineKind.WORKPLACE if phone.digits in at_work else phone.line_kind
            phones.setdefault(phone.digits, replace(phone, line_kind=kind))
    workplace = tuple(phone.rank for phone in lent if phone.digits in barred)
    return PhoneReading(tuple(phones.values()), tuple(unusable), workplace)


def call_facts(cells: Cells, encoding: Encoding, phones: tuple[Phone, ...]) -> CallFacts:
    """The selection facts of a row of TAISHO whose cells have passed the checks."""
    priority = value_of(cells["優先順位"], encoding)
    return CallFacts(
        phones=phones,
        care=_CARE.get(value_of(cells["架電配慮区分"], encoding)),
        priority=int(priority) if priority else None,
        oldest_due_on=date.fromisoformat(value_of(cells["最古納期限"], encoding)),
        account_transfer_target=value_of(cells["口座振替勧奨対象"], encoding) == "1",
        debtor_kind=_DEBTOR_KINDS[value_of(cells["債務者区分"], encoding)],
    )


def contact_view(cells: Cells, encoding: Encoding) -> ContactView:
    """Stage 1, from the G1 cells of TAISHO; a workplace's number stands among the others."""
    return ContactView(
        name=value_of(cells["債務者氏名"], encoding),
        kana=value_of(cells["債務者氏名カナ"], encoding),
        has_gaiji=value_of(cells["外字有無"], encoding) == "1",
        care=_CARE.get(value_of(cells["架電配慮区分"], encoding)),
        care_note=value_of(cells["架電配慮メモ"], encoding),
        phones=phones_of(cells, encoding, dials_workplace=True).phones,
    )


def identity_view(cells: Cells, koyu: Cells, encoding: Encoding) -> IdentityView:
    """Stage 2, from the G2 cells of TAISHO and KOYU (``koyu`` may be empty)."""
    return IdentityView(
        key=value_of(cells["整理番号"], encoding),
        born_on=date_of(value_of(cells["生年月日"], encoding)),
        postal_code=value_of(cells["郵便番号"], encoding),
        address=value_of(cells["住所"], encoding),
        address_detail=value_of(cells["方書"], encoding),
        debtor_kind=_DEBTOR_KINDS[value_of(cells["債務者区分"], encoding)],
        items=_items(koyu, encoding),
    )


def debt_view(cells: Cells, periods: Sequence[Cells], koyu: Cells, encoding: Encoding) -> DebtView:
    """Stage 3, from the G3 cells of TAISHO, of each row of MEISAI and of KOYU."""

    def text(name: str) -> str:
        return value_of(cells[name], encoding)

    return DebtView(
        receivable=text("債権コード"),
        levy_year=int(text("賦課年度")),
        periods=tuple(_period_view(period, encoding) for period in periods),
        total_yen=int(text("未納額合計")),
        oldest_due_on=date.fromisoformat(text("最古納期限")),
        mentions_late_charge=text("延滞金案内区分") == "1",
        formal_demand_on=date_of(text("督促状発送日")),
        payment_slip_resent=text("納付書再送予定") == "1",
        account_transfer=_ACCOUNT_TRANSFER.get(text("口座振替状況"), AccountTransfer.UNKNOWN),
        account_transfer_target=text("口座振替勧奨対象") == "1",
        last_promise_on=date_of(text("前回約束日")),
        contact_section=text("問合せ先課・係"),
        contact_phone=text("問合せ先電話"),
        data_as_of=date.fromisoformat(text("データ基準日")),
        items=_items(koyu, encoding),
    )


def _period_view(cells: Cells, encoding: Encoding) -> PeriodView:
    return PeriodView(
        number=value_of(cells["期別番号"], encoding),
        month=value_of(cells["対象年月"], encoding),
        name=value_of(cells["期別名称"], encoding),
        due_on=date.fromisoformat(value_of(cells["当初納期限"], encoding)),
        unpaid_yen=int(value_of(cells["未納額"], encoding)),
        slip_number=value_of(cells["納付書番号"], encoding),
    )


_SHOWN_ELSEWHERE = frozenset(("債権コード", "整理番号"))


def _items(koyu: Cells, encoding: Encoding) -> tuple[NamedValue, ...]:
    return tuple(
        NamedValue(name, value_of(segment, encoding))
        for name, segment in koyu.items()
        if name not in _SHOWN_ELSEWHERE
    )

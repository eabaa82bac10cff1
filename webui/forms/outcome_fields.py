"""Which fields stage 4 shows for the codes chosen, in which words, with what already stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from campaigns.api import (
    DebtView,
    OutcomeEffect,
    OutcomeRow,
    PaymentMethod,
    RequiredField,
    TransferNotice,
)
from webui.forms.agent_desk import Typed, method_code

Option = tuple[str, str]


class FieldKind(StrEnum):
    """How a field is drawn."""

    DATE = "date"
    TIME = "time"
    YEN = "yen"
    LIST = "list"
    PERIODS = "periods"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class OutcomeField:
    """One field of a result. ``day_kind``: which days the server reads for it."""

    kind: FieldKind
    name: str
    label: str
    value: str = field(default="", repr=False)
    values: tuple[str, ...] = field(default=(), repr=False)
    options: tuple[Option, ...] = field(default=(), repr=False)
    required: bool = True
    hint: str = ""
    note: str = field(default="", repr=False)
    error: str = ""
    day_kind: str = ""
    span: int = 4
    focus: bool = False


METHODS: tuple[Option, ...] = (
    (method_code(PaymentMethod.SLIP), "納付書"),
    (method_code(PaymentMethod.ACCOUNT_TRANSFER), "口座振替"),
    (method_code(PaymentMethod.SMARTPHONE), "スマートフォン決済"),
    (method_code(PaymentMethod.COUNTER), "窓口"),
    (method_code(PaymentMethod.UNDECIDED), "未定"),
)
METHOD_READINGS = {
    method_code(PaymentMethod.SLIP): "のうふしょ",
    method_code(PaymentMethod.ACCOUNT_TRANSFER): "こうざふりかえ",
    method_code(PaymentMethod.SMARTPHONE): "すまほ すまーとふぉん",
    method_code(PaymentMethod.COUNTER): "まどぐち",
    method_code(PaymentMethod.UNDECIDED): "みてい",
}
TRANSFERS: tuple[Option, ...] = (
    (TransferNotice.TOLD.value, "案内済"),
    (TransferNotice.WANTED.value, "希望"),
    (TransferNotice.NOT_WANTED.value, "不要"),
    (TransferNotice.NOT_A_TARGET.value, "案内せず"),
)
YES_NO: tuple[Option, ...] = (("yes", "はい"), ("no", "いいえ"))


@dataclass(frozen=True, slots=True)
class _Sheet:
    rows: Sequence[OutcomeRow]
    typed: Typed
    errors: dict[str, str]
    debt: DebtView | None
    is_target: bool

    def asks(self, wanted: RequiredField) -> bool:
        return any(wanted in row.required_fields for row in self.rows)

    @property
    def may_agree(self) -> bool:
        return any(row.if_agreed_effect is OutcomeEffect.RETRY_AGREED for row in self.rows)

    def value(self, name: str, start: str = "") -> str:
        return self.typed.one(name) if self.typed.has(name) else start

    def error(self, name: str) -> str:
        return self.errors.get(name, "")


def fields_for(
    rows: Sequence[OutcomeRow],
    typed: Typed,
    errors: dict[str, str],
    *,
    debt: DebtView | None,
    is_target: bool,
    keeps_note: bool,
) -> list[OutcomeField]:
    """The fields the chosen codes ask for, the note last. ``keeps_note``: there is a case."""
    sheet = _Sheet(rows, typed, errors, debt, is_target)
    found = [
        *_follow_up(sheet),
        *_promise(sheet),
        *_payment(sheet),
        *_choices(sheet),
    ]
    if keeps_note and rows:
        found.append(_note(sheet))
    return _with_focus(found, errors)


def _with_focus(fields: list[OutcomeField], errors: dict[str, str]) -> list[OutcomeField]:
    """The first field at fault, else the first one still empty, takes the focus."""
    wrong = [one for one in fields if one.name in errors]
    empty = [one for one in fields if one.required and not (one.value or one.values)]
    if not (wrong or empty):
        return fields
    chosen = (wrong or empty)[0]
    at = fields.index(chosen)
    return [*fields[:at], replace(chosen, focus=True), *fields[at + 1 :]]


def _follow_up(sheet: _Sheet) -> list[OutcomeField]:
    required = sheet.asks(RequiredField.FOLLOW_UP_AT)
    if not required and not sheet.may_agree:
        return []
    return [
        OutcomeField(
            FieldKind.DATE,
            "follow_up_day",
            "再架電の日",
            value=sheet.value("follow_up_day"),
            required=required,
            error=sheet.error("follow_up_day"),
            day_kind="follow_up",
            span=6,
            hint="" if required else "相手が日時を言ったときだけ入れます。",
        ),
        OutcomeField(
            FieldKind.TIME,
            "follow_up_time",
            "再架電の時刻",
            value=sheet.value("follow_up_time"),
            required=required,
            error=sheet.error("follow_up_time"),
            hint="1815 のように打つか、下の「かけられる日時」から選びます。",
            span=6,
        ),
    ]


def _promise(sheet: _Sheet) -> list[OutcomeField]:
    if not sheet.asks(RequiredField.PROMISED_ON):
        return []
    total = sheet.debt.total_yen if sheet.debt else 0
    fields = [
        OutcomeField(
            FieldKind.DATE,
            "promised_on",
            "約束日",
            value=sheet.value("promised_on"),
            error=sheet.error("promised_on"),
            day_kind="promise",
        ),
        OutcomeField(
            FieldKind.YEN,
            "promised_yen",
            "約束額",
            value=sheet.value("promised_yen", f"{total:,}" if total else ""),
            error=sheet.error("promised_yen"),
            note=f"未納合計 {total:,}円",
        ),
        OutcomeField(
            FieldKind.LIST,
            "payment_method",
            "納付方法",
            value=sheet.value("payment_method", method_code(PaymentMethod.SLIP)),
            options=METHODS,
            error=sheet.error("payment_method"),
        ),
    ]
    if sheet.debt:
        fields.append(_periods(sheet, sheet.debt))
    return [*fields, _transfer(sheet)] if sheet.is_target else fields


def _transfer(sheet: _Sheet) -> OutcomeField:
    return OutcomeField(
        FieldKind.CHOICE,
        "transfer_notice",
        "口座振替の案内",
        value=sheet.value("transfer_notice", TransferNotice.NOT_A_TARGET.value),
        options=TRANSFERS,
        required=False,
        error=sheet.error("transfer_notice"),
        span=7,
    )


def _periods(sheet: _Sheet, debt: DebtView) -> OutcomeField:
    every = tuple(period.month for period in debt.periods)
    shown = sheet.typed.has("periods_shown")
    return OutcomeField(
        FieldKind.PERIODS,
        "promised_periods",
        "対象の期別",
        values=sheet.typed.many("promised_periods") if shown else every,
        options=tuple(
            (period.month, f"{period.name} {period.unpaid_yen:,}円") for period in debt.periods
        ),
        error=sheet.error("promised_periods"),
        span=12 if len(every) > 2 else 6,
    )


def _payment(sheet: _Sheet) -> list[OutcomeField]:
    if not sheet.asks(RequiredField.PAID_ON):
        return []
    return [
        OutcomeField(
            FieldKind.DATE,
            "paid_on",
            "納めた日",
            value=sheet.value("paid_on"),
            error=sheet.error("paid_on"),
            day_kind="paid",
        ),
        OutcomeField(
            FieldKind.YEN,
            "paid_yen",
            "納めた額",
            value=sheet.value("paid_yen"),
            error=sheet.error("paid_yen"),
        ),
        OutcomeField(
            FieldKind.TEXT,
            "paid_where",
            "納めた所",
            value=sheet.value("paid_where"),
            required=False,
            error=sheet.error("paid_where"),
        ),
    ]


_CHOICES: tuple[tuple[RequiredField, str, str, tuple[Option, ...]], ...] = (
    (RequiredField.REST_LEFT_OPEN, "rest_left_open", "残りの期別",
     (("yes", "日が決まっていない"), ("no", "話がついた"))),
    (RequiredField.ANSWER_WANTED, "answer_wanted", "担当課からの連絡",
     (("yes", "希望する"), ("no", "希望しない"))),
    (RequiredField.RECORDING, "recording_made", "録音した", YES_NO),
    (RequiredField.RECORDING, "recording_consent", "録音を相手が承諾した", YES_NO),
)  # fmt: skip


def _choices(sheet: _Sheet) -> list[OutcomeField]:
    return [
        OutcomeField(
            FieldKind.CHOICE,
            name,
            label,
            value=sheet.value(name),
            options=options,
            required=name != "recording_consent",
            error=sheet.error(name),
            span=6,
        )
        for wanted, name, label, options in _CHOICES
        if sheet.asks(wanted)
    ]


def _note(sheet: _Sheet) -> OutcomeField:
    ten = sheet.asks(RequiredField.NOTE_10)
    return OutcomeField(
        FieldKind.TEXT,
        "note",
        "対話の要旨",
        value=sheet.value("note"),
        required=ten or sheet.asks(RequiredField.NOTE),
        error=sheet.error("note"),
        hint="10文字以上。健康やほかの人のことは書きません。" if ten else "",
        span=12,
    )

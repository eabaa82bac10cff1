"""Reads what the agent entered about a call. Nothing typed leaves in a URL, a log or a flash."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from campaigns.api import (
    Direction,
    IdentityItem,
    ItemResult,
    OutcomeEntry,
    OutcomeReport,
    PaymentMethod,
    TransferNotice,
)
from dialer.calendar.holidays import TOKYO
from secure_store.errors import Invalid
from webui.forms.dates import (
    DayFault,
    DayUnreadable,
    TimeUnreadable,
    Toward,
    parse_day,
    parse_time,
)

_Choice = TypeVar("_Choice")

TEXT_MAX = 2000
QA_TEXT_MAX = 60
MOST_VALUES = 60
MOST_YEN_DIGITS = 10
FIELDS = frozenset(
    {
        "outcome", "second_code", "follow_up_day", "follow_up_time", "promised_on", "promised_yen",
        "payment_method", "periods_shown", "promised_periods", "rest_left_open", "paid_on",
        "paid_yen", "paid_where", "answer_wanted", "transfer_notice", "recording_made",
        "recording_consent", "note", "qa_used",
    }
)  # fmt: skip
VERDICTS = {
    "match": ItemResult.MATCH,
    "differs": ItemResult.MISMATCH,
    "open": ItemResult.NOT_ASKED,
}


def method_code(method: PaymentMethod) -> str:
    """The digit the agent types for a way of paying, the same as in the files."""
    return str(method.file_code)


def _method_of(code: str) -> PaymentMethod:
    """Raises ValueError for a digit that stands for none."""
    for method in PaymentMethod:
        if method_code(method) == code:
            return method
    raise ValueError(code)


class FormStale(Invalid):
    """The form was sent without what it must carry; the page is older than the program."""

    code = "form_stale"


@dataclass(frozen=True, slots=True)
class Typed:
    """Names and values as they were typed, in their order; only fields of a result."""

    entries: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @staticmethod
    def of(pairs: Iterable[tuple[str, str]]) -> Typed:
        """The known fields of a form, cut to what a result may be long."""
        kept = [(name, value[:TEXT_MAX]) for name, value in pairs if name in FIELDS]
        return Typed(tuple(kept[:MOST_VALUES]))

    def one(self, name: str) -> str:
        """The last value of a field, without spaces around it."""
        return next((value.strip() for key, value in self.entries[::-1] if key == name), "")

    def many(self, name: str) -> tuple[str, ...]:
        """All values of a field."""
        return tuple(value for key, value in self.entries if key == name and value)

    def has(self, name: str) -> bool:
        """Was the field sent at all?"""
        return any(key == name for key, _ in self.entries)

    def with_values(self, name: str, *values: str) -> Typed:
        """The same with other values of one field."""
        rest = tuple(pair for pair in self.entries if pair[0] != name)
        return replace(self, entries=rest + tuple((name, value) for value in values))


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A result as far as it could be read. ``faults``: a sentence per field."""

    entry: OutcomeEntry
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QaQuestion:
    """A look-up in the approved collection, inside one receivable."""

    receivable: str
    text: str = field(repr=False)


def qa_question(form: Mapping[str, str], receivables: Sequence[str]) -> QaQuestion:
    """The receivable chosen, else the first one, and what was typed."""
    chosen = form.get("receivable", "")
    if chosen not in receivables:
        chosen = receivables[0] if receivables else ""
    return QaQuestion(chosen, form.get("text", "").strip()[:QA_TEXT_MAX])


def handling_of(text: str) -> UUID:
    """The handling a form belongs to. Raises FormStale."""
    try:
        return UUID(text)
    except ValueError:
        raise FormStale from None


def verdicts_of(pairs: Iterable[tuple[str, str]]) -> dict[IdentityItem, ItemResult]:
    """What was compared, by item; unknown names and words are left out."""
    found: dict[IdentityItem, ItemResult] = {}
    known = {item.value: item for item in IdentityItem}
    for name, value in pairs:
        item = known.get(name.removeprefix("verdict-"))
        if name.startswith("verdict-") and item is not None and value in VERDICTS:
            found[item] = VERDICTS[value]
    return found


def read_result(typed: Typed, today: date, direction: Direction) -> ReadResult:
    """The entry for ``record_outcome``; what cannot be read is told per field and left empty."""
    reader = _Reader(typed, today)
    report = OutcomeReport(
        direction=direction,
        follow_up_at=reader.follow_up(),
        promised_on=reader.day("promised_on", Toward.FUTURE),
        promised_yen=reader.yen("promised_yen"),
        payment_method=reader.choice("payment_method", _method_of),
        promised_periods=typed.many("promised_periods"),
        rest_left_open=reader.yes_no("rest_left_open"),
        paid_on=reader.day("paid_on", Toward.PAST),
        paid_yen=reader.yen("paid_yen"),
        paid_where=typed.one("paid_where"),
        answer_wanted=reader.yes_no("answer_wanted"),
        transfer_notice=reader.choice("transfer_notice", TransferNotice)
        or TransferNotice.NOT_A_TARGET,
        recording_made=reader.yes_no("recording_made"),
        recording_consent=reader.yes_no("recording_consent"),
        note=typed.one("note"),
    )
    entry = OutcomeEntry(
        typed.one("outcome"),
        typed.many("second_code"),
        report,
        tuple(dict.fromkeys(typed.many("qa_used"))),
    )
    return ReadResult(entry, reader.faults)


class _Reader:
    def __init__(self, typed: Typed, today: date) -> None:
        self._typed = typed
        self._today = today
        self.faults: dict[str, str] = {}

    def day(self, name: str, toward: Toward) -> date | None:
        text = self._typed.one(name)
        if not text:
            return None
        try:
            return parse_day(text, self._today, toward)
        except DayUnreadable as refused:
            self.faults[name] = day_sentence(refused)
            return None

    def follow_up(self) -> datetime | None:
        day = self.day("follow_up_day", Toward.FUTURE)
        text = self._typed.one("follow_up_time")
        if day is None or not text:
            if day is not None:
                self.faults["follow_up_time"] = "時刻がまだです。例：18:30"
            elif text and "follow_up_day" not in self.faults:
                self.faults["follow_up_day"] = "日がまだです。例：あす、金、9/30"
            return None
        try:
            return datetime.combine(day, parse_time(text), tzinfo=TOKYO)
        except TimeUnreadable:
            self.faults["follow_up_time"] = "時刻として読めません。例：18:30、18時半"
            return None

    def yen(self, name: str) -> int | None:
        text = self._typed.one(name)
        if not text:
            return None
        digits = re.sub(r"[,\s円]", "", unicodedata.normalize("NFKC", text))
        if not re.fullmatch(rf"[0-9]{{1,{MOST_YEN_DIGITS}}}", digits):
            self.faults[name] = "金額を数字で入れてください。例：24,000"
            return None
        return int(digits)

    def yes_no(self, name: str) -> bool | None:
        return {"yes": True, "no": False}.get(self._typed.one(name))

    def choice(self, name: str, read: Callable[[str], _Choice]) -> _Choice | None:
        text = self._typed.one(name)
        if not text:
            return None
        try:
            return read(text)
        except ValueError:
            self.faults[name] = "一覧から選んでください。"
            return None


def day_sentence(refused: DayUnreadable) -> str:
    """Why a text is no day, with what may be typed."""
    if refused.fault is DayFault.NO_SUCH_DAY:
        return f"{refused.month}月は{refused.days}日までです。例：9/30、月末"
    return "日として読めません。例：あす、金、来週金、9/30、月末"

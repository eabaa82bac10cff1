"""How entries of a form are refused: one coded fault per field, with its Japanese sentence."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from webui.forms.plain_days import DayFault, read_day

DOCUMENT_NO_MAX = 60


class EntryFault(StrEnum):
    """What is wrong with one field."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    UNUSABLE_CHARACTER = "unusable_character"
    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"
    NOT_A_MONTH = "not_a_month"
    NOT_A_TIME = "not_a_time"
    UNKNOWN_CHOICE = "unknown_choice"
    NOTHING_PICKED = "nothing_picked"
    NOT_A_NUMBER = "not_a_number"
    TWO_NEEDED = "two_needed"
    DOCUMENT_MISSING = "document_missing"
    NOT_A_POST = "not_a_post"
    DAY_PAST = "day_past"
    DAY_TO_COME = "day_to_come"
    IN_PREPARATION = "in_preparation"
    BEFORE_START = "before_start"
    BEFORE_START_DAY = "before_start_day"
    BEFORE_CALLS_END = "before_calls_end"
    AFTER_CONTRACT = "after_contract"
    CAMPAIGN_EXISTS = "campaign_exists"
    NOT_A_COUNT = "not_a_count"
    NO_INTERVAL = "no_interval"
    INTERVAL_FORM = "interval_form"
    NOT_APART = "not_apart"
    NO_FILE = "no_file"
    SAME_FILE_TWICE = "same_file_twice"
    EMPTY_FILE = "empty_file"
    CLOCK_BACKWARD = "clock_backward"
    NOT_A_SUM = "not_a_sum"
    NOT_PAID_YET = "not_paid_yet"
    MEDIUM_MISSING = "medium_missing"
    NOT_A_SERIAL = "not_a_serial"


SENTENCES: Mapping[EntryFault, str] = {
    EntryFault.MISSING: "まだ入っていません。",
    EntryFault.TOO_LONG: "長すぎます。60文字までにしてください。",
    EntryFault.UNUSABLE_CHARACTER: "改行や見えない文字は使えません。",
    EntryFault.NOT_A_DATE: "日付として読めません。例：2022-09-15",
    EntryFault.NO_SUCH_DAY: "暦にない日です。月と日を確かめてください。",
    EntryFault.NOT_A_MONTH: "年月として読めません。例：2022-09",
    EntryFault.NOT_A_TIME: "時刻として読めません。例：11:30",
    EntryFault.UNKNOWN_CHOICE: "一覧から選んでください。",
    EntryFault.NOTHING_PICKED: "一つ以上選んでください。",
    EntryFault.NOT_A_NUMBER: "0から999までの数で入れてください。",
    EntryFault.TWO_NEEDED: "二つ以上選んでください。",
    EntryFault.DOCUMENT_MISSING: "市の文書の番号を入れてください。",
    EntryFault.NOT_A_POST: "職の名前で入れてください。氏名は要りません。例：管財課長",
    EntryFault.DAY_TO_COME: "きょうより後の日です。実際に受け取った日を入れてください。",
    EntryFault.DAY_PAST: "過ぎた日の実施時間は変えられません。きょう以後の日にしてください。",
    EntryFault.IN_PREPARATION: "準備期間の中です。準備期間が終わった翌日からにしてください。",
    EntryFault.BEFORE_START_DAY: "始まりの日より前です。",
    EntryFault.BEFORE_START: "架電を始める日より前です。",
    EntryFault.BEFORE_CALLS_END: "架電を終える日より前です。",
    EntryFault.AFTER_CONTRACT: "契約期間を過ぎています。",
    EntryFault.NOT_A_COUNT: "件数として読めません。0以上の数字で入れてください。例：500",
    EntryFault.CAMPAIGN_EXISTS: "この債権のこの月の架電期間は、すでにあります。",
    EntryFault.NO_INTERVAL: "時間帯を入れるか、「終日かけない」を選んでください。",
    EntryFault.INTERVAL_FORM: "始まりと終わりを時刻で入れてください。例：10:00-12:00",
    EntryFault.NOT_APART: "時間帯どうしが重なっているか、順番が違います。",
    EntryFault.NO_FILE: "ファイルを選んでください。",
    EntryFault.SAME_FILE_TWICE: "同じ名前のファイルが2つあります。",
    EntryFault.EMPTY_FILE: "空のファイルがあります。",
    EntryFault.CLOCK_BACKWARD: "訓練の時計は先へだけ動かせます。",
    EntryFault.NOT_PAID_YET: "きょうより後の日です。実際に納付された日を入れてください。",
    EntryFault.MEDIUM_MISSING: "この手段では、使った媒体を選びます。媒体台帳で保管場所から出してください。",
    EntryFault.NOT_A_SERIAL: "番号として読めません。英数字とハイフンで入れてください。例：USB-0001",
    EntryFault.NOT_A_SUM: "1円以上の金額を、数字だけで入れてください。",
}


DAY_FAULTS: Mapping[DayFault, EntryFault] = {
    DayFault.EMPTY: EntryFault.MISSING,
    DayFault.UNREADABLE: EntryFault.NOT_A_DATE,
    DayFault.NO_SUCH_DAY: EntryFault.NO_SUCH_DAY,
}


class FormRefused(Exception):
    """A form cannot be used as it was sent; ``faults`` names the fields."""

    def __init__(self, faults: Mapping[str, EntryFault]) -> None:
        super().__init__(", ".join(sorted(faults)))
        self.faults = dict(faults)

    def sentences(self) -> dict[str, str]:
        """The sentence of every faulty field, for the page."""
        return {name: SENTENCES[fault] for name, fault in self.faults.items()}


class Entries:
    """Reads the fields of one form and gathers their faults."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.faults: dict[str, EntryFault] = {}

    def fault(self, name: str, fault: EntryFault) -> None:
        """Notes a fault; the first one of a field stays."""
        self.faults.setdefault(name, fault)

    def text(self, name: str) -> str:
        """What was typed, in its usual width and without spaces around it."""
        return unicodedata.normalize("NFKC", self._values.get(name, "")).strip()

    def document_no(self, name: str) -> str:
        """The number of a document of the city: one short line, never empty."""
        # The wide forms of a document's number are part of it and stay.
        text = self._values.get(name, "").strip()
        if not text:
            self.fault(name, EntryFault.DOCUMENT_MISSING)
        elif len(text) > DOCUMENT_NO_MAX:
            self.fault(name, EntryFault.TOO_LONG)
        elif not text.isprintable():
            self.fault(name, EntryFault.UNUSABLE_CHARACTER)
        return text

    def day(self, name: str) -> date:
        """A date; ``date.min`` beside a fault."""
        typed = read_day(self._values.get(name, ""))
        if typed.day is None:
            self.fault(name, DAY_FAULTS[typed.fault or DayFault.UNREADABLE])
            return date.min
        return typed.day

    def month(self, name: str) -> date:
        """The first day of a month written 2022-09; ``date.min`` beside a fault."""
        text = self.text(name)
        try:
            return date.fromisoformat(f"{text}-01")
        except ValueError:
            self.fault(name, EntryFault.NOT_A_MONTH if text else EntryFault.MISSING)
            return date.min

    def choice(self, name: str, allowed: set[str]) -> str:
        """One of the offered values."""
        text = self._values.get(name, "")
        if text not in allowed:
            self.fault(name, EntryFault.UNKNOWN_CHOICE if text else EntryFault.MISSING)
        return text

    def finish(self) -> None:
        """Raises FormRefused when any field is faulty."""
        if self.faults:
            raise FormRefused(self.faults)

"""Entries of an erasure: its scope, papers of the city, and the three signs before the keys go."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from secure_store.erasure.scopes import ScopeKind
from secure_store.erasure.states import Gate
from webui.words.erasure import RECORDABLE

PAPER_LONGEST = 60
_HEX = re.compile(r"[0-9a-f]{8,64}")
CHOOSE = "一覧から選んでください。"


def _line(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").strip()


def _paper_fault(number: str) -> str:
    if not number:
        return "文書の番号を入れてください。"
    if len(number) > PAPER_LONGEST:
        return f"長すぎます。{PAPER_LONGEST}文字までにしてください。"
    return "" if number.isprintable() else "改行や見えない文字は使えません。"


@dataclass(frozen=True, slots=True)
class PlanForm:
    """Which data is to be erased, as chosen, with a fault beside the field that lacks something."""

    kind: str = ""
    receivable: str = ""
    campaign: str = ""
    case_id: str = ""
    recording_id: str = ""
    order_no: str = ""
    ordered_on: str = ""
    order_day: date | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def scope_text(self) -> str:
        """As the front door reads it: ``contract``, ``A01``, ``A01-202209``, ``case:UUID`` …"""
        return {
            ScopeKind.CONTRACT.value: ScopeKind.CONTRACT.value,
            ScopeKind.RECEIVABLE.value: self.receivable,
            ScopeKind.CAMPAIGN.value: self.campaign,
            ScopeKind.CASE.value: f"case:{self.case_id}",
            ScopeKind.RECORDING.value: f"recording:{self.recording_id}",
        }.get(self.kind, "")


def read_plan(
    form: Mapping[str, str],
    receivables: Collection[str],
    campaigns: Collection[str],
    today: date,
) -> PlanForm:
    """The scope as chosen, and the city's instruction: its number and day come together."""
    kind, case_id = form.get("kind", ""), _line(form, "case_id")
    recording_id = _line(form, "recording_id")
    chosen = {name: form.get(name, "") for name in ("receivable", "campaign")}
    errors: dict[str, str] = {}
    if kind not in {one.value for one in ScopeKind}:
        errors["kind"] = "抹消する範囲を選んでください。"
    if kind == ScopeKind.RECEIVABLE.value and chosen["receivable"] not in receivables:
        errors["receivable"] = CHOOSE
    if kind == ScopeKind.CAMPAIGN.value and chosen["campaign"] not in campaigns:
        errors["campaign"] = CHOOSE
    if kind == ScopeKind.CASE.value:
        errors |= _id_fault("case_id", "案件番号", case_id)
    if kind == ScopeKind.RECORDING.value:
        errors |= _id_fault("recording_id", "録音番号", recording_id)
    order_no, ordered_on = _line(form, "order_no"), _line(form, "ordered_on").replace("/", "-")
    order_day: date | None = None
    if order_no or ordered_on:
        order_day, fault = _past_day(ordered_on, today)
        errors |= {"ordered_on": fault} if fault else {}
        errors |= {"order_no": number} if (number := _paper_fault(order_no)) else {}
    return PlanForm(
        kind,
        chosen["receivable"],
        chosen["campaign"],
        case_id,
        recording_id,
        order_no,
        ordered_on,
        order_day,
        errors,
    )


def _id_fault(name: str, word: str, text: str) -> dict[str, str]:
    try:
        UUID(text)
    except ValueError:
        fault = f"{word}として読めません。画面にある番号をそのまま入れてください。"
        return {name: fault if text else f"{word}を入れてください。"}
    return {}


def _past_day(text: str, today: date) -> tuple[date | None, str]:
    """A day that has come, or what is wrong with it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, "日付として読めません。例：2023-05-24"
    return (None, "まだ来ていない日です。") if day > today else (day, "")


@dataclass(frozen=True, slots=True)
class SentForm:
    """When the application went to the city, and under which number of ours."""

    sent_on: str = ""
    sent_no: str = ""
    day: date | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def read_sent(form: Mapping[str, str], drafted_on: date, today: date) -> SentForm:
    """The day the application was sent: not before its draft."""
    text, number = _line(form, "sent_on").replace("/", "-"), _line(form, "sent_no")
    day, fault = _past_day(text, today)
    if day is not None and day < drafted_on:
        day, fault = None, "申請書を起案した日より前の日です。"
    errors = {"sent_on": fault} if fault else {}
    if number and (wrong := _paper_fault(number)):
        errors["sent_no"] = wrong
    return SentForm(text, number, day, errors)


@dataclass(frozen=True, slots=True)
class WitnessForm:
    """What was typed about the witness: the city's paper, or the post of who came."""

    witness_no: str = ""
    witness_post: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def read_witness(form: Mapping[str, str], name: str) -> WitnessForm:
    """One of the two fields (``witness_no`` or ``witness_post``)."""
    text = _line(form, name)
    fault = _paper_fault(text)
    if fault and not text and name == "witness_post":
        fault = "立会者の職を入れてください。"
    given = {name: text}
    return WitnessForm(**given, errors={name: fault} if fault else {})


@dataclass(frozen=True, slots=True)
class ConsentForm:
    """The city's letter as typed."""

    document_no: str = ""
    consented_on: str = ""
    post: str = ""
    check_no: str = ""
    day: date | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def read_consent(form: Mapping[str, str], today: date) -> ConsentForm:
    """The letter's number, its day, the post that signed it, and what it consents to."""
    number, text = _line(form, "document_no"), _line(form, "consented_on").replace("/", "-")
    errors: dict[str, str] = {}
    if fault := _paper_fault(number):
        errors["document_no"] = fault
    day, fault = _past_day(text, today)
    errors |= {"consented_on": fault} if fault else {}
    post = _line(form, "post")
    if len(post) > PAPER_LONGEST or not (post or "-").isprintable():
        errors["post"] = f"改行を入れずに、{PAPER_LONGEST}文字までにしてください。"
    check_no = _line(form, "check_no").lower()
    if check_no and not _HEX.fullmatch(check_no):
        errors["check_no"] = "申請書の確認番号は、0から9とaからfの8文字です。"
    return ConsentForm(number, text, post, check_no, day, errors)


@dataclass(frozen=True, slots=True)
class ConditionForm:
    """A condition that only paper shows."""

    gate: Gate | None = None
    document_no: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def read_condition(form: Mapping[str, str]) -> ConditionForm:
    """Which condition, and the number of the paper that shows it."""
    chosen, number = form.get("gate", ""), _line(form, "condition_no")
    gate = next((one for one in RECORDABLE if one.value == chosen), None)
    errors: dict[str, str] = {}
    if gate is None:
        errors["gate"] = CHOOSE
    if fault := _paper_fault(number):
        errors["condition_no"] = fault
    return ConditionForm(gate, number, errors)


@dataclass(frozen=True, slots=True)
class DestroyForm:
    """The signs before the keys go. The password is read where it is checked, and kept nowhere."""

    number: str = ""
    code: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def read_destroy(form: Mapping[str, str], wanted: str) -> DestroyForm:
    """The typed number has to be that of the erasure; the second person has to be named."""
    number, code = _line(form, "number"), _line(form, "code").upper()
    errors: dict[str, str] = {}
    if number != wanted:
        errors["number"] = f"抹消番号が違います。{wanted} と入れてください。"
    if not code:
        errors["code"] = "システム管理者の利用者番号を入れてください。"
    elif not (code.isascii() and code.isalnum()):
        errors["code"] = "利用者番号は、英字と数字だけです。例：AD01"
    if not form.get("password", ""):
        errors["password"] = "システム管理者本人がパスワードを入れてください。"  # noqa: S105
    return DestroyForm(number, code, errors)

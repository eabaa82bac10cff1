"""Entries of an erasure: its scope, papers of the city, and the three signs before the keys go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from secure_store.erasure.execution import ScopeKind
from secure_store.erasure.states import Gate
from webui.words.erasure import RECORDABLE

PAPER_LONGEST = 60
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
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def scope_text(self) -> str:
        """As the front door reads it: ``contract``, ``A01``, ``A01-202209``, ``case:UUID``."""
        return {
            ScopeKind.CONTRACT.value: ScopeKind.CONTRACT.value,
            ScopeKind.RECEIVABLE.value: self.receivable,
            ScopeKind.CAMPAIGN.value: self.campaign,
            ScopeKind.CASE.value: f"case:{self.case_id}",
        }.get(self.kind, "")


def read_plan(
    form: Mapping[str, str], receivables: Collection[str], campaigns: Collection[str]
) -> PlanForm:
    """The scope as chosen; only the field that belongs to the kind is asked for."""
    kind, case_id = form.get("kind", ""), _line(form, "case_id")
    chosen = {name: form.get(name, "") for name in ("receivable", "campaign")}
    errors: dict[str, str] = {}
    if kind not in {one.value for one in ScopeKind}:
        errors["kind"] = "抹消する範囲を選んでください。"
    if kind == ScopeKind.RECEIVABLE.value and chosen["receivable"] not in receivables:
        errors["receivable"] = CHOOSE
    if kind == ScopeKind.CAMPAIGN.value and chosen["campaign"] not in campaigns:
        errors["campaign"] = CHOOSE
    if kind == ScopeKind.CASE.value:
        errors |= _case_fault(case_id)
    return PlanForm(kind, chosen["receivable"], chosen["campaign"], case_id, errors)


def _case_fault(case_id: str) -> dict[str, str]:
    try:
        UUID(case_id)
    except ValueError:
        text = "案件番号として読めません。案件の画面にある番号をそのまま入れてください。"
        return {"case_id": text if case_id else "案件番号を入れてください。"}
    return {}


@dataclass(frozen=True, slots=True)
class ConsentForm:
    """The city's letter as typed."""

    document_no: str = ""
    consented_on: str = ""
    post_and_name: str = ""
    day: date | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def read_consent(form: Mapping[str, str], today: date) -> ConsentForm:
    """The letter's number, its day, and who signed it."""
    number, text = _line(form, "document_no"), _line(form, "consented_on").replace("/", "-")
    errors: dict[str, str] = {}
    if fault := _paper_fault(number):
        errors["document_no"] = fault
    day: date | None = None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors["consented_on"] = "日付として読めません。例：2023-05-24"
    if day is not None and day > today:
        errors["consented_on"] = "まだ来ていない日です。"
    post = _line(form, "post_and_name")
    if len(post) > PAPER_LONGEST or not (post or "-").isprintable():
        errors["post_and_name"] = f"改行を入れずに、{PAPER_LONGEST}文字までにしてください。"
    return ConsentForm(number, text, post, day, errors)


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

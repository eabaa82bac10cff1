"""What an agent looks up when somebody rings back: one receivable, a number or a 整理番号."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from webui.forms.agent_desk import FormStale

KEY_MAX = 20
NUMBER_MAX = 20


@dataclass(frozen=True, slots=True)
class CallbackQuery:
    """One search. Exactly one of ``number`` and ``key`` is filled when there is no fault."""

    receivable: str
    number: str = field(repr=False)
    key: str = field(repr=False)
    faults: dict[str, str] = field(default_factory=dict)


def read_query(form: Mapping[str, str], receivables: Sequence[str]) -> CallbackQuery:
    """The search as it was typed, with what keeps it from being made."""
    receivable = form.get("receivable", "")
    number = form.get("number", "").strip()[:NUMBER_MAX]
    key = form.get("key", "").strip()[:KEY_MAX]
    faults: dict[str, str] = {}
    if receivable not in receivables:
        faults["receivable"] = "債権を一つ選んでください。ほかの債権は、それぞれの中で探します。"
    if not number and not key:
        faults["number"] = "かけてきた番号か、整理番号を入れてください。名前では探せません。"
    if number and key:
        faults["key"] = "番号と整理番号は、どちらか一つだけ入れてください。"
    return CallbackQuery(receivable, number, key, faults)


def case_of_form(form: Mapping[str, str]) -> UUID:
    """The case that was found and chosen. Raises FormStale."""
    try:
        return UUID(form.get("case", ""))
    except ValueError:
        raise FormStale from None

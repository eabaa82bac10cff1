"""The form of a work instruction: read as one sheet, every fault beside its field (S4-8.6b)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date

from campaigns.api import (
    CallingRules,
    InstructionSheet,
    Parameters,
    SheetFault,
    sheet_from,
)
from campaigns.errors import InstructionInvalid
from dialer.calendar.bands import Band
from webui.forms.entry import SENTENCES, Entries
from webui.words.instructions import NUMBERS

FLAGS = (
    "voicemail_message_allowed",
    "promise_until_month_end",
    "workplace_numbers",
    "third_party_message",
    "account_transfer",
)
NAME = "name"  # asked of everybody; the form offers the two further items
YES = "yes"
_LIMITS = {
    one.name: (one.metadata["low"], one.metadata["high"])
    for one in fields(Parameters)
    if one.metadata
}
_OTHER: Mapping[str, str] = {
    "effective_from": "過ぎた日からは始められません。きょう以後の日にしてください。",
    "bands": "始まりと終わりを 11:30-13:30 の形で、重ならないように入れてください。",
    "rotation": "H1からH5までを、コンマで区切って1回ずつ入れてください。例：H3,H1,H5,H2,H4",
    "number_order": "一覧から選んでください。",
    "third_party": "1から3までの回数を入れてください。",
    "right_party": "一つ以上選んでください。",
    "identity_items": "氏名のほかに、2つ選んでください。",
    "spare_item": "確かめる項目とは別の項目を選んでください。",
}
CROSSED = "最小が最大を超えています。"
NOT_USABLE = "この値は使えません。"


class FieldsRefused(Exception):
    """The form cannot be used as it was sent; ``sentences`` by field."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(", ".join(sorted(sentences)))
        self.sentences = dict(sentences)


def read_instruction(
    values: Mapping[str, str], picked: Mapping[str, list[str]], receivable: str
) -> tuple[InstructionSheet, date]:
    """The sheet and its first day. ``picked``: the boxes ticked. Raises FieldsRefused."""
    entries = Entries(values)
    first = entries.day("effective_from")
    faults = {name: SENTENCES[fault] for name, fault in entries.faults.items()}
    try:
        sheet = sheet_from(_raw(values, picked, receivable))
    except InstructionInvalid as refused:
        faults |= sentences_of(refused.details["faults"])
        raise FieldsRefused(faults) from None
    if faults:
        raise FieldsRefused(faults)
    return sheet, first


def sentences_of(faults: tuple[SheetFault, ...]) -> dict[str, str]:
    """The sentence of every faulty field, for the page."""
    return {one.field: _sentence(one.field) for one in faults}


def _sentence(name: str) -> str:
    if name in _LIMITS:
        low, high = _LIMITS[name]
        crossed = CROSSED if name == "min_counted_attempts" else ""
        return f"{low}から{high}までの整数で入れてください。{crossed}"
    return _OTHER.get(name, NOT_USABLE)


def _raw(
    values: Mapping[str, str], picked: Mapping[str, list[str]], receivable: str
) -> dict[str, object]:
    """The form as the plain values of a sheet; what is no number stays as it was typed."""
    entries = Entries(values)
    parameters: dict[str, object] = {one.key: _whole(entries.text(one.key)) for one in NUMBERS}
    for name in ("voicemail_message_allowed", "promise_until_month_end"):
        parameters[name] = values.get(name) == YES
    return {
        "receivable": receivable,
        "parameters": parameters,
        "bands": {
            "weekday": {band: _span(entries, band) for band in ("H1", "H2", "H3")},
            "weekend_or_holiday": {band: _span(entries, band) for band in ("H4", "H5")},
        },
        "rotation": entries.text("rotation").replace("、", ",").replace(" ", ""),
        "number_order": {band.value: values.get(f"order_{band.value}", "") for band in Band},
        "workplace_numbers": values.get("workplace_numbers") == YES,
        "third_party": {
            "message_allowed": values.get("third_party_message") == YES,
            "messages_per_campaign": _whole(entries.text("messages_per_campaign")),
        },
        "account_transfer": values.get("account_transfer") == YES,
        "right_party": picked.get("right_party", []),
        "identity_items": [NAME, *picked.get("identity_items", [])],
        "spare_item": values.get("spare_item", ""),
    }


def _span(entries: Entries, band: str) -> str:
    text = entries.text(f"band_{band}")
    for dash in "~〜～–—ー－":
        text = text.replace(dash, "-")
    return text.replace(" ", "")


def _whole(text: str) -> object:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text


def read_approval(values: Mapping[str, str]) -> str:
    """The number of the city's document. Raises FormRefused."""
    entries = Entries(values)
    number = entries.document_no("document_no")
    entries.finish()
    return number


def typed_of(rules: CallingRules) -> dict[str, str]:
    """The form filled with what holds in these rules."""
    known = rules.receivable
    cuts = (*rules.cuts.weekday, *rules.cuts.weekend_or_holiday)
    typed = {one.key: str(getattr(rules.parameters, one.key)) for one in NUMBERS}
    typed |= {
        f"band_{cut.band.value}": f"{cut.hours.start:%H:%M}-{cut.hours.end:%H:%M}" for cut in cuts
    }
    typed |= {f"order_{band.value}": ",".join(rules.number_order.get(band, ())) for band in Band}
    flags = {
        "voicemail_message_allowed": rules.parameters.voicemail_message_allowed,
        "promise_until_month_end": rules.parameters.promise_until_month_end,
        "workplace_numbers": rules.workplace_numbers,
        "third_party_message": rules.third_party.message_allowed,
        "account_transfer": known is not None and known.recommends_transfer,
    }
    typed |= {name: YES if flag else "no" for name, flag in flags.items()}
    typed["rotation"] = ",".join(rules.rotation)
    typed["messages_per_campaign"] = str(rules.third_party.messages_per_campaign)
    typed["spare_item"] = known.spare_item if known else ""
    return typed


def picked_of(rules: CallingRules) -> dict[str, list[str]]:
    """The boxes ticked in the form of these rules."""
    items = rules.receivable.identity_items if rules.receivable else ()
    return {
        "right_party": [one.value for one in rules.right_party],
        "identity_items": [item for item in items if item != NAME],
    }

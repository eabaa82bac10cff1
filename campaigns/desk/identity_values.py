"""Pure: the lent values of the identity items, for comparing by eye; never read out."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date

from campaigns.desk.identity import IdentityItem, ItemResult
from campaigns.intake.facts import ContactView, IdentityView

_TYPE_COLUMNS = {
    IdentityItem.CHILD_NAME: ("児童氏名カナ", "利用者氏名カナ", "生徒氏名カナ"),
    IdentityItem.SCHOOL: ("学校名", "施設名", "児童会館名"),
}


@dataclass(frozen=True, slots=True)
class IdentityLine:
    """One item with its lent value and what the agent has found so far."""

    item: IdentityItem
    value: str = field(repr=False)
    is_spare: bool
    result: ItemResult


def identity_lines(
    contact: ContactView,
    identity: IdentityView,
    shown: Set[IdentityItem],
    required: Set[IdentityItem],
    results: Mapping[IdentityItem, ItemResult],
) -> tuple[IdentityLine, ...]:
    """The items to compare now, in the order they are asked for."""
    return tuple(
        IdentityLine(
            item,
            _value(item, contact, identity),
            item not in required,
            results.get(item, ItemResult.NOT_ASKED),
        )
        for item in IdentityItem
        if item in shown
    )


def _value(item: IdentityItem, contact: ContactView, identity: IdentityView) -> str:
    if item is IdentityItem.NAME:
        return f"{contact.name}（{contact.kana}）"
    if item is IdentityItem.BIRTH_DATE:
        return _date_text(identity.born_on)
    if item is IdentityItem.ADDRESS:
        return f"{identity.address} {identity.address_detail}".strip()
    names = _TYPE_COLUMNS.get(item, ())
    values = [entry.value for entry in identity.items if entry.name in names]
    return values[0] if values else ""


def _date_text(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""

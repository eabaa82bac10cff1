"""Pure but for its input rows: which of a person's numbers is dialled now (domain 3.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from campaigns.errors import CaseNotCallable
from campaigns.profile.instruction_sheet import NumberKind
from campaigns.profile.rules import CallingRules
from dialer.calendar.bands import nearest_band
from dialer.calendar.holidays import business_day, day_kind
from dialer.calendar.windows import CallingHours

_KINDS: Mapping[int, NumberKind] = {
    1: NumberKind.LANDLINE,
    2: NumberKind.MOBILE,
    3: NumberKind.WORKPLACE,
}


class LentNumber(Protocol):
    """A number as it was lent: its rank, and whose line it is (種別)."""

    @property
    def rank(self) -> int: ...
    @property
    def kind(self) -> int: ...


Number = TypeVar("Number", bound=LentNumber)


def choose_number(
    phones: Sequence[Number], rules: CallingRules, hours: CallingHours, now: datetime
) -> Number:
    """The number to dial in the present band: the kinds the instruction names first, in its
    order, then the others as lent. Raises CaseNotCallable when none is left.
    """
    if not phones:
        raise CaseNotCallable(reason="no_usable_number")
    band = nearest_band(now, day_kind(business_day(now), hours.holidays), rules.cuts)
    first = rules.number_order.get(band, ())

    def place(phone: Number) -> tuple[int, int]:
        kind = _KINDS.get(phone.kind, NumberKind.UNKNOWN)
        return (first.index(kind) if kind in first else len(first), phone.rank)

    return min(phones, key=place)

"""How a delivery changed hands, as typed: means, place, the post that handed it over, when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from campaigns.api import CityPaper, ExchangeRules
from dialer.calendar.holidays import TOKYO
from secure_store.exchange.hand_overs import Designated, NewHandOver
from webui.forms.entry import Entries, EntryFault

NO_MEDIUM = ""
ROWS_MAX = 7


@dataclass(frozen=True, slots=True)
class HandOverEntry:
    """One hand-over as typed, without what it was about."""

    means: str
    place: str
    handed_by: str
    handed_at: datetime
    medium_serial: str | None
    told_rows: int | None

    def about(self, receivable: str, campaign_code: str) -> NewHandOver:
        """The hand-over of one campaign's delivery."""
        return NewHandOver(
            receivable,
            campaign_code,
            self.means,
            self.place,
            self.handed_by,
            self.handed_at,
            self.medium_serial,
            self.told_rows,
        )


def designated_by(rules: ExchangeRules) -> Designated:
    """The closed lists of the profile as the register wants them."""
    return Designated(rules.means.keys(), rules.places.keys(), rules.by_medium)


def is_given(values: Mapping[str, str]) -> bool:
    """Whether the part of the form about the hand-over was used at all."""
    return any(values.get(name) for name in ("means", "place", "handed_by", "medium"))


def read_hand_over(
    values: Mapping[str, str], rules: ExchangeRules, media: Collection[str], now: datetime
) -> HandOverEntry:
    """Raises FormRefused."""
    entries = Entries(values)
    means = entries.choice("means", set(rules.means))
    place = entries.choice("place", set(rules.places))
    handed_by = entries.text("handed_by")
    if not handed_by:
        entries.fault("handed_by", EntryFault.MISSING)
    elif not CityPaper("", handed_by, now.date()).names_a_post:
        entries.fault("handed_by", EntryFault.NOT_A_POST)
    handed_at = _instant(entries, now)
    serial = _medium(entries, values, means in rules.by_medium, media)
    told_rows = _rows(entries)
    entries.finish()
    return HandOverEntry(means, place, handed_by, handed_at, serial, told_rows)


def _instant(entries: Entries, now: datetime) -> datetime:
    day, text = entries.day("handed_on"), entries.text("handed_time")
    hour, _colon, minute = text.partition(":")
    try:
        instant = datetime.combine(day, time(int(hour), int(minute)), tzinfo=TOKYO)
    except ValueError:
        entries.fault("handed_time", EntryFault.NOT_A_TIME)
        return now
    if "handed_on" not in entries.faults and instant > now:
        entries.fault("handed_on", EntryFault.DAY_TO_COME)
    return instant


def _medium(
    entries: Entries, values: Mapping[str, str], needed: bool, media: Collection[str]
) -> str | None:
    if not needed:
        return None
    if not values.get("medium"):
        entries.fault("medium", EntryFault.MEDIUM_MISSING)
        return None
    return entries.choice("medium", set(media))


def _rows(entries: Entries) -> int | None:
    text = entries.text("told_rows").replace(",", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= ROWS_MAX):
        entries.fault("told_rows", EntryFault.NOT_A_COUNT)
        return None
    return int(text)

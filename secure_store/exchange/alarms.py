"""What of the exchange waits too long: received and not imported, media open or not returned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from secure_store.canonical import JST
from secure_store.exchange.gateway import InboundFolder, list_inbound
from secure_store.exchange.hand_over_views import HandOverView, waiting_since
from secure_store.exchange.media import MediumView, media_views
from secure_store.work import UnitOfWork


class AlarmKind(StrEnum):
    NOT_REGISTERED = "not_registered"
    NOT_IMPORTED = "not_imported"
    MEDIUM_NOT_WIPED = "medium_not_wiped"
    MEDIUM_NOT_RETURNED = "medium_not_returned"


@dataclass(frozen=True, slots=True)
class ExchangeAlarm:
    """One thing that waits too long. ``name``: a receipt number, a folder, or a medium's serial."""

    kind: AlarmKind
    name: str
    since: datetime


def exchange_alarms(
    work: UnitOfWork, import_within: timedelta, wipe_within: timedelta
) -> list[ExchangeAlarm]:
    """All alarms of this instant, oldest first (S4-8.7-2, S4-14.2b, S4-14.2c)."""
    found = [
        *received_alarms(waiting_since(work), list_inbound(work), work.now, import_within),
        *medium_alarms(media_views(work), work.now, wipe_within),
    ]
    return sorted(found, key=lambda alarm: alarm.since)


def received_alarms(
    waiting: Iterable[HandOverView],
    folders: Iterable[InboundFolder],
    now: datetime,
    within: timedelta,
) -> Iterator[ExchangeAlarm]:
    """Deliveries that were not taken in within the time the contract gives."""
    for one in waiting:
        if now - one.handed_at >= within:
            yield ExchangeAlarm(AlarmKind.NOT_IMPORTED, one.number, one.handed_at)
    for folder in folders:
        if folder.number is None and now - folder.since >= within:
            yield ExchangeAlarm(AlarmKind.NOT_REGISTERED, folder.name or "", folder.since)


def medium_alarms(
    media: Iterable[MediumView], now: datetime, within: timedelta
) -> Iterator[ExchangeAlarm]:
    """Media on which data lies too long, and those that are out on a later day than taken."""
    today = now.astimezone(JST).date()
    for one in media:
        if one.open_since is not None and now - one.open_since >= within:
            yield ExchangeAlarm(AlarmKind.MEDIUM_NOT_WIPED, one.serial, one.open_since)
        if one.taken_at is not None and one.taken_at.astimezone(JST).date() < today:
            yield ExchangeAlarm(AlarmKind.MEDIUM_NOT_RETURNED, one.serial, one.taken_at)

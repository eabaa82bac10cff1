"""Closed days for tests: from the desk's calls to the files, and the files read as anybody would."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from campaigns import api as c
from campaigns.cases.models import CallCase
from secure_store.audit.tags import Tag
from secure_store.models import AuditEvent
from secure_store.people.watching import remember_found
from secure_store.sealing.installed import installed_of
from tests.integration.campaigns.desk_world import DAY, OP, SV, DeskWorld

CLOSING = datetime.fromisoformat("2022-09-15T20:45:00+09:00")
CAMPAIGN = "A01-202209"
NAMES = (
    "A01_202209_ESC_{day}_01.csv",
    "A01_202209_KEKKA_{day}_01.csv",
    "A01_202209_MEISAI_CALL_{day}_01.csv",
    "NIPPO_{day}_01.csv",
)
NOTE = "見本：生活の事情を聞いた。所管課からの連絡を希望。"


def closing_of(day: date) -> datetime:
    """A quarter to nine in the evening."""
    return CLOSING.replace(year=day.year, month=day.month, day=day.day)


def close(world: DeskWorld, day: date = DAY) -> None:
    """Closes the day as soon as it may be closed."""
    world.clock.set(max(closing_of(day), world.clock.now()))
    c.close_day(world.store, SV, day)


def build(world: DeskWorld, day: date = DAY) -> dict[str, bytes]:
    """Closes and builds; the clear files by their kinds: KEKKA, MEISAI_CALL, ESC, NIPPO."""
    close(world, day)
    assert c.build_files(world.store, SV, day) == len(NAMES)
    with world.store.work(SV) as work:
        files = c.get_day(work, day).files
        assert [file.name for file in files] == [name.format(day=f"{day:%Y%m%d}") for name in NAMES]
        return {file.kind: c.read_file(work, day, file.name) for file in files}


def deliver(world: DeskWorld, day: date = DAY) -> Path:
    """Builds, signs and places; the outbound folder."""
    build(world, day)
    with world.store.work(SV) as work:
        c.sign_files(work, day)
    return c.place_files(world.store, SV, day)


def confirm(world: DeskWorld, day: date = DAY, receipt_no: str = "R-0001") -> c.DayView:
    with world.store.work(SV) as work:
        return c.confirm_upload(work, day, receipt_no)


def day_of(world: DeskWorld, day: date = DAY) -> c.DayView:
    """As a page reads it."""
    with world.store.work(SV, readonly=True) as work:
        return c.get_day(work, day)


def digests(world: DeskWorld, day: date = DAY) -> dict[str, str]:
    return {file.name: file.sha256 for file in day_of(world, day).files}


def rebuilt(world: DeskWorld, day: date = DAY) -> dict[str, str]:
    with world.store.work(SV) as work:
        return c.rebuilt_digests(work, day)


def outbound(world: DeskWorld) -> list[Path]:
    """Everything that lies ready for the city."""
    return sorted((installed_of(world.store).exchange_folder / "outbound").rglob("*"))


def table(data: bytes) -> list[dict[str, str]]:
    """A result file as rows by column name, read by the standard reader."""
    return list(csv.DictReader(io.StringIO(data.decode("cp932"), newline="")))


def report_text(data: bytes) -> str:
    return data.decode("cp932")


def item(data: bytes, title: str, first: str) -> list[str]:
    """The line of a table of the daily report that begins with a word."""
    lines = list(csv.reader(io.StringIO(data.decode("cp932"), newline="")))
    start = lines.index([title])
    return next(line for line in lines[start:] if line[:1] == [first])


def lent_lines(world: DeskWorld) -> list[bytes]:
    """The lines of the list of callees exactly as the city sent them."""
    files = world.deliveries["A01"].files
    (data,) = [data for name, data in files.items() if "TAISHO" in name]
    return data.removesuffix(b"\r\n").split(b"\r\n")


def told(world: DeskWorld, tag: Tag) -> int:
    """How often the audit log has this event."""
    with world.store.work(SV, readonly=True) as work:
        query = select(AuditEvent).where(AuditEvent.tag == tag.value)
        return len(list(work.session.scalars(query)))


def case_ids(world: DeskWorld) -> list[UUID]:
    with world.store.work(SV, readonly=True) as work:
        return list(work.session.scalars(select(CallCase.id).order_by(CallCase.row_number)))


def ring_back(world: DeskWorld, code: str = "57") -> c.Recorded:
    """The first person of the list rings us, passes the check and is told the amount."""
    case_id = case_ids(world)[0]
    with world.store.work(OP) as work:
        remember_found(work, [case_id])
        served = c.answer_callback(work, case_id)
    world.identify(served.handling_id)
    return world.record(served.handling_id, code, direction=c.Direction.INBOUND)

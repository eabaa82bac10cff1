"""The city of a rehearsal home: it withdraws cases and tells of payments."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from campaigns import api as c
from campaigns.calling.models import PaymentPromise
from campaigns.cases.models import CallCase
from tests.integration.campaigns.desk_world import MONTH, SV, DeskWorld
from webui.rehearsal.sample_notices import SamplePayment, SampleWithdrawal, make_notice

TOLD_AT = datetime(2022, 9, 15, 11, 40)
CAMPAIGN = "A01-202209"


def key_of(world: DeskWorld, case_id: UUID) -> str:
    """整理番号 of a case, out of the files the city sent."""
    return _lent(world, case_id)["整理番号"]


def unpaid_of(world: DeskWorld, case_id: UUID) -> int:
    """What was lent as unpaid, in yen."""
    return int(_lent(world, case_id)["未納額合計"])


def _lent(world: DeskWorld, case_id: UUID) -> dict[str, str]:
    files = world.deliveries["A01"].files
    taisho = next(data for name, data in files.items() if "TAISHO" in name)
    rows = list(csv.DictReader(taisho.decode("cp932").splitlines()))
    return rows[world.case(case_id).row_number - 1]


def withdrawal(world: DeskWorld, *case_ids: UUID, serial: int = 1) -> dict[str, bytes]:
    """The files of a withdrawal of these cases."""
    entries = [SampleWithdrawal(key=key_of(world, one), received_at=TOLD_AT) for one in case_ids]
    notice = make_notice("A01", MONTH, entries, as_of=date(2022, 9, 15), serial=serial)
    return dict(notice.files)


def payments(entries: Sequence[SamplePayment], as_of: date, serial: int = 1) -> dict[str, bytes]:
    """The files of a payment confirmation."""
    notice = make_notice("A01", MONTH, entries, as_of=as_of, serial=serial, kind="SHUNO")
    return dict(notice.files)


def tell(world: DeskWorld, files: dict[str, bytes]) -> c.NoticeView:
    """Checked and confirmed, as a supervisor does it."""
    notice_id = c.check_notice(world.store, SV, CAMPAIGN, files)
    return c.apply_notice(world.store, SV, notice_id)


def promises(world: DeskWorld, case_id: UUID) -> list[c.PromiseStatus]:
    with world.store.work(SV, readonly=True) as work:
        query = (
            select(PaymentPromise.status)
            .where(PaymentPromise.case_id == case_id)
            .order_by(PaymentPromise.made_at)
        )
        return list(work.session.scalars(query))


def promised_case(world: DeskWorld) -> UUID:
    """A call that ends with a promise: everything by the 20th, so waited for until the 27th."""
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    world.identify(served.handling_id)
    world.record(served.handling_id, "51", **world.promise())
    return served.case_id


def all_cases(world: DeskWorld) -> list[UUID]:
    with world.store.work(SV, readonly=True) as work:
        return list(work.session.scalars(select(CallCase.id).order_by(CallCase.row_number)))

"""Homes with lent data and collected notes (見本), for the erasure tests."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select

from campaigns.calling.call_lists import build_call_list
from campaigns.calling.models import CallRecord, Revision
from campaigns.calling.outcomes import Direction, Mark, Speaker
from campaigns.cases.cases import CampaignPlan, open_campaign
from campaigns.cases.models import CallCase
from campaigns.cases.personal_data import CollectedPlace, seal_collected
from campaigns.cases.states import IdentityResult
from campaigns.closing.run import ErasureActors
from campaigns.closing.sealed_cells import sealed_values
from campaigns.closing.tables import PURGED, batches, table_of
from campaigns.intake.deliveries import publish
from campaigns.intake.importer import stage_delivery
from secure_store.access import Actor, Role
from secure_store.clock import FixedClock
from secure_store.database import sqlite_path
from secure_store.erasure import scan
from secure_store.erasure.scopes import ErasureScope, ScopeKind
from secure_store.models import FileKind
from secure_store.sealing.vault import FileLabel, vault_of
from secure_store.work import SecureStore
from webui.rehearsal.sample_delivery import make_delivery
from webui.services import Services

ARRIVAL = datetime.fromisoformat("2022-09-13T10:00:00+09:00")
END = datetime.fromisoformat("2023-06-02T10:00:00+09:00")  # two days after the contract's end
MONTH = date(2022, 9, 1)
CONTRACT = ErasureScope(ScopeKind.CONTRACT)
NOTE = "見本：来週末に納付する予定とのこと"

SUPERVISOR = Actor(code="SV01", role=Role.SUPERVISOR)
ADMINISTRATOR = Actor(code="AD01", role=Role.SYSTEM_ADMIN)
VERIFIER = Actor(code="VF01", role=Role.VERIFIER)
ACTORS = ErasureActors(SUPERVISOR, ADMINISTRATOR, VERIFIER)


@dataclass(frozen=True, slots=True)
class World:
    """A home in which two receivables were lent, with a call record and a pack file each."""

    services: Services
    clock: FixedClock

    @property
    def store(self) -> SecureStore:
        return self.services.store

    def cells(self, scope: ErasureScope = CONTRACT) -> list[scan.SealedCell]:
        with self.store.work(SUPERVISOR, readonly=True) as work:
            return [
                cell
                for batch in batches(work, scope)
                for part in sealed_values(work, scope, batch)
                for cell in part
            ]

    def rows(self) -> dict[str, int]:
        with self.store.work(SUPERVISOR, readonly=True) as work:
            return {
                reach.table: len(work.session.execute(select(table_of(reach.table))).all())
                for reach in PURGED
            }

    def case_ids(self, campaign: str) -> list[UUID]:
        with self.store.work(SUPERVISOR, readonly=True) as work:
            query = select(CallCase.id).where(CallCase.campaign_code == campaign)
            return list(work.session.scalars(query.order_by(CallCase.row_number)))


def lend(world: World, receivable: str, rows: int = 5, month: date = MONTH) -> str:
    """A published campaign of sample people, queued, with one note and one daily file."""
    store, world_clock = world.store, world.clock
    world_clock.set(ARRIVAL.replace(month=month.month))
    begin = month.replace(day=15)
    with store.work(SUPERVISOR) as work:
        plan = CampaignPlan(
            receivable, month, begin, month.replace(day=30), begin + timedelta(days=29)
        )
        campaign = open_campaign(work, plan)
    files = make_delivery(receivable, month, rows, seed=7).files
    list_id = stage_delivery(store, SUPERVISOR, campaign.code, files)
    with store.work(SUPERVISOR) as work:
        publish(work, list_id)
    build_call_list(store, SUPERVISOR, campaign.code)
    write_note(world, world.case_ids(campaign.code)[0])
    with store.work(SUPERVISOR) as work:
        name = f"{receivable}_20220915_result.csv"
        label = FileLabel(FileKind.DAILY_PACK, name, receivable, campaign.code)
        vault_of(work).put(label, b"sample pack of " + receivable.encode())
    return campaign.code


def write_note(world: World, case_id: UUID) -> UUID:
    """One call record with a collected note."""
    with world.store.work(SUPERVISOR) as work:
        case = work.session.get_one(CallCase, case_id)
        record_id = uuid4()
        sealed = seal_collected(
            work, case, CollectedPlace("call_record", record_id), (NOTE.encode(),)
        )
        work.session.add(
            CallRecord(
                id=record_id,
                case_id=case_id,
                campaign_code=case.campaign_code,
                revision=Revision.ORIGINAL,
                direction=next(iter(Direction)),
                business_day=date(2022, 9, 15),
                started_at=work.now,
                recorded_at=work.now,
                agent="OP01",
                outcome_code="11",
                outcome_version=1,
                identity_result=next(iter(IdentityResult)),
                speaker=next(iter(Speaker)),
                counts_dial=True,
                counts_attempt=True,
                is_contact_wide=True,
                is_contact_person=True,
                mark=next(iter(Mark)),
                is_urgent=False,
                collected_sealed=sealed,
                source="screen",
                rule="sample",
            )
        )
        return record_id


def make_world(services: Services, clock: FixedClock, *receivables: str, rows: int = 5) -> World:
    world = World(services, clock)
    for receivable in receivables or ("A01", "A02"):
        lend(world, receivable, rows)
    clock.set(END)
    return world


def backed_up(world: World, path: Path) -> Path:
    """A copy of the database as it is now (SQLite only)."""
    with closing(sqlite3.connect(sqlite_path(world.store.engine) or "")) as connection:
        connection.execute("VACUUM INTO ?", (str(path),))
    return path

"""A rehearsal home with lent sample people and desks that work through the screens' use cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from campaigns import api as c
from campaigns.calling.models import CallRecord, CaseHandling
from campaigns.cases.models import CallCase, CasePhone
from campaigns.errors import HandlingOpen
from dialer.api import begin_duty, promote_due
from scripts_talk.api import approve_samples, install_samples
from secure_store.access import Actor, Role, system_actor
from secure_store.clock import FixedClock
from secure_store.people.staff import NewStaff, add_staff
from secure_store.work import SecureStore
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.rehearsal.sample_delivery import SampleDelivery, make_delivery
from webui.services import Services

ARRIVAL = datetime.fromisoformat("2022-09-13T10:00:00+09:00")
NOON = datetime.fromisoformat("2022-09-15T11:30:00+09:00")
DAY = date(2022, 9, 15)
MONTH = date(2022, 9, 1)
SEED = 7

FOUNDER = Actor("init", Role.SYSTEM_ADMIN, rehearsal=True)
SV = Actor("SV01", Role.SUPERVISOR, rehearsal=True)
AD = Actor("AD01", Role.SYSTEM_ADMIN, rehearsal=True)
CF = Actor("CF01", Role.DEPARTMENT_OFFICER, rehearsal=True)
HOUSE = system_actor("scheduler")
ITEMS = (c.IdentityItem.NAME, c.IdentityItem.BIRTH_DATE, c.IdentityItem.ADDRESS)
ALL_MATCH = dict.fromkeys(ITEMS, c.ItemResult.MATCH)
NOTE = "見本：内訳の説明を希望。所管課からの連絡を待つとのこと。"


def agent(code: str, *receivables: str) -> Actor:
    return Actor(code, Role.AGENT, frozenset(receivables or ("A01",)), rehearsal=True)


OP = agent("OP01")


@dataclass(slots=True)
class DeskWorld:
    """The home, its clock, and the deliveries by receivable."""

    services: Services
    clock: FixedClock
    deliveries: dict[str, SampleDelivery] = field(default_factory=dict, repr=False)

    @property
    def store(self) -> SecureStore:
        return self.services.store

    def lend(self, receivable: str = "A01", rows: int = 6, **plan: date) -> UUID:
        """Opens the campaign and stages a delivery of people who can be called."""
        dates = {
            "calls_from": DAY,
            "calls_until": date(2022, 9, 30),
            "callbacks_until": date(2022, 10, 7),
            **plan,
        }
        with self.store.work(SV) as work:
            campaign = c.open_campaign(work, c.CampaignPlan(receivable, MONTH, **dates))
        delivery = make_delivery(receivable, MONTH, rows, SEED, with_unreachable=False)
        self.deliveries[receivable] = delivery
        return c.stage_delivery(self.store, SV, campaign.code, delivery.files)

    def publish(self, list_id: UUID, code: str, agents: Sequence[str]) -> None:
        """Publishes, builds the call list, shares it out; nobody's wishes forbid the hour."""
        with self.store.work(SV) as work:
            c.publish(work, list_id)
            for case in work.session.scalars(select(CallCase)):
                case.care_code = None
        c.build_call_list(self.store, SV, code)
        with self.store.work(SV) as work:
            c.share_out(work, code, agents)

    def approve(self, *receivables: str) -> None:
        """The sample scripts and the sample Q&A come into force."""
        with self.store.work(FOUNDER) as work:
            approve_samples(work, receivables, "訓練第1号", c.current_profile(work).self_name)

    def on_duty(self) -> None:
        with self.store.work(SV) as work:
            begin_duty(work)

    def promote(self) -> None:
        """What the scheduler does every few seconds."""
        with self.store.work(HOUSE) as work:
            promote_due(work)

    def at(self, instant: str) -> None:
        """Moves the clock to ``2022-09-15T11:30`` in Tokyo."""
        self.clock.set(datetime.fromisoformat(f"{instant}+09:00"))

    def take(self, actor: Actor = OP) -> c.Served | None:
        with self.store.work(actor) as work:
            return c.take_next_case(work)

    def served(self, actor: Actor = OP) -> c.Served:
        served = self.take(actor)
        assert served is not None
        return served

    def view(self, actor: Actor = OP) -> c.DeskView:
        with self.store.work(actor) as work:
            view = c.desk_view(work)
        assert isinstance(view, c.DeskView)
        return view

    def permit(self, served: c.Served, actor: Actor = OP) -> c.PermitView:
        with self.store.work(actor) as work:
            return c.ask_permit(work, served.handling_id)

    def compare(self, served: c.Served, actor: Actor = OP) -> UUID:
        with self.store.work(actor) as work:
            return c.number_compared(work, served.handling_id)

    def dial(self, served: c.Served, result: c.LineResult, actor: Actor = OP) -> str:
        """Permit, comparing, dialling, the line's word. Returns the number that was shown."""
        self.permit(served, actor)
        number = self.view(actor).number
        assert number
        self.compare(served, actor)
        self.clock.advance(timedelta(seconds=20))
        with self.store.work(actor) as work:
            c.note_line(work, served.handling_id, result)
        return number

    def identify(self, handling_id: UUID, actor: Actor = OP, **results: Any) -> c.IdentityResult:
        with self.store.work(actor) as work:
            c.begin_identity(work, handling_id)
        self.view(actor)
        with self.store.work(actor) as work:
            found = results.get("results", ALL_MATCH)
            return c.confirm_identity(
                work, handling_id, found, refused=bool(results.get("refused"))
            )

    def record(self, handling_id: UUID, code: str, actor: Actor = OP, **report: Any) -> c.Recorded:
        self.clock.advance(timedelta(seconds=60))
        with self.store.work(actor) as work:
            entry = c.OutcomeEntry(code, (), c.OutcomeReport(**report))
            return c.record_outcome(work, handling_id, entry)

    def call(self, code: str, actor: Actor = OP, **report: Any) -> tuple[c.Served, c.Recorded]:
        """One unanswered or unidentified call from serving to the outcome."""
        served = self.served(actor)
        lines = {"11": c.LineResult.NO_ANSWER, "12": c.LineResult.BUSY, "18": c.LineResult.FAILED}
        self.dial(served, lines.get(code, c.LineResult.CONNECTED), actor)
        return served, self.record(served.handling_id, code, actor, **report)

    def promise(self, actor: Actor = OP) -> dict[str, Any]:
        """The fields of 51 for the case in hand, whose debt must be open."""
        debt = self.view(actor).debt
        assert debt is not None
        return {
            "promised_on": date(2022, 9, 20),
            "promised_yen": debt.total_yen,
            "promised_periods": tuple(period.month for period in debt.periods),
            "payment_method": c.PaymentMethod.SLIP,
        }

    def case(self, case_id: UUID) -> CallCase:
        with self.store.work(SV, readonly=True) as work:
            return work.session.get_one(CallCase, case_id)

    def phones(self, case_id: UUID) -> list[CasePhone]:
        with self.store.work(SV, readonly=True) as work:
            query = select(CasePhone).where(CasePhone.case_id == case_id).order_by(CasePhone.rank)
            return list(work.session.scalars(query))

    def records(self, case_id: UUID | None = None) -> list[CallRecord]:
        with self.store.work(SV, readonly=True) as work:
            query = select(CallRecord).order_by(CallRecord.started_at)
            if case_id is not None:
                query = query.where(CallRecord.case_id == case_id)
            return list(work.session.scalars(query))

    def follow_ups(self) -> list[c.FollowUpView]:
        with self.store.work(SV, readonly=True) as work:
            return c.open_follow_ups(work)


def bare_world(services: Services, clock: FixedClock, agents: int = 2) -> DeskWorld:
    """Persons and outcome table, scripts as drafts; nothing lent yet."""
    clock.set(ARRIVAL)
    world = DeskWorld(services, clock)
    sees = ("A01", "A02")
    staff = [("SV01", Role.SUPERVISOR, ()), ("CF01", Role.DEPARTMENT_OFFICER, sees)]
    staff += [(f"OP{number:02d}", Role.AGENT, sees) for number in range(1, agents + 1)]
    with world.store.work(FOUNDER) as work:
        for code, role, granted in staff:
            new = NewStaff(code, f"見本 {code}", role, granted, MONTH, MONTH, MONTH, True)
            add_staff(work, new, REHEARSAL_PASSWORD)
        install_samples(work, sees)
    with world.store.work(SV) as work:
        c.import_table(work, c.write_outcome_table(c.sample_table()), date(2022, 7, 1))
    return world


def ready_world(services: Services, clock: FixedClock, rows: int = 6, agents: int = 2) -> DeskWorld:
    """Thursday 11:30: A01 is lent and approved, its cases are OP01's, a supervisor is on duty."""
    world = bare_world(services, clock, agents)
    world.publish(world.lend(rows=rows), "A01-202209", ["OP01"])
    world.approve("A01", "A02")
    clock.set(NOON)
    world.on_duty()
    return world


def work_in_threads(
    home: Path, codes: Sequence[str], outcome: str, lists: list[tuple[str, str, str]]
) -> None:
    """One process of several agents: each takes and calls its cases until none is left.

    ``lists`` receives (agent, case, handling) for every case that was served.
    """
    from webui.runtime.wiring import open_home

    services = open_home(home)
    failures: list[BaseException] = []

    def run(code: str) -> None:
        try:
            lists.extend(_serve_all(services, agent(code), outcome))
        except BaseException as failure:
            failures.append(failure)

    threads = [Thread(target=run, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    services.store.engine.dispose()
    if failures:
        raise failures[0]


def _serve_all(services: Services, actor: Actor, code: str) -> list[tuple[str, str, str]]:
    done: list[tuple[str, str, str]] = []
    while True:
        try:
            with services.store.work(actor) as work:
                served = c.take_next_case(work)
        except HandlingOpen:
            continue  # the same agent's other screen has a case in hand
        if served is None:
            return done
        done.append((actor.code, str(served.case_id), str(served.handling_id)))
        with services.store.work(actor, readonly=True) as work:
            in_hand = select(func.count()).where(
                CaseHandling.agent == actor.code, CaseHandling.closed_at.is_(None)
            )
            assert work.session.scalar(in_hand) == 1
        with services.store.work(actor) as work:
            c.ask_permit(work, served.handling_id)
            c.number_compared(work, served.handling_id)
            c.note_line(work, served.handling_id, c.LineResult.NO_ANSWER)
            entry = c.OutcomeEntry(code, (), c.OutcomeReport(note=NOTE))
            c.record_outcome(work, served.handling_id, entry)

"""City and supervisors of a simulated contract: lists, orders, stops, withdrawals, tickets, files.

Every step may be begun again after a crash: what is done already is found and left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from campaigns import api as campaigns
from campaigns.api import CampaignPlan, DayState, LentListState
from campaigns.errors import CampaignExists
from campaigns.notice_errors import NoticeKnown
from dialer.api import begin_duty
from dialer.calendar.holidays import TOKYO
from secure_store.access import Actor, Role
from secure_store.orders import suspension
from webui.rehearsal.contract_floor import Floor
from webui.rehearsal.contract_hours import OrderTold, StopTold, local
from webui.rehearsal.contract_memory import LentRow
from webui.rehearsal.contract_plan import CampaignSpan, CityOrder, CityStop, Scale
from webui.rehearsal.sample_delivery import SampleDelivery, make_delivery
from webui.rehearsal.sample_notices import SamplePayment, make_notice
from webui.rehearsal.simulated_callers import Steps
from webui.rehearsal.simulated_people import people_of, rows_of
from webui.rehearsal.simulated_tickets import take_further
from webui.rehearsal.simulation import agent_actor

SUPERVISOR = Actor(code="SV01", role=Role.SUPERVISOR, rehearsal=True)
ADMINISTRATOR = Actor(code="AD01", role=Role.SYSTEM_ADMIN, rehearsal=True)
EARLY = timedelta(minutes=5)
WITHDRAWN_SHARE = 0.04
PAYMENTS_AFTER, KEPT_SHARE, PAID_YEN = (5, 9, 13), 0.65, 4_000  # assumed (domain §7)
Event = tuple[datetime, Callable[[], None]]


def at_clock(day: date, hour: int, minute: int = 0) -> datetime:
    """This time of day in Tokyo."""
    return datetime.combine(day, time(hour, minute), TOKYO)


class City:
    """What the city and the supervisors do at set times, one after the other."""

    def __init__(self, floor: Floor, scale: Scale) -> None:
        self.floor = floor
        self.scale = scale
        self.chance = Random(f"{scale.seed}/city")
        self.agenda: list[Event] = []

    def run(self) -> Steps:
        """Does each thing at its time; what a crash cut off is done again."""
        while self.agenda:
            self.agenda.sort(key=lambda one: one[0])
            at, act = self.agenda[0]
            now = self.floor.clock.now()
            if at > now:
                yield at - now
                continue
            act()
            self.agenda.pop(0)
            yield timedelta(seconds=20)

    def add(self, at: datetime, act: Callable[[], None]) -> None:
        """Something to be done at this instant (aware)."""
        self.agenda.append((at, act))

    def lend(self, span: CampaignSpan) -> None:
        """Opens the campaign, takes its delivery in, builds the list, shares it out (S4-11.1)."""
        store = self.floor.store
        with suppress(CampaignExists), store.work(SUPERVISOR) as work:
            campaigns.open_campaign(
                work,
                CampaignPlan(
                    span.receivable,
                    span.month,
                    span.calls_from,
                    span.calls_until,
                    span.callbacks_until,
                ),
            )
        self._deliver(span)
        campaigns.build_call_list(store, SUPERVISOR, span.code)
        codes = [agent_actor(number).code for number in range(1, self.scale.agents + 1)]
        with store.work(SUPERVISOR) as work:
            campaigns.share_out(work, span.code, codes)
        self.floor.learn_cases()
        self._plan_withdrawals(span)
        for days in PAYMENTS_AFTER:
            day = span.calls_from + timedelta(days=days)
            self.add(at_clock(day, 11), lambda day=day: tell_payments(self, span, day))  # type: ignore[misc]

    def _deliver(self, span: CampaignSpan) -> None:
        store = self.floor.store
        delivery = learn_people(self.floor, span, self.scale.seed)
        with store.work(SUPERVISOR, readonly=True) as work:
            lists = campaigns.list_deliveries(work)
        standing = {one.state: one.id for one in lists if one.campaign_code == span.code}
        if LentListState.PUBLISHED in standing:
            return
        list_id = standing.get(LentListState.STAGED)
        if list_id is None:
            list_id = campaigns.stage_delivery(store, SUPERVISOR, span.code, delivery.files)
        with store.work(SUPERVISOR) as work:
            campaigns.publish(work, list_id)

    def _plan_withdrawals(self, span: CampaignSpan) -> None:
        """The city takes single cases back, at any hour of a calling day (引抜き)."""
        own = [case for case, row in self.floor.memory.cases.items() if row.campaign == span.code]
        taken = [case for case in own if self.chance.random() < WITHDRAWN_SHARE]
        for case in taken:
            day = span.calls_from + timedelta(days=self.chance.randint(0, 9))
            at = at_clock(day, self.chance.choice((11, 12, 13, 17, 18, 19)), 47)
            self.add(at, lambda case=case: self._withdraw(case))  # type: ignore[misc]

    def _withdraw(self, case_id: UUID) -> None:
        with self.floor.store.work(SUPERVISOR) as work:
            campaigns.withdraw_cases(work, [case_id], "見本引抜1号")
            at = work.now
        self.floor.memory.ended.setdefault(case_id, at)

    def order(self, order: CityOrder) -> None:
        """Enters an order about one day's hours (S4-7.2b-3)."""
        tried_at = self.floor.clock.now()
        with self.floor.store.work(SUPERVISOR) as work:
            spans = tuple(campaigns.parse_interval(f"{a:%H:%M}-{b:%H:%M}") for a, b in order.spans)
            paper = campaigns.CityPaper("見本指示1号", "見本課長", self.today())
            wanted = campaigns.NewOrder(order.day, spans, paper, order.receivable)
            campaigns.change_hours(work, wanted, confirmed=True)
            at = work.now
        told = OrderTold(order.day, order.receivable, order.spans, tried_at, at)
        self.floor.memory.hours.orders.append(told)

    def stop(self, stop: CityStop) -> None:
        """Stops the work; it goes on with the number of the permission (S4-14.11c)."""
        with self.floor.store.work(SUPERVISOR) as work:
            order_id = campaigns.stop_calls(work, stop.receivable, "見本停止1号").suspension_id
            at = work.now
        told = StopTold(stop.receivable, at)
        self.floor.memory.hours.stops.append(told)
        self.add(stop.ended_at, lambda: self._lift(order_id, told))

    def _lift(self, order_id: UUID, told: StopTold) -> None:
        with self.floor.store.work(SUPERVISOR) as work:
            standing = {one.id for one in suspension.standing(work)}
            if order_id in standing:
                told.ended_at = work.now
                suspension.lift(work, order_id, "見本解除1号", ADMINISTRATOR)

    def tickets(self) -> None:
        """Takes every ticket one step further (S4-12.1i, 12.2c)."""
        with self.floor.store.work(SUPERVISOR) as work:
            tickets = campaigns.list_tickets(work)
        for ticket in sorted(tickets, key=lambda one: one.number):
            take_further(self.floor.store, ticket, self.chance)

    def duty(self) -> None:
        """A supervisor comes on duty."""
        with self.floor.store.work(SUPERVISOR) as work:
            begin_duty(work)

    def sign(self, day: date) -> bool:
        """Signs and places the files of a day (S4-13.1). False: the house has not built them."""
        if self._state(day) is DayState.BUILT:
            with self.floor.store.work(SUPERVISOR) as work:
                campaigns.sign_files(work, day)
        if self._state(day) is DayState.SIGNED:
            campaigns.place_files(self.floor.store, SUPERVISOR, day)
        return self._state(day) in (DayState.PLACED, DayState.CONFIRMED)

    def confirm(self, day: date) -> None:
        """The city has the files: its receipt number stops the clock."""
        if self._state(day) is DayState.PLACED:
            with self.floor.store.work(SUPERVISOR) as work:
                campaigns.confirm_upload(work, day, f"見本{day:%m%d}")

    def _state(self, day: date) -> DayState | None:
        question = "select state from daily_close where business_day = ?"
        found = self.floor.witness.ask(question, day)
        return DayState(found[0][0]) if found else None

    def is_running(self, day: date) -> bool:
        """Does some campaign owe files for this day?"""
        return any(span.calls_from <= day <= span.callbacks_until for span in self.floor.spans)

    def today(self) -> date:
        return local(self.floor.clock.now()).date()


def tell_payments(city: City, span: CampaignSpan, day: date) -> None:
    """納付確認: the city tells which promises were kept by yesterday; the others it passes over."""
    floor, until = city.floor, day - timedelta(days=1)
    entries = [
        SamplePayment(key=floor.row(one.case_id).key, paid_on=one.promised_on, yen=PAID_YEN)
        for one in floor.memory.told
        if one.case_id is not None
        and one.promised_on is not None
        and one.promised_on <= until
        and floor.row(one.case_id).campaign == span.code
        and Random(f"{city.scale.seed}/{one.record_id}").random() < KEPT_SHARE
    ]
    files = make_notice(span.receivable, span.month, entries, as_of=until, kind="SHUNO").files
    with suppress(NoticeKnown):
        campaigns.check_notice(floor.store, SUPERVISOR, span.code, files)
    with floor.store.work(SUPERVISOR, readonly=True) as work:
        waiting = [
            one.id
            for one in campaigns.list_notices(work, span.code)
            if one.state is not campaigns.NoticeState.APPLIED
        ]
    for notice in waiting:
        campaigns.apply_notice(floor.store, SUPERVISOR, notice)
    floor.memory.counts["payments_told"] += len(entries)


def learn_people(floor: Floor, span: CampaignSpan, seed: int) -> SampleDelivery:
    """The delivery of a campaign; who stands in it is known from then on."""
    as_of = span.calls_from - timedelta(days=5)
    delivery = make_delivery(span.receivable, span.month, span.cases, seed, as_of=as_of)
    keys = [row["整理番号"] for row in rows_of(delivery, "TAISHO")]
    floor.memory.lent[span.code] = [
        LentRow(span.code, place, key) for place, key in enumerate(keys, start=1)
    ]
    for person in people_of(span.receivable, delivery):
        floor.people.update({(span.receivable, one): person for one in person.numbers})
    return delivery

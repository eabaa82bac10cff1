"""The floor of a simulated contract: what all desks share, and how they wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from campaigns import api as campaigns
from dialer.calendar.holidays import TOKYO
from dialer.lines.fake_line import FakeLine
from secure_store.access import system_actor
from secure_store.clock import Clock
from webui.rehearsal.contract_hours import local
from webui.rehearsal.contract_memory import Broken, LentRow, Memory, client_outcomes
from webui.rehearsal.contract_plan import CampaignSpan
from webui.rehearsal.contract_witness import Witness, an_id, an_instant
from webui.rehearsal.day_result import DayBook
from webui.rehearsal.simulated_agents import Hall
from webui.rehearsal.simulated_callers import CallerQueue
from webui.rehearsal.simulated_people import Network
from webui.services import Services

HOUSE = system_actor("simulation")
BEFORE_THE_END = timedelta(minutes=2)
NEXT_LOOK, SHORTEST = timedelta(minutes=90), timedelta(seconds=40)
LATE_SHARE = 0.2


@dataclass(slots=True, kw_only=True)
class Floor(Hall):
    """A hall that stays open for months. ``ends_on``: the last day of callbacks."""

    witness: Witness
    memory: Memory
    spans: tuple[CampaignSpan, ...]
    ends_on: date
    chance: Random
    unsure: set[UUID] = field(default_factory=set)  # handlings whose answer a crash swallowed

    def until_open(self) -> timedelta | None:
        """How long until calls may be made; nothing when they may, None when never again."""
        now = self.clock.now()
        if local(now).date() > self.ends_on:
            return None
        running = [span for span in self.spans if self._takes(span, local(now).date())]
        if not running:
            return self._until_next_campaign(now)
        with self.store.work(HOUSE, readonly=True) as work:
            answers = [campaigns.window_at(work, now, one) for one in (None, *self._named(running))]
        if any(answer.is_open for answer in answers):
            return timedelta(0)
        openings = [one.next_opening for one in answers if one.next_opening]
        return max(SHORTEST, min(openings) - now) if openings else None

    def _takes(self, span: CampaignSpan, day: date) -> bool:
        return span.calls_from <= day <= span.callbacks_until

    def _named(self, running: list[CampaignSpan]) -> list[str]:
        ordered = {one.receivable for one in self.memory.hours.orders}
        return sorted({span.receivable for span in running} & ordered - {None})

    def _until_next_campaign(self, now: datetime) -> timedelta | None:
        later = [span.calls_from for span in self.spans if span.calls_from > local(now).date()]
        if not later:
            return None
        return datetime.combine(min(later), time(9), TOKYO) - now

    def last_day(self, case_id: UUID | None, inbound: bool) -> date:
        """The last day on which a further call about this case may be booked."""
        row = self.memory.cases.get(case_id) if case_id else None
        span = next((one for one in self.spans if row and one.code == row.campaign), None)
        if span is None:
            return self.ends_on
        return span.callbacks_until if inbound else span.calls_until

    def idle(self, agent: str) -> timedelta:
        """Until something may be due for this agent; some wait for the last minutes of a window.

        Whoever dials after the end must be refused; without such agents nobody would try.
        """
        now = self.clock.now()
        due = self.witness.ask(
            "select min(due_at) from queue_entry where assignee = ? and state = 'parked'"
            " and due_at > ?",
            agent,
            now,
        )[0][0]
        end = self.window_end(now) or now + NEXT_LOOK
        at = min(end, an_instant(due)) if due is not None else end
        if at < end - BEFORE_THE_END and self.chance.random() < LATE_SHARE:
            at = end - BEFORE_THE_END
        caller = self.callers.next_at()
        if caller is not None:
            at = min(at, caller)
        return max(SHORTEST, at - now)

    def window_end(self, now: datetime) -> datetime | None:
        """The end of the contract's window at this instant, as the city's text gives it."""
        spans = self.memory.hours.spans_at(now)
        ends = [end for start, end in spans if start <= local(now).time() < end]
        return datetime.combine(local(now).date(), ends[0], TOKYO) if ends else None

    def check_served(self, case_id: UUID, receivables: frozenset[str] | None) -> None:
        """The case is in one hand only, and of a receivable this agent was granted."""
        hands = self.witness.ask(
            "select count(*) from case_handling where case_id = ? and closed_at is null", case_id
        )[0][0]
        self.memory.saw(Broken.TWO_HANDS, int(hands != 1))
        row = self.row(case_id)
        granted = receivables is None or row.receivable in receivables
        self.memory.saw(Broken.MIXED_RECEIVABLES, int(not granted))

    def row(self, case_id: UUID) -> LentRow:
        """The lent row behind a case."""
        if case_id not in self.memory.cases:
            self.learn_cases()
        return self.memory.cases[case_id]

    def learn_cases(self) -> None:
        """Which case stands for which lent row, by its place in the file."""
        for case, campaign, number in self.witness.ask(
            "select c.id, c.campaign_code, c.row_number from call_case c"
            " join lent_list l on l.id = c.lent_list_id where l.state = 'published'"
        ):
            lent = self.memory.lent.get(campaign, [])
            if number <= len(lent):
                self.memory.cases[an_id(case)] = lent[number - 1]


def make_floor(
    services: Services, clock: Clock, spans: tuple[CampaignSpan, ...], seed: int
) -> Floor:
    """The floor of a home with its persons, before anything is lent."""
    witness = Witness(services.settings.database_url)
    with services.store.work(HOUSE, readonly=True) as work:
        profile = campaigns.current_profile(work)
        rows = campaigns.table_on(work, local(clock.now()).date()).table.rows
    table = witness.ask("select document from outcome_table order by version desc")[0][0]
    messages = profile.parameters.voicemail_message_allowed
    network = Network(seed, rows, clock.now, messages)
    return Floor(
        store=services.store,
        clock=clock,
        line=FakeLine(network.behaviour, profile.dedicated_number),
        network=network,
        people={},
        callers=CallerQueue(seed),
        book=DayBook(),
        dedicated_number=profile.dedicated_number,
        day=spans[0].calls_from,
        calls_until=spans[-1].calls_until,
        witness=witness,
        memory=Memory(outcomes=client_outcomes(table)),
        spans=spans,
        chance=Random(f"{seed}/floor"),
        ends_on=max(span.callbacks_until for span in spans),
    )

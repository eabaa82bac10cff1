"""Agents of a simulated contract: they take up again what a crash or a locked database cut off."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from campaigns import api as campaigns
from campaigns.api import (
    DebtView,
    DeskView,
    Direction,
    IdentityResult,
    OutcomeRow,
    Served,
)
from campaigns.errors import CallbackPeriodOver, NotYourCase, OutcomeIncomplete
from dialer.errors import NoSupervisorOnDuty, OutsideCallingHours
from secure_store.access import Actor
from webui.rehearsal.contract_floor import BEFORE_THE_END, Floor
from webui.rehearsal.contract_memory import Broken, Told
from webui.rehearsal.simulated_agents import LINE_RESULTS, Desk
from webui.rehearsal.simulated_callbacks import answer_caller
from webui.rehearsal.simulated_callers import Steps, seconds
from webui.rehearsal.simulated_people import Manner, SimulatedPerson, speaks
from webui.rehearsal.simulated_reports import Telling, choose_secondary, fill_report

CUT_OFF, NO_ANSWER, SILENT = "44", "11", "81"


@dataclass(frozen=True, slots=True)
class Submission:
    """What the agent is about to send: sent again as it is when no answer came."""

    served: Served
    entry: campaigns.OutcomeEntry
    row: OutcomeRow
    direction: Direction
    number: str | None
    placed_at: datetime


class ContractDesk(Desk):
    """One agent over months; the same person goes on after the desk was started anew."""

    def __init__(self, floor: Floor, actor: Actor, chance: Random) -> None:
        super().__init__(floor, actor, chance)
        self.floor = floor
        self.pending: Submission | None = None
        self.unsent: tuple[UUID, campaigns.OutcomeEntry] | None = None  # of an unknown caller
        self.placed_at: datetime | None = None
        self.passed = False

    def run(self) -> Steps:
        """First what lies in hand, then callers, then the list, until the contract is over."""
        yield from self._take_up_again()
        while (pause := self.floor.until_open()) is not None:
            if pause:
                yield pause
                continue
            yield from self._turn()

    def _turn(self) -> Steps:
        caller = self.hall.callers.take(self.hall.clock.now())
        if caller is not None:
            self.passed = False
            with suppress(CallbackPeriodOver, NoSupervisorOnDuty):
                yield from answer_caller(self, caller)
            return
        served = self._next_case()
        if served is None:
            yield self.floor.idle(self.actor.code)
            return
        self.floor.check_served(served.case_id, self.actor.receivables)
        yield from self._call(served)

    def _next_case(self) -> Served | None:
        try:
            with self.hall.store.work(self.actor) as work:
                return campaigns.take_next_case(work)
        except (OutsideCallingHours, NoSupervisorOnDuty):
            return None

    def _call(self, served: Served) -> Steps:
        self.hall.book.taken.add(served.handling_id)
        self.passed, self.placed_at = False, None
        yield seconds(self.chance, 5, 20)
        yield from self._linger()
        number = yield from self._dial(served)
        if number is None:
            return
        self.placed_at = self.hall.clock.now()
        self._click_twice(served.handling_id)
        meeting = self.hall.network.meeting(number)
        yield seconds(self.chance, 6, 30)
        self._note_line(served.handling_id, LINE_RESULTS[meeting.end])
        row, view = meeting.row, None
        if speaks(row):
            yield seconds(self.chance, 5, 25)
            receivable = self.floor.row(served.case_id).receivable
            person = self.hall.people[receivable, number]
            row = yield from self._talk(served.handling_id, person, meeting.manner, row)
            view = self.view()
            self._check_view(view, served)
        yield seconds(self.chance, 15, 50)
        self._enter(served, row, Direction.OUTBOUND, number, view)

    def _linger(self) -> Steps:
        """Shortly before the end of the hours: waits over it and tries all the same."""
        now = self.hall.clock.now()
        end = self.floor.window_end(now)
        if end is not None and end - now <= BEFORE_THE_END:
            yield end - now + timedelta(seconds=self.chance.choice((0, 1, 20, 45)))

    def _click_twice(self, handling: UUID) -> None:
        if self.chance.random() < 0.1:
            with self.hall.store.work(self.actor) as work:
                campaigns.number_compared(work, handling)

    def _check_view(self, view: DeskView, served: Served) -> None:
        row = self.floor.row(served.case_id)
        is_other = (view.campaign_code, view.receivable.code) != (row.campaign, row.receivable)
        self.floor.memory.saw(Broken.MIXED_RECEIVABLES, int(is_other))

    def record(
        self, served: Served, row: OutcomeRow, direction: Direction, number: str | None
    ) -> None:
        """The outcome of a call that came in."""
        view = self.view()
        self.placed_at = view.attempt.placed_at if view.attempt else None
        self._enter(served, row, direction, number, view)

    def _enter(
        self,
        served: Served,
        row: OutcomeRow,
        direction: Direction,
        number: str | None,
        view: DeskView | None,
    ) -> None:
        entry = self._entry(served, row, direction, view)
        at = self.placed_at or self.hall.clock.now()
        self.pending = Submission(served, entry, row, direction, number, at)
        try:
            self._submit(self.pending)
        except OutcomeIncomplete:
            # No such time may be agreed any more: the call is told as cut off.
            entry = campaigns.OutcomeEntry(
                CUT_OFF, (), campaigns.OutcomeReport(direction=direction)
            )
            self.pending = replace(self.pending, entry=entry, row=self.row(CUT_OFF))
            self._submit(self.pending)

    def tell_unknown(self, handling: UUID, entry: campaigns.OutcomeEntry) -> None:
        """As on any day; kept until an answer came, which a crash may swallow."""
        self.unsent = (handling, entry)
        super().tell_unknown(handling, entry)
        self.unsent = None

    def _entry(
        self, served: Served, row: OutcomeRow, direction: Direction, view: DeskView | None
    ) -> campaigns.OutcomeEntry:
        debt: DebtView | None = view.debt if view else None
        until = self.floor.last_day(served.case_id, direction is Direction.INBOUND)
        telling = Telling(direction, debt, self.hall.clock.now(), until)
        shown = view.outcomes if view else ()
        rows = (row, *choose_secondary(row, shown, telling, self.chance))
        report = fill_report(rows, telling, self.chance)
        return campaigns.OutcomeEntry(row.code, tuple(one.code for one in rows[1:]), report)

    def _submit(self, sent: Submission) -> None:
        """Sends it, and notes the answer as something that must never be lost."""
        handling = sent.served.handling_id
        with self.hall.store.work(self.actor) as work:
            recorded = campaigns.record_outcome(work, handling, sent.entry)
        self.pending = None
        self._keep(sent, recorded.record_id)
        self.submit_again(handling, sent.entry, recorded.record_id)
        if self.chance.random() < 0.1:  # the line tells of its end once more, too late
            with suppress(NotYourCase), self.hall.store.work(self.actor) as work:
                campaigns.note_line(work, handling, campaigns.LineResult.HUNG_UP)

    def _keep(self, sent: Submission, record_id: UUID) -> None:
        memory, report, served = self.floor.memory, sent.entry.report, sent.served
        codes = (sent.entry.code, *sent.entry.secondary)
        rest, wanted = bool(report.rest_left_open), bool(report.answer_wanted)
        told = Told(
            record_id=record_id,
            handling_id=served.handling_id,
            case_id=served.case_id,
            agent=self.actor.code,
            code=sent.entry.code,
            is_outbound=sent.direction is Direction.OUTBOUND,
            placed_at=sent.placed_at,
            told_at=self.hall.clock.now(),
            mark=memory.mark_of(codes, rest, wanted),
            reached_person=any(memory.outcomes[code].reaches(self.passed) for code in codes),
            follow_up_at=report.follow_up_at,
            promised_on=report.promised_on,
        )
        memory.told.append(told)
        if sent.number is None or not told.is_outbound:
            return
        if any(memory.outcomes[code].blocks_number for code in codes):
            self.hall.book.blocked.add((served.case_id, sent.number))
        person = self.hall.people[self.floor.row(served.case_id).receivable, sent.number]
        self.hall.callers.after_call(person, sent.number, sent.row, self.hall.clock.now())

    def check_identity(
        self, handling: UUID, person: SimulatedPerson, manner: Manner
    ) -> Generator[timedelta, None, IdentityResult]:
        """As on any day; whether it was passed is remembered."""
        result = yield from super().check_identity(handling, person, manner)
        self.passed = result is IdentityResult.PASSED
        return result

    def _take_up_again(self) -> Steps:
        """After a crash or a fault: what was sent is sent again, what lies in hand is finished."""
        yield seconds(self.chance, 5, 20)
        if self.pending is not None:
            self._submit(self.pending)
            return
        if self.unsent is not None:
            self.tell_unknown(*self.unsent)
            return
        with self.hall.store.work(self.actor, readonly=True) as work:
            held = campaigns.in_hand(work)
        if held is None:
            return
        if not held.receivable:
            self._finish_unknown(held.handling_id)
            return
        view = self.view()
        served = Served(view.handling_id, view.case_id, False)
        if view.attempt is None:
            with self.hall.store.work(self.actor) as work:
                campaigns.put_back(work, served.handling_id)
            self.hall.book.put_back.add(served.handling_id)
            return
        self.placed_at = view.attempt.placed_at
        self.passed = view.identity_result is IdentityResult.PASSED
        outbound = view.direction is Direction.OUTBOUND
        code = NO_ANSWER if outbound and view.attempt.answered_at is None else CUT_OFF
        self._enter(served, self.row(code), view.direction, None, view)

    def _finish_unknown(self, handling: UUID) -> None:
        report = campaigns.OutcomeReport(direction=Direction.INBOUND)
        with self.hall.store.work(self.actor) as work:
            campaigns.record_outcome(work, handling, campaigns.OutcomeEntry(SILENT, (), report))
        self.floor.unsure.add(handling)

"""Agents of a simulated day: they work through the same use cases as the screens, and no others.

Of a person they know what the desk shows at its stage. Each agent is a generator that yields how
long the next thing takes; the runner moves the clock.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from campaigns import api as campaigns
from campaigns.api import (
    DeskView,
    Direction,
    IdentityItem,
    IdentityLine,
    IdentityResult,
    ItemResult,
    LineResult,
    OutcomeRow,
    Served,
    Stage,
)
from campaigns.errors import CaseNotCallable
from dialer.calendar.holidays import business_day
from dialer.errors import OutsideCallingHours, PermitExpired, Suspended
from dialer.line_status import LineEnd
from dialer.lines.base import PhoneLine
from secure_store.access import Actor, system_actor
from secure_store.clock import Clock
from secure_store.work import SecureStore
from webui.rehearsal.day_result import DayBook, Recording, ViolationKind
from webui.rehearsal.simulated_callbacks import answer_caller, record_unknown
from webui.rehearsal.simulated_callers import CallerQueue, Steps, seconds
from webui.rehearsal.simulated_people import Manner, Network, SimulatedPerson, speaks
from webui.rehearsal.simulated_reports import Telling, choose_secondary, fill_report

IDLE = timedelta(minutes=3)
REFUSED, MIXED_UP = "41", "42"
NOT_DIALLED = (OutsideCallingHours, CaseNotCallable, Suspended)
LINE_RESULTS = {
    LineEnd.ANSWERED: LineResult.CONNECTED,
    LineEnd.NO_ANSWER: LineResult.NO_ANSWER,
    LineEnd.BUSY: LineResult.BUSY,
    LineEnd.FAILED: LineResult.FAILED,
}


@dataclass(slots=True, kw_only=True)
class Hall:
    """What all simulated agents share."""

    store: SecureStore
    clock: Clock
    line: PhoneLine
    network: Network
    people: dict[tuple[str, str], SimulatedPerson]
    callers: CallerQueue
    book: DayBook
    dedicated_number: str
    day: date
    calls_until: date

    def until_open(self) -> timedelta | None:
        """How long until calls may be made; nothing when they may, None when today no more."""
        now = self.clock.now()
        with self.store.work(system_actor("simulation"), readonly=True) as work:
            window = campaigns.window_today(work)
        if window.is_open:
            return timedelta(0)
        opening = window.next_opening
        return opening - now if opening and business_day(opening) == self.day else None


class Desk:
    """One agent at work. ``chance`` decides how long things take and what is mistyped."""

    def __init__(self, hall: Hall, actor: Actor, chance: Random) -> None:
        self.hall = hall
        self.actor = actor
        self.chance = chance

    def run(self) -> Steps:
        """Who waits on the line first, then the list, until the last window is over."""
        while (pause := self.hall.until_open()) is not None:
            if pause:
                yield pause
                continue
            caller = self.hall.callers.take(self.hall.clock.now())
            if caller is not None:
                yield from answer_caller(self, caller)
                continue
            with self.hall.store.work(self.actor) as work:
                served = campaigns.take_next_case(work)
            yield from (self._call(served) if served else iter((IDLE,)))

    def view(self) -> DeskView:
        """The desk as it stands; what it may not show yet is checked each time."""
        with self.hall.store.work(self.actor) as work:
            view = campaigns.desk_view(work)
        if not isinstance(view, DeskView):
            raise LookupError("no case in hand")
        early = view.debt is not None and view.identity_result is not IdentityResult.PASSED
        early = early or (bool(view.identity_lines) and view.stage is not Stage.IDENTITY)
        early = early or (view.number is not None and view.permit is None)
        self.hall.book.seen[ViolationKind.SHOWN_TOO_EARLY] += early
        return view

    def _call(self, served: Served) -> Steps:
        self.hall.book.taken.add(served.handling_id)
        yield seconds(self.chance, 5, 20)
        number = yield from self._dial(served)
        if number is None:
            return
        meeting = self.hall.network.meeting(number)
        yield seconds(self.chance, 6, 30)
        self._note_line(served.handling_id, LINE_RESULTS[meeting.end])
        row = meeting.row
        if speaks(row):
            yield seconds(self.chance, 5, 25)
            person = self.hall.people[self._receivable_and(number)]
            row = yield from self._talk(served.handling_id, person, meeting.manner, row)
        yield seconds(self.chance, 15, 50)
        self.record(served, row, Direction.OUTBOUND, number)

    def _receivable_and(self, number: str) -> tuple[str, str]:
        return self.view().receivable.code, number

    def _dial(self, served: Served) -> Generator[timedelta, None, str | None]:
        """Permit, comparing the number, dialling; None when the case was put back."""
        hall, handling = self.hall, served.handling_id
        for _try in range(3):
            try:
                with hall.store.work(self.actor) as work:
                    campaigns.ask_permit(work, handling)
                number = self.view().number
                yield from self._compare(handling)
                with hall.store.work(self.actor) as work:
                    attempt = campaigns.number_compared(work, handling)
            except PermitExpired:
                continue
            except NOT_DIALLED:
                break
            if number is None:
                raise LookupError("no number under a permit")
            blocked = (served.case_id, number) in hall.book.blocked
            hall.book.seen[ViolationKind.BLOCKED_NUMBER_DIALLED] += blocked
            hall.line.place(attempt, number, hall.dedicated_number)
            return number
        with hall.store.work(self.actor) as work:
            campaigns.put_back(work, handling)
        hall.book.put_back.add(handling)
        return None

    def _compare(self, handling: UUID) -> Steps:
        """Comparing takes seconds; now and then the permit is renewed, or runs out."""
        slow = self.chance.random()
        if slow < 0.04:
            yield timedelta(seconds=60)
            with self.hall.store.work(self.actor) as work:
                campaigns.extend_permit(work, handling)
        yield timedelta(seconds=100) if slow > 0.97 else seconds(self.chance, 4, 15)

    def _note_line(self, handling: UUID, result: LineResult) -> None:
        with self.hall.store.work(self.actor) as work:
            campaigns.note_line(work, handling, result)

    def _talk(
        self, handling: UUID, person: SimulatedPerson, manner: Manner, row: OutcomeRow
    ) -> Generator[timedelta, None, OutcomeRow]:
        """The talk as the speaker wants it; without a passed check only what needs none."""
        if manner is Manner.NOT_ASKED:
            yield seconds(self.chance, 20, 90)
            return row
        result = yield from self.check_identity(handling, person, manner)
        yield seconds(self.chance, 40, 180)
        if result is IdentityResult.PASSED or row.before_identity:
            return row
        code = REFUSED if result is IdentityResult.REFUSED else MIXED_UP
        return self.row(code)

    def row(self, code: str) -> OutcomeRow:
        """The outcome with this code as the desk offers it."""
        return next(row for row in self.view().outcomes if row.code == code)

    def check_identity(
        self, handling: UUID, person: SimulatedPerson, manner: Manner
    ) -> Generator[timedelta, None, IdentityResult]:
        """Asks for each item shown, compares by eye, and for a spare one after a slip."""
        with self.hall.store.work(self.actor) as work:
            campaigns.begin_identity(work, handling)
        found: dict[IdentityItem, ItemResult] = {}
        result = IdentityResult.PENDING
        for _round in range(2):
            for line in self.view().identity_lines:
                if line.item not in found:
                    yield seconds(self.chance, 6, 15)
                    found[line.item] = _compared(line, person.says(line.item, manner), manner)
            with self.hall.store.work(self.actor) as work:
                result = campaigns.confirm_identity(
                    work, handling, found, refused=manner is Manner.REFUSES
                )
            if result is not IdentityResult.PENDING:
                break
        if result is IdentityResult.PASSED:
            self._read_script(handling)
        return result

    def _read_script(self, handling: UUID) -> None:
        """Follows the script to one of the steps that are open now."""
        steps = sorted(self.view().script.open_steps)
        with self.hall.store.work(self.actor) as work:
            campaigns.go_to_step(work, handling, self.chance.choice(steps))

    def record(
        self, served: Served, row: OutcomeRow, direction: Direction, number: str | None
    ) -> None:
        """Enters the outcome with every field it asks for, now and then twice."""
        view = self.view()
        telling = Telling(direction, view.debt, self.hall.clock.now(), self.hall.calls_until)
        rows = (row, *choose_secondary(row, view.outcomes, telling, self.chance))
        report = self._with_legal_time(served.handling_id, fill_report(rows, telling, self.chance))
        entry = campaigns.OutcomeEntry(row.code, tuple(one.code for one in rows[1:]), report)
        with self.hall.store.work(self.actor) as work:
            recorded = campaigns.record_outcome(work, served.handling_id, entry)
        self.submit_again(served.handling_id, entry, recorded.record_id)
        action = recorded.action
        if action is None:
            raise LookupError("the first submission was answered as a second one")
        if action.block_number and number is not None:
            self.hall.book.blocked.add((served.case_id, number))
        self.hall.book.records.append(
            Recording(
                handling_id=served.handling_id,
                record_id=recorded.record_id,
                case_id=served.case_id,
                code=row.code,
                direction=direction,
                mark=action.mark,
                counted=action.counted,
                reached_person=action.reached_person,
                effect=action.effect,
                is_follow_up=served.is_follow_up,
            )
        )
        if number is not None and direction is Direction.OUTBOUND:
            key = (view.receivable.code, number)
            self.hall.callers.after_call(self.hall.people[key], number, row, self.hall.clock.now())

    def _with_legal_time(
        self, handling: UUID, report: campaigns.OutcomeReport
    ) -> campaigns.OutcomeReport:
        """A time after which nothing is left is talked over again: the last one offered."""
        if report.follow_up_at is None:
            return report
        with self.hall.store.work(self.actor, readonly=True) as work:
            wanted = campaigns.wanted_time(work, handling, report.follow_up_at)
        if wanted.stands_at is not None or not wanted.following:
            return report
        return replace(report, follow_up_at=wanted.following[-1])

    def tell_unknown(self, handling: UUID, entry: campaigns.OutcomeEntry) -> None:
        """The outcome of a call of somebody who could not be found."""
        record_unknown(self, handling, entry)

    def submit_again(self, handling: UUID, entry: campaigns.OutcomeEntry, record_id: UUID) -> None:
        """A second press of the key must give the same record (I2)."""
        if self.chance.random() < 0.15:
            with self.hall.store.work(self.actor) as work:
                again = campaigns.record_outcome(work, handling, entry)
            self.hall.book.seen[ViolationKind.RECORD_REPEATED] += again.record_id != record_id


def _compared(line: IdentityLine, spoken: str, manner: Manner) -> ItemResult:
    """What the agent enters for one item; one that was not lent cannot be confirmed."""
    if manner is Manner.REFUSES:
        return ItemResult.NOT_ASKED
    return ItemResult.MATCH if spoken and spoken in line.value else ItemResult.MISMATCH

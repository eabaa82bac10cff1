"""折返し on a simulated day: found by number inside one receivable, identified, recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from campaigns import api as campaigns
from campaigns.api import (
    Direction,
    FoundCase,
    IdentityResult,
    OutcomeEntry,
    OutcomeRow,
    Position,
    UnknownCallerView,
)
from campaigns.errors import CaseInOtherHands
from secure_store.orders.suspension import WorkSuspended
from webui.rehearsal.day_result import Recording
from webui.rehearsal.simulated_callers import Caller, Steps, seconds
from webui.rehearsal.simulated_people import SimulatedPerson, choose
from webui.rehearsal.simulated_reports import Telling, fill_report

if TYPE_CHECKING:
    from webui.rehearsal.simulated_agents import Desk

NOT_CONFIRMED = "82"


def answer_caller(desk: Desk, caller: Caller) -> Steps:
    """Answers one incoming call to its end."""
    yield seconds(desk.chance, 5, 15)
    if caller.person is None:
        yield from _unknown(desk)
        return
    found = _search(desk, caller.person, caller.number)
    if found is None:
        yield from _unknown(desk)
        return
    try:
        with desk.hall.store.work(desk.actor) as work:
            served = campaigns.answer_callback(work, found.case_id)
    except (CaseInOtherHands, WorkSuspended):
        desk.hall.callers.rings_again(caller, desk.hall.clock.now())
        return
    desk.hall.book.taken.add(served.handling_id)
    yield seconds(desk.chance, 10, 30)
    result = yield from desk.check_identity(served.handling_id, caller.person, caller.manner)
    yield seconds(desk.chance, 30, 150)
    row = _outcome(desk, result)
    desk.record(served, row, Direction.INBOUND, None)


def _search(desk: Desk, person: SimulatedPerson, number: str) -> FoundCase | None:
    """The caller names the receivable and the own name; other receivables are not searched.

    While the city's order stands nothing is looked up: the caller stays unknown.
    """
    try:
        with desk.hall.store.work(desk.actor) as work:
            found = campaigns.search_by_number(work, person.receivable, number)
    except WorkSuspended:
        return None
    return next((one for one in found if one.kana == person.kana), None)


def _outcome(desk: Desk, result: IdentityResult) -> OutcomeRow:
    if result is not IdentityResult.PASSED:
        return desk.row(NOT_CONFIRMED)
    rows = [
        row
        for row in desk.view().outcomes
        if not row.before_identity and row.position is not Position.SECONDARY
    ]
    return choose(rows, desk.chance)


def _unknown(desk: Desk) -> Steps:
    hall = desk.hall
    with hall.store.work(desk.actor) as work:
        handling = campaigns.answer_unknown_caller(work)
    hall.book.taken.add(handling)
    yield seconds(desk.chance, 15, 60)
    with hall.store.work(desk.actor) as work:
        view = campaigns.desk_view(work)
    if not isinstance(view, UnknownCallerView):
        raise LookupError("no unknown caller in hand")
    row = choose(view.outcomes, desk.chance)
    telling = Telling(Direction.INBOUND, None, hall.clock.now(), hall.calls_until)
    entry = OutcomeEntry(row.code, (), fill_report((row,), telling, desk.chance))
    desk.tell_unknown(handling, entry)


def record_unknown(desk: Desk, handling: UUID, entry: OutcomeEntry) -> None:
    """Sends what an unknown caller's call came to, and notes the answer."""
    with desk.hall.store.work(desk.actor) as work:
        recorded = campaigns.record_outcome(work, handling, entry)
    desk.submit_again(handling, entry, recorded.record_id)
    desk.hall.book.records.append(
        Recording(
            handling_id=handling,
            record_id=recorded.record_id,
            case_id=None,
            code=entry.code,
            direction=Direction.INBOUND,
        )
    )

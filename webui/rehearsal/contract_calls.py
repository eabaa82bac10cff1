"""Checks of a simulated contract over what was stored: permits, attempts, limits, outcomes.

Each is worked out anew from the tables and from what people know; no rule under test is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from webui.rehearsal.contract_floor import Floor
from webui.rehearsal.contract_hours import local
from webui.rehearsal.contract_memory import Broken, Memory, Told
from webui.rehearsal.contract_witness import a_day, an_id, an_instant

# Contract 004 as our sample states it (domain 3.2, 3.8), written here a second time.
MOST, MOST_A_DAY, MOST_IN_7_DAYS, BUSY_PER_ATTEMPT = 6, 1, 5, 3
REST, GRACE = timedelta(days=7), timedelta(days=7)
GRANTS_ANOTHER = ("retry_soon", "next_number")
NOT_ENTERED = "00"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One dialling as stored."""

    case_id: UUID
    at: datetime
    number_rank: int


def check_windows(floor: Floor, since: datetime) -> None:
    """Permits, renewals and diallings at instants at which nobody might call (S4-7.2b)."""
    memory = floor.memory
    asked = floor.witness.ask(
        "select issued_at, case_id from dial_permit where issued_at >= ?", since
    )
    asked += floor.witness.ask(
        "select placed_at, case_ref from dial_attempt"
        " where placed_at >= ? and direction = 'outbound'",
        since,
    )
    for at, case in asked:
        receivable = floor.row(an_id(case)).receivable
        allowed = memory.hours.may_call(an_instant(at), receivable)
        memory.saw(Broken.OUTSIDE_WINDOW, int(not allowed))


def check_hands(floor: Floor) -> None:
    """Two handlings of one case never overlap."""
    rows = floor.witness.ask(
        "select case_id, opened_at, closed_at from case_handling where case_id is not null"
        " order by case_id, opened_at, closed_at"
    )
    before: tuple[object, datetime | None] = (None, None)
    for case, opened, closed in rows:
        is_same = case == before[0]
        overlaps = is_same and (before[1] is None or an_instant(opened) < before[1])
        floor.memory.saw(Broken.TWO_HANDS, int(overlaps))
        before = (case, None if closed is None else an_instant(closed))


def attempts_of(floor: Floor) -> dict[UUID, list[Attempt]]:
    """All outbound attempts by case, in order."""
    found: dict[UUID, list[Attempt]] = {}
    for case, at, rank in floor.witness.ask(
        "select case_ref, placed_at, number_rank from dial_attempt"
        " where direction = 'outbound' order by placed_at"
    ):
        found.setdefault(an_id(case), []).append(Attempt(an_id(case), an_instant(at), rank))
    return found


class CaseHistory:
    """The calls of one case as people remember them, counted by the client's table."""

    def __init__(self, memory: Memory, told: Sequence[Told]) -> None:
        self._memory = memory
        self.told = told
        self.counted = self._counted()

    def _counted(self) -> list[datetime]:
        """Instants of counted attempts; every third busy call of a day is one (domain 1.3)."""
        busy: Counter[tuple[str, date]] = Counter()
        found = []
        for one in self.told:
            if not one.is_outbound:
                continue
            row = self._memory.outcomes[one.code]
            if row.counts_grouped:
                busy[one.code, one.day] += 1
                if busy[one.code, one.day] % BUSY_PER_ATTEMPT == 0:
                    found.append(one.placed_at)
            elif row.counts_attempt:
                found.append(one.placed_at)
        return found

    def before(self, at: datetime) -> list[Told]:
        """The calls that had begun before this instant."""
        return [one for one in self.told if one.placed_at < at]

    def broken_by(self, at: datetime) -> list[Broken]:
        """What an attempt at this instant breaks; an agreed call that is due is exempt."""
        day = local(at).date()
        days = [local(one).date() for one in self.counted if one < at]
        earlier = self.before(at)
        dialled = [one for one in earlier if one.is_outbound]
        last = dialled[-1] if dialled and dialled[-1].day == day else None
        granted = last is not None and self._memory.outcomes[last.code].effect in GRANTS_ANOTHER
        week = [one for one in days if one > day - timedelta(days=7)]
        talks = [one.day for one in earlier if one.reached_person]
        found = [
            (Broken.CAP_OF_CAMPAIGN, len(days) >= MOST),
            (Broken.CAP_OF_DAY, days.count(day) >= MOST_A_DAY and not granted),
            (Broken.CAP_OF_WEEK, len(week) >= MOST_IN_7_DAYS),
            (Broken.NOT_AT_REST, bool(talks) and day < max(talks) + REST),
            (Broken.PROMISE_PENDING, self._is_promised(earlier, day)),
        ]
        return [kind for kind, is_broken in found if is_broken]

    def _is_promised(self, earlier: Sequence[Told], day: date) -> bool:
        promises = [one for one in earlier if one.promised_on is not None]
        return bool(promises) and day <= (promises[-1].promised_on or day) + GRACE


def check_limits(floor: Floor, since: datetime) -> None:
    """Every attempt since then against the limits, and the stored counts against our own."""
    memory, owed = floor.memory, owed_calls(floor)
    histories = {case: CaseHistory(memory, told) for case, told in memory.by_case().items()}
    for case, attempts in attempts_of(floor).items():
        history = histories.get(case, CaseHistory(memory, ()))
        ended = memory.ended.get(case)
        for one in attempts:
            if one.at < since:
                continue
            memory.saw(Broken.STOPPED_CASE, int(ended is not None and one.at > ended))
            if any(start <= one.at and (end is None or one.at <= end) for start, end in owed[case]):
                continue
            for kind in history.broken_by(one.at):
                memory.saw(kind)


def owed_calls(floor: Floor) -> dict[UUID, list[tuple[datetime, datetime | None]]]:
    """From when to when a further call was owed to somebody, by case, out of the ledger.

    The turn that ends a time carries the instant of the call that was made for it.
    """
    found: dict[UUID, list[tuple[datetime, datetime | None]]] = {
        case: [] for case in floor.memory.cases
    }
    times: dict[UUID, tuple[UUID, datetime]] = {}
    for follow_up, case, at, to_due in floor.witness.ask(
        "select e.follow_up_id, f.case_id, e.at, e.to_due from follow_up_event e"
        " join follow_up f on f.id = e.follow_up_id"
        " where e.kind in ('booked', 'moved', 'done', 'cancelled')"
        " order by e.follow_up_id, e.number"
    ):
        known = an_id(follow_up)
        before = times.pop(known, None)
        if before is not None:
            found[before[0]].append((before[1], an_instant(at)))
        if to_due is not None:
            times[known] = (an_id(case), an_instant(to_due))
    for owed_case, due in times.values():
        found[owed_case].append((due, None))
    return found


def check_counts(floor: Floor) -> None:
    """Counted attempts on each case are those of the client's table."""
    memory = floor.memory
    histories = {case: CaseHistory(memory, told) for case, told in memory.by_case().items()}
    blank = {
        an_id(case)
        for (case,) in floor.witness.ask(
            "select case_id from call_record where outcome_code = ? and case_id is not null",
            NOT_ENTERED,
        )
    }
    for case, counted in floor.witness.ask("select id, counted_attempts from call_case"):
        known = an_id(case)
        if known in blank or known not in memory.cases:
            continue  # counted as one until its outcome comes
        ours = len(histories[known].counted) if known in histories else 0
        memory.saw(Broken.WRONG_COUNT, int(ours != counted))


def check_outcomes(floor: Floor) -> None:
    """Every answer that was given stands once, and nothing that nobody sent (I1, I2)."""
    memory = floor.memory
    rows = floor.witness.ask(
        "select id, handling_id, outcome_code, attempt_id, supersedes from call_record"
    )
    replaced = {an_id(row[4]) for row in rows if row[4] is not None}
    stored = {an_id(row[0]): str(row[2]) for row in rows}
    standing = [row for row in rows if an_id(row[0]) not in replaced]
    for attempts in Counter(row[3] for row in standing if row[3] is not None).values():
        memory.saw(Broken.OUTCOME_TWICE, attempts - 1)
    for one in memory.told:
        memory.saw(Broken.OUTCOME_LOST, int(stored.get(one.record_id) != one.code))
    known = {one.record_id for one in memory.told}
    known |= {one.record_id for one in floor.book.records}
    for record, handling, code, _attempt, _supersedes in standing:
        is_known = an_id(record) in known or code == NOT_ENTERED
        is_known = is_known or (handling is not None and an_id(handling) in floor.unsure)
        memory.saw(Broken.OUTCOME_UNKNOWN, int(not is_known))


def check_follow_ups(floor: Floor) -> None:
    """Each time that was agreed stands as a call we owe, or owed (S4-11.3a-2).

    A call that was owed already and is moved to the agreed time serves both. About a case that
    is closed or with the department nobody is called, whatever a caller names (next_action).
    """
    held = _held_since(floor)
    standing: dict[UUID, list[tuple[datetime, datetime | None]]] = {}
    for case, made, done in floor.witness.ask(
        "select f.case_id, f.made_at, r.started_at from follow_up f"
        " left join call_record r on r.id = f.done_by_call"
    ):
        ended = None if done is None else an_instant(done)
        standing.setdefault(an_id(case), []).append((an_instant(made), ended))
    for one in floor.memory.told:
        if one.follow_up_at is None or one.case_id is None or one.case_id in floor.memory.ended:
            continue
        if floor.memory.outcomes[one.code].effect != "retry_agreed":
            continue
        if any(start < one.told_at <= end for start, end in held.get(one.case_id, ())):
            continue
        owed = standing.get(one.case_id, ())
        is_owed = any(
            made <= one.told_at and (ended is None or ended > one.placed_at) for made, ended in owed
        )
        floor.memory.saw(Broken.FOLLOW_UP_LOST, int(not is_owed))


def _held_since(floor: Floor) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """From when to when each case was closed or with the department, by its moves."""
    moves: dict[UUID, list[tuple[datetime, str]]] = {}
    for case, at, target in floor.witness.ask("select case_id, at, target from case_move"):
        moves.setdefault(an_id(case), []).append((an_instant(at), str(target)))
    now = floor.clock.now()
    held: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for known, steps in moves.items():
        steps.sort()
        ends = [at for at, _target in steps[1:]] + [now]
        held[known] = [
            (at, end)
            for (at, target), end in zip(steps, ends, strict=True)
            if target in ("closed", "with_department")
        ]
    return held


def check_sums(floor: Floor) -> None:
    """received = accepted + excluded; accepted = Σ closing states + open (S4-11.1b)."""
    memory = floor.memory
    for campaign, received, accepted, excluded in floor.witness.ask(
        "select campaign_code, received, accepted, excluded from lent_list"
        " where state = 'published'"
    ):
        counted = floor.witness.ask(
            "select status, close_reason, exclusion, count(*) from call_case"
            " where campaign_code = ? group by status, close_reason, exclusion",
            campaign,
        )
        out = sum(row[3] for row in counted if row[2] is not None)
        closed = sum(row[3] for row in counted if row[2] is None and row[0] == "closed" and row[1])
        going = sum(row[3] for row in counted if row[2] is None and row[0] != "closed")
        is_whole = received == len(memory.lent[campaign]) == accepted + excluded
        memory.saw(Broken.SUMS_DIFFER, int(not is_whole or out != excluded))
        memory.saw(Broken.SUMS_DIFFER, int(accepted != closed + going))


def learn_closes(floor: Floor) -> None:
    """When each day was closed."""
    for day, at in floor.witness.ask("select business_day, closed_at from daily_close"):
        floor.memory.closed_at[a_day(day)] = an_instant(at)


WHOLE_CHECKS: tuple[Callable[[Floor], None], ...] = (
    check_hands,
    check_counts,
    check_outcomes,
    check_follow_ups,
    check_sums,
)
"""Checks over everything stored so far; a rule that stays broken is told again every day."""

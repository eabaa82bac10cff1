"""What a simulated day came to, and whether it kept the rules: nothing of a person is in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from campaigns.api import (
    CampaignView,
    CaseLine,
    Direction,
    ListFilter,
    Mark,
    OutcomeEffect,
    PackFileView,
    calling_rules,
    list_cases,
    list_tickets,
    window_at,
)
from dialer.api import running, without_outcome
from secure_store.audit.log import read_lines
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork

_GRANTS_ANOTHER = (OutcomeEffect.RETRY_SOON, OutcomeEffect.NEXT_NUMBER)


class ViolationKind(StrEnum):
    """A rule that a day must keep."""

    PERMIT_OUTSIDE_WINDOW = "permit_outside_window"
    HANDLING_WITHOUT_RECORD = "handling_without_record"
    ATTEMPT_WITHOUT_OUTCOME = "attempt_without_outcome"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    TOO_MANY_ATTEMPTS_IN_A_DAY = "too_many_attempts_in_a_day"
    RECORD_REPEATED = "record_repeated"
    MARKS_WITHOUT_TICKETS = "marks_without_tickets"
    FOREIGN_CALLER_NUMBER = "foreign_caller_number"
    BLOCKED_NUMBER_DIALLED = "blocked_number_dialled"
    SHOWN_TOO_EARLY = "shown_too_early"
    LOG_DISAGREES = "log_disagrees"


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that was broken, and how often."""

    kind: ViolationKind
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recorded call as its agent knows it."""

    handling_id: UUID
    record_id: UUID
    case_id: UUID | None
    code: str
    direction: Direction
    mark: Mark = Mark.NONE
    counted: bool = False
    reached_person: bool = False
    effect: OutcomeEffect | None = None
    is_follow_up: bool = False


@dataclass(slots=True)
class DayBook:
    """What the simulated desks note while they work; the audit log must tell the same."""

    first_seq: int = 1
    taken: set[UUID] = field(default_factory=set)
    put_back: set[UUID] = field(default_factory=set)
    records: list[Recording] = field(default_factory=list)
    blocked: set[tuple[UUID, str]] = field(default_factory=set, repr=False)
    seen: Counter[ViolationKind] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class FileMade:
    """One daily file: its name, the digest of its content, its rows without the heading."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayResult:
    """Counts of a simulated day. ``outcomes``: by code, primary ones; ``marks``: by symbol.

    ``calls``: dialled; ``callbacks``: answered; ``contacts``: talks with the right party.
    """

    day: date
    seed: int
    outcomes: Mapping[str, int]
    calls: int
    callbacks: int
    contacts: int
    marks: Mapping[str, int]
    follow_ups_booked: int
    follow_ups_done: int
    files: tuple[FileMade, ...]
    folder: str
    violations: tuple[Violation, ...]

    def to_document(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "day": self.day.isoformat(),
            "seed": self.seed,
            "outcomes": dict(self.outcomes),
            "calls": self.calls,
            "callbacks": self.callbacks,
            "contacts": self.contacts,
            "marks": dict(self.marks),
            "follow_ups": {"booked": self.follow_ups_booked, "done": self.follow_ups_done},
            "files": [
                {"name": file.name, "sha256": file.sha256, "rows": file.rows} for file in self.files
            ],
            "folder": self.folder,
            "violations": [{"kind": one.kind.value, "times": one.times} for one in self.violations],
        }


def _events(work: UnitOfWork, book: DayBook) -> list[dict[str, Any]]:
    return [json.loads(line)["event"] for line in read_lines(work, book.first_seq)]


def _with_tag(events: Iterable[Mapping[str, Any]], tag: Tag) -> list[Mapping[str, Any]]:
    return [event for event in events if event["tag"] == tag.value]


def make_result(
    work: UnitOfWork,
    book: DayBook,
    campaigns: Sequence[CampaignView],
    day: date,
    seed: int,
    files: Sequence[PackFileView],
    folder: str,
) -> DayResult:
    """Sums a day up and checks it against the audit log and the lists."""
    events = _events(work, book)
    inbound = [one for one in book.records if one.direction is Direction.INBOUND]
    marks = Counter(one.mark.symbol for one in book.records if one.mark is not Mark.NONE)
    return DayResult(
        day=day,
        seed=seed,
        outcomes=dict(sorted(Counter(one.code for one in book.records).items())),
        calls=len(_with_tag(events, Tag.ATTEMPT_PLACED)),
        callbacks=len(inbound),
        contacts=sum(1 for one in book.records if one.reached_person),
        marks=dict(sorted(marks.items())),
        follow_ups_booked=len(_with_tag(events, Tag.FOLLOW_UP_BOOKED)),
        follow_ups_done=len(_with_tag(events, Tag.FOLLOW_UP_DONE)),
        files=tuple(FileMade(file.name, file.sha256, file.rows) for file in files),
        folder=folder,
        violations=find_violations(work, book, campaigns, day, events),
    )


def find_violations(
    work: UnitOfWork,
    book: DayBook,
    campaigns: Sequence[CampaignView],
    day: date,
    events: Sequence[Mapping[str, Any]],
) -> tuple[Violation, ...]:
    """Every rule that this day broke; empty when it kept them all."""
    found = Counter(book.seen)
    found[ViolationKind.PERMIT_OUTSIDE_WINDOW] += _permits_outside(work, events)
    ended = {one.handling_id for one in book.records} | book.put_back
    found[ViolationKind.HANDLING_WITHOUT_RECORD] += len(book.taken ^ ended)
    left_open = len(without_outcome(work, day)) + len(running(work))
    found[ViolationKind.ATTEMPT_WITHOUT_OUTCOME] += left_open
    found[ViolationKind.TOO_MANY_ATTEMPTS] += _beyond_limit(work, campaigns)
    found[ViolationKind.TOO_MANY_ATTEMPTS_IN_A_DAY] += _beyond_day(work, book, campaigns)
    found[ViolationKind.RECORD_REPEATED] += _repeated(book, events)
    found[ViolationKind.MARKS_WITHOUT_TICKETS] += _tickets_apart(work, book, campaigns)
    found[ViolationKind.LOG_DISAGREES] += _log_apart(book, events)
    return tuple(Violation(kind, found[kind]) for kind in ViolationKind if found[kind])


def _permits_outside(work: UnitOfWork, events: Sequence[Mapping[str, Any]]) -> int:
    """Permits and dialled numbers at an instant at which the hours were closed (S4-7.2b)."""
    asked = (Tag.PERMIT_ISSUED, Tag.PERMIT_RENEWED, Tag.ATTEMPT_PLACED)
    return sum(
        not window_at(work, datetime.fromisoformat(event["at"]), event.get("receivable")).is_open
        for tag in asked
        for event in _with_tag(events, tag)
    )


def _beyond_limit(work: UnitOfWork, campaigns: Sequence[CampaignView]) -> int:
    """Cases with more counted attempts than the campaign allows (S4-11.2f).

    An agreed call counts and is made even at the limit: the person asked for it.
    """
    beyond = 0
    for campaign in campaigns:
        limit = calling_rules(work, campaign.receivable).parameters.max_counted_attempts
        beyond += sum(1 for line in _lines(work, campaign) if line.counted_attempts > limit)
    return beyond


def _lines(work: UnitOfWork, campaign: CampaignView) -> Iterator[CaseLine]:
    after = 0
    while page := list_cases(work, campaign.code, ListFilter(after_row=after)):
        yield from page
        after = page[-1].row_number


def _beyond_day(work: UnitOfWork, book: DayBook, campaigns: Sequence[CampaignView]) -> int:
    """Counted calls of one day that nothing granted: one, then only R2, R3 and R6."""
    usual = calling_rules(work, None).parameters.max_counted_per_day
    limits: dict[UUID, int] = {}
    for campaign in campaigns:
        limit = calling_rules(work, campaign.receivable).parameters.max_counted_per_day
        limits |= dict.fromkeys((line.id for line in _lines(work, campaign)), limit)
    counted: Counter[UUID] = Counter()
    effects: dict[UUID, OutcomeEffect | None] = {}
    beyond = 0
    for one in book.records:
        if one.case_id is None or one.direction is not Direction.OUTBOUND:
            continue
        granted = one.is_follow_up or effects.get(one.case_id) in _GRANTS_ANOTHER
        beyond += counted[one.case_id] >= limits.get(one.case_id, usual) and not granted
        counted[one.case_id] += one.counted
        effects[one.case_id] = one.effect
    return beyond


def _repeated(book: DayBook, events: Sequence[Mapping[str, Any]]) -> int:
    """Records that stand more than once, among ours or in the log (I2)."""
    ours = Counter(one.record_id for one in book.records)
    logged = Counter(event["object_id"] for event in _with_tag(events, Tag.OUTCOME_RECORDED))
    return sum(times - 1 for times in (*ours.values(), *logged.values()))


def _tickets_apart(work: UnitOfWork, book: DayBook, campaigns: Sequence[CampaignView]) -> int:
    """Marked records without a ticket, and tickets without a marked record (S4-13.1c)."""
    codes = {campaign.code for campaign in campaigns}
    ours = {one.record_id for one in book.records}
    marked = {one.record_id for one in book.records if one.case_id and one.mark is not Mark.NONE}
    ticketed = {
        ticket.outcome_record
        for ticket in list_tickets(work, include_closed=True)
        if ticket.campaign_code in codes and ticket.outcome_record in ours
    }
    return len(marked ^ ticketed)


def _log_apart(book: DayBook, events: Sequence[Mapping[str, Any]]) -> int:
    """Records that only the desks or only the log know of."""
    logged = {event["object_id"] for event in _with_tag(events, Tag.OUTCOME_RECORDED)}
    placed = len(_with_tag(events, Tag.ATTEMPT_PLACED))
    outbound = sum(1 for one in book.records if one.direction is Direction.OUTBOUND)
    return len(logged ^ {str(one.record_id) for one in book.records}) + abs(placed - outbound)

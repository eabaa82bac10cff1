"""What the people of a simulated contract know by themselves: the other side of every comparison.

A desk remembers each answer it was given to a submission, the city what it said, the department
what it lent. Checks hold this against the tables and the files; neither is made from the other.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from io import StringIO
from uuid import UUID

from webui.rehearsal.contract_hours import CityHours, local

MARK_WEIGHTS = {"": 0, "☆": 1, "★": 2}


class Broken(StrEnum):
    """A rule that a contract must keep, by what is seen when it is broken."""

    OUTSIDE_WINDOW = "outside_window"
    TWO_HANDS = "case_in_two_hands"
    CAP_OF_CAMPAIGN = "cap_of_campaign"
    CAP_OF_DAY = "cap_of_day"
    CAP_OF_WEEK = "cap_of_seven_days"
    NOT_AT_REST = "called_in_rest"
    PROMISE_PENDING = "called_while_promised"
    STOPPED_CASE = "called_after_its_end"
    BLOCKED_NUMBER = "blocked_number_dialled"
    CALLER_NUMBER = "foreign_caller_number"
    SHOWN_EARLY = "shown_too_early"
    WRONG_COUNT = "attempts_counted_wrongly"
    OUTCOME_LOST = "acknowledged_outcome_lost"
    OUTCOME_TWICE = "outcome_recorded_twice"
    OUTCOME_UNKNOWN = "outcome_of_nobody"
    MARKS_DIFFER = "escalation_list_differs"
    FILES_DIFFER = "files_differ_from_records"
    FOLLOW_UP_LOST = "follow_up_lost"
    SUMS_DIFFER = "sums_do_not_add_up"
    MIXED_RECEIVABLES = "receivables_mixed"
    JOB_FAILED = "job_failed"
    REFUSED_UNDULY = "refused_unduly"


@dataclass(frozen=True, slots=True)
class LentRow:
    """A row as its department lent it: campaign, place in the file, 整理番号."""

    campaign: str
    row_number: int
    key: str = field(repr=False)

    @property
    def receivable(self) -> str:
        return self.campaign.partition("-")[0]


@dataclass(frozen=True, slots=True)
class ClientOutcome:
    """What the client's table says of a code, read from its CSV a second time."""

    code: str
    counts_attempt: bool
    counts_grouped: bool
    effect: str
    mark: str
    mark_if: str
    mark_condition: str
    blocks_number: bool
    contact_person: str

    def reaches(self, passed: bool) -> bool:
        """Was the right party spoken to, given whether the identity check was passed?"""
        return self.contact_person == "yes" or (self.contact_person == "as_checked" and passed)

    def symbol(self, rest_left_open: bool, answer_wanted: bool) -> str:
        """★, ☆ or nothing, conditional ones included."""
        holds = {"rest_left_open": rest_left_open, "answer_wanted": answer_wanted}
        conditional = self.mark_if if holds.get(self.mark_condition) else ""
        return max(self.mark, conditional, key=MARK_WEIGHTS.__getitem__)


def client_outcomes(document: str) -> dict[str, ClientOutcome]:
    """The table by code; a heading with # stands above the CSV."""
    text = "".join(line for line in document.splitlines(True) if not line.startswith("#"))
    return {
        row["code"]: ClientOutcome(
            row["code"],
            row["counts_attempt"] == "1",
            row["counts_grouped"] == "1",
            row["effect"],
            row["mark"],
            row["mark_if"],
            row["mark_condition"],
            row["blocks_number"] == "1",
            row["contact_person"],
        )
        for row in csv.DictReader(StringIO(text))
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A submission that was answered: the desk may rely on it from then on."""

    record_id: UUID
    handling_id: UUID
    case_id: UUID | None
    agent: str
    code: str
    is_outbound: bool
    placed_at: datetime
    told_at: datetime
    mark: str
    reached_person: bool
    follow_up_at: datetime | None = None
    promised_on: date | None = None

    @property
    def day(self) -> date:
        """The day of the call on the wall."""
        return local(self.placed_at).date()


@dataclass(slots=True)
class Memory:
    """All that is known outside the program."""

    hours: CityHours = field(default_factory=CityHours)
    outcomes: Mapping[str, ClientOutcome] = field(default_factory=dict)
    lent: dict[str, list[LentRow]] = field(default_factory=dict)
    cases: dict[UUID, LentRow] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    ended: dict[UUID, datetime] = field(default_factory=dict)  # cases the city took back
    blocked: set[tuple[UUID, str]] = field(default_factory=set, repr=False)
    closed_at: dict[date, datetime] = field(default_factory=dict)
    broken: Counter[Broken] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)

    def saw(self, broken: Broken, times: int = 1) -> None:
        """Notes that a rule was broken."""
        if times:
            self.broken[broken] += times

    def by_case(self) -> dict[UUID, list[Told]]:
        """All calls about cases, by case, each in order."""
        found: dict[UUID, list[Told]] = {}
        for one in sorted(self.told, key=lambda call: call.placed_at):
            if one.case_id is not None:
                found.setdefault(one.case_id, []).append(one)
        return found

    def mark_of(self, codes: Iterable[str], rest_left_open: bool, answer_wanted: bool) -> str:
        """The mark of a call with these outcomes."""
        symbols = [self.outcomes[code].symbol(rest_left_open, answer_wanted) for code in codes]
        return max(symbols, key=MARK_WEIGHTS.__getitem__)

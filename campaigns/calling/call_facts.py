"""Pure: the facts of a case and of one call that the calling rules decide on. No text, no money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from campaigns.calling.outcomes import Direction
from campaigns.cases.states import CaseStatus, CloseReason, IdentityResult
from dialer.calendar.bands import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFact:
    """One earlier call about the case, either direction; inbound ones are never counted."""

    at: datetime
    band: Band | None
    business_day: date
    outcome_code: str
    counted: bool
    number_rank: int | None = None
    direction: Direction = Direction.OUTBOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHistory:
    """The case before this call.

    ``usable_numbers_left``: numbers still good beside the one of this call. ``last_talk_on``:
    the day of the last talk with the right party. The other fields are those of the case.
    """

    status: CaseStatus = CaseStatus.WAITING
    close_reason: CloseReason | None = None
    attempts: tuple[AttemptFact, ...] = ()
    usable_numbers_left: int = 0
    last_talk_on: date | None = None
    not_before: datetime | None = None
    follow_up_at: datetime | None = None
    promise_until: date | None = None
    care_code: str | None = None
    calls_until: date | None = None

    @property
    def counted(self) -> int:
        """Counted attempts so far."""
        return sum(1 for attempt in self.attempts if attempt.counted)

    def times(self, code: str) -> int:
        """How often this outcome was recorded before."""
        return sum(1 for attempt in self.attempts if attempt.outcome_code == code)

    def times_dialled_on(self, code: str, day: date) -> int:
        """How often it was recorded on this business day for calls of ours."""
        return sum(
            1
            for attempt in self.attempts
            if attempt.outcome_code == code
            and attempt.business_day == day
            and attempt.direction is Direction.OUTBOUND
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """What was reported, as far as rules need it. ``identity`` as stored for the call."""

    direction: Direction = Direction.OUTBOUND
    band: Band | None = None
    identity: IdentityResult = IdentityResult.PENDING
    follow_up_at: datetime | None = None
    promised_on: date | None = None
    rest_left_open: bool = False
    answer_wanted: bool = False

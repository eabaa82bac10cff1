"""One case, one outcome, one instant: shared by the tests of what follows from a call."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from campaigns.calling.next_action import (
    AttemptFact,
    CaseHistory,
    NextAction,
    ReportFacts,
    decide,
)
from campaigns.calling.outcome_files import sample_table
from campaigns.calling.outcomes import Direction
from campaigns.cases.states import IdentityResult
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import Band
from dialer.calendar.holidays import TOKYO, business_day
from tests.usual_hours import HOURS

TABLE = sample_table()
PARAMETERS = Parameters()
TUESDAY = datetime(2022, 9, 13, 12, 0, tzinfo=TOKYO)
INBOUND = ReportFacts(direction=Direction.INBOUND)


def attempt(code: str, days_ago: int = 1, counted: bool = True, **more: Any) -> AttemptFact:
    when = TUESDAY - timedelta(days=days_ago)
    return AttemptFact(
        at=when,
        band=Band.H1,
        business_day=business_day(when),
        outcome_code=code,
        counted=counted,
        **more,
    )


def after(
    code: str,
    *secondary: str,
    history: CaseHistory | None = None,
    report: ReportFacts | None = None,
    parameters: Parameters = PARAMETERS,
    now: datetime = TUESDAY,
) -> NextAction:
    return decide(
        TABLE.row(code),
        [TABLE.row(one) for one in secondary],
        history or CaseHistory(usable_numbers_left=1),
        report or ReportFacts(band=Band.H1, identity=IdentityResult.PASSED),
        parameters,
        HOURS,
        now,
    )


def jst(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, month, day, hour, minute, tzinfo=TOKYO)

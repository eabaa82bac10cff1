"""What a campaign's calls have taught so far: who was reached when, how fast agents worked."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from sqlalchemy import ColumnElement, case, func, literal_column, select

from campaigns.calling.models import CallRecord
from campaigns.calling.waiting_tries import counted_tries
from campaigns.cases.cases import published_lists
from campaigns.cases.models import CallCase
from campaigns.planning.behaviour import Tally, Work
from dialer.calendar.bands import Band, BandCuts
from secure_store.work import UnitOfWork


def published_cases(campaign_code: str) -> tuple[ColumnElement[bool], ...]:
    """The rows of a campaign that were published."""
    return (
        CallCase.campaign_code == campaign_code,
        CallCase.lent_list_id.in_(published_lists(campaign_code)),
    )


def calls_so_far(
    work: UnitOfWork, campaign_code: str, cuts: BandCuts, ended: Counter[bool]
) -> tuple[tuple[dict[tuple[Band, int], Tally], Work], float]:
    """What the calls taught, and how many agents worked at a time so far."""
    tallies = _tallies(work, campaign_code)
    first = sum(tally.attempts for (_band, place), tally in tallies.items() if place == 0)
    later = sum(tally.attempts for (_band, place), tally in tallies.items() if place)
    rows = work.session.execute(
        select(CallRecord.business_day, CallRecord.band, CallRecord.agent, func.count())
        .where(
            CallRecord.campaign_code == campaign_code,
            CallRecord.band.is_not(None),
            CallRecord.counts_dial.is_(True),
        )
        .group_by(CallRecord.business_day, CallRecord.band, CallRecord.agent)
    ).all()
    present: dict[tuple[date, Band], int] = defaultdict(int)
    hours = 0.0
    for day, text, _agent, _dials in rows:
        band = Band(str(text))
        present[(day, band)] += 1
        hours += _length(cuts, band)
    done = Work(
        dials=sum(row[3] for row in rows),
        agent_hours=hours,
        counted_first=first,
        counted_later=later,
        ended_first=ended[True],
        ended_later=ended[False],
    )
    agents = sum(present.values()) / len(present) if present else _assigned(work, campaign_code)
    return (tallies, done), agents


def _length(cuts: BandCuts, band: Band) -> float:
    hours = next(cut.hours for cut in (*cuts.weekday, *cuts.weekend_or_holiday) if cut.band is band)
    start, end = hours.on(date.min.replace(year=2000))
    return (end - start).total_seconds() / 3600


def _assigned(work: UnitOfWork, campaign_code: str) -> float:
    """Before the first call: how many agents (or groups) have cases of the campaign."""
    found = work.session.scalar(
        select(func.count(CallCase.assignee.distinct())).where(*published_cases(campaign_code))
    )
    return float(found or 1)


def _tallies(work: UnitOfWork, campaign_code: str) -> dict[tuple[Band, int], Tally]:
    """Attempts up to the first contact with the person, by band and attempts made before."""
    contact = case((CallRecord.is_contact_person.is_(True), 1), else_=0)
    order = (CallRecord.started_at, CallRecord.id)
    attempts = (
        select(
            CallRecord.band,
            contact.label("reached"),
            func.row_number().over(partition_by=CallRecord.case_id, order_by=order).label("place"),
            func.sum(contact)
            .over(partition_by=CallRecord.case_id, order_by=order, rows=(None, -1))
            .label("before"),
        )
        .where(
            CallRecord.campaign_code == campaign_code,
            CallRecord.band.is_not(None),
            *counted_tries(),
        )
        .subquery()
    )
    # Literals: PostgreSQL must see the same expression where it selects and where it groups.
    made = case(
        (attempts.c.place > literal_column("3"), literal_column("3")),
        else_=attempts.c.place - literal_column("1"),
    )
    rows = work.session.execute(
        select(attempts.c.band, made, func.count(), func.sum(attempts.c.reached))
        .where(func.coalesce(attempts.c.before, 0) == 0)
        .group_by(attempts.c.band, made)
    )
    return {(Band(band), place): Tally(count, int(hit)) for band, place, count, hit in rows}

"""納付状況 of a campaign: what the payments say of promises and of the calls, as counts.

Compared are persons reached with persons never reached (domain §6). The two were not drawn by
lot, so the difference is no proof of the calls' effect, and while payment data do not reach
30 days past the last contact it is interim. Nobody who was taken back is in either group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, or_, select

from campaigns.calling.models import CallRecord, PaymentPromise
from campaigns.calling.payment_facts import (
    NOT_KEPT,
    Payment,
    PromiseStatus,
    paid_within,
    yen_in_time,
)
from campaigns.calling.payments import payments_known_until, payments_of
from campaigns.calling.promise_keeping import Promised, promises_of
from campaigns.cases.cases import CampaignView, get_campaign, published_lists
from campaigns.cases.models import CallCase
from campaigns.cases.payment_data import note_matching
from campaigns.cases.states import CloseReason
from campaigns.reports import kpis
from campaigns.reports.counting import current_calls
from campaigns.reports.counts import CampaignCounts, Rate
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork

DAYS = 30
FEW = 5
"""Sums over fewer persons or promises than this are kept back: they would tell one's amount."""
SLICE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCounts:
    """Counts only; each name that ``CampaignCounts`` has means the same here. Money is yen.

    lent = withdrawn + not_callable + reached + household_only + never_reached.
    promises_due = promises_kept + promises_partly + promises_broken.
    ``known_until``: payments to this day are known; None: the city told of none yet.
    """

    known_until: date | None = None
    lent: int = 0
    withdrawn: int = 0
    not_callable: int = 0
    reached: int = 0
    household_only: int = 0
    never_reached: int = 0
    paid_of_reached: int = 0
    paid_of_never_reached: int = 0
    interim: int = 0  # persons of both groups whose 30 days are not over in the data
    paid_in_full: int = 0
    paid_in_part: int = 0
    paid_yen: int = field(default=0, repr=False)
    promises_open: int = 0
    promises_kept_early: int = 0  # their time is not over in the data yet
    promises_due: int = 0
    promises_kept: int = 0
    promises_partly: int = 0
    promises_broken: int = 0
    promises_withdrawn: int = 0
    promises_due_yen: int = field(default=0, repr=False)
    promises_kept_yen: int = field(default=0, repr=False)
    handed_over: int = 0

    @property
    def shows_paid_yen(self) -> bool:
        """Did enough persons pay for their sum to be shown?"""
        return self.paid_in_full + self.paid_in_part >= FEW

    @property
    def shows_promised_yen(self) -> bool:
        """Are there enough judged promises for their sums to be shown?"""
        return self.promises_due >= FEW

    @property
    def counts(self) -> CampaignCounts:
        """The same for the measures of ``kpis``; sums over a few promises are left out of it."""
        shown = int(self.shows_promised_yen)
        return CampaignCounts(
            reached=self.reached,
            never_reached=self.never_reached,
            paid_of_reached=self.paid_of_reached,
            paid_of_never_reached=self.paid_of_never_reached,
            promises_due=self.promises_due,
            promises_kept=self.promises_kept,
            promises_due_yen=self.promises_due_yen * shown,
            promises_kept_yen=self.promises_kept_yen * shown,
        )

    @property
    def measures(self) -> PaymentMeasures:
        """The rates, each with what it divides by what."""
        counts = self.counts
        guided = kpis.guided_payment_rate(counts)
        voluntary = kpis.voluntary_payment_rate(counts)
        return PaymentMeasures(
            kept=kpis.promise_kept_rate(counts),
            kept_yen=kpis.promise_kept_amount_rate(counts),
            guided=guided,
            voluntary=voluntary,
            uplift=kpis.uplift_points(guided, voluntary),
        )


@dataclass(frozen=True, slots=True)
class PaymentMeasures:
    """約束履行率 by number and by yen, 案内後納付率, 非接触者自主納付率, 接触効果 in points."""

    kept: Rate
    kept_yen: Rate
    guided: Rate
    voluntary: Rate
    uplift: Fraction | None


@dataclass(frozen=True, slots=True)
class Contacts:
    """When a case was first reached, and whether its household ever was."""

    person_on: Mapping[UUID, date]
    household: frozenset[UUID]


def payment_counts(work: UnitOfWork, campaign_code: str) -> PaymentCounts:
    """Counts a campaign anew from the records; one event notes that sums were opened.

    Raises NotAllowed, NotFound.
    """
    require(work.actor, Permission.SEE_BOARD)
    campaign = get_campaign(work, campaign_code)
    known_until = payments_known_until(work, campaign_code)
    contacts = _contacts(work, campaign_code)
    sums: defaultdict[str, int] = defaultdict(int)
    after = UUID(int=0)
    while cases := _cases(work, campaign_code, after):
        after = cases[-1].id
        rows = payments_of(work, campaign, [case.id for case in cases])
        paid = {case_id: [payment for _row, payment in told] for case_id, told in rows.items()}
        full = {case_id for case_id, told in rows.items() if any(row.is_full for row, _ in told)}
        for case in cases:
            _count_case(sums, campaign, case, contacts, paid.get(case.id, []), known_until)
        sums["paid_in_full"] += len(full)
        sums["paid_in_part"] += len(paid) - len(full)
        for promised in promises_of(work, cases):
            _count_promise(sums, promised, paid.get(promised.row.case_id, []), known_until)
    sums["promises_withdrawn"] = _withdrawn_promises(work, campaign_code)
    note_matching(work, campaign.receivable, campaign_code, sums["lent"])
    return PaymentCounts(known_until=known_until, **sums)


def _cases(work: UnitOfWork, campaign_code: str, after: UUID) -> list[CallCase]:
    query = (
        select(CallCase)
        .where(
            CallCase.campaign_code == campaign_code,
            CallCase.lent_list_id.in_(published_lists(campaign_code)),
            CallCase.id > after,
        )
        .order_by(CallCase.id)
        .limit(SLICE)
    )
    return list(work.session.scalars(query))


def _contacts(work: UnitOfWork, campaign_code: str) -> Contacts:
    met = CallRecord.is_contact_person.is_(True)
    rows = work.session.execute(
        select(CallRecord.case_id, func.min(CallRecord.started_at).filter(met))
        .where(
            *current_calls(campaign_code),
            CallRecord.case_id.is_not(None),
            or_(met, CallRecord.is_contact_wide.is_(True)),
        )
        .group_by(CallRecord.case_id)
    ).all()
    # The day of the call itself: a call that outlasts the close stands in the next day's report.
    first = {case_id: at for case_id, at in rows if case_id is not None}
    return Contacts(
        {case_id: business_day(at) for case_id, at in first.items() if at is not None},
        frozenset(first),
    )


def _count_case(
    sums: defaultdict[str, int],
    campaign: CampaignView,
    case: CallCase,
    contacts: Contacts,
    paid: Sequence[Payment],
    known_until: date | None,
) -> None:
    sums["lent"] += 1
    sums["paid_yen"] += sum(payment.yen for payment in paid)
    sums["handed_over"] += case.close_reason is CloseReason.HANDED_OVER
    group, begin = group_of(case, contacts, campaign.calls_from)
    sums[group] += 1
    if group not in COMPARED:
        return
    sums[COMPARED[group]] += paid_within(DAYS, begin, paid)
    over = known_until is not None and begin + timedelta(days=DAYS) <= known_until
    sums["interim"] += not over


COMPARED = {"reached": "paid_of_reached", "never_reached": "paid_of_never_reached"}


def group_of(case: CallCase, contacts: Contacts, calls_from: date) -> tuple[str, date]:
    """Which count of persons a case belongs to, and from when its 30 days run."""
    if case.close_reason is CloseReason.WITHDRAWN:
        return "withdrawn", calls_from
    if case.close_reason is CloseReason.NOT_CALLABLE:
        return "not_callable", calls_from
    if case.id in contacts.person_on:
        return "reached", contacts.person_on[case.id]
    return ("household_only" if case.id in contacts.household else "never_reached"), calls_from


_PROMISE_COUNTS = {
    PromiseStatus.OPEN: "promises_open",
    PromiseStatus.KEPT: "promises_kept",
    PromiseStatus.PARTLY: "promises_partly",
    PromiseStatus.BROKEN: "promises_broken",
}


def _count_promise(
    sums: defaultdict[str, int],
    promised: Promised,
    paid: Sequence[Payment],
    known_until: date | None,
) -> None:
    status = promised.row.status
    is_due = known_until is not None and promised.terms.wait_until <= known_until
    if status is PromiseStatus.KEPT and not is_due:
        sums["promises_kept_early"] += 1
        return
    sums[_PROMISE_COUNTS[status]] += 1
    if status is PromiseStatus.OPEN:
        return
    wanted = promised.terms.promised_yen or 0
    kept = status not in NOT_KEPT
    sums["promises_due"] += 1
    sums["promises_due_yen"] += wanted
    sums["promises_kept_yen"] += wanted if kept else min(wanted, yen_in_time(promised.terms, paid))


def _withdrawn_promises(work: UnitOfWork, campaign_code: str) -> int:
    query = (
        select(func.count())
        .select_from(PaymentPromise)
        .join(CallCase, CallCase.id == PaymentPromise.case_id)
        .where(
            CallCase.campaign_code == campaign_code,
            PaymentPromise.status == PromiseStatus.WITHDRAWN,
        )
    )
    return work.session.scalar(query) or 0

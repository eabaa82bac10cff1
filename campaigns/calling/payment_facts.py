"""Pure: what payments make of a debt and of a promise (domain §3.8, §6).

Everything here is worked out anew from all payments known, never carried forward: which file
told of a payment first, or how often, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum


class NoticeKind(StrEnum):
    """What the city tells us of between deliveries."""

    HIKINUKI = "hikinuki"
    """引抜き: these cases are not to be called any more."""

    SHUNO = "shuno"
    """納付確認: these payments were posted."""


class PromiseStatus(StrEnum):
    """What became of a promise. Only payment data that reach far enough can break one."""

    OPEN = "open"
    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


NOT_KEPT = (PromiseStatus.BROKEN, PromiseStatus.PARTLY)


def ends_rest(status: PromiseStatus | None, wait_until: date | None, talk: date | None) -> bool:
    """Whether the newest promise lets us call within the rest after the last conversation.

    It does when it was broken and nobody has spoken to the person since it ran out: whoever was
    reminded is left in peace like after any other conversation (domain 1.3, 3.8).
    """
    if status not in NOT_KEPT or wait_until is None:
        return False
    return talk is None or talk <= wait_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment, in yen. ``posted_on``: the day from which lent data would have shown it."""

    paid_on: date
    yen: int = field(repr=False)
    posted_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseTerms:
    """A promise: made on a business day, to be kept by ``wait_until``, grace included.

    ``promised_yen`` None: no sum was named; any payment keeps it.
    """

    made_on: date
    wait_until: date
    promised_yen: int | None = field(repr=False)

    @property
    def wanted_yen(self) -> int:
        return self.promised_yen or 1


def yen_in_time(terms: PromiseTerms, payments: Iterable[Payment]) -> int:
    """Yen paid from the day of the promise to the last day of its grace, both included."""
    return sum(one.yen for one in payments if terms.made_on <= one.paid_on <= terms.wait_until)


def judge(
    terms: PromiseTerms,
    payments: Iterable[Payment],
    data_until: date | None,
    settled_on: date | None = None,
) -> PromiseStatus:
    """What the payments make of a promise.

    Kept as soon as the sum is there, or nothing is left to pay (``settled_on``: since when; it
    may have been paid before the call already). Not kept only when payment data reach the end
    of the grace (``data_until`` on or after ``wait_until``); until then it is open.
    """
    paid = yen_in_time(terms, payments)
    settled = settled_on is not None and settled_on <= terms.wait_until
    if settled or paid >= terms.wanted_yen:
        return PromiseStatus.KEPT
    if data_until is None or data_until < terms.wait_until:
        return PromiseStatus.OPEN
    return PromiseStatus.PARTLY if paid else PromiseStatus.BROKEN


def settled_by(unpaid_yen: int, lent_as_of: date, payments: Sequence[Payment]) -> tuple[bool, ...]:
    """For each payment: was nothing left unpaid with it and all that were paid before or with it?

    Payments posted by the date of the lent data are in ``unpaid_yen`` already.
    """
    new = [one for one in payments if is_after(lent_as_of, one)]
    return tuple(
        sum(other.yen for other in new if other.paid_on <= one.paid_on) >= unpaid_yen
        for one in payments
    )


def is_after(lent_as_of: date, payment: Payment) -> bool:
    """Could the lent data not know of this payment yet?"""
    return (payment.posted_on or payment.paid_on) > lent_as_of


class AfterPromise(StrEnum):
    """What follows when the time of a promise is over and the data still show arrears."""

    OPEN_AGAIN = "promise_time_over"
    REMIND = "promise_broken"
    HAND_OVER = "promise_broken_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseHistory:
    """What decides on a reminder. ``broken``: promises not kept, this one included."""

    newest: PromiseStatus | None
    broken: int
    reminders: int
    may_still_call: bool
    in_hand: bool = False


def after_promise(history: PromiseHistory) -> AfterPromise:
    """One reminder for a promise not kept, as often as the parameter says; then hand over.

    Nobody is reminded whom no rule lets us call any more. A case on the line at this very
    moment is not taken from the agent: the call is the reminder.
    """
    if history.newest not in NOT_KEPT:
        return AfterPromise.OPEN_AGAIN
    if history.in_hand:
        return AfterPromise.REMIND
    may_remind = history.may_still_call and history.broken <= history.reminders
    return AfterPromise.REMIND if may_remind else AfterPromise.HAND_OVER


def paid_within(days: int, begin: date, payments: Iterable[Payment]) -> bool:
    """Was anything paid from ``begin`` to ``days`` days later, both included?"""
    return any(begin <= one.paid_on <= begin + timedelta(days=days) for one in payments)

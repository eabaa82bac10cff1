"""Promises and debts against payments: boundaries, part payments, and the order of notices."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calling.payment_facts import (
    AfterPromise,
    Payment,
    PromiseHistory,
    PromiseStatus,
    PromiseTerms,
    after_promise,
    judge,
    paid_within,
    settled_by,
    yen_in_time,
)

MADE = date(2022, 9, 15)
UNTIL = date(2022, 9, 27)  # promised for the 20th, seven days of grace
TERMS = PromiseTerms(made_on=MADE, wait_until=UNTIL, promised_yen=10_000)
ONE_DAY = timedelta(days=1)


def paid(day: date, yen: int, posted_on: date | None = None) -> Payment:
    return Payment(paid_on=day, yen=yen, posted_on=posted_on)


@pytest.mark.parametrize(
    ("payments", "data_until", "status"),
    [
        ([], None, PromiseStatus.OPEN),
        ([], UNTIL - ONE_DAY, PromiseStatus.OPEN),
        ([], UNTIL, PromiseStatus.BROKEN),
        ([], UNTIL + ONE_DAY, PromiseStatus.BROKEN),
        ([paid(UNTIL, 10_000)], None, PromiseStatus.KEPT),
        ([paid(UNTIL, 10_000)], UNTIL + ONE_DAY, PromiseStatus.KEPT),
        ([paid(UNTIL + ONE_DAY, 10_000)], UNTIL + ONE_DAY, PromiseStatus.BROKEN),
        ([paid(MADE, 10_000)], UNTIL, PromiseStatus.KEPT),
        ([paid(MADE - ONE_DAY, 10_000)], UNTIL, PromiseStatus.BROKEN),
        ([paid(UNTIL, 9_999)], UNTIL - ONE_DAY, PromiseStatus.OPEN),
        ([paid(UNTIL, 9_999)], UNTIL, PromiseStatus.PARTLY),
        ([paid(MADE, 4_000), paid(UNTIL, 6_000)], UNTIL, PromiseStatus.KEPT),
        ([paid(MADE, 4_000), paid(UNTIL + ONE_DAY, 6_000)], UNTIL, PromiseStatus.PARTLY),
        ([paid(UNTIL, 20_000)], UNTIL, PromiseStatus.KEPT),
    ],
)
def test_a_promise_is_judged_by_what_came_in_its_time_and_how_far_the_data_reach(
    payments: list[Payment], data_until: date | None, status: PromiseStatus
) -> None:
    assert judge(TERMS, payments, data_until) is status


def test_who_has_nothing_left_to_pay_broke_no_promise() -> None:
    assert judge(TERMS, [], UNTIL, settled_on=MADE - ONE_DAY) is PromiseStatus.KEPT
    assert judge(TERMS, [], UNTIL, settled_on=UNTIL) is PromiseStatus.KEPT
    assert judge(TERMS, [], UNTIL, settled_on=UNTIL + ONE_DAY) is PromiseStatus.BROKEN


def test_a_promise_without_a_sum_is_kept_by_any_payment() -> None:
    open_sum = PromiseTerms(made_on=MADE, wait_until=UNTIL, promised_yen=None)
    assert judge(open_sum, [paid(UNTIL, 1)], UNTIL) is PromiseStatus.KEPT
    assert judge(open_sum, [], UNTIL) is PromiseStatus.BROKEN


@pytest.mark.parametrize(
    ("payments", "flags"),
    [
        ([], ()),
        ([paid(MADE, 5_000)], (False,)),
        ([paid(MADE, 5_000), paid(UNTIL, 5_000)], (False, True)),
        ([paid(UNTIL, 5_000), paid(MADE, 5_000)], (True, False)),
        ([paid(MADE, 12_000)], (True,)),
        # Posted by the date of the lent data: it is in the sum that was lent.
        ([paid(date(2022, 9, 8), 10_000, date(2022, 9, 10))], (False,)),
        ([paid(date(2022, 9, 8), 10_000, date(2022, 9, 11))], (True,)),
        ([paid(date(2022, 9, 10), 10_000)], (False,)),
    ],
)
def test_a_debt_is_settled_with_the_payment_that_leaves_nothing(
    payments: list[Payment], flags: tuple[bool, ...]
) -> None:
    assert settled_by(10_000, date(2022, 9, 10), payments) == flags


def history(**changes: object) -> PromiseHistory:
    usual: dict[str, object] = {
        "newest": PromiseStatus.BROKEN,
        "broken": 1,
        "reminders": 1,
        "may_still_call": True,
    }
    return PromiseHistory(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "follows"),
    [
        ({}, AfterPromise.REMIND),
        ({"newest": PromiseStatus.PARTLY}, AfterPromise.REMIND),
        ({"broken": 2}, AfterPromise.HAND_OVER),
        ({"broken": 2, "reminders": 2}, AfterPromise.REMIND),
        ({"reminders": 0}, AfterPromise.HAND_OVER),
        ({"may_still_call": False}, AfterPromise.HAND_OVER),
        ({"may_still_call": False, "in_hand": True}, AfterPromise.REMIND),
        ({"newest": PromiseStatus.KEPT, "broken": 0}, AfterPromise.OPEN_AGAIN),
        ({"newest": PromiseStatus.KEPT, "broken": 3}, AfterPromise.OPEN_AGAIN),
        ({"newest": None, "broken": 0}, AfterPromise.OPEN_AGAIN),
    ],
)
def test_a_broken_promise_is_reminded_of_once_and_then_handed_over(
    changes: dict[str, object], follows: AfterPromise
) -> None:
    assert after_promise(history(**changes)) is follows


@pytest.mark.parametrize(("days", "within"), [(-1, False), (0, True), (30, True), (31, False)])
def test_thirty_days_are_counted_with_both_ends(days: int, within: bool) -> None:
    assert paid_within(30, MADE, [paid(MADE + timedelta(days=days), 1)]) is within


PAYMENT = st.builds(
    Payment,
    paid_on=st.dates(date(2022, 9, 5), date(2022, 10, 5)),
    yen=st.integers(1, 20_000),
    posted_on=st.none() | st.dates(date(2022, 9, 5), date(2022, 10, 5)),
)
NOTICE = st.tuples(st.lists(PAYMENT, max_size=4), st.dates(date(2022, 9, 15), date(2022, 10, 10)))


@given(st.lists(NOTICE, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_in_which_notices_come_changes_nothing(
    notices: list[tuple[list[Payment], date]], chance: object
) -> None:
    """Whatever came first: the same judgement, the same debt, payment by payment."""

    def known(order: list[tuple[list[Payment], date]]) -> tuple[object, ...]:
        payments = [payment for told, _until in order for payment in told]
        until = max(until for _told, until in order)
        flags = settled_by(30_000, date(2022, 9, 10), payments)
        full = [one.paid_on for one, flag in zip(payments, flags, strict=True) if flag]
        settled = min(full, default=None)
        told = sorted(
            (one.paid_on, one.yen, str(one.posted_on), flag)
            for one, flag in zip(payments, flags, strict=True)
        )
        return judge(TERMS, payments, until, settled), settled, told

    shuffled = list(notices)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert known(notices) == known(shuffled)


@given(st.lists(PAYMENT, max_size=6), st.dates(MADE, UNTIL + 9 * ONE_DAY))
def test_more_payments_never_turn_a_kept_promise_into_a_broken_one(
    payments: list[Payment], until: date
) -> None:
    if judge(TERMS, payments, until) is PromiseStatus.KEPT:
        more = [*payments, paid(MADE, 1)]
        assert judge(TERMS, more, until + ONE_DAY) is PromiseStatus.KEPT
    assert yen_in_time(TERMS, payments) <= sum(one.yen for one in payments)

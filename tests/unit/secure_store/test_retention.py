"""Facts about retention."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secure_store.canonical import JST
from secure_store.retention import (
    DeadlineKind,
    EndPlusDays,
    EndPlusYears,
    MonthEnd,
    RetentionRule,
    RetentionRuleRefused,
    UntilInstruction,
    deadlines,
    due_on,
    is_due,
    is_overdue,
    log_kept_until,
)

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


@pytest.mark.parametrize(
    ("rule", "reference", "due"),
    [
        (EndPlusDays(7), date(2023, 3, 31), date(2023, 4, 7)),
        (EndPlusDays(7), date(2023, 4, 27), date(2023, 5, 4)),  # a holiday extends nothing
        (EndPlusDays(0), date(2024, 2, 29), date(2024, 2, 29)),
        (EndPlusYears(1), date(2023, 3, 31), date(2024, 4, 1)),
        (EndPlusYears(1), date(2024, 2, 29), date(2025, 3, 2)),
        (EndPlusYears(4), date(2024, 2, 29), date(2028, 3, 1)),
        (MonthEnd(), date(2024, 2, 1), date(2024, 2, 29)),
        (MonthEnd(), date(2023, 2, 28), date(2023, 2, 28)),
        (MonthEnd(1), date(2022, 12, 31), date(2023, 1, 31)),
        (MonthEnd(14), date(2022, 12, 31), date(2024, 2, 29)),
        (UntilInstruction(), date(2023, 3, 31), None),
        (UntilInstruction(date(2023, 5, 1)), date(2023, 3, 31), date(2023, 5, 1)),
    ],
)
def test_each_rule_falls_due_on_its_day_and_not_before(
    rule: RetentionRule, reference: date, due: date | None
) -> None:
    assert due_on(rule, reference) == due
    if due is None:
        assert not is_due(rule, reference, date.max)
        assert not is_overdue(rule, reference, date.max)
        return
    assert not is_due(rule, reference, due - timedelta(days=1))
    assert is_due(rule, reference, due)
    assert not is_overdue(rule, reference, due)
    assert is_overdue(rule, reference, due + timedelta(days=1))


@pytest.mark.parametrize("make", [EndPlusDays, EndPlusYears, MonthEnd])
def test_a_negative_term_is_no_rule(make: type) -> None:
    with pytest.raises(RetentionRuleRefused):
        make(-1)


@given(DAYS, st.integers(0, 40))
def test_a_month_end_rule_ends_on_a_last_day_and_never_before_the_reference(
    day: date, months: int
) -> None:
    due = due_on(MonthEnd(months), day)
    assert due is not None
    assert (due + timedelta(days=1)).day == 1
    assert due >= day
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months


@pytest.mark.clause("S3-B1-5.6-2")
@given(DAYS)
def test_the_log_is_kept_a_whole_year_after_the_end(period_end: date) -> None:
    kept = log_kept_until(period_end)
    assert timedelta(days=365) <= kept - period_end <= timedelta(days=366)
    assert not is_due(EndPlusYears(1), period_end, kept)


def test_the_erasure_calendar_of_a_contract_ending_in_march() -> None:
    found = {
        deadline.kind: (deadline.at, deadline.alarm_at) for deadline in deadlines(date(2023, 3, 31))
    }

    def midnight(month: int, day: int) -> datetime:
        return datetime(2023, month, day, tzinfo=JST)

    last_file = datetime(2023, 4, 1, 9, 30, tzinfo=JST)
    assert found == {
        DeadlineKind.REGISTER_REVIEW: (midnight(3, 2), None),
        DeadlineKind.APPLICATION_SENT: (midnight(3, 18), midnight(3, 21)),
        DeadlineKind.CALLS_END: (midnight(4, 1), None),
        DeadlineKind.LAST_DAILY_FILE: (last_file, last_file),
        DeadlineKind.FROZEN_AND_SCANNED: (midnight(4, 2), midnight(4, 2)),
        DeadlineKind.KEYS_DESTROYED: (midnight(4, 3), midnight(4, 3)),
        DeadlineKind.COPIES_DESTROYED: (midnight(4, 4), midnight(4, 4)),
        DeadlineKind.VERIFIED: (midnight(4, 5), midnight(4, 5)),
        DeadlineKind.CERTIFICATE_HANDED_OVER: (midnight(4, 6), midnight(4, 6)),
        DeadlineKind.CONTRACTUAL_LIMIT: (midnight(4, 8), midnight(4, 7)),
    }


@pytest.mark.clause("S4-14.10")
def test_the_limit_is_the_midnight_in_japan_that_ends_the_seventh_day() -> None:
    limit = deadlines(date(2023, 3, 31))[-1]
    assert limit.kind is DeadlineKind.CONTRACTUAL_LIMIT
    assert limit.at == datetime(2023, 4, 7, 15, 0, tzinfo=UTC)


@given(DAYS)
def test_the_calendar_is_in_order_and_every_act_has_one_place(period_end: date) -> None:
    found = deadlines(period_end)
    assert [deadline.at for deadline in found] == sorted(deadline.at for deadline in found)
    assert sorted(deadline.kind for deadline in found) == sorted(DeadlineKind)
    acts = [deadline for deadline in found if deadline.kind is not DeadlineKind.CONTRACTUAL_LIMIT]
    assert all(deadline.at < found[-1].at for deadline in acts)

"""How guessing is slowed down: pure rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secure_store.people.throttle import (
    LOCK_AT_FAILURES,
    MOST_PER_TERMINAL,
    LoginAnswer,
    gate,
    wait_after,
)

NOW = datetime(2022, 9, 15, 2, 30, tzinfo=UTC)


@pytest.mark.clause("T24", "S4-9.3")
def test_from_the_fifth_failure_the_wait_doubles_up_to_fifteen_minutes() -> None:
    seconds = [wait_after(failures).total_seconds() for failures in range(4, 12)]
    assert seconds == [0, 30, 60, 120, 240, 480, 900, 900]


@pytest.mark.parametrize(
    ("failures", "ago", "of_terminal", "answer"),
    [
        (0, 0, 0, None),
        (4, 0, 4, None),
        (5, 29, 5, LoginAnswer.MUST_WAIT),
        (5, 30, 5, None),
        (9, 479, 9, LoginAnswer.MUST_WAIT),
        (9, 480, 9, None),
        (LOCK_AT_FAILURES, 80_000, 0, LoginAnswer.LOCKED),
        (0, 0, MOST_PER_TERMINAL - 1, None),
        (0, 0, MOST_PER_TERMINAL, LoginAnswer.MUST_WAIT),
    ],
)
def test_the_gate(failures: int, ago: int, of_terminal: int, answer: LoginAnswer | None) -> None:
    counted = [NOW - timedelta(seconds=ago)] * failures
    assert gate(counted, of_terminal, NOW) is answer


@pytest.mark.clause("T24")
@given(st.lists(st.integers(min_value=1, max_value=7_200), min_size=1, max_size=400))
def test_however_the_tries_are_spaced_no_more_than_ten_reach_the_password(
    pauses: list[int],
) -> None:
    now, failures = NOW, list[datetime]()
    for pause in pauses:
        now += timedelta(seconds=pause)
        if gate(failures, 0, now) is None:
            failures.append(now)
    assert len(failures) <= LOCK_AT_FAILURES

"""Pure: how long a guesser waits, and when an account is locked (S4-9.3, security.md 7.2).

A terminal from which the person has logged in before is known to the account. Failures there are
counted by themselves. All other terminals share one count, so that many machines guess no faster
than one, and a stranger on the network cannot lock people out of their own terminals.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

WAIT_FROM_FAILURE = 5
WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 900
LOCK_AT_FAILURES = 10
# Failures count until a success, an unlocking, or a day has passed: slower guessing gains nothing.
REMEMBERED = timedelta(hours=24)
MOST_PER_TERMINAL = 30
TERMINAL_WINDOW = timedelta(hours=1)


class LoginAnswer(StrEnum):
    """What a try to log in came to."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    MUST_WAIT = "must_wait"
    LOCKED = "locked"


def wait_after(failures: int) -> timedelta:
    """From the fifth failure the pause doubles, up to fifteen minutes."""
    if failures < WAIT_FROM_FAILURE:
        return timedelta(0)
    doubled = WAIT_SECONDS * 2 ** (failures - WAIT_FROM_FAILURE)
    return timedelta(seconds=min(doubled, LONGEST_WAIT_SECONDS))


def gate(counted: Sequence[datetime], of_terminal: int, now: datetime) -> LoginAnswer | None:
    """What is answered before the password is even looked at; None when it may be tried.

    ``counted``: the failures that count for this account and terminal, the oldest first;
    ``of_terminal``: failures of this terminal within its window, for whichever account.
    """
    if len(counted) >= LOCK_AT_FAILURES:
        return LoginAnswer.LOCKED
    if of_terminal >= MOST_PER_TERMINAL:
        return LoginAnswer.MUST_WAIT
    if counted and now < counted[-1] + wait_after(len(counted)):
        return LoginAnswer.MUST_WAIT
    return None

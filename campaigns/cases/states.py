"""The states of a case, the moves between them, and how far one handling may open it.

| status | meaning | who may call |
|---|---|---|
| waiting | 未着手・次回待ち | anyone assigned, by the calling rules |
| follow_up_booked | 予約: a call we owe at a set time | from that time on |
| promised | 約束待ち | nobody until the date and the grace have passed |
| with_department | 所管課待ち | nobody until the owning department has answered |
| closed | 終了 | nobody; a supervisor may reopen with a reason |

"架電中" is no status but the lease on the queue entry: a crashed browser never leaves a
case stuck.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from campaigns.errors import IllegalMove, ReasonMissing


class CaseStatus(StrEnum):
    """What a case waits for."""

    WAITING = "waiting"
    FOLLOW_UP_BOOKED = "follow_up_booked"
    PROMISED = "promised"
    WITH_DEPARTMENT = "with_department"
    CLOSED = "closed"


MOVES: Mapping[CaseStatus, frozenset[CaseStatus]] = MappingProxyType(
    {
        CaseStatus.WAITING: frozenset(
            {
                CaseStatus.FOLLOW_UP_BOOKED,
                CaseStatus.PROMISED,
                CaseStatus.WITH_DEPARTMENT,
                CaseStatus.CLOSED,
            }
        ),
        CaseStatus.FOLLOW_UP_BOOKED: frozenset(
            {
                CaseStatus.WAITING,
                CaseStatus.PROMISED,
                CaseStatus.WITH_DEPARTMENT,
                CaseStatus.CLOSED,
            }
        ),
        CaseStatus.PROMISED: frozenset(
            {
                CaseStatus.WAITING,
                CaseStatus.FOLLOW_UP_BOOKED,
                CaseStatus.WITH_DEPARTMENT,
                CaseStatus.CLOSED,
            }
        ),
        CaseStatus.WITH_DEPARTMENT: frozenset({CaseStatus.WAITING, CaseStatus.CLOSED}),
        CaseStatus.CLOSED: frozenset({CaseStatus.WAITING}),
    }
)
"""PROMISED to WAITING: the time of the promise is over and arrears are left; to FOLLOW_UP_BOOKED
likewise while a call is owed. WITH_DEPARTMENT to WAITING is the department's answer."""


class CloseReason(StrEnum):
    """Why a case ended; ``code`` is 終了区分 of the daily files (91 to 98)."""

    PAID = "paid"
    WITHDRAWN = "withdrawn"
    ATTEMPTS_USED_UP = "attempts_used_up"
    PERIOD_OVER = "period_over"
    NOT_CALLABLE = "not_callable"
    NUMBERS_UNUSABLE = "numbers_unusable"
    GUIDED = "guided"
    HANDED_OVER = "handed_over"

    @property
    def code(self) -> str:
        """The two digits in the files."""
        return _CLOSE_CODES[self]


_CLOSE_CODES: Mapping[CloseReason, str] = MappingProxyType(
    {
        CloseReason.PAID: "91",
        CloseReason.WITHDRAWN: "92",
        CloseReason.ATTEMPTS_USED_UP: "93",
        CloseReason.PERIOD_OVER: "94",
        CloseReason.NOT_CALLABLE: "95",
        CloseReason.NUMBERS_UNUSABLE: "96",
        CloseReason.GUIDED: "97",
        CloseReason.HANDED_OVER: "98",
    }
)
CLOSING_CODES = frozenset(_CLOSE_CODES.values())
"""Reserved: no row of an outcome table may use them."""


class IdentityResult(StrEnum):
    """What came of comparing the speaker's answers with the lent data."""

    PENDING = "pending"
    PASSED = "passed"
    REFUSED = "refused"
    MISMATCHED = "mismatched"

    @property
    def file_code(self) -> str:
        """本人確認結果 of the daily files: 0 未実施, 1 済, 2 拒否, 3 不一致."""
        return _IDENTITY_FILE_CODES[self]


_IDENTITY_FILE_CODES: Mapping[IdentityResult, str] = MappingProxyType(
    {
        IdentityResult.PENDING: "0",
        IdentityResult.PASSED: "1",
        IdentityResult.REFUSED: "2",
        IdentityResult.MISMATCHED: "3",
    }
)


class Stage(StrEnum):
    """How far a handling has opened the case (decision 5)."""

    GREETING = "greeting"
    IDENTITY = "identity"
    GUIDANCE = "guidance"


def move(current: CaseStatus, target: CaseStatus) -> CaseStatus:
    """The new status. Staying is always possible; reopening a closed case goes by ``reopen``.

    Raises IllegalMove.
    """
    if target is current:
        return current
    if current is CaseStatus.CLOSED or target not in MOVES[current]:
        raise IllegalMove(current=current.value, target=target.value)
    return target


def reopen(current: CaseStatus, reason: str) -> CaseStatus:
    """A supervisor takes a closed case back to WAITING; ``reason`` goes on record.

    Raises IllegalMove when it is not closed, ReasonMissing when the reason is blank.
    """
    if current is not CaseStatus.CLOSED:
        raise IllegalMove(current=current.value, target=CaseStatus.WAITING.value)
    if not reason.strip():
        raise ReasonMissing(act="reopen")
    return CaseStatus.WAITING


_FILE_CODES: Mapping[CaseStatus, str] = MappingProxyType(
    {
        CaseStatus.WAITING: "4",
        CaseStatus.FOLLOW_UP_BOOKED: "3",
        CaseStatus.PROMISED: "5",
        CaseStatus.WITH_DEPARTMENT: "6",
        CaseStatus.CLOSED: "9",
    }
)


def file_code(status: CaseStatus, leased: bool, *, touched: bool = True) -> str:
    """案件状態 of the lists and files: 1 未着手 2 架電中 3 予約 4 次回待ち 5 約束待ち 6 所管課待ち 9 終了.

    ``touched``: some call was made for the case or came in about it.
    """
    if status is CaseStatus.CLOSED:
        return _FILE_CODES[status]
    if leased:
        return "2"
    if status is CaseStatus.WAITING and not touched:
        return "1"
    return _FILE_CODES[status]

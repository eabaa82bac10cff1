"""What the line does: where a call stands, and why it ended.

This is the adapter's vocabulary. What happened between people is an outcome code, and where
the case stands a case status; the three are never mixed.

Events of a line may come twice, late or in another order. So there are two ways forward:
``advance`` takes an event, and one that is late or repeated changes nothing; ``move`` is for a
step the program itself takes, and going back is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from dialer.errors import LineStatusBackward


class LineStatus(StrEnum):
    """Where a call stands, in order. Steps may be skipped, ENDED is reached from anywhere."""

    PLANNED = "planned"
    DIALING = "dialing"
    RINGING = "ringing"
    CONNECTED = "connected"
    ENDED = "ended"


class LineEnd(StrEnum):
    """Why a call ended. ANSWERED: somebody, or a machine, picked up."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELLED = "cancelled"


_ORDER: Mapping[LineStatus, int] = MappingProxyType(
    {status: place for place, status in enumerate(LineStatus)}
)


def advance(current: LineStatus, event: LineStatus) -> LineStatus:
    """The status after an event that says "the call is at ``event``".

    The later of the two: the order in which events arrive makes no difference, and nothing
    leaves ENDED. Never raises.
    """
    return max(current, event, key=_ORDER.__getitem__)


def move(current: LineStatus, to: LineStatus) -> LineStatus:
    """A step the program takes itself. Raises LineStatusBackward unless it leads forward."""
    if _ORDER[to] <= _ORDER[current]:
        raise LineStatusBackward(current=current, to=to)
    return to


def settle_end(known: LineEnd | None, reported: LineEnd) -> LineEnd:
    """Why the call ended: the first reason told stays, a later one changes nothing."""
    return reported if known is None else known


@dataclass(frozen=True, slots=True)
class LineNews:
    """What one word of a provider means; ``end`` is set exactly when ``status`` is ENDED."""

    status: LineStatus
    end: LineEnd | None = None


_TWILIO_WORDS: Mapping[str, LineNews] = MappingProxyType(
    {
        "queued": LineNews(LineStatus.DIALING),
        "initiated": LineNews(LineStatus.DIALING),
        "ringing": LineNews(LineStatus.RINGING),
        "answered": LineNews(LineStatus.CONNECTED),
        "in-progress": LineNews(LineStatus.CONNECTED),
        "completed": LineNews(LineStatus.ENDED, LineEnd.ANSWERED),
        "busy": LineNews(LineStatus.ENDED, LineEnd.BUSY),
        "no-answer": LineNews(LineStatus.ENDED, LineEnd.NO_ANSWER),
        "failed": LineNews(LineStatus.ENDED, LineEnd.FAILED),
        "canceled": LineNews(LineStatus.ENDED, LineEnd.CANCELLED),
    }
)


def news_from_twilio(word: str) -> LineNews | None:
    """Our meaning of a Twilio call status, or None for a word unknown here (change nothing)."""
    return _TWILIO_WORDS.get(word)

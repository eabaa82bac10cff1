"""Pure: what an erasure reaches, and how much lay there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ScopeKind(StrEnum):
    CONTRACT = "contract"
    RECEIVABLE = "receivable"
    CAMPAIGN = "campaign"
    CASE = "case"
    RECORDING = "recording"


# An order of the city about one thing: nothing else of its campaign ends with it.
SINGLE = frozenset({ScopeKind.CASE, ScopeKind.RECORDING})


@dataclass(frozen=True, slots=True)
class ErasureScope:
    """What an erasure reaches. Wider scopes leave the narrower fields empty.

    ``until`` is when its keys were destroyed: files made later never held what it erased.
    ``file_id`` is the sealed file of a recording, and set for that kind only.
    """

    kind: ScopeKind
    receivable: str | None = None
    campaign_code: str | None = None
    case_id: UUID | None = None
    until: datetime | None = None
    file_id: UUID | None = None

    def text(self) -> str:
        """``contract``, ``A01``, ``A01-202209``, ``case:UUID`` or ``recording:UUID``."""
        if self.kind in SINGLE:
            return f"{self.kind.value}:{self.case_id or self.file_id}"
        return self.campaign_code or self.receivable or self.kind.value

    def touches(self, receivable: str, campaign_code: str) -> bool:
        """Whether rows of this campaign lie in the scope. A recording has none."""
        if self.kind is ScopeKind.RECORDING:
            return False
        return self.receivable in (None, receivable) and self.campaign_code in (None, campaign_code)


@dataclass(frozen=True, slots=True)
class CountLine:
    """How much lay in one place (a table, a kind of file) of one batch when it was counted."""

    receivable: str | None
    batch: str | None
    place: str
    count: int

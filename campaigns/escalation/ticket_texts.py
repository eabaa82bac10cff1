"""What is written on a ticket: sealed with its case, opened by those who work on it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from campaigns.cases.models import CallCase
from campaigns.cases.personal_data import CollectedPlace, open_collected, seal_collected
from campaigns.escalation.models import EscalationTicket
from secure_store.work import UnitOfWork

TABLE = "escalation_ticket"


@dataclass(frozen=True, slots=True)
class TicketDetails:
    """What was written on a ticket; sealed with its case."""

    summary: str = field(default="", repr=False)
    told: str = field(default="", repr=False)
    wishes: str = field(default="", repr=False)
    contacted_person: str = field(default="", repr=False)
    department_answer: str = field(default="", repr=False)


def keep_details(
    work: UnitOfWork, case: CallCase, row: EscalationTicket, details: TicketDetails
) -> None:
    row.details_version += 1
    place = CollectedPlace(TABLE, row.id, row.details_version)
    packed = json.dumps(asdict(details), ensure_ascii=False).encode()
    row.details_sealed = seal_collected(work, case, place, (packed,))


def open_details(
    work: UnitOfWork, case: CallCase, row: EscalationTicket, *, for_file: bool
) -> TicketDetails:
    if row.details_sealed is None:
        return TicketDetails()
    place = CollectedPlace(TABLE, row.id, row.details_version)
    (packed,) = open_collected(work, case, place, row.details_sealed, for_file=for_file)
    return TicketDetails(**json.loads(packed))

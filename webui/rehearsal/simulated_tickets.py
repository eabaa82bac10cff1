"""The supervisor and the department at a ticket of a simulated day. Rehearsal only."""

from __future__ import annotations

from random import Random

from campaigns import api as campaigns
from campaigns.api import TicketState
from secure_store.access import Actor, Role
from secure_store.work import SecureStore

SUPERVISOR = Actor(code="SV01", role=Role.SUPERVISOR, rehearsal=True)
OFFICER = Actor(code="CF01", role=Role.DEPARTMENT_OFFICER, rehearsal=True)
MAY_RESUME, OTHER_ANSWER = 4, 6


def take_further(store: SecureStore, ticket: campaigns.TicketView, chance: Random) -> None:
    """One step of one ticket; the department answers half of them itself (S4-12.1i, 12.2c)."""
    resumes = chance.random() < 0.4
    answer = (ticket.id, MAY_RESUME if resumes else OTHER_ANSWER, resumes, "見本：確認済み")
    by_officer = ticket.state is TicketState.CONTACTED and chance.random() < 0.5
    with store.work(OFFICER if by_officer else SUPERVISOR) as work:
        match ticket.state:
            case TicketState.RAISED:
                campaigns.acknowledge(work, ticket.id)
            case TicketState.ACKNOWLEDGED:
                campaigns.note_contact(work, ticket.id, "見本係 見本")
            case TicketState.CONTACTED if by_officer:
                campaigns.answer(work, *answer)
            case TicketState.CONTACTED:
                campaigns.enter_answer(work, *answer)
            case TicketState.ANSWERED:
                campaigns.finish(work, ticket.id)

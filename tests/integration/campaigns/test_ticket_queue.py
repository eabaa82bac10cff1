"""The queue of tickets: its order, its pages, and who sees which of it, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from campaigns import api as campaigns
from campaigns.escalation.models import EscalationTicket
from secure_store.access import Actor, Role
from secure_store.clock import FixedClock
from secure_store.errors import NotAllowed, NotFound
from secure_store.work import SecureStore
from tests.web.calls_to_tickets import SUPERVISOR, call_with, open_a01
from tests.web.pages import enrol
from webui.services import Services

pytestmark = pytest.mark.both_databases
DAY = date(2022, 9, 15)
OFFICER = Actor(code="CF01", role=Role.DEPARTMENT_OFFICER, receivables=frozenset({"A01"}))


@pytest.fixture
def first(home: Services, clock: FixedClock) -> UUID:
    enrol(home, "SV01", "OP01")
    open_a01(home)
    return call_with(home, clock, "61", "分けて納めたい。平日の夕方に連絡してほしい。")


def copies(store: SecureStore, ticket: UUID, count: int, *, closed: bool = False) -> None:
    """More tickets about the same call: every seventh urgent, three to a day."""
    with store.work(SUPERVISOR) as work:
        model = work.session.get_one(EscalationTicket, ticket)
        for number in range(2, count + 2):
            work.session.add(
                EscalationTicket(
                    id=uuid4(),
                    number=f"E-A01-20220915-{number:03d}",
                    case_id=model.case_id,
                    campaign_code=model.campaign_code,
                    receivable=model.receivable,
                    call_record_id=model.call_record_id,
                    business_day=DAY,
                    mark=model.mark,
                    is_urgent=number % 7 == 0,
                    state=campaigns.TicketState.CLOSED if closed else model.state,
                    reply_due_on=DAY + timedelta(days=number // 3),
                    details_version=0,
                )
            )


def walked(store: SecureStore, actor: Actor, *, closed: bool = False) -> list[campaigns.TicketLine]:
    """All pages one after another, each joined to the one before."""
    lines: list[campaigns.TicketLine] = []
    after: str | None = None
    while True:
        with store.work(actor, readonly=True) as work:
            page = campaigns.ticket_queue(work, closed=closed, after=after, limit=10)
        assert page.before == len(lines)
        lines += page.lines
        if page.next_after is None:
            assert page.total == len(lines)
            assert page.urgent == sum(line.is_urgent for line in lines)
            return lines
        after = page.next_after


def test_the_pages_give_every_ticket_once_urgent_and_early_first(
    store: SecureStore, first: UUID
) -> None:
    copies(store, first, 34)
    lines = walked(store, SUPERVISOR)
    assert len({line.number for line in lines}) == len(lines) == 35
    order = [(not line.is_urgent, line.reply_due_on, line.number) for line in lines]
    assert order == sorted(order)


def test_closed_tickets_are_apart_and_newest_first(store: SecureStore, first: UUID) -> None:
    copies(store, first, 23, closed=True)
    assert [line.id for line in walked(store, SUPERVISOR)] == [first]
    closed = walked(store, SUPERVISOR, closed=True)
    assert len(closed) == 23
    order = [(line.reply_due_on, line.number) for line in closed]
    assert order == sorted(order, reverse=True)


def test_a_line_tells_the_call_in_codes(store: SecureStore, first: UUID) -> None:
    with store.work(OFFICER, readonly=True) as work:
        line = campaigns.ticket_line(work, first)
    assert (line.outcome_code, line.outcome_label) == ("61", "分割納付・納付相談の希望")
    assert (line.receivable, line.campaign_code, line.agent) == ("A01", "A01-202209", "OP01")
    assert line.row_number >= 1


def test_a_receivable_not_granted_is_not_there(store: SecureStore, first: UUID) -> None:
    stranger = Actor("CF02", Role.DEPARTMENT_OFFICER, frozenset({"A02"}))
    with store.work(stranger, readonly=True) as work:
        assert campaigns.ticket_queue(work).total == 0
        with pytest.raises(NotFound):
            campaigns.ticket_line(work, first)
        with pytest.raises(NotFound):
            campaigns.ticket_text_fault(work, first, "係長", 20)
        with pytest.raises(NotFound):
            campaigns.ticket_queue(work, after="E-A01-20220915-001")


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.VERIFIER])
def test_other_roles_see_no_queue(store: SecureStore, role: Role) -> None:
    with store.work(Actor("XX01", role), readonly=True) as work, pytest.raises(NotAllowed):
        campaigns.ticket_queue(work)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("子ども係 係長", None),
        ("𠮷田", campaigns.TextFaultKind.NOT_ENCODABLE),
        ("=1+1", campaigns.TextFaultKind.FORMULA_START),
        ("係\u202e長", campaigns.TextFaultKind.CONTROL_CHARACTER),
        ("長" * 21, campaigns.TextFaultKind.TOO_LONG),
    ],
)
def test_text_is_checked_against_the_campaigns_encoding(
    store: SecureStore, first: UUID, text: str, kind: campaigns.TextFaultKind | None
) -> None:
    with store.work(SUPERVISOR, readonly=True) as work:
        fault = campaigns.ticket_text_fault(work, first, text, 20)
    assert (fault.kind if fault else None) is kind

"""Evidence holds: who places them, over what they stand, and that each act is noted."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from secure_store.access import Actor, Role
from secure_store.audit.tags import Tag
from secure_store.errors import Invalid, NotAllowed, NotFound
from secure_store.models import AuditEvent
from secure_store.orders.holds import EvidenceHeld, lift, place, require_no_hold, standing
from secure_store.work import SecureStore

SUPERVISOR = Actor(code="SV01", role=Role.SUPERVISOR)


@pytest.mark.both_databases
@pytest.mark.clause("S4-14.11a")
@pytest.mark.parametrize(
    ("held", "asked", "is_refused"),
    [
        ("A01", "A01", True),
        ("A01", "A02", False),
        ("A01", None, True),  # the contract holds the receivable too
        (None, "A02", True),
        (None, None, True),
    ],
)
def test_a_hold_stands_over_its_scope(
    store: SecureStore, held: str | None, asked: str | None, is_refused: bool
) -> None:
    with store.work(SUPERVISOR) as work:
        hold_id = place(work, held, " INC-9 ")
    with store.work(SUPERVISOR, readonly=True) as work:
        if is_refused:
            with pytest.raises(EvidenceHeld) as refused:
                require_no_hold(work, asked)
            assert refused.value.details == {"document_no": "INC-9"}
        else:
            require_no_hold(work, asked)
    with store.work(SUPERVISOR) as work:
        lift(work, hold_id)
        require_no_hold(work, asked)
        assert standing(work) == []


def test_a_hold_needs_the_number_of_its_case(store: SecureStore) -> None:
    for number in ("", "   ", "x" * 61):
        with pytest.raises(Invalid), store.work(SUPERVISOR) as work:
            place(work, "A01", number)
    with store.work(SUPERVISOR, readonly=True) as work:
        assert standing(work) == []


def test_a_hold_is_lifted_once(store: SecureStore) -> None:
    with store.work(SUPERVISOR) as work:
        hold_id = place(work, None, "INC-9")
        lift(work, hold_id)
    for unknown in (hold_id, uuid4()):
        with pytest.raises(NotFound), store.work(SUPERVISOR) as work:
            lift(work, unknown)


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR, Role.VERIFIER, Role.DEPARTMENT_OFFICER])
def test_others_neither_place_nor_lift_a_hold(store: SecureStore, role: Role) -> None:
    with store.work(SUPERVISOR) as work:
        hold_id = place(work, None, "INC-9")
    other = Actor(code="XX01", role=role)
    with pytest.raises(NotAllowed), store.work(other) as work:
        place(work, None, "INC-10")
    with pytest.raises(NotAllowed), store.work(other) as work:
        lift(work, hold_id)
    with store.work(SUPERVISOR, readonly=True) as work:
        assert [hold.document_no for hold in standing(work)] == ["INC-9"]


def test_both_acts_are_noted_without_the_number(store: SecureStore) -> None:
    with store.work(SUPERVISOR) as work:
        hold_id = place(work, "A01", "札管第12号")
    with store.work(SUPERVISOR) as work:
        lift(work, hold_id)
    with store.work(SUPERVISOR, readonly=True) as work:
        query = select(AuditEvent).where(AuditEvent.object_id == hold_id).order_by(AuditEvent.seq)
        events = list(work.session.scalars(query))
    assert [event.tag for event in events] == [Tag.HOLD_PLACED.value, Tag.HOLD_LIFTED.value]
    assert all("札管".encode() not in event.body for event in events)

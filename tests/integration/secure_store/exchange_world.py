"""Named handlers, media and deliveries for tests of the exchange with the city."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

import pytest

from secure_store.access import Actor, Role
from secure_store.audit.tags import Tag
from secure_store.errors import DomainError
from secure_store.exchange.hand_overs import Designated, NewHandOver
from secure_store.models import AuditEvent, StaffMember
from secure_store.work import SecureStore, UnitOfWork

Answer = TypeVar("Answer")

ADMIN = Actor("AD01", Role.SYSTEM_ADMIN, rehearsal=True)
SV, SV2, OFF_CHART = (
    Actor(code, Role.SUPERVISOR, rehearsal=True) for code in ("SV01", "SV02", "SV03")
)
OFFICER = Actor("CF01", Role.DEPARTMENT_OFFICER, frozenset({"A01"}), rehearsal=True)
AGENT = Actor("OP01", Role.AGENT, frozenset({"A01"}), rehearsal=True)
AUDITOR = Actor("AU01", Role.AUDITOR, rehearsal=True)
FILES = {"A01_202209_TAISHO_20220913.csv": b"lent one", "B.csv": b"lent two"}
CAMPAIGN = "A01-202209"
LISTS = Designated(("medium", "hand"), ("centre",), ("medium",))
_DAY = date(2022, 6, 1)


def staffed(store: SecureStore) -> SecureStore:
    """Three supervisors, one of them not on the staffing chart, and one of every other role."""
    with store.work(ADMIN) as work:
        for actor in (ADMIN, SV, SV2, OFF_CHART, OFFICER, AGENT, AUDITOR):
            put_account(work, actor, on_chart=actor in (SV, SV2))
    return store


def put_account(work: UnitOfWork, actor: Actor, *, on_chart: bool) -> None:
    """An account that is there; how it came about is no matter of these tests."""
    if work.session.get(StaffMember, actor.code) is not None:
        return
    work.session.add(
        StaffMember(
            code=actor.code,
            display_name=f"見本 {actor.code}",
            role=actor.role,
            password_hash="-",
            is_active=True,
            is_on_chart=on_chart,
            pledge_on=_DAY,
            training_on=_DAY,
            reported_on=_DAY,
            created_at=work.now,
        )
    )
    work.session.flush()


def done(store: SecureStore, actor: Actor, act: Callable[[UnitOfWork], Answer]) -> Answer:
    """One act in a unit of work of its own."""
    with store.work(actor) as work:
        return act(work)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The act inside is refused with this code."""
    with pytest.raises(DomainError) as refusal:
        yield
    assert refusal.value.code == code


def told(store: SecureStore, tag: Tag) -> int:
    """How often the log has this event."""
    with store.work(AUDITOR, readonly=True) as work:
        return work.session.query(AuditEvent).where(AuditEvent.tag == tag.value).count()


def by_hand(work: UnitOfWork, **changes: object) -> NewHandOver:
    """A hand-over at the centre, without a medium."""
    values: dict[str, object] = {
        "receivable": "A01",
        "campaign_code": CAMPAIGN,
        "means": "hand",
        "place": "centre",
        "handed_by": "保育課長",
        "handed_at": work.now,
        **changes,
    }
    return NewHandOver(**values)  # type: ignore[arg-type]

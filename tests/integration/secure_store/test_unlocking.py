"""Locked accounts freed by whoever can open the home."""

from __future__ import annotations

from argparse import Namespace

from sqlalchemy import select

from secure_store.access import Actor, Role
from secure_store.audit.tags import Tag
from secure_store.models import AuditEvent, StaffMember
from secure_store.people.staff import NewStaff, add_staff
from secure_store.people.throttle import LOCK_AT_FAILURES
from webui.cli.context import Context
from webui.cli.output import Output
from webui.cli.staff import unlock_one
from webui.services import Services

FOUNDER = Actor(code="init", role=Role.SYSTEM_ADMIN)


def test_a_locked_account_is_freed_without_anybody_logged_in(home: Services) -> None:
    with home.store.work(FOUNDER) as work:
        add_staff(work, NewStaff("AD01", "見本 一", Role.SYSTEM_ADMIN), "mihon-tsuki-kumo-2022")
        member = work.session.get(StaffMember, "AD01")
        assert member is not None
        member.is_locked, member.failed_logins = True, LOCK_AT_FAILURES
    context = Context(Namespace(code="ad01"), Output(as_json=True))
    context.use(home)
    assert unlock_one(context).document == {"code": "AD01", "is_locked": False}
    with home.store.work(FOUNDER, readonly=True) as work:
        member = work.session.get(StaffMember, "AD01")
        assert member is not None
        assert (member.is_locked, member.failed_logins) == (False, 0)
        query = select(AuditEvent.actor).where(AuditEvent.tag == Tag.AUTH_UNLOCKED.value)
        assert list(work.session.scalars(query)) == ["init"]

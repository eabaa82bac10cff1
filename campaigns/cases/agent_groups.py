"""Groups of agents: who shares which cases (S4-12.1c). One group works for one receivable."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import bindparam, select

from campaigns.cases.models import AgentGroup, AgentGroupMember
from campaigns.errors import AgentNotEligible, GroupCodeInvalid, GroupExists, GroupRetired
from secure_store.access import Permission, require, require_receivable
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.people.staff import agents_of
from secure_store.work import UnitOfWork

# A staff code begins with two letters, a group code with one: neither can be taken for the other.
GROUP_CODE = re.compile(r"G[0-9]{2,4}")
NAME_MAX = 40


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with its present members by code, in order."""

    code: str
    name: str
    receivable: str
    members: tuple[str, ...]
    made_at: datetime
    made_by: str
    retired_at: datetime | None
    retired_by: str | None

    @property
    def is_active(self) -> bool:
        return self.retired_at is None


@dataclass(frozen=True, slots=True)
class MembershipLine:
    """One stay of one person in a group; ``left_at`` None while it lasts."""

    staff_code: str
    joined_at: datetime
    joined_by: str
    left_at: datetime | None
    left_by: str | None


def is_group_code(code: str) -> bool:
    """True for the code of a group, whether there is such a group or not."""
    return GROUP_CODE.fullmatch(code) is not None


def make_group(work: UnitOfWork, code: str, name: str, receivable: str) -> GroupView:
    """Makes an empty group for one receivable.

    Raises GroupCodeInvalid for a code that is none or a name that is empty or too long, GroupExists
    also for the code of a retired group: what its history says must stay true.
    """
    require(work.actor, Permission.ASSIGN_CASES)
    require_receivable(work.actor, receivable)
    if not is_group_code(code) or not 0 < len(name.strip()) <= NAME_MAX:
        raise GroupCodeInvalid  # without the code: somebody may have typed a name there
    if work.session.get(AgentGroup, code) is not None:
        raise GroupExists(group=code)
    row = AgentGroup(
        code=code,
        name=name.strip(),
        receivable=receivable,
        made_at=work.now,
        made_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    work.audit(Tag.GROUP_MADE, receivable=receivable, ref=code)
    return _view(row, ())


def add_member(work: UnitOfWork, code: str, staff_code: str) -> bool:
    """Takes a person of the receivable into the group; False when already in it.

    Raises NotFound, GroupRetired, AgentNotEligible for somebody the receivable was not granted to.
    """
    row = active_group(work, code)
    if staff_code not in {view.code for view in agents_of(work, row.receivable)}:
        raise AgentNotEligible(agent=staff_code, receivable=row.receivable)
    if _membership(work, code, staff_code) is not None:
        return False
    work.session.add(
        AgentGroupMember(
            id=uuid4(),
            group_code=code,
            staff_code=staff_code,
            joined_at=work.now,
            joined_by=work.actor.code,
        )
    )
    work.session.flush()
    work.audit(Tag.GROUP_JOINED, receivable=row.receivable, ref=code, reason=staff_code)
    return True


def remove_member(work: UnitOfWork, code: str, staff_code: str) -> bool:
    """Takes a person out; False when not in it. A case in that person's hand stays there."""
    row = active_group(work, code)
    membership = _membership(work, code, staff_code)
    if membership is None:
        return False
    _leave(work, membership)
    work.audit(Tag.GROUP_LEFT, receivable=row.receivable, ref=code, reason=staff_code)
    return True


def end_group(work: UnitOfWork, row: AgentGroup) -> None:
    """Marks a group as retired and ends its memberships; its cases must have gone before."""
    for membership in _current(work, row.code):
        _leave(work, membership)
    row.retired_at = work.now
    row.retired_by = work.actor.code
    work.audit(Tag.GROUP_RETIRED, receivable=row.receivable, ref=row.code)


def active_group(work: UnitOfWork, code: str) -> AgentGroup:
    """The group, for a change by a supervisor of its receivable. Raises NotFound, GroupRetired."""
    require(work.actor, Permission.ASSIGN_CASES)
    row = work.session.get(AgentGroup, code, with_for_update=True, populate_existing=True)
    if row is None or not work.actor.sees(row.receivable):
        raise NotFound(kind="agent_group")
    if row.retired_at is not None:
        raise GroupRetired(group=code)
    return row


def list_groups(work: UnitOfWork, receivable: str | None = None) -> list[GroupView]:
    """The groups of this person's receivables, or of one; the active ones first, then by code."""
    require(work.actor, Permission.ASSIGN_CASES)
    query = select(AgentGroup).order_by(AgentGroup.retired_at.is_not(None), AgentGroup.code)
    if receivable is not None:
        query = query.where(AgentGroup.receivable == receivable)
    rows = [row for row in work.session.scalars(query) if work.actor.sees(row.receivable)]
    members = _members(work)
    return [_view(row, members.get(row.code, ())) for row in rows]


def get_group(work: UnitOfWork, code: str) -> GroupView:
    """One group, retired ones included. Raises NotFound."""
    found = [view for view in list_groups(work) if view.code == code]
    if not found:
        raise NotFound(kind="agent_group")
    return found[0]


def memberships(work: UnitOfWork, code: str) -> list[MembershipLine]:
    """Everybody who ever belonged to the group, the newest stay first. Raises NotFound."""
    get_group(work, code)
    rows = work.session.scalars(
        select(AgentGroupMember)
        .where(AgentGroupMember.group_code == code)
        .order_by(AgentGroupMember.joined_at.desc(), AgentGroupMember.staff_code)
    )
    return [
        MembershipLine(row.staff_code, row.joined_at, row.joined_by, row.left_at, row.left_by)
        for row in rows
    ]


_GROUPS_OF = (
    select(AgentGroup.code, AgentGroup.receivable)
    .join(AgentGroupMember, AgentGroupMember.group_code == AgentGroup.code)
    .where(
        AgentGroupMember.staff_code == bindparam("member"),
        AgentGroupMember.left_at.is_(None),
        AgentGroup.retired_at.is_(None),
    )
    .order_by(AgentGroup.code)
)


def holders_of(work: UnitOfWork) -> tuple[str, ...]:
    """In whose name the acting person is served: the own code first, then the groups by code.

    Only groups of receivables this person sees: a grant that was taken back ends the sharing at
    once, whatever the list of members says. Found once for a unit of work.
    """
    sources = (AgentGroup, AgentGroupMember)
    return work.known.once("holders", sources, lambda: _holders(work))


def _holders(work: UnitOfWork) -> tuple[str, ...]:
    rows = work.run(_GROUPS_OF, {"member": work.actor.code})
    groups = [code for code, receivable in rows if work.actor.sees(receivable)]
    return (work.actor.code, *groups)


def hold_groups(work: UnitOfWork, receivable: str, codes: Collection[str]) -> set[str]:
    """Which of these codes are active groups of the receivable; they stay so until the commit.

    Asked before cases are given: a group retired in between would be left with cases nobody gets.
    """
    return set(
        work.session.scalars(
            select(AgentGroup.code)
            .where(
                AgentGroup.code.in_(list(codes)),
                AgentGroup.receivable == receivable,
                AgentGroup.retired_at.is_(None),
            )
            .order_by(AgentGroup.code)
            .with_for_update(key_share=True)
        )
    )


def able_holders(work: UnitOfWork, receivable: str) -> frozenset[str]:
    """Who can work on cases of a receivable now: agents, and groups with at least one of them."""
    agents = {view.code for view in agents_of(work, receivable)}
    rows = work.session.scalars(
        select(AgentGroup.code)
        .join(AgentGroupMember, AgentGroupMember.group_code == AgentGroup.code)
        .where(
            AgentGroup.receivable == receivable,
            AgentGroup.retired_at.is_(None),
            AgentGroupMember.left_at.is_(None),
            AgentGroupMember.staff_code.in_(sorted(agents)),
        )
    )
    return frozenset({*agents, *rows})


def _view(row: AgentGroup, members: tuple[str, ...]) -> GroupView:
    return GroupView(
        row.code,
        row.name,
        row.receivable,
        members,
        row.made_at,
        row.made_by,
        row.retired_at,
        row.retired_by,
    )


def _members(work: UnitOfWork) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    rows = work.session.execute(
        select(AgentGroupMember.group_code, AgentGroupMember.staff_code)
        .where(AgentGroupMember.left_at.is_(None))
        .order_by(AgentGroupMember.group_code, AgentGroupMember.staff_code)
    )
    for group, staff_code in rows:
        found[group] = (*found.get(group, ()), staff_code)
    return found


def _current(work: UnitOfWork, code: str) -> list[AgentGroupMember]:
    return list(
        work.session.scalars(
            select(AgentGroupMember).where(
                AgentGroupMember.group_code == code, AgentGroupMember.left_at.is_(None)
            )
        )
    )


def _membership(work: UnitOfWork, code: str, staff_code: str) -> AgentGroupMember | None:
    return next((row for row in _current(work, code) if row.staff_code == staff_code), None)


def _leave(work: UnitOfWork, membership: AgentGroupMember) -> None:
    membership.left_at = work.now
    membership.left_by = work.actor.code

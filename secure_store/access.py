"""Pure: who acts, and whether this person may. The table itself is permission_table.py."""

from __future__ import annotations

from dataclasses import dataclass, field

from secure_store.errors import NotAllowed
from secure_store.people.permission_table import (
    ROWS,
    TABLE,
    Mark,
    Permission,
    Role,
    Scope,
    TerminalKind,
)

__all__ = [
    "GRANTS",
    "REHEARSAL_GRANTS",
    "Actor",
    "Mark",
    "Permission",
    "Role",
    "Scope",
    "TerminalKind",
    "has_mark",
    "require",
    "require_receivable",
    "system_actor",
]

GRANTS: dict[Role, frozenset[Permission]] = {
    role: frozenset(row.permission for row in TABLE if role in row.grants) for role in Role
}
# Rehearsal homes only: everybody who trains may look at the components, a supervisor may move the clock.
REHEARSAL_GRANTS: dict[Role, frozenset[Permission]] = {
    role: frozenset(row.permission for row in TABLE if role in row.rehearsal) for role in Role
}


def has_mark(permission: Permission, mark: Mark) -> bool:
    """True when the table asks for this besides the permission."""
    return mark in ROWS[permission].marks


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a staff code, a role, and the receivables this person was granted.

    ``receivables`` None means all of the contract; an empty set means none.
    """

    code: str
    role: Role
    receivables: frozenset[str] | None = field(default=None)
    session_ref: str | None = None
    terminal: str | None = None
    terminal_kind: TerminalKind | None = None
    request_id: str | None = None
    rehearsal: bool = False

    def may(self, permission: Permission) -> bool:
        """True when the role holds the permission and this terminal is no bar to it."""
        on_agents_terminal = self.terminal_kind is TerminalKind.OPERATOR
        if on_agents_terminal and has_mark(permission, Mark.SUPERVISOR_TERMINAL):
            return False
        if permission in GRANTS[self.role]:
            return True
        return self.rehearsal and permission in REHEARSAL_GRANTS[self.role]

    def sees(self, receivable: str) -> bool:
        """True when this person was granted the receivable."""
        return self.receivables is None or receivable in self.receivables


def system_actor(name: str) -> Actor:
    """The actor of a process that acts by itself, such as the scheduler."""
    return Actor(code=name, role=Role.SYSTEM)


def require(actor: Actor, permission: Permission) -> None:
    """Raises NotAllowed unless the actor holds the permission."""
    if not actor.may(permission):
        raise NotAllowed(permission=permission.value, role=actor.role.value)


def require_receivable(actor: Actor, receivable: str) -> None:
    """Raises NotAllowed unless the receivable was granted to the actor (S4-14.4-1)."""
    if not actor.sees(receivable):
        raise NotAllowed(receivable=receivable)

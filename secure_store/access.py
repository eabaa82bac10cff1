"""Pure: who may do what. The one table that code, screens and tests read (S4-8.6g, S4-12.2d).

Roles are those of decision 17. A permission names an act, not a screen. Deny by default.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from secure_store.errors import NotAllowed


class Role(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    DEPARTMENT_OFFICER = "department_officer"
    SYSTEM_ADMIN = "system_admin"
    AUDITOR = "auditor"
    VERIFIER = "verifier"
    SYSTEM = "system"  # the scheduler and the command line's own housekeeping; never a person


class TerminalKind(StrEnum):
    """What a registered terminal is for (S4-8.6c)."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"


class Permission(StrEnum):
    USE_OWN_ACCOUNT = "use_own_account"
    TAKE_CASE = "take_case"
    SEE_OWN_RESULTS = "see_own_results"
    SEARCH_CALLBACK = "search_callback"
    SEARCH_QA = "search_qa"
    RAISE_TICKET = "raise_ticket"
    BE_ON_DUTY = "be_on_duty"
    ASSIGN_CASES = "assign_cases"
    SEE_CASE_LISTS = "see_case_lists"
    SEE_BOARD = "see_board"
    MANAGE_CAMPAIGNS = "manage_campaigns"
    RECEIVE_LENT_DATA = "receive_lent_data"
    PUBLISH_LENT_DATA = "publish_lent_data"
    MANAGE_EXCHANGE = "manage_exchange"
    CONFIRM_RECIPIENTS = "confirm_recipients"
    SEE_TRANSFERS = "see_transfers"
    EXPORT_DATA = "export_data"
    SEE_INVENTORY = "see_inventory"
    HANDLE_TICKETS = "handle_tickets"
    ANSWER_TICKETS = "answer_tickets"
    CORRECT_OUTCOME = "correct_outcome"
    WITHDRAW_CASE = "withdraw_case"
    CLOSE_DAY = "close_day"
    SIGN_DAILY_FILES = "sign_daily_files"
    READ_DAILY_FILES = "read_daily_files"
    ORDER_HOURS = "order_hours"
    ENTER_INSTRUCTIONS = "enter_instructions"
    EDIT_SCRIPTS = "edit_scripts"
    APPROVE_SCRIPTS = "approve_scripts"
    IMPORT_OUTCOMES = "import_outcomes"
    SUSPEND = "suspend"
    HANDLE_INCIDENTS = "handle_incidents"
    SEE_INCIDENTS = "see_incidents"
    READ_HANDLING_REPORT = "read_handling_report"
    MANAGE_STAFF = "manage_staff"
    SEE_STAFF = "see_staff"
    UNLOCK_STAFF = "unlock_staff"
    REQUEST_ERASURE = "request_erasure"
    DESTROY_KEYS = "destroy_keys"
    VERIFY_ERASURE = "verify_erasure"
    READ_CERTIFICATES = "read_certificates"
    READ_AUDIT = "read_audit"
    VERIFY_AUDIT = "verify_audit"
    DISCLOSE_AUDIT = "disclose_audit"
    PRUNE_AUDIT = "prune_audit"
    CHANGE_SETTINGS = "change_settings"
    MOVE_CLOCK = "move_clock"
    SEE_STYLEGUIDE = "see_styleguide"


_EVERYBODY = frozenset({Permission.USE_OWN_ACCOUNT})

_AGENT = _EVERYBODY | {
    Permission.TAKE_CASE,
    Permission.SEE_OWN_RESULTS,
    Permission.SEARCH_CALLBACK,
    Permission.SEARCH_QA,
    Permission.RAISE_TICKET,
}

_SUPERVISOR = _AGENT | {
    Permission.BE_ON_DUTY,
    Permission.ASSIGN_CASES,
    Permission.SEE_CASE_LISTS,
    Permission.SEE_BOARD,
    Permission.MANAGE_CAMPAIGNS,
    Permission.RECEIVE_LENT_DATA,
    Permission.PUBLISH_LENT_DATA,
    Permission.MANAGE_EXCHANGE,
    Permission.CONFIRM_RECIPIENTS,
    Permission.SEE_TRANSFERS,
    Permission.EXPORT_DATA,
    Permission.SEE_INVENTORY,
    Permission.HANDLE_TICKETS,
    Permission.CORRECT_OUTCOME,
    Permission.WITHDRAW_CASE,
    Permission.CLOSE_DAY,
    Permission.SIGN_DAILY_FILES,
    Permission.READ_DAILY_FILES,
    Permission.ORDER_HOURS,
    Permission.ENTER_INSTRUCTIONS,
    Permission.EDIT_SCRIPTS,
    Permission.IMPORT_OUTCOMES,
    Permission.SUSPEND,
    Permission.HANDLE_INCIDENTS,
    Permission.SEE_INCIDENTS,
    Permission.READ_HANDLING_REPORT,
    Permission.SEE_STAFF,
    Permission.UNLOCK_STAFF,
    Permission.REQUEST_ERASURE,
    Permission.DESTROY_KEYS,
    Permission.READ_CERTIFICATES,
}

_OFFICER = _EVERYBODY | {
    Permission.CONFIRM_RECIPIENTS,
    Permission.ANSWER_TICKETS,
    Permission.READ_DAILY_FILES,
    Permission.APPROVE_SCRIPTS,
    Permission.READ_CERTIFICATES,
}

_ADMIN = _EVERYBODY | {
    Permission.SEE_INVENTORY,
    Permission.SEE_TRANSFERS,
    Permission.MANAGE_STAFF,
    Permission.SEE_STAFF,
    Permission.UNLOCK_STAFF,
    Permission.DESTROY_KEYS,
    Permission.VERIFY_AUDIT,
    Permission.PRUNE_AUDIT,
    Permission.CHANGE_SETTINGS,
    Permission.SUSPEND,
    Permission.HANDLE_INCIDENTS,
    Permission.SEE_INCIDENTS,
    Permission.READ_HANDLING_REPORT,
    Permission.READ_CERTIFICATES,
}

_AUDITOR = _EVERYBODY | {
    Permission.SEE_INCIDENTS,
    Permission.READ_HANDLING_REPORT,
    Permission.DISCLOSE_AUDIT,
    Permission.SEE_TRANSFERS,
    Permission.SEE_INVENTORY,
    Permission.READ_AUDIT,
    Permission.VERIFY_AUDIT,
    Permission.SEE_STAFF,
    Permission.READ_CERTIFICATES,
}

_VERIFIER = _EVERYBODY | {
    Permission.SEE_INVENTORY,
    Permission.SEE_TRANSFERS,
    Permission.VERIFY_ERASURE,
    Permission.VERIFY_AUDIT,
    Permission.READ_CERTIFICATES,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: frozenset(_AGENT),
    Role.SUPERVISOR: frozenset(_SUPERVISOR),
    Role.DEPARTMENT_OFFICER: frozenset(_OFFICER),
    Role.SYSTEM_ADMIN: frozenset(_ADMIN),
    Role.AUDITOR: frozenset(_AUDITOR),
    Role.VERIFIER: frozenset(_VERIFIER),
    Role.SYSTEM: frozenset(
        {Permission.CLOSE_DAY, Permission.MANAGE_CAMPAIGNS, Permission.VERIFY_AUDIT}
    ),
}

# Rehearsal homes only: everybody who trains may look at the components, a supervisor may move the clock.
REHEARSAL_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.SUPERVISOR: frozenset({Permission.MOVE_CLOCK, Permission.SEE_STYLEGUIDE}),
    Role.SYSTEM_ADMIN: frozenset({Permission.SEE_STYLEGUIDE}),
}


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
    request_id: str | None = None
    rehearsal: bool = False

    def may(self, permission: Permission) -> bool:
        """True when the role holds the permission."""
        if permission in GRANTS[self.role]:
            return True
        return self.rehearsal and permission in REHEARSAL_GRANTS.get(self.role, frozenset())

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

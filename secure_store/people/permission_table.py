"""Pure: the one table of who may do what (S4-8.6g, S4-12.2d, security.md 7.3).

Code, screens, documentation and tests read this table; nothing else grants anything. A new
permission is one line of the enum and one row. Deny by default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Flag, StrEnum


class Role(StrEnum):
    """The roles of decision 17."""

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


class Scope(StrEnum):
    """How far a permission reaches."""

    OWN = "own"  # what lies in one's own hands
    GRANTED = "granted"  # the receivables this person was granted
    ALL = "all"  # the whole contract


class Mark(Flag):
    """What an act asks for besides the permission."""

    NONE = 0
    TWO_PERSONS = 1  # what cannot be taken back is confirmed by a second person
    STEP_UP = 2  # every act asks for a password given within five minutes
    SUPERVISOR_TERMINAL = 4  # refused on terminals registered for agents


class Permission(StrEnum):
    """An act, not a screen."""

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
    APPROVE_STAFF = "approve_staff"
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
    MANAGE_BACKUPS = "manage_backups"
    ROTATE_KEYS = "rotate_keys"
    MANAGE_TERMINALS = "manage_terminals"
    MOVE_CLOCK = "move_clock"
    SEE_STYLEGUIDE = "see_styleguide"


@dataclass(frozen=True, slots=True)
class Row:
    """One permission: who holds it, how far, and what it asks for besides."""

    permission: Permission
    grants: Mapping[Role, Scope]
    rehearsal: frozenset[Role]  # who holds it in rehearsal homes as well
    marks: Mark


_SHORT = {
    "OP": Role.AGENT,
    "SV": Role.SUPERVISOR,
    "CF": Role.DEPARTMENT_OFFICER,
    "AD": Role.SYSTEM_ADMIN,
    "AU": Role.AUDITOR,
    "VF": Role.VERIFIER,
    "SYS": Role.SYSTEM,
}


def _row(
    permission: Permission,
    *,
    own: str = "",
    granted: str = "",
    all: str = "",
    rehearsal: str = "",
    marks: Mark = Mark.NONE,
) -> Row:
    grants = {
        _SHORT[short]: scope
        for scope, shorts in ((Scope.OWN, own), (Scope.GRANTED, granted), (Scope.ALL, all))
        for short in shorts.split()
    }
    return Row(permission, grants, frozenset(_SHORT[one] for one in rehearsal.split()), marks)


TABLE: tuple[Row, ...] = (
    _row(Permission.USE_OWN_ACCOUNT, own="OP SV CF AD AU VF"),
    _row(Permission.TAKE_CASE, granted="OP SV"),
    _row(Permission.SEE_OWN_RESULTS, own="OP", granted="SV"),
    _row(Permission.SEARCH_CALLBACK, granted="OP SV"),
    _row(Permission.SEARCH_QA, granted="OP SV"),
    _row(Permission.RAISE_TICKET, own="OP", granted="SV"),
    _row(Permission.BE_ON_DUTY, all="SV"),
    _row(Permission.ASSIGN_CASES, granted="SV"),
    _row(Permission.SEE_CASE_LISTS, granted="SV"),
    _row(Permission.SEE_BOARD, granted="SV"),
    _row(Permission.MANAGE_CAMPAIGNS, granted="SV", all="SYS"),
    _row(Permission.RECEIVE_LENT_DATA, granted="SV", marks=Mark.STEP_UP | Mark.SUPERVISOR_TERMINAL),
    _row(Permission.PUBLISH_LENT_DATA, granted="SV", marks=Mark.SUPERVISOR_TERMINAL),
    _row(Permission.MANAGE_EXCHANGE, granted="SV", marks=Mark.SUPERVISOR_TERMINAL),
    _row(
        Permission.CONFIRM_RECIPIENTS,
        granted="SV CF",
        marks=Mark.STEP_UP | Mark.SUPERVISOR_TERMINAL,
    ),
    _row(Permission.SEE_TRANSFERS, granted="SV", all="AD AU VF"),
    _row(Permission.EXPORT_DATA, granted="SV", marks=Mark.STEP_UP | Mark.SUPERVISOR_TERMINAL),
    _row(Permission.SEE_INVENTORY, all="SV AD AU VF"),
    _row(Permission.HANDLE_TICKETS, granted="SV"),
    _row(Permission.ANSWER_TICKETS, granted="CF"),
    _row(Permission.CORRECT_OUTCOME, granted="SV"),
    _row(Permission.WITHDRAW_CASE, granted="SV"),
    _row(Permission.CLOSE_DAY, granted="SV", all="SYS", marks=Mark.SUPERVISOR_TERMINAL),
    _row(Permission.SIGN_DAILY_FILES, granted="SV", marks=Mark.STEP_UP | Mark.SUPERVISOR_TERMINAL),
    _row(Permission.READ_DAILY_FILES, granted="SV CF", marks=Mark.SUPERVISOR_TERMINAL),
    _row(Permission.ORDER_HOURS, granted="SV", marks=Mark.STEP_UP),
    _row(Permission.ENTER_INSTRUCTIONS, granted="SV"),
    _row(Permission.EDIT_SCRIPTS, granted="SV"),
    _row(Permission.APPROVE_SCRIPTS, granted="CF"),
    _row(Permission.IMPORT_OUTCOMES, granted="SV", marks=Mark.STEP_UP),
    _row(Permission.SUSPEND, granted="SV", all="AD", marks=Mark.TWO_PERSONS),
    _row(Permission.HANDLE_INCIDENTS, granted="SV", all="AD"),
    _row(Permission.SEE_INCIDENTS, granted="SV", all="AD AU"),
    _row(Permission.READ_HANDLING_REPORT, granted="SV", all="AD AU"),
    _row(Permission.MANAGE_STAFF, all="AD", marks=Mark.TWO_PERSONS | Mark.STEP_UP),
    _row(Permission.APPROVE_STAFF, all="SV", marks=Mark.STEP_UP),
    _row(Permission.SEE_STAFF, all="SV AD AU"),
    _row(Permission.UNLOCK_STAFF, all="SV AD"),
    _row(Permission.REQUEST_ERASURE, granted="SV"),
    _row(
        Permission.DESTROY_KEYS,
        granted="SV",
        all="AD",
        marks=Mark.TWO_PERSONS | Mark.STEP_UP | Mark.SUPERVISOR_TERMINAL,
    ),
    _row(Permission.VERIFY_ERASURE, all="VF", marks=Mark.STEP_UP),
    _row(Permission.READ_CERTIFICATES, granted="SV CF", all="AD AU VF"),
    _row(Permission.READ_AUDIT, all="AU"),
    _row(Permission.VERIFY_AUDIT, all="AD AU VF SYS"),
    _row(Permission.DISCLOSE_AUDIT, all="AU", marks=Mark.STEP_UP | Mark.SUPERVISOR_TERMINAL),
    _row(Permission.PRUNE_AUDIT, all="AD", marks=Mark.STEP_UP),
    _row(Permission.CHANGE_SETTINGS, all="AD", marks=Mark.STEP_UP),
    _row(Permission.MANAGE_BACKUPS, all="AD", marks=Mark.STEP_UP | Mark.SUPERVISOR_TERMINAL),
    _row(
        Permission.ROTATE_KEYS,
        granted="SV",
        all="AD",
        marks=Mark.TWO_PERSONS | Mark.STEP_UP | Mark.SUPERVISOR_TERMINAL,
    ),
    _row(Permission.MANAGE_TERMINALS, all="AD", marks=Mark.STEP_UP),
    _row(Permission.MOVE_CLOCK, rehearsal="SV"),
    _row(Permission.SEE_STYLEGUIDE, rehearsal="SV AD"),
)
ROWS: Mapping[Permission, Row] = {row.permission: row for row in TABLE}

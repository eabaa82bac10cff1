"""Pure: the names of everything the audit trail can hold (S4-8.6h), and nothing else.

A tag says what happened to which kind of object. Free text is impossible by construction:
an event takes a member of this enum, never a string.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class FieldGroup(IntEnum):
    """Bits of the column groups that were shown: what was seen, never the value."""

    CONTACT = 1
    IDENTITY = 2
    DEBT = 4
    COLLECTED = 8
    RECORDING = 16


GROUP_CODES = {
    "G1": FieldGroup.CONTACT,
    "G2": FieldGroup.IDENTITY,
    "G3": FieldGroup.DEBT,
    "G4": FieldGroup.COLLECTED,
    "G5": FieldGroup.RECORDING,
}


class Result(StrEnum):
    """How the act ended."""

    OK = "ok"
    DENIED = "denied"
    FAILED = "failed"


class Tag(StrEnum):
    """``subject:action``, or ``subject:object:action`` where one subject has several objects."""

    AUTH_LOGIN = "auth:login"
    AUTH_LOGIN_FAILED = "auth:login_failed"
    AUTH_LOGOUT = "auth:logout"
    AUTH_LOCKED = "auth:locked"
    AUTH_UNLOCKED = "auth:unlocked"
    AUTH_IDLE_LOCKED = "auth:idle_locked"
    AUTH_RESUMED = "auth:resumed"
    AUTH_STEPPED_UP = "auth:stepped_up"
    AUTH_SECOND_FACTOR_SET = "auth:second_factor_set"
    AUTH_PASSWORD_CHANGED = "auth:password_changed"  # noqa: S105 - the name of an event
    AUTH_SESSION_ENDED = "auth:session_ended"
    AUTH_REFUSED = "auth:refused"

    STAFF_CREATED = "staff:created"
    STAFF_ROLE_CHANGED = "staff:role_changed"
    STAFF_ENABLED = "staff:enabled"
    STAFF_DISABLED = "staff:disabled"
    STAFF_REPORTED = "staff:reported"
    STAFF_LISTED = "staff:listed"
    STAFF_PLEDGE_RECORDED = "staff:pledge:recorded"
    STAFF_TRAINING_RECORDED = "staff:training:recorded"
    STAFF_CHART_CHANGED = "staff:chart:changed"
    TERMINAL_ENROLLED = "terminal:enrolled"
    TERMINAL_REVOKED = "terminal:revoked"
    DUTY_BEGAN = "duty:began"
    DUTY_ENDED = "duty:ended"

    CAMPAIGN_OPENED = "campaign:opened"
    CAMPAIGN_PERIOD_CHANGED = "campaign:period:changed"
    CAMPAIGN_VOLUME_NOTIFIED = "campaign:volume:notified"
    CAMPAIGN_VOLUME_CONFIRMED = "campaign:volume:confirmed"
    CAMPAIGN_VOLUME_PLANNED = "campaign:volume:planned"
    LIST_RECEIVED = "list:received"
    LIST_IMPORTED = "list:imported"
    LIST_PUBLISHED = "list:published"
    LIST_REFUSED = "list:refused"
    LIST_STAGING_REMOVED = "list:staging_removed"
    LIST_RECEIPT_ISSUED = "list:receipt_issued"
    CALL_LIST_BUILT = "call_list:built"

    CASE_ASSIGNED = "case:assigned"
    CASE_UNASSIGNED = "case:unassigned"
    CASE_OPENED = "case:opened"
    CASE_IDENTITY_OPENED = "case:identity_opened"
    CASE_DETAILS_OPENED = "case:details_opened"
    CASE_COLLECTED_OPENED = "case:collected_opened"
    CASE_MOVED = "case:moved"
    CASE_CORRECTED = "case:corrected"
    CASE_WITHDRAWN = "case:withdrawn"
    CASE_REOPENED = "case:reopened"
    CASE_PUT_BACK = "case:put_back"
    IDENTITY_CHECKED = "identity:checked"
    LEASE_TAKEN = "lease:taken"
    LEASE_RENEWED = "lease:renewed"
    LEASE_RELEASED = "lease:released"
    LEASE_EXPIRED = "lease:expired"
    ASSIGNMENT_MADE = "assignment:made"
    ASSIGNMENT_CHANGED = "assignment:changed"
    ASSIGNMENT_ENDED = "assignment:ended"
    GROUP_MADE = "group:made"
    GROUP_JOINED = "group:joined"
    GROUP_LEFT = "group:left"
    GROUP_RETIRED = "group:retired"

    SEARCH_NUMBER = "search:number"
    SEARCH_KEY = "search:key"
    SEARCH_NAME = "search:name"

    PERMIT_ISSUED = "permit:issued"
    PERMIT_RENEWED = "permit:renewed"
    PERMIT_EXPIRED = "permit:expired"
    PERMIT_REFUSED = "permit:refused"
    PERMIT_REVOKED = "permit:revoked"
    ATTEMPT_PLACED = "attempt:placed"
    ATTEMPT_ANSWERED = "attempt:answered"
    ATTEMPT_ENDED = "attempt:ended"
    ATTEMPT_FAILED = "attempt:failed"
    ATTEMPT_LEFT_OPEN = "attempt:left_open"
    CALLBACK_RECEIVED = "callback:received"
    CALLBACK_ANSWERED = "callback:answered"
    CALLBACK_LOST = "callback:lost"
    RECORDING_STARTED = "recording:started"
    RECORDING_STOPPED = "recording:stopped"
    RECORDING_PLAYED = "recording:played"
    RECORDING_REPORTED = "recording:reported"
    RECORDING_ERASED = "recording:erased"

    OUTCOME_RECORDED = "outcome:recorded"
    OUTCOME_CORRECTED = "outcome:corrected"
    OUTCOME_LEFT_BLANK = "outcome:left_blank"
    OUTCOME_TABLE_IMPORTED = "outcome:table:imported"
    PROMISE_RECORDED = "promise:recorded"
    PROMISE_KEPT = "promise:kept"
    PROMISE_BROKEN = "promise:broken"
    PROMISE_OPEN_AGAIN = "promise:open_again"
    NOTICE_CHECKED = "notice:checked"
    NOTICE_REFUSED = "notice:refused"
    NOTICE_APPLIED = "notice:applied"
    NOTICE_GIVEN_BACK = "notice:given_back"
    PAYMENTS_COMPARED = "payments:compared"
    CASE_PAID = "case:paid"
    FOLLOW_UP_BOOKED = "follow_up:booked"
    FOLLOW_UP_DONE = "follow_up:done"
    FOLLOW_UP_MISSED = "follow_up:missed"
    FOLLOW_UP_MOVED = "follow_up:moved"
    FOLLOW_UP_REASSIGNED = "follow_up:reassigned"
    FOLLOW_UP_BREACHED = "follow_up:breached"
    FOLLOW_UP_CANCELLED = "follow_up:cancelled"
    ESCALATION_RAISED = "escalation:raised"
    ESCALATION_ACKNOWLEDGED = "escalation:acknowledged"
    ESCALATION_DEPARTMENT_CONTACTED = "escalation:department_contacted"
    ESCALATION_ANSWERED = "escalation:answered"
    ESCALATION_CLOSED = "escalation:closed"
    ESCALATION_OPENED = "escalation:opened"
    COMPLAINT_RAISED = "complaint:raised"
    COMPLAINT_REPORTED = "complaint:reported"
    COMPLAINT_CLOSED = "complaint:closed"

    SCRIPT_DRAFTED = "script:drafted"
    SCRIPT_SUBMITTED = "script:submitted"
    SCRIPT_APPROVED = "script:approved"
    SCRIPT_TAKEN_OUT = "script:taken_out"
    QA_CHANGED = "qa:changed"
    QA_APPROVED = "qa:approved"
    DOCUMENT_SUBMITTED = "document:submitted"
    DOCUMENT_ACKNOWLEDGED = "document:acknowledged"

    DAILY_CLOSED = "daily:closed"
    DAILY_BUILT = "daily:built"
    DAILY_REBUILD_REFUSED = "daily:rebuild_refused"
    DAILY_SIGNED = "daily:signed"
    DAILY_PLACED = "daily:placed"
    DAILY_UPLOAD_CONFIRMED = "daily:upload_confirmed"
    DAILY_LATE = "daily:late"
    DAILY_READ = "daily:read"
    REPORT_BUILT = "report:built"
    REPORT_SIGNED = "report:signed"
    EXPORT_BUILT = "export:built"
    EXPORT_RELEASED = "export:released"
    EXPORT_DENIED = "export:denied"
    MEDIUM_REGISTERED = "medium:registered"
    MEDIUM_WRITTEN = "medium:written"
    MEDIUM_CARRIED = "medium:carried"
    MEDIUM_WIPED = "medium:wiped"
    PAPER_ON = "paper:on"
    PAPER_OFF = "paper:off"
    PAPER_PRINTED = "paper:printed"
    PAPER_RETURNED = "paper:returned"
    PAPER_REENTERED = "paper:reentered"
    PAPER_SHREDDED = "paper:shredded"

    KEY_CREATED = "key:created"
    KEY_REWRAPPED = "key:rewrapped"
    KEY_DESTROYED = "key:destroyed"
    KEY_STORE_UNLOCKED = "key:store_unlocked"
    ERASURE_DRAFT = "erasure:draft"
    ERASURE_APPLIED = "erasure:applied"
    ERASURE_CONSENTED = "erasure:consented"
    ERASURE_FROZEN = "erasure:frozen"
    ERASURE_SCANNED_BEFORE = "erasure:scanned_before"
    ERASURE_KEYS_DESTROYED = "erasure:keys_destroyed"
    ERASURE_ROWS_PURGED = "erasure:rows_purged"
    ERASURE_COPIES_DESTROYED = "erasure:copies_destroyed"
    ERASURE_VERIFIED = "erasure:verified"
    ERASURE_CERTIFIED = "erasure:certified"
    ERASURE_ACCEPTED = "erasure:accepted"
    ERASURE_HELD = "erasure:held"
    ERASURE_REFUSED = "erasure:refused"
    ERASURE_OVERDUE = "erasure:overdue"

    WINDOW_ORDERED = "window:ordered"
    WINDOW_REFUSED = "window:refused"
    SUSPENSION_ORDERED = "suspension:ordered"
    SUSPENSION_LIFTED = "suspension:lifted"
    SUSPENSION_REFUSED_ACT = "suspension:refused_act"
    HOLD_PLACED = "hold:placed"
    HOLD_LIFTED = "hold:lifted"
    INCIDENT_OPENED = "incident:opened"
    INCIDENT_REPORTED = "incident:reported"
    INCIDENT_CLOSED = "incident:closed"

    AUDIT_CHECKPOINT = "audit:checkpoint"
    AUDIT_VERIFIED = "audit:verified"
    AUDIT_EXPORTED = "audit:exported"
    AUDIT_PRUNED = "audit:pruned"
    BACKUP_RUN = "backup:run"
    BACKUP_VERIFIED = "backup:verified"
    BACKUP_RESTORED = "backup:restored"
    BACKUP_EXPIRED = "backup:expired"
    CLOCK_MOVED = "clock:moved"
    CLOCK_SYNCED = "clock:synced"
    SYSTEM_STARTED = "system:started"
    SYSTEM_STOPPED = "system:stopped"
    SYSTEM_DISK_LOW = "system:disk_low"
    SYSTEM_QUARANTINED = "system:quarantined"
    SCHEDULER_JOB_RUN = "scheduler:job:run"
    SCHEDULER_JOB_FAILED = "scheduler:job:failed"
    PARAMETER_CHANGED = "parameter:changed"
    PROFILE_CHANGED = "profile:changed"
    INSTRUCTION_ENTERED = "instruction:entered"
    INSTRUCTION_APPROVED = "instruction:approved"


def bits_of(groups: Iterable[FieldGroup]) -> int:
    """The groups as one whole number; a group named twice counts once."""
    return sum(set(groups))


def groups_of(bits: int) -> tuple[FieldGroup, ...]:
    """The groups of a stored number, lowest bit first. Raises ``ValueError`` for unknown bits."""
    if bits < 0 or bits & ~sum(FieldGroup):
        raise ValueError("unknown column group")
    return tuple(group for group in FieldGroup if bits & group)

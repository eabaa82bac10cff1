"""What an erasure reaches in the database: every table is either purged here or named as kept.

The tables are taken as they lie in the database, whichever package they belong to: an erasure
that knew only its neighbours would forget the others. Rows are found by their case or campaign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import ColumnElement, Table, delete, false, func, or_, select, true, update

from campaigns.cases.models import CallCase, Campaign
from secure_store.database import Base
from secure_store.erasure.scopes import SINGLE, CountLine, ErasureScope, ScopeKind
from secure_store.models import FileKind, SealedFile
from secure_store.work import UnitOfWork

SLICE = 500


@dataclass(frozen=True, slots=True)
class Reach:
    """How the rows of one table belong to a case, a campaign, or a row of another table.

    ``by`` is the column by which slices are deleted; ``clears`` are references elsewhere that
    would keep the rows from going.
    """

    table: str
    by: str = "id"
    case: str | None = "case_id"
    campaign: str | None = None
    via: tuple[str, str] | None = None
    clears: tuple[tuple[str, str], ...] = ()


# In an order that no foreign key stands against.
PURGED: tuple[Reach, ...] = (
    Reach("ticket_move", case=None, via=("ticket_id", "escalation_ticket")),
    Reach("escalation_ticket", campaign="campaign_code"),
    Reach("follow_up_event", case=None, via=("follow_up_id", "follow_up")),
    Reach("follow_up"),
    Reach("payment_promise"),
    Reach("payment_notice", campaign="campaign_code"),
    Reach("dial_permit"),
    Reach(
        "call_record",
        campaign="campaign_code",
        clears=(("call_record", "supersedes"), ("follow_up", "done_by_call")),
    ),
    Reach("case_handling", campaign="campaign_code"),
    Reach(
        "dial_attempt",
        case="case_ref",
        campaign="list_ref",
        clears=(("waiting_call", "attempt_ref"),),
    ),
    Reach("queue_entry", by="case_ref", case="case_ref", campaign="list_ref"),
    Reach("assignment"),
    Reach("case_move"),
    Reach("case_phone", by="case_id", campaign="campaign_code"),
    Reach("call_case", case="id", campaign="campaign_code"),
)

# Why each other table outlives an erasure: none holds personal data of a callee.
KEPT_AFTER_ERASURE: Mapping[str, str] = MappingProxyType(
    {
        "agent_group": "staff",
        "agent_group_member": "staff",
        "agent_state": "staff",
        "approval_step": "texts written for everybody",
        "audit_boundary": "the audit chain",
        "audit_checkpoint": "the audit chain",
        "audit_event": "the audit chain",
        "audit_head": "the audit chain",
        "backup_medium": "media of backups",
        "backup_set": "digests and dates of backups",
        "campaign": "the campaign itself, marked as erased",
        "city_notice": "counts, digests and document numbers of the city's notices",
        "daily_close": "dates and signed heads of the daily results",
        "data_handler": "staff",
        "daily_pack_file": "digests and counts of the daily results",
        "dated_order": "the city's orders",
        "delivery_recipient": "public keys of departments",
        "duty": "staff",
        "erasure": "the procedure and its certificate",
        "erasure_step": "the procedure and its certificate",
        "exchange_key": "our public keys for deliveries",
        "export_approval": "the city's approvals",
        "export_run": "digests and counts of exports",
        "file_password_try": "digests of locked files",
        "found_case": "ids of rows that staff found, for ten minutes",
        "hand_over": "numbers, digests and posts of hand-overs",
        "hand_over_file": "digests of files handed over",
        "hold": "numbers of cases of evidence",
        "incident": "what happened, in closed words and counts",
        "incident_measure": "what happened, in closed words and counts",
        "incident_report": "numbers of the reports to the city",
        "job_run": "the scheduler's ledger",
        "known_terminal": "staff",
        "key_tombstone": "ids of destroyed keys",
        "lent_list": "counts, digests and receipts of deliveries",
        "login_failure": "staff",
        "login_session": "staff",
        "medium": "serial numbers of media",
        "medium_event": "what happened to media",
        "outcome_table": "the outcome classification table",
        "period_change": "the city's changes of period",
        "planned_volume": "planned numbers of calls",
        "profile_version": "the contract profile",
        "registered_terminal": "terminals",
        "security_key": "staff",
        "watch_alert": "staff",
        "watched_act": "staff, and ids of rows they looked at",
        "work_instruction": "the work instructions of the receivables",
        "sealed_file": "digests of files whose keys and bytes are gone",
        "staff_member": "staff",
        "staff_receivable": "staff",
        "suspension": "the city's orders",
        "talk_document": "texts written for everybody",
        "transfer": "receipts of what came in and went out",
        "volume_notice": "notified numbers of cases",
        "waiting_call": "when somebody waited, not who",
    }
)

_REACHES = {reach.table: reach for reach in PURGED}
Batch = tuple[str, str]


def table_of(name: str) -> Table:
    return Base.metadata.tables[name]


def batches(work: UnitOfWork, scope: ErasureScope) -> list[Batch]:
    """Receivable and code of every campaign in the scope."""
    query = select(Campaign.receivable, Campaign.code).order_by(Campaign.code)
    if scope.receivable:
        query = query.where(Campaign.receivable == scope.receivable)
    if scope.campaign_code:
        query = query.where(Campaign.code == scope.campaign_code)
    return [(receivable, code) for receivable, code in work.session.execute(query)]


def within(name: str, scope: ErasureScope) -> ColumnElement[bool]:
    """The condition under which a row of a table lies in the scope."""
    if scope.kind is ScopeKind.CONTRACT:
        return true()
    if scope.kind is ScopeKind.RECORDING:
        return false()
    table, reach = table_of(name), _REACHES[name]
    conditions: list[ColumnElement[bool]] = []
    if reach.case:
        conditions.append(table.c[reach.case].in_(_cases(scope)))
    if reach.campaign and scope.kind is not ScopeKind.CASE:
        conditions.append(table.c[reach.campaign].in_(_campaigns(scope)))
    if reach.via:
        column, parent = reach.via
        parents = select(table_of(parent).c.id).where(within(parent, scope))
        conditions.append(table.c[column].in_(parents))
    return or_(*conditions)


def _campaigns(scope: ErasureScope):  # type: ignore[no-untyped-def]
    if scope.campaign_code:
        return [scope.campaign_code]
    return select(Campaign.code).where(Campaign.receivable == scope.receivable)


def _cases(scope: ErasureScope):  # type: ignore[no-untyped-def]
    if scope.case_id:
        return [scope.case_id]
    return select(CallCase.id).where(CallCase.campaign_code.in_(_campaigns(scope)))


def of_batch(scope: ErasureScope, batch: Batch) -> ErasureScope:
    """The part of the scope that lies in one campaign."""
    if scope.kind in SINGLE:
        return scope
    return ErasureScope(ScopeKind.CAMPAIGN, *batch)


def row_counts(work: UnitOfWork, scope: ErasureScope) -> list[CountLine]:
    """Rows per receivable × batch × table; rows of no campaign stand without either."""
    lines = []
    parts = [(batch, of_batch(scope, batch)) for batch in batches(work, scope)]
    for reach in PURGED:
        found = [
            CountLine(*batch, reach.table, _count(work, reach.table, part)) for batch, part in parts
        ]
        lines += found
        if scope.kind is ScopeKind.CONTRACT:
            rest = _count(work, reach.table, scope) - sum(line.count for line in found)
            lines.append(CountLine(None, None, reach.table, rest))
    return lines


def _count(work: UnitOfWork, name: str, scope: ErasureScope) -> int:
    query = select(func.count()).select_from(table_of(name)).where(within(name, scope))
    return work.session.scalar(query) or 0


def files_in(work: UnitOfWork, scope: ErasureScope) -> list[SealedFile]:
    """The sealed files that may hold something of the scope, also those whose keys are gone.

    The day's report (業務日報) is of no campaign: it counts and names nobody, so it ends with the
    contract only. A lent file holds no published case: its key went at publication (decision 3).
    """
    query = select(SealedFile).order_by(SealedFile.created_at, SealedFile.id)
    if scope.receivable:
        query = query.where(SealedFile.receivable == scope.receivable)
    if scope.campaign_code:
        query = query.where(SealedFile.campaign_code == scope.campaign_code)
    if scope.kind is ScopeKind.CASE:
        of_case = SealedFile.subject_id == scope.case_id
        query = query.where(or_(SealedFile.kind == FileKind.DAILY_PACK, of_case))
    if scope.kind is ScopeKind.RECORDING:
        query = query.where(SealedFile.id == scope.file_id)
    if scope.until:
        query = query.where(SealedFile.created_at <= scope.until)
    return list(work.session.scalars(query))


def purge_slice(work: UnitOfWork, reach: Reach, scope: ErasureScope) -> int:
    """Deletes the next rows of a table that lie in the scope; 0 when none is left."""
    table = table_of(reach.table)
    key = table.c[reach.by]
    ids = list(
        work.session.scalars(select(key).where(within(reach.table, scope)).distinct().limit(SLICE))
    )
    if not ids:
        return 0
    for name, column in reach.clears:
        other = table_of(name)
        cleared = update(other).where(other.c[column].in_(ids)).values({column: None})
        work.session.execute(cleared)
    work.session.execute(delete(table).where(key.in_(ids)))
    return len(ids)

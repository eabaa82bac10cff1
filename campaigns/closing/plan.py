"""What lies in the scope of an erasure, its freeze, its acceptance, and what can be read of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from campaigns.cases.models import CallCase
from campaigns.closing import gates
from campaigns.closing.sealed_cells import sealed_counts
from campaigns.closing.tables import batches, files_in, row_counts, within
from campaigns.profile.contract import current_profile
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.backups.register import BackupView, all_backups
from secure_store.erasure.destruction import INBOUND, OUTBOUND, bytes_left, exchange_copies
from secure_store.erasure.execution import (
    Document,
    ErasureView,
    document_of,
    is_due,
    locked,
    move,
    same_scope,
    scope_of,
    write,
)
from secure_store.erasure.scan import SealedCell, seal_canary
from secure_store.erasure.scopes import CountLine, ErasureScope, ScopeKind
from secure_store.erasure.states import STEPS, ErasureState, Gate
from secure_store.erasure.views import newest_first, view_of
from secure_store.exchange.media import media_with_data
from secure_store.models import Erasure, FileKind
from secure_store.work import UnitOfWork

_EVERY = 100_000  # backups of a contract; there is one a day


@dataclass(frozen=True, slots=True)
class OverdueErasure:
    """The contract ended and its data is still there: ``due_on`` was the last day."""

    due_on: date
    number: str | None
    state: ErasureState | None


def all_counts(work: UnitOfWork, scope: ErasureScope) -> list[CountLine]:
    """Rows, sealed values and files of the scope, as the application and the certificate list."""
    return [*row_counts(work, scope), *sealed_counts(work, scope), *_file_counts(work, scope)]


def _file_counts(work: UnitOfWork, scope: ErasureScope) -> list[CountLine]:
    lines = []
    files = files_in(work, scope)
    for kind in FileKind:
        found = [file for file in files if file.kind is kind]
        left = bytes_left(work.store, found)
        lines.append(CountLine(scope.receivable, scope.campaign_code, kind.value, left))
    for side, copies in (
        (INBOUND, exchange_copies(work.store, INBOUND, lent_names(work, scope))),
        (OUTBOUND, exchange_copies(work.store, OUTBOUND, pack_names(work, scope))),
    ):
        lines.append(CountLine(scope.receivable, scope.campaign_code, side, len(copies)))
    if scope.kind is ScopeKind.CONTRACT:
        # An order about a part leaves the backups: a count of none would say that there are none.
        lines.append(CountLine(None, None, "registered", len(backups_with_bytes(work, scope))))
    return lines


def carried_counts(work: UnitOfWork, scope: ErasureScope) -> list[CountLine]:
    """Media that still carry data. They come and go while an erasure runs: counted at its end."""
    if scope.kind is not ScopeKind.CONTRACT:
        return []
    return [CountLine(None, None, "carried", len(media_with_data(work)))]


def backups_with_bytes(work: UnitOfWork, scope: ErasureScope) -> list[BackupView]:
    """The backups that end with the scope and whose files still lie on their media.

    Each holds the whole contract and ends with it. An order about part of it leaves them: what
    it erased opens in none of them, because its keys are in none of them.
    """
    if scope.kind is not ScopeKind.CONTRACT:
        return []
    return [view for view in all_backups(work, _EVERY) if not view.is_file_removed]


def lent_names(work: UnitOfWork, scope: ErasureScope) -> list[str]:
    """Names of the files in which the scope's data was lent."""
    whole = scope
    if scope.kind is ScopeKind.RECORDING:
        return []
    if scope.kind is ScopeKind.CASE:
        whole = replace(scope, kind=ScopeKind.CAMPAIGN, case_id=None)
    return [file.name for file in files_in(work, whole) if file.kind is FileKind.LENT]


def pack_names(work: UnitOfWork, scope: ErasureScope) -> list[str]:
    return [*gates.confirmed_packs(work, scope), *gates.unconfirmed_packs(work, scope)]


def canaries_of(work: UnitOfWork, scope: ErasureScope) -> list[SealedCell]:
    """A random value sealed under the key of one case of every batch."""
    found = []
    for receivable, code in batches(work, scope):
        query = select(CallCase.id).where(
            CallCase.campaign_code == code, within("call_case", scope)
        )
        case = work.session.scalar(query.order_by(CallCase.id).limit(1))
        if case is not None:
            found.append(seal_canary(work.store, receivable, code, case))
    return found


def freeze(work: UnitOfWork, erasure_id: UUID) -> ErasureView:
    """Nothing of the scope is served any more; the queue gives it up.

    Raises EvidenceHeld with the case number while a hold stands (S4-14.11a),
    ErasureGateClosed while somebody works in the scope, IllegalErasureMove out of order.
    """
    require(work.actor, Permission.REQUEST_ERASURE)
    row, document = open_erasure(work, erasure_id)
    scope, policy = scope_of(row), gates.current_policy(work)
    # The number of the case is told before anything else: a held erasure is no wrong step.
    passed = set() if _is_past(row, ErasureState.FROZEN) else gates.still_gates(work, scope)
    if not is_due(row, ErasureState.FROZEN, policy):
        return view_of(work, row)
    passed |= gates.paper_gates(work, scope, document)
    taken = gates.take_from_queue(work, scope)
    document["canaries"] = [cell.to_document() for cell in canaries_of(work, scope)]
    write(row, document)
    move(work, row, ErasureState.FROZEN, passed, policy, count=taken)
    return view_of(work, row)


def _is_past(row: Erasure, target: ErasureState) -> bool:
    held = row.state is ErasureState.HELD
    return not held and STEPS.index(row.state) >= STEPS.index(target)


def accept(work: UnitOfWork, erasure_id: UUID) -> ErasureView:
    """The city has taken the certificate over. Raises IllegalErasureMove before there is one."""
    require(work.actor, Permission.REQUEST_ERASURE)
    row, _document = open_erasure(work, erasure_id)
    policy = gates.current_policy(work)
    if is_due(row, ErasureState.ACCEPTED, policy):
        move(work, row, ErasureState.ACCEPTED, (Gate.ACCEPTANCE_RECORDED,), policy)
    return view_of(work, row)


def list_erasures(work: UnitOfWork) -> list[ErasureView]:
    """The erasures of this person's receivables, newest first."""
    require(work.actor, Permission.READ_CERTIFICATES)
    views = newest_first(work)
    return [view for view in views if _may_see(work, view.scope)]


def get_erasure(work: UnitOfWork, erasure_id: UUID) -> ErasureView:
    """One erasure. Raises NotFound."""
    require(work.actor, Permission.READ_CERTIFICATES)
    return view_of(work, open_erasure(work, erasure_id)[0])


def certificate_file(work: UnitOfWork, erasure_id: UUID) -> bytes | None:
    """The signed certificate file, once there is one. Raises NotFound."""
    require(work.actor, Permission.READ_CERTIFICATES)
    return open_erasure(work, erasure_id)[0].certificate


def overdue_erasure(work: UnitOfWork) -> OverdueErasure | None:
    """The alarm of S4-14.10: the last day is over and no erasure of the contract is certified.

    Notes the alarm in the audit log unless the unit of work only reads.
    """
    profile = current_profile(work)
    days = profile.parameters.erasure_deadline_days
    due_on = profile.contract_until + timedelta(days=days)
    newest = next(iter(reversed(same_scope(work, ErasureScope(ScopeKind.CONTRACT)))), None)
    done = newest is not None and newest.state in (ErasureState.CERTIFIED, ErasureState.ACCEPTED)
    if done or business_day(work.now) <= due_on:
        return None
    if not work.readonly:
        work.audit(Tag.ERASURE_OVERDUE, ref=newest.number if newest else None)
    if newest is None:
        return OverdueErasure(due_on, None, None)
    return OverdueErasure(due_on, newest.number, newest.state)


def _may_see(work: UnitOfWork, scope: ErasureScope) -> bool:
    granted = work.actor.receivables
    return granted is None or scope.receivable in granted


def open_erasure(work: UnitOfWork, erasure_id: UUID) -> tuple[Erasure, Document]:
    """An erasure this person may see, for a change, and its document. Raises NotFound."""
    row = locked(work, erasure_id)
    if not _may_see(work, scope_of(row)):
        locked(work, UUID(int=0))  # the same answer as for one that does not exist
    return row, document_of(row)

"""Erasures up to the freeze, and what can be read of them: apply, consent, freeze, list, accept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from campaigns.cases.models import CallCase
from campaigns.closing import gates
from campaigns.closing.scopes import parse_scope
from campaigns.closing.tables import batches, files_in, row_counts, sealed_counts, within
from campaigns.errors import ErasureUnderWay
from campaigns.profile.contract import current_profile
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.canonical import canonical_json
from secure_store.erasure.destruction import INBOUND, OUTBOUND, bytes_left, exchange_copies
from secure_store.erasure.execution import (
    CountLine,
    Document,
    ErasureScope,
    ErasureView,
    ScopeKind,
    begin,
    document_of,
    is_due,
    locked,
    move,
    same_scope,
    scope_of,
    write,
)
from secure_store.erasure.scan import SealedCell, seal_canary
from secure_store.erasure.states import STEPS, ErasureState, Gate, IllegalErasureMove
from secure_store.erasure.views import newest_first, raw_counts, view_of
from secure_store.errors import Invalid
from secure_store.models import Erasure, FileKind
from secure_store.work import UnitOfWork

MAX_TEXT = 60


@dataclass(frozen=True, slots=True)
class ConsentLetter:
    """What stands on the city's letter of consent besides its number."""

    consented_on: date
    post_and_name: str
    letter_sha256: str


@dataclass(frozen=True, slots=True)
class OverdueErasure:
    """The contract ended and its data is still there: ``due_on`` was the last day."""

    due_on: date
    number: str | None
    state: ErasureState | None


def plan_erasure(work: UnitOfWork, scope_text: str) -> ErasureView:
    """Drafts an erasure and sends its application with the counts of this moment (S4-14.10).

    Every batch in the scope gets a canary sealed under a key that stands now. Raises NotFound
    for an unknown scope, ErasureUnderWay when the scope has its erasure.
    """
    require(work.actor, Permission.REQUEST_ERASURE)
    scope = parse_scope(work, scope_text)
    for other in same_scope(work, scope):
        raise ErasureUnderWay(number=other.number)
    policy = gates.current_policy(work)
    row = begin(work, scope)
    document = document_of(row)
    counts = all_counts(work, scope)
    document["counts"] = raw_counts(counts)
    document["canaries"] = [cell.to_document() for cell in _canaries(work, scope)]
    digest = hashlib.sha256(canonical_json([scope.text(), *counts])).hexdigest()
    document["application"] = {
        "on": business_day(work.now).isoformat(),
        "sha256": digest,
        "number": row.number,
    }
    write(row, document)
    move(work, row, ErasureState.APPLIED, gates.paper_gates(work, scope, document), policy)
    return view_of(work, row)


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
    # Backups, media and paper have no register in this version; nothing is claimed of them.
    lines.append(CountLine(scope.receivable, scope.campaign_code, "registered", 0))
    return lines


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


def _canaries(work: UnitOfWork, scope: ErasureScope) -> list[SealedCell]:
    found = []
    for receivable, code in batches(work, scope):
        query = select(CallCase.id).where(
            CallCase.campaign_code == code, within("call_case", scope)
        )
        case = work.session.scalar(query.order_by(CallCase.id).limit(1))
        if case is not None:
            found.append(seal_canary(work.store, receivable, code, case))
    return found


def record_consent(
    work: UnitOfWork, erasure_id: UUID, document_no: str, letter: ConsentLetter | None = None
) -> ErasureView:
    """The city's consent, if it comes: 004 does not wait for it (decision 19).

    Raises Invalid for an empty number or a letter older than the application,
    IllegalErasureMove once the erasure was frozen without it.
    """
    require(work.actor, Permission.REQUEST_ERASURE)
    row, document = _open(work, erasure_id)
    if "consent" in document:
        return view_of(work, row)
    if row.state is not ErasureState.APPLIED:
        raise IllegalErasureMove(current=row.state.value, target=ErasureState.CONSENTED.value)
    today = business_day(work.now)
    given = letter or ConsentLetter(today, "", "")
    applied_on = date.fromisoformat(document["application"]["on"])
    if not applied_on <= given.consented_on <= today:
        raise Invalid(field="consented_on")
    document["consent"] = {
        "consent_no": _number(document_no),
        "consented_on": given.consented_on.isoformat(),
        "post_and_name": given.post_and_name.strip(),
        "letter_sha256": given.letter_sha256.strip(),
    }
    write(row, document)
    passed = gates.paper_gates(work, scope_of(row), document)
    move(work, row, ErasureState.CONSENTED, passed, gates.current_policy(work))
    return view_of(work, row)


def record_condition(
    work: UnitOfWork, erasure_id: UUID, gate: Gate, document_no: str
) -> ErasureView:
    """A condition that only paper shows: return done, results accepted, witness present.

    Raises Invalid for any other condition, IllegalErasureMove once keys are being destroyed.
    """
    require(work.actor, Permission.REQUEST_ERASURE)
    row, document = _open(work, erasure_id)
    if gate not in gates.RECORDABLE:
        raise Invalid(field="gate")
    if "destroying" in document:
        raise IllegalErasureMove(current=row.state.value, target=row.state.value)
    document["conditions"] = {**document.get("conditions", {}), gate.value: _number(document_no)}
    write(row, document)
    return view_of(work, row)


def freeze(work: UnitOfWork, erasure_id: UUID) -> ErasureView:
    """Nothing of the scope is served any more; the queue gives it up.

    Raises EvidenceHeld with the case number while a hold stands (S4-14.11a),
    ErasureGateClosed while somebody works in the scope, IllegalErasureMove out of order.
    """
    require(work.actor, Permission.REQUEST_ERASURE)
    row, document = _open(work, erasure_id)
    scope, policy = scope_of(row), gates.current_policy(work)
    # The number of the case is told before anything else: a held erasure is no wrong step.
    passed = set() if _is_past(row, ErasureState.FROZEN) else gates.still_gates(work, scope)
    if not is_due(row, ErasureState.FROZEN, policy):
        return view_of(work, row)
    passed |= gates.paper_gates(work, scope, document)
    taken = gates.take_from_queue(work, scope)
    document["canaries"] = [cell.to_document() for cell in _canaries(work, scope)]
    write(row, document)
    move(work, row, ErasureState.FROZEN, passed, policy, count=taken)
    return view_of(work, row)


def _is_past(row: Erasure, target: ErasureState) -> bool:
    held = row.state is ErasureState.HELD
    return not held and STEPS.index(row.state) >= STEPS.index(target)


def accept(work: UnitOfWork, erasure_id: UUID) -> ErasureView:
    """The city has taken the certificate over. Raises IllegalErasureMove before there is one."""
    require(work.actor, Permission.REQUEST_ERASURE)
    row, _document = _open(work, erasure_id)
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
    return view_of(work, _open(work, erasure_id)[0])


def certificate_file(work: UnitOfWork, erasure_id: UUID) -> bytes | None:
    """The signed certificate file, once there is one. Raises NotFound."""
    require(work.actor, Permission.READ_CERTIFICATES)
    return _open(work, erasure_id)[0].certificate


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


def _open(work: UnitOfWork, erasure_id: UUID) -> tuple[Erasure, Document]:
    row = locked(work, erasure_id)
    if not _may_see(work, scope_of(row)):
        locked(work, UUID(int=0))  # the same answer as for one that does not exist
    return row, document_of(row)


def _number(text: str) -> str:
    number = text.strip()
    if not 1 <= len(number) <= MAX_TEXT:
        raise Invalid(field="document_no")
    return number

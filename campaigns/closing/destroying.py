"""Destroys keys, then rows and copies. What a crash cut short goes on where it stopped.

Keys are destroyed once and stay so; rows go in slices; each state is written only when its whole
step is done (security.md 5.8, 9.7).
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from campaigns.calling.day_close import DailyClose, DayState
from campaigns.cases.models import Campaign
from campaigns.closing import gates
from campaigns.closing.common import due, present, refusals_noted
from campaigns.closing.plan import all_counts, backups_with_bytes, freeze, lent_names
from campaigns.closing.tables import PURGED, batches, files_in, purge_slice, row_counts
from campaigns.errors import ErasurePersonsWrong, PackNotConfirmed
from secure_store.access import Actor, Permission, Role, require
from secure_store.backups.models import Destruction
from secure_store.backups.quarantine import note_tombstones
from secure_store.backups.register import record_destroyed
from secure_store.canonical import JST
from secure_store.erasure import destruction
from secure_store.erasure.execution import (
    Document,
    ErasureView,
    document_of,
    is_due,
    locked,
    move,
    scope_of,
    write,
)
from secure_store.erasure.scopes import SINGLE, ErasureScope, ScopeKind
from secure_store.erasure.states import ErasureState, Gate, GatePolicy, Position, advance
from secure_store.erasure.views import raw_counts, view_of
from secure_store.sealing.scopes import DestroyedKey
from secure_store.work import SecureStore, UnitOfWork


def freeze_now(store: SecureStore, actor: Actor, erasure_id: UUID) -> ErasureView:
    """``plan.freeze`` in a unit of work of its own; a refusal is noted."""
    with refusals_noted(store, actor, erasure_id), store.work(actor) as work:
        return freeze(work, erasure_id)


def destroy_keys(
    store: SecureStore, supervisor: Actor, administrator: Actor, erasure_id: UUID
) -> ErasureView:
    """The erasure itself (S4-14.10, S4-16.1-2): two persons take the scope's keys away for good.

    Begun and done are both written down, so that a crash in between is finished by calling
    again. Raises ErasurePersonsWrong unless one supervisor and one administrator act.
    """
    with refusals_noted(store, supervisor, erasure_id):
        _require_two(supervisor, administrator)
        target = ErasureState.KEYS_DESTROYED
        is_next, scope, policy = due(store, supervisor, erasure_id, target)
        if not is_next:
            return present(store, supervisor, erasure_id)
        _require_delivered(store, supervisor, scope)
        _begin_destruction(store, supervisor, administrator, erasure_id)
        destruction.destroy_keys(store, scope)
        with store.work(administrator) as work:
            files = files_in(work, scope)
            destruction.destroy_files(work, [file.id for file in files])
        return _end_destruction(store, administrator, erasure_id, scope, policy)


def _require_delivered(store: SecureStore, actor: Actor, scope: ErasureScope) -> None:
    """Part of a contract is erased only when every closed day's files are with the city.

    A pack holds many persons: its key would go with one of them, and the others' results of
    that day could never be delivered.
    """
    if scope.kind in (ScopeKind.CONTRACT, ScopeKind.RECORDING):
        return
    with store.work(actor, readonly=True) as work:
        pending = work.session.scalar(
            select(DailyClose.business_day)
            .where(DailyClose.state != DayState.CONFIRMED)
            .order_by(DailyClose.business_day)
            .limit(1)
        )
    if pending is not None:
        raise PackNotConfirmed(day=pending.isoformat())


def _require_two(supervisor: Actor, administrator: Actor) -> None:
    require(supervisor, Permission.DESTROY_KEYS)
    require(administrator, Permission.DESTROY_KEYS)
    roles = (supervisor.role, administrator.role)
    if roles != (Role.SUPERVISOR, Role.SYSTEM_ADMIN) or supervisor.code == administrator.code:
        raise ErasurePersonsWrong


def _begin_destruction(
    store: SecureStore, supervisor: Actor, administrator: Actor, erasure_id: UUID
) -> None:
    """Judges the gates and writes down what stands, before the first key goes."""
    with store.work(supervisor) as work:
        row = locked(work, erasure_id)
        scope, document = scope_of(row), document_of(row)
        if "destroying" in document or not is_due(
            row, ErasureState.KEYS_DESTROYED, gates.current_policy(work)
        ):
            return
        passed = gates.still_gates(work, scope) | gates.paper_gates(work, scope, document)
        passed |= {Gate.COUNTS_FRESH, Gate.TWO_PERSONS}
        counts = raw_counts(all_counts(work, scope))
        if counts == document["counts"]:
            passed.add(Gate.COUNTS_AS_APPLIED)
        keys = destruction.census(store, scope, [file.id for file in files_in(work, scope)])
        _judge(row.state, passed, gates.current_policy(work))
        document["destroying"] = {
            "started_at": work.now.isoformat(),
            "supervisor": supervisor.code,
            "administrator": administrator.code,
            "passed": sorted(gate.value for gate in passed),
            "counts": counts,
            "boot_id": destruction.boot_id(),
            "alive": keys.alive,
            "buried": sorted(keys.buried),
        }
        write(row, document)


def _judge(state: ErasureState, passed: set[Gate], policy: GatePolicy) -> None:
    advance(Position(state), ErasureState.KEYS_DESTROYED, passed, policy)


def _end_destruction(
    store: SecureStore,
    actor: Actor,
    erasure_id: UUID,
    scope: ErasureScope,
    policy: GatePolicy,
) -> ErasureView:
    with store.work(actor) as work:
        row = locked(work, erasure_id)
        if not is_due(row, ErasureState.KEYS_DESTROYED, policy):
            return view_of(work, row)
        document = document_of(row)
        begun = document["destroying"]
        files = [file.id for file in files_in(work, scope)]
        stones = destruction.tombstones(store, scope, files)
        new = [stone for stone in stones if stone.key_id not in set(begun["buried"])]
        # A key made while the destruction was interrupted was destroyed with the others.
        begun["alive"] = max(begun["alive"], len(new))
        document["keys"] = [_stone_document(stone) for stone in new]
        document["tombstones"] = len(stones)
        document["keys_destroyed_at"] = work.now.isoformat()
        write(row, document)
        # From here on a key store from before is told by what the database knows to be gone.
        note_tombstones(work)
        if scope.kind not in SINGLE:
            for _receivable, code in batches(work, scope):
                campaign = work.session.get_one(Campaign, code)
                campaign.erased_at = campaign.erased_at or work.now
        passed = {Gate(name) for name in begun["passed"]}
        move(work, row, ErasureState.KEYS_DESTROYED, passed, policy, count=len(new))
        return view_of(work, row)


def _stone_document(stone: DestroyedKey) -> Document:
    return {
        "key_id": stone.key_id,
        "kind": stone.kind.value,
        "scope": stone.scope,
        "name": stone.name,
        "created_at": stone.created_at.astimezone(JST).isoformat(),
        "destroyed_at": stone.destroyed_at.astimezone(JST).isoformat(),
        "kcv": stone.kcv,
    }


def purge_rows(store: SecureStore, actor: Actor, erasure_id: UUID) -> ErasureView:
    """Deletes the rows of the scope in slices and gives their pages back: hygiene after the keys.

    Raises ErasureGateClosed while a tombstone is missing, DatabaseBusy when a reader is in the
    way; both may be called again.
    """
    require(actor, Permission.DESTROY_KEYS)
    target = ErasureState.ROWS_PURGED
    with refusals_noted(store, actor, erasure_id):
        is_next, scope, policy = due(store, actor, erasure_id, target)
        if not is_next:
            return present(store, actor, erasure_id)
        with store.work(actor, readonly=True) as work:
            passed = _tombstone_gate(work, erasure_id)
        advance(Position(ErasureState.KEYS_DESTROYED), target, passed, policy)
        _purge(store, actor, scope)
        destruction.compact(store, [reach.table for reach in PURGED])
        with store.work(actor) as work:
            row = locked(work, erasure_id)
            if is_due(row, target, policy):
                gone = sum(line[3] for line in document_of(row)["destroying"]["counts"])
                move(work, row, target, passed, policy, count=gone)
            return view_of(work, row)


def _tombstone_gate(work: UnitOfWork, erasure_id: UUID) -> set[Gate]:
    """Every key that stood before has its tombstone, and none stands any more."""
    row = locked(work, erasure_id)
    scope, document = scope_of(row), document_of(row)
    keys = destruction.census(work.store, scope, [file.id for file in files_in(work, scope)])
    listed = {stone["key_id"] for stone in document["keys"]}
    complete = len(listed) == document["destroying"]["alive"] and listed <= keys.buried
    return {Gate.TOMBSTONES_PRESENT} if complete and not keys.alive else set()


def _purge(store: SecureStore, actor: Actor, scope: ErasureScope) -> None:
    for reach in PURGED:
        left = 1
        while left:
            with store.work(actor) as work:
                left = purge_slice(work, reach, scope)


def destroy_copies(store: SecureStore, actor: Actor, erasure_id: UUID) -> ErasureView:
    """Removes lent files and confirmed daily files from the exchange folders, and all backups.

    Daily files the city has not confirmed stay, and so do backups whose medium is not at hand
    (their keys are gone): both are listed with the reason.
    """
    require(actor, Permission.DESTROY_KEYS)
    target = ErasureState.COPIES_DESTROYED
    with refusals_noted(store, actor, erasure_id):
        is_next, scope, policy = due(store, actor, erasure_id, target)
        if not is_next:
            return present(store, actor, erasure_id)
        with store.work(actor) as work:
            row = locked(work, erasure_id)
            if not is_due(row, target, policy):
                return view_of(work, row)
            gone = copies_to_remove(work, scope)
            destruction.remove(gone)
            backups = backups_with_bytes(work, scope)
            for one in backups:
                record_destroyed(work, one.id, Destruction.ERASURE)
            document = document_of(row)
            document["finished_at"] = work.now.isoformat()
            document["operator"] = actor.code
            write(row, document)
            move(work, row, target, _row_gate(work, scope), policy, len(gone) + len(backups))
            return view_of(work, row)


def copies_to_remove(work: UnitOfWork, scope: ErasureScope) -> list[Path]:
    """Copies in the exchange folders that nobody waits for any more."""
    inbound = destruction.exchange_copies(work.store, destruction.INBOUND, lent_names(work, scope))
    confirmed = set(gates.confirmed_packs(work, scope)) - set(gates.unconfirmed_packs(work, scope))
    return inbound + destruction.exchange_copies(work.store, destruction.OUTBOUND, confirmed)


def _row_gate(work: UnitOfWork, scope: ErasureScope) -> set[Gate]:
    gone = not any(line.count for line in row_counts(work, scope))
    return {Gate.ROWS_GONE} if gone else set()

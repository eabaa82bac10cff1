"""What every step of an erasure does: ask whether it is due, and note a refusal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from campaigns.closing import gates
from secure_store.access import Actor
from secure_store.audit.tags import Result, Tag
from secure_store.canonical import canonical_json
from secure_store.erasure.execution import Document, ErasureView, is_due, locked, scope_of
from secure_store.erasure.scopes import ErasureScope
from secure_store.erasure.states import ErasureState, GatePolicy
from secure_store.erasure.views import view_of
from secure_store.errors import DomainError
from secure_store.work import SecureStore


@contextmanager
def refusals_noted(store: SecureStore, actor: Actor, erasure_id: UUID) -> Iterator[None]:
    """A refused step changes nothing, but the log says that it was asked for."""
    try:
        yield
    except DomainError as refused:
        with store.work(actor) as work:
            work.audit(
                Tag.ERASURE_REFUSED,
                object_kind="erasure",
                object_id=erasure_id,
                result=Result.DENIED,
                reason=refused.code,
            )
        raise


def due(
    store: SecureStore, actor: Actor, erasure_id: UUID, target: ErasureState
) -> tuple[bool, ErasureScope, GatePolicy]:
    """Whether the step is the next one (False: done before), its scope, and the gate policy.

    Raises IllegalErasureMove, naming the present state, for a step out of order.
    """
    with store.work(actor, readonly=True) as work:
        row, policy = locked(work, erasure_id), gates.current_policy(work)
        return is_due(row, target, policy), scope_of(row), policy


def present(store: SecureStore, actor: Actor, erasure_id: UUID) -> ErasureView:
    """The erasure as it stands now."""
    with store.work(actor, readonly=True) as work:
        return view_of(work, locked(work, erasure_id))


def digest_of(report: Document) -> str:
    """SHA-256 over the canonical form of a report."""
    return hashlib.sha256(canonical_json(report)).hexdigest()

"""One erasure as its page shows it: the next step, what it waits for, what it will take away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from campaigns.closing import gates
from campaigns.closing.applying import ApplicationView, application_of
from campaigns.closing.claims import root_changed_since
from campaigns.closing.plan import all_counts, get_erasure
from campaigns.closing.tables import files_in
from campaigns.profile.contract import current_profile
from secure_store.erasure import destruction
from secure_store.erasure.execution import Document, ErasureView, document_of, locked
from secure_store.erasure.scopes import CountLine, ErasureScope, ScopeKind
from secure_store.erasure.signing import home_facts
from secure_store.erasure.states import (
    BEFORE_DESTRUCTION,
    GATES,
    ErasureState,
    Gate,
    GateMode,
    GatePolicy,
    Position,
    legal_targets,
)
from secure_store.erasure.views import count_lines, raw_counts
from secure_store.orders.holds import EvidenceHeld
from secure_store.work import UnitOfWork

# What a step finds out or brings about by itself; nobody can meet these beforehand.
BY_THE_STEP = frozenset(
    {
        Gate.SCAN_BEFORE_CLEAN,
        Gate.COUNTS_FRESH,
        Gate.TWO_PERSONS,
        Gate.TOMBSTONES_PRESENT,
        Gate.ROWS_GONE,
        Gate.COPIES_REGISTERED_GONE,
        Gate.NOTHING_OPENS,
        Gate.THIRD_PERSON,
        Gate.CERTIFICATE_SIGNED,
        Gate.ACCEPTANCE_RECORDED,
    }
)
_STILL = frozenset({Gate.NO_OPEN_HOLD, Gate.LEASES_CLOSED, Gate.LINE_OFF, Gate.JOBS_DRAINED})


@dataclass(frozen=True, slots=True)
class GateView:
    """One condition of the next step. ``note``: the number of the paper behind it, or of the hold."""

    gate: Gate
    is_met: bool
    blocks: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class ErasurePage:
    """``target`` is the next step, None when all is done or held.

    ``is_begun``: destruction of keys was begun and has to be finished. ``keys_alive`` counts the
    keys that still stand; ``before`` and ``after`` are rows, values and files by batch and place.
    ``witness_asked``: number of the city's paper that asks for one; ``witness_post``: who came.
    ``is_root_old``: the contract's keys are gone, and the root key is still the one of before.
    ``hands``: who destroyed (supervisor, administrator) and who verified, as far as it has come.
    """

    view: ErasureView
    target: ErasureState | None
    gates: tuple[GateView, ...]
    is_begun: bool
    keys_alive: int
    before: tuple[CountLine, ...]
    after: tuple[CountLine, ...]
    hands: tuple[str, ...]
    due_on: date
    application: ApplicationView
    witness_asked: str = ""
    witness_post: str = ""
    is_root_old: bool = False

    @property
    def is_open(self) -> bool:
        """False while a condition that blocks is not met."""
        return all(gate.is_met or not gate.blocks for gate in self.gates)


def erasure_page(work: UnitOfWork, erasure_id: UUID) -> ErasurePage:
    """One erasure with what its next step waits for. Raises NotFound."""
    view = get_erasure(work, erasure_id)
    document = document_of(locked(work, erasure_id))
    policy = gates.current_policy(work)
    target = _target(view.state, policy)
    profile = current_profile(work)
    begun = document.get("destroying", {})
    standing = view.state in BEFORE_DESTRUCTION
    return ErasurePage(
        view=view,
        target=target,
        gates=_gates(work, view, document, target, policy) if target else (),
        is_begun=bool(begun) and standing,
        keys_alive=_keys_alive(work, view.scope) if standing else 0,
        before=count_lines(begun["counts"]) if begun else view.counts,
        after=count_lines(document.get("counts_after", [])),
        hands=_hands(begun, document),
        due_on=profile.contract_until + timedelta(days=profile.parameters.erasure_deadline_days),
        application=application_of(work, erasure_id),
        witness_asked=document.get("witness", {}).get("requested_by", ""),
        witness_post=document.get("witness", {}).get("post", ""),
        is_root_old=_is_root_old(work, view, document),
    )


def _is_root_old(work: UnitOfWork, view: ErasureView, document: Document) -> bool:
    """Asked while the certificate, which tells it, is not yet written."""
    if view.scope.kind is not ScopeKind.CONTRACT or view.has_certificate:
        return False
    change = home_facts(work.store).root_change
    return "keys_destroyed_at" in document and not root_changed_since(document, view.scope, change)


def _target(state: ErasureState, policy: GatePolicy) -> ErasureState | None:
    """The next step; the consent is no step of its own where the contract does not wait for it."""
    if state is ErasureState.HELD:
        return None
    targets = legal_targets(Position(state), policy) - {ErasureState.HELD}
    if ErasureState.FROZEN in targets:
        return ErasureState.FROZEN
    return next(iter(targets), None)


def _hands(begun: Document, document: Document) -> tuple[str, ...]:
    named = (begun.get("supervisor"), begun.get("administrator"), document.get("verifier"))
    return tuple(code for code in named if code)


def _keys_alive(work: UnitOfWork, scope: ErasureScope) -> int:
    files = [file.id for file in files_in(work, scope)]
    return destruction.census(work.store, scope, files).alive


def _gates(
    work: UnitOfWork,
    view: ErasureView,
    document: Document,
    target: ErasureState,
    policy: GatePolicy,
) -> tuple[GateView, ...]:
    asked = [gate for gate in GATES[target] if gate not in BY_THE_STEP]
    passed = gates.paper_gates(work, view.scope, document)
    unknown: frozenset[Gate] = frozenset()
    notes = _notes(document)
    if _STILL & set(asked):
        try:
            passed |= gates.still_gates(work, view.scope)
        except EvidenceHeld as held:
            notes[Gate.NO_OPEN_HOLD] = str(held.details.get("document_no", ""))
            unknown = _STILL - {Gate.NO_OPEN_HOLD}
    if Gate.COUNTS_AS_APPLIED in asked and (
        raw_counts(all_counts(work, view.scope)) == document["counts"]
    ):
        passed.add(Gate.COUNTS_AS_APPLIED)
    return tuple(
        GateView(gate, gate in passed, policy.mode(gate) is GateMode.BLOCKS, notes.get(gate, ""))
        for gate in asked
        if gate not in unknown and policy.mode(gate) is not GateMode.OFF
    )


def _notes(document: Document) -> dict[Gate, str]:
    notes = {Gate(name): number for name, number in document.get("conditions", {}).items()}
    if "instruction" in document:
        notes[Gate.INSTRUCTION_RECEIVED] = document["instruction"]["document_no"]
    if "requested_by" in document.get("witness", {}):
        notes[Gate.WITNESS_PRESENT] = document["witness"]["requested_by"]
    if "sent_on" in document.get("application", {}):
        notes[Gate.APPLICATION_SENT] = document["application"]["number"]
    if "consent" in document:
        notes[Gate.CONSENT_RECORDED] = document["consent"]["consent_no"]
    return notes

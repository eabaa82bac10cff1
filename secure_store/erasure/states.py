"""Pure: the steps of an erasure, the gates before each, and which step may follow which.

What must always hold is code (``ALWAYS``); what differs by contract is a ``GatePolicy``: in
specification 004 the week after the end rules (S4-14.10) and a missing consent is noted on the
certificate, in 003 it blocks (S3-B2-13.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from secure_store.errors import Conflict, Invalid


class ErasureState(StrEnum):
    """Where an erasure stands. Each is stored, so that a crash resumes at the same place."""

    DRAFT = "draft"
    APPLIED = "applied"
    CONSENTED = "consented"
    FROZEN = "frozen"
    SCANNED_BEFORE = "scanned_before"
    KEYS_DESTROYED = "keys_destroyed"
    ROWS_PURGED = "rows_purged"
    COPIES_DESTROYED = "copies_destroyed"
    VERIFIED = "verified"
    CERTIFIED = "certified"
    ACCEPTED = "accepted"
    HELD = "held"


STEPS: tuple[ErasureState, ...] = tuple(s for s in ErasureState if s is not ErasureState.HELD)
BEFORE_DESTRUCTION: frozenset[ErasureState] = frozenset(
    STEPS[: STEPS.index(ErasureState.KEYS_DESTROYED)]
)


class Gate(StrEnum):
    """What has to be so before a step. The caller finds out; this module only judges."""

    INSTRUCTION_RECEIVED = "instruction_received"
    APPLICATION_SENT = "application_sent"
    CONSENT_RECORDED = "consent_recorded"
    CONSENT_MATCHES = "consent_matches"
    WITNESS_PRESENT = "witness_present"
    FINAL_RESULTS_ACCEPTED = "final_results_accepted"
    RETURN_DONE = "return_done"
    COUNTS_AS_APPLIED = "counts_as_applied"
    NO_OPEN_HOLD = "no_open_hold"
    LEASES_CLOSED = "leases_closed"
    LINE_OFF = "line_off"
    JOBS_DRAINED = "jobs_drained"
    SCAN_BEFORE_CLEAN = "scan_before_clean"
    COUNTS_FRESH = "counts_fresh"
    TWO_PERSONS = "two_persons"
    TOMBSTONES_PRESENT = "tombstones_present"
    ROWS_GONE = "rows_gone"
    COPIES_REGISTERED_GONE = "copies_registered_gone"
    NOTHING_OPENS = "nothing_opens"
    THIRD_PERSON = "third_person"
    CERTIFICATE_SIGNED = "certificate_signed"
    ACCEPTANCE_RECORDED = "acceptance_recorded"


class GateMode(StrEnum):
    """What an open gate does: stop the step, be noted on the certificate, or nothing."""

    BLOCKS = "blocks"
    NOTED = "noted"
    OFF = "off"


# The gates a contract may set. All others block whatever a profile says.
SETTABLE: frozenset[Gate] = frozenset(
    {
        Gate.INSTRUCTION_RECEIVED,
        Gate.CONSENT_RECORDED,
        Gate.CONSENT_MATCHES,
        Gate.WITNESS_PRESENT,
        Gate.FINAL_RESULTS_ACCEPTED,
        Gate.RETURN_DONE,
        Gate.COUNTS_AS_APPLIED,
    }
)
ALWAYS: frozenset[Gate] = frozenset(Gate) - SETTABLE

_STILL = (Gate.LEASES_CLOSED, Gate.LINE_OFF, Gate.JOBS_DRAINED)
GATES: Mapping[ErasureState, tuple[Gate, ...]] = {
    ErasureState.APPLIED: (Gate.APPLICATION_SENT,),
    ErasureState.CONSENTED: (Gate.CONSENT_RECORDED,),
    ErasureState.FROZEN: (Gate.NO_OPEN_HOLD, *_STILL),
    ErasureState.SCANNED_BEFORE: (Gate.NO_OPEN_HOLD, Gate.SCAN_BEFORE_CLEAN),
    ErasureState.KEYS_DESTROYED: (
        Gate.NO_OPEN_HOLD,
        *_STILL,
        Gate.FINAL_RESULTS_ACCEPTED,
        Gate.RETURN_DONE,
        Gate.INSTRUCTION_RECEIVED,
        Gate.APPLICATION_SENT,
        Gate.CONSENT_RECORDED,
        Gate.CONSENT_MATCHES,
        Gate.WITNESS_PRESENT,
        Gate.COUNTS_FRESH,
        Gate.COUNTS_AS_APPLIED,
        Gate.TWO_PERSONS,
    ),
    ErasureState.ROWS_PURGED: (Gate.TOMBSTONES_PRESENT,),
    ErasureState.COPIES_DESTROYED: (Gate.ROWS_GONE,),
    ErasureState.VERIFIED: (Gate.COPIES_REGISTERED_GONE, Gate.NOTHING_OPENS, Gate.THIRD_PERSON),
    ErasureState.CERTIFIED: (Gate.CERTIFICATE_SIGNED,),
    ErasureState.ACCEPTED: (Gate.ACCEPTANCE_RECORDED,),
}


class GatePolicyRefused(Invalid):
    """A contract may not weaken this gate."""

    code = "erasure_gate_policy_refused"


class IllegalErasureMove(Conflict):
    """This step does not follow from where the erasure stands."""

    code = "illegal_erasure_move"


class ErasureGateClosed(Conflict):
    """A condition for this step of the erasure is not met."""

    code = "erasure_gate_closed"

    def __init__(self, target: ErasureState, gates: tuple[Gate, ...]) -> None:
        self.gates = gates
        named = ",".join(gate.value for gate in gates)
        super().__init__(target=target.value, gates=named)


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """The mode of each settable gate of one contract; what is not named blocks.

    Raises ``GatePolicyRefused`` when it sets a gate that always blocks.
    """

    modes: tuple[tuple[Gate, GateMode], ...] = ()
    _found: Mapping[Gate, GateMode] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for gate, mode in self.modes:
            if gate in ALWAYS and mode is not GateMode.BLOCKS:
                raise GatePolicyRefused(gate=gate.value)
        object.__setattr__(self, "_found", dict(self.modes))

    def mode(self, gate: Gate) -> GateMode:
        return self._found.get(gate, GateMode.BLOCKS)


WEEK_RULES = GatePolicy(tuple((gate, GateMode.NOTED) for gate in sorted(SETTABLE)))
CONSENT_FIRST = GatePolicy()


@dataclass(frozen=True, slots=True)
class Position:
    """The stored state; ``held_from`` says where a held erasure goes on, and is empty else."""

    state: ErasureState
    held_from: ErasureState | None = None


@dataclass(frozen=True, slots=True)
class Advance:
    """The next position, and the gates that were open but only noted (for the certificate)."""

    position: Position
    noted: tuple[Gate, ...] = ()


START = Position(ErasureState.DRAFT)


def legal_targets(current: Position, policy: GatePolicy) -> frozenset[ErasureState]:
    """The states that may follow, gates aside."""
    if current.state is ErasureState.HELD:
        back = current.held_from
        return frozenset({back}) if back in BEFORE_DESTRUCTION and back else frozenset()
    if current.state is ErasureState.ACCEPTED:
        return frozenset()
    targets = {STEPS[STEPS.index(current.state) + 1]}
    if current.state in BEFORE_DESTRUCTION:
        targets.add(ErasureState.HELD)
    waits = policy.mode(Gate.CONSENT_RECORDED) is GateMode.BLOCKS
    if current.state is ErasureState.APPLIED and not waits:
        targets.add(ErasureState.FROZEN)
    return frozenset(targets)


def advance(
    current: Position,
    target: ErasureState,
    passed: Iterable[Gate],
    policy: GatePolicy = CONSENT_FIRST,
) -> Advance:
    """Move one step on, into ``HELD`` or out of it (S4-14.10, S4-14.11a, S3-B2-13.2).

    ``passed`` names the gates found met at this moment. Raises ``IllegalErasureMove`` when the
    step does not follow, ``ErasureGateClosed`` naming every blocking gate that is not met.
    """
    if target not in legal_targets(current, policy):
        raise IllegalErasureMove(current=current.state.value, target=target.value)
    if target is ErasureState.HELD:
        return Advance(Position(ErasureState.HELD, held_from=current.state))
    missing = [gate for gate in _asked(current, target) if gate not in set(passed)]
    closed = tuple(gate for gate in missing if _mode(gate, target, policy) is GateMode.BLOCKS)
    if closed:
        raise ErasureGateClosed(target, closed)
    noted = tuple(gate for gate in missing if _mode(gate, target, policy) is GateMode.NOTED)
    return Advance(Position(target), noted)


def _asked(current: Position, target: ErasureState) -> tuple[Gate, ...]:
    # Leaving a hold asks only whether the hold is lifted: the step itself was passed before.
    if current.state is ErasureState.HELD:
        return (Gate.NO_OPEN_HOLD,)
    return GATES[target]


def _mode(gate: Gate, target: ErasureState, policy: GatePolicy) -> GateMode:
    # The state named "consented" says that a consent is there, under every policy.
    if target is ErasureState.CONSENTED:
        return GateMode.BLOCKS
    return policy.mode(gate)

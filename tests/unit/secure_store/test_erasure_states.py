"""Facts about erasure states."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from secure_store.erasure.states import (
    ALWAYS,
    BEFORE_DESTRUCTION,
    CONSENT_FIRST,
    GATES,
    SETTABLE,
    START,
    STEPS,
    WEEK_RULES,
    ErasureGateClosed,
    ErasureState,
    Gate,
    GateMode,
    GatePolicy,
    GatePolicyRefused,
    IllegalErasureMove,
    Position,
    advance,
)

S = ErasureState
EVERY = frozenset(Gate)
ORDER = [
    "draft",
    "applied",
    "consented",
    "frozen",
    "scanned_before",
    "keys_destroyed",
    "rows_purged",
    "copies_destroyed",
    "verified",
    "certified",
    "accepted",
]
# Written out by hand, not taken from the table under test.
FORWARD = {(a, b) for a, b in zip(ORDER, ORDER[1:], strict=False)}
TO_HELD = {(a, "held") for a in ORDER[:5]}


@pytest.mark.clause("T11")
@pytest.mark.parametrize("policy", [CONSENT_FIRST, WEEK_RULES])
def test_every_move_that_is_not_a_step_is_refused_even_with_all_gates_met(
    policy: GatePolicy,
) -> None:
    legal = FORWARD | TO_HELD
    if policy is WEEK_RULES:
        legal = legal | {("applied", "frozen")}
    for current, target in product(STEPS, ErasureState):
        if (current.value, target.value) in legal:
            assert advance(Position(current), target, EVERY, policy).position.state is target
            continue
        with pytest.raises(IllegalErasureMove):
            advance(Position(current), target, EVERY, policy)


@pytest.mark.clause("T11")
@pytest.mark.parametrize("target", [step for step in STEPS if step is not S.DRAFT])
def test_every_missing_gate_stops_the_step_and_is_named(target: ErasureState) -> None:
    current = Position(STEPS[STEPS.index(target) - 1])
    for gate in GATES[target]:
        with pytest.raises(ErasureGateClosed) as closed:
            advance(current, target, EVERY - {gate}, CONSENT_FIRST)
        assert closed.value.gates == (gate,)
    with pytest.raises(ErasureGateClosed) as closed:
        advance(current, target, (), CONSENT_FIRST)
    assert closed.value.gates == GATES[target]


def test_every_gate_is_asked_somewhere() -> None:
    assert {gate for gates in GATES.values() for gate in gates} == EVERY


@pytest.mark.clause("S3-B2-13.2")
def test_where_consent_comes_first_keys_are_not_destroyed_without_it() -> None:
    current = Position(S.SCANNED_BEFORE)
    with pytest.raises(ErasureGateClosed, match="consent_recorded"):
        advance(current, S.KEYS_DESTROYED, EVERY - {Gate.CONSENT_RECORDED}, CONSENT_FIRST)


@pytest.mark.clause("S3-B2-13.3")
def test_a_witness_who_was_asked_for_and_is_absent_stops_the_destruction() -> None:
    with pytest.raises(ErasureGateClosed, match="witness_present"):
        advance(Position(S.SCANNED_BEFORE), S.KEYS_DESTROYED, EVERY - {Gate.WITNESS_PRESENT})


@pytest.mark.clause("S4-14.10")
def test_where_the_week_rules_a_missing_consent_never_blocks_and_is_noted() -> None:
    met = EVERY - {Gate.CONSENT_RECORDED, Gate.CONSENT_MATCHES}
    position, noted = START, []
    for target in STEPS[1:]:
        if target is S.CONSENTED:
            continue
        step = advance(position, target, met, WEEK_RULES)
        position, noted = step.position, [*noted, *step.noted]
    assert position.state is S.ACCEPTED
    assert noted == [Gate.CONSENT_RECORDED, Gate.CONSENT_MATCHES]


def test_the_state_consented_always_needs_a_consent() -> None:
    with pytest.raises(ErasureGateClosed):
        advance(Position(S.APPLIED), S.CONSENTED, EVERY - {Gate.CONSENT_RECORDED}, WEEK_RULES)


def test_a_gate_that_is_off_is_neither_asked_nor_noted() -> None:
    policy = GatePolicy(((Gate.WITNESS_PRESENT, GateMode.OFF),))
    met = EVERY - {Gate.WITNESS_PRESENT}
    assert advance(Position(S.SCANNED_BEFORE), S.KEYS_DESTROYED, met, policy).noted == ()


@pytest.mark.clause("S4-14.11a")
@pytest.mark.parametrize("policy", [CONSENT_FIRST, WEEK_RULES])
@pytest.mark.parametrize("target", [S.FROZEN, S.SCANNED_BEFORE, S.KEYS_DESTROYED])
def test_while_evidence_is_frozen_nothing_is_destroyed_under_any_contract(
    policy: GatePolicy, target: ErasureState
) -> None:
    current = Position(STEPS[STEPS.index(target) - 1])
    with pytest.raises(ErasureGateClosed, match="no_open_hold"):
        advance(current, target, EVERY - {Gate.NO_OPEN_HOLD}, policy)


@pytest.mark.parametrize("gate", sorted(ALWAYS))
@pytest.mark.parametrize("mode", [GateMode.NOTED, GateMode.OFF])
def test_no_contract_can_weaken_what_must_always_hold(gate: Gate, mode: GateMode) -> None:
    with pytest.raises(GatePolicyRefused):
        GatePolicy(((gate, mode),))


def test_a_held_erasure_goes_on_only_where_it_stood_and_only_once_the_hold_is_lifted() -> None:
    held = advance(Position(S.SCANNED_BEFORE), S.HELD, ()).position
    assert held == Position(S.HELD, held_from=S.SCANNED_BEFORE)
    with pytest.raises(ErasureGateClosed):
        advance(held, S.SCANNED_BEFORE, ())
    for target in set(ErasureState) - {S.SCANNED_BEFORE}:
        with pytest.raises(IllegalErasureMove):
            advance(held, target, EVERY)
    assert advance(held, S.SCANNED_BEFORE, [Gate.NO_OPEN_HOLD]).position.state is S.SCANNED_BEFORE


@pytest.mark.parametrize("came_from", [None, S.HELD, S.KEYS_DESTROYED, S.CERTIFIED])
def test_a_hold_with_an_impossible_origin_leads_nowhere(came_from: ErasureState | None) -> None:
    for target in ErasureState:
        with pytest.raises(IllegalErasureMove):
            advance(Position(S.HELD, came_from), target, EVERY)


class Erasures(RuleBasedStateMachine):
    """Any move at any time with any gates, against a plain model of what has been reached."""

    def __init__(self) -> None:
        super().__init__()
        self.policy = CONSENT_FIRST
        self.position = START
        self.reached = [S.DRAFT]
        self.noted: set[Gate] = set()

    @rule(modes=st.dictionaries(st.sampled_from(sorted(SETTABLE)), st.sampled_from(GateMode)))
    def another_contract(self, modes: dict[Gate, GateMode]) -> None:
        if self.position == START:
            self.policy = GatePolicy(tuple(modes.items()))

    @rule(state=st.sampled_from(ErasureState), open_gates=st.sets(st.sampled_from(Gate)))
    def move(self, state: ErasureState, open_gates: set[Gate]) -> None:
        self._move(state, open_gates)

    @rule(skip=st.integers(0, 1), open_gates=st.sets(st.sampled_from(Gate), max_size=1))
    def move_on(self, skip: int, open_gates: set[Gate]) -> None:
        if self.position.state is S.HELD:
            self._move(self.position.held_from or S.HELD, open_gates)
        else:
            at = STEPS.index(self.position.state) + 1 + skip
            self._move(STEPS[min(at, len(STEPS) - 1)], open_gates)

    def _move(self, target: ErasureState, open_gates: set[Gate]) -> None:
        before = self.position
        try:
            step = advance(before, target, EVERY - open_gates, self.policy)
        except (IllegalErasureMove, ErasureGateClosed):
            assert self.position == before
            return
        self.position = step.position
        self.noted |= set(step.noted)
        self._judge(before, target, open_gates, set(step.noted))

    def _judge(
        self, before: Position, target: ErasureState, open_gates: set[Gate], noted: set[Gate]
    ) -> None:
        modes = dict(self.policy.modes)
        if target is not S.HELD and before.state is not S.HELD:
            asked = set(GATES[target]) & open_gates
            assert all(modes.get(gate, GateMode.BLOCKS) is not GateMode.BLOCKS for gate in asked)
            assert noted == {gate for gate in asked if modes[gate] is GateMode.NOTED}
            self.reached.append(target)
        else:
            assert not noted
            assert before.state in BEFORE_DESTRUCTION or before.state is S.HELD

    @invariant()
    def nothing_is_skipped_or_walked_back(self) -> None:
        wanted = list(STEPS[: STEPS.index(self.reached[-1]) + 1])
        if S.CONSENTED not in self.reached and S.CONSENTED in wanted:
            wanted.remove(S.CONSENTED)
            modes = dict(self.policy.modes)
            assert modes[Gate.CONSENT_RECORDED] is not GateMode.BLOCKS
        assert self.reached == wanted

    @invariant()
    def a_hold_never_stands_behind_the_destruction(self) -> None:
        if self.position.state is S.HELD:
            assert S.KEYS_DESTROYED not in self.reached
            assert self.position.held_from is self.reached[-1]


TestErasures = Erasures.TestCase
TestErasures.settings = settings(
    max_examples=150,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.clause("T11")
def test_two_thousand_random_histories_of_fifty_steps_keep_every_rule() -> None:
    draw = random.Random(11)
    states, gates, settable = list(ErasureState), sorted(Gate), sorted(SETTABLE)
    ends = set()
    for _ in range(2000):
        machine = Erasures()
        machine.another_contract({gate: draw.choice(list(GateMode)) for gate in settable})
        for _ in range(50):
            open_gates = set(draw.sample(gates, draw.choice((0, 0, 1, 2))))
            if draw.random() < 0.3:
                machine.move(draw.choice(states), open_gates)
            else:
                machine.move_on(draw.randrange(2), open_gates)
            machine.nothing_is_skipped_or_walked_back()
            machine.a_hold_never_stands_behind_the_destruction()
        ends.add(machine.position.state)
    assert S.ACCEPTED in ends

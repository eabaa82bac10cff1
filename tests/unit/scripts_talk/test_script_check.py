"""Each fault the check must find, made by breaking a script that has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scripts_talk.script import (
    Answer,
    Condition,
    Direction,
    Script,
    Stage,
    Step,
    conditions_met,
    load_script,
    steps_visible,
)
from scripts_talk.script_check import ScriptFault, ScriptFaultKind, check_script
from scripts_talk.seeds import seed_script

K = ScriptFaultKind
GOOD = load_script(seed_script("A01"))
Break = Callable[[Script], Script]


def step_with(step_id: str, **changes: Any) -> Break:
    def apply(script: Script) -> Script:
        return replace(
            script,
            steps=tuple(
                replace(step, **changes) if step.id == step_id else step for step in script.steps
            ),
        )

    return apply


def answer_with(step_id: str, pressed: str, /, **changes: Any) -> Break:
    answers = tuple(
        replace(answer, **changes) if answer.key == pressed else answer
        for answer in GOOD.step(step_id).answers
    )
    return step_with(step_id, answers=answers)


def without(step_id: str) -> Break:
    return lambda script: replace(
        script, steps=tuple(step for step in script.steps if step.id != step_id)
    )


def added(step: Step) -> Break:
    return lambda script: replace(script, steps=(*script.steps, step))


LONELY = Step("Y1", "孤立", Stage.GREETING, ("失礼いたします。",), None, ())
LOOP = Answer("1", "もう一度", "P1")


@pytest.mark.clause("S4-10.1b")
@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (lambda s: replace(s, start="N9"), ScriptFault(K.START_MISSING, None, "N9")),
        (lambda s: replace(s, inbound_start=""), ScriptFault(K.START_MISSING, None, "")),
        (lambda s: replace(s, start="I1"), ScriptFault(K.START_MISSING, "I1", "outbound")),
        (added(GOOD.step("N4")), ScriptFault(K.STEP_TWICE, "N4")),
        (step_with("Z0", spoken=(), operation=None), ScriptFault(K.STEP_EMPTY, "Z0")),
        (without("B1"), ScriptFault(K.TARGET_UNKNOWN, "N4", "B1")),
        (answer_with("N2", "5", outcome_codes=()), ScriptFault(K.BRANCH_OPEN, "N2", "5")),
        (added(LONELY), ScriptFault(K.UNREACHABLE, "Y1", "outbound")),
        (step_with("P1", answers=(LOOP,)), ScriptFault(K.NO_WAY_TO_END, "P1", "outbound")),
        (
            answer_with("B1", "1", outcome_codes=()),
            ScriptFault(K.END_WITHOUT_OUTCOME, "Z1", "outbound"),
        ),
        (answer_with("N4", "1", key="A"), ScriptFault(K.ANSWER_KEY_UNKNOWN, "N4", "A")),
        (answer_with("N4", "1", key="10"), ScriptFault(K.ANSWER_KEY_UNKNOWN, "N4", "10")),
        (answer_with("N4", "1", key=""), ScriptFault(K.ANSWER_KEY_UNKNOWN, "N4", "")),
        (answer_with("N4", "1", key="2"), ScriptFault(K.ANSWER_KEY_TWICE, "N4", "2")),
        (
            answer_with("B1", "1", outcome_codes=("５４",)),
            ScriptFault(K.OUTCOME_CODE_MALFORMED, "B1", "1"),
        ),
        (
            step_with("Z1", spoken=("〈生年月日〉",)),
            ScriptFault(K.PLACEHOLDER_UNKNOWN, "Z1", "生年月日"),
        ),
        (
            step_with("Z1", spoken=("〈合計額",)),
            ScriptFault(K.PLACEHOLDER_UNKNOWN, "Z1", "〈"),
        ),
        (
            step_with("N1", operation="〈合計額〉を見る"),
            ScriptFault(K.PLACEHOLDER_NOT_SPOKEN, "N1"),
        ),
        (
            answer_with("N1", "1", label="〈氏名カナ〉が出た"),
            ScriptFault(K.PLACEHOLDER_NOT_SPOKEN, "N1"),
        ),
        (lambda s: replace(s, is_sample=False), ScriptFault(K.TEXT_UNCONFIRMED, "F2")),
    ],
)
def test_a_broken_script_is_found_out(broken: Break, fault: ScriptFault) -> None:
    assert check_script(GOOD) == ()
    assert fault in check_script(broken(GOOD))


@pytest.mark.clause("S4-11.3a-1")
@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (answer_with("N2", "1", to="N4"), ScriptFault(K.IDENTITY_BYPASSED, "N2", "1")),
        (
            answer_with("N2", "1", to="N4", confirms_identity=True),
            ScriptFault(K.IDENTITY_BYPASSED, "N2", "1"),
        ),
        (
            answer_with("N3", "1", confirms_identity=False),
            ScriptFault(K.IDENTITY_BYPASSED, "N3", "1"),
        ),
        (lambda s: replace(s, start="N4"), ScriptFault(K.IDENTITY_BYPASSED, "N4")),
        (
            step_with("N3", spoken=("〈合計額〉の件です。",)),
            ScriptFault(K.DETAIL_BEFORE_IDENTITY, "N3"),
        ),
        (
            step_with("T1", spoken=("保育料の件です。",)),
            ScriptFault(K.DETAIL_BEFORE_IDENTITY, "T1", "保育料"),
        ),
        (
            step_with("V1", spoken=("〈センター名〉です。未 納がございます。",)),
            ScriptFault(K.DETAIL_BEFORE_IDENTITY, "V1", "未納"),
        ),
    ],
)
def test_a_script_that_tells_before_the_check_is_found_out(
    broken: Break, fault: ScriptFault
) -> None:
    assert fault in check_script(broken(GOOD))


@pytest.mark.clause("S4-11.2b")
@pytest.mark.parametrize("step_id", ["N1", "V1", "I1"])
@pytest.mark.parametrize(
    "spoken", ["お忙しいところ恐れ入ります。", "札幌市の納付センターでございます。"]
)
def test_an_opening_without_the_self_name_is_found_out(step_id: str, spoken: str) -> None:
    broken = step_with(step_id, spoken=(spoken,))(GOOD)
    assert check_script(broken) == (ScriptFault(K.SELF_NAME_MISSING, step_id),)


@pytest.mark.clause("S4-11.2b")
def test_a_self_name_other_than_the_contracts_is_found_out() -> None:
    assert check_script(GOOD, "札幌市電話納付案内センター") == ()
    other = replace(GOOD, self_name="札幌市納付コール")
    assert check_script(other, "札幌市電話納付案内センター") == (ScriptFault(K.SELF_NAME_DIFFERS),)


@pytest.mark.clause("S4-12.1j")
@pytest.mark.parametrize("step", GOOD.steps, ids=lambda step: step.id)
def test_a_forbidden_term_is_found_in_whatever_step_it_stands(step: Step) -> None:
    broken = step_with(step.id, spoken=(*step.spoken, "差し押さえになります。"))(GOOD)
    assert ScriptFault(K.FORBIDDEN_WORDING, step.id, "差し押") in check_script(broken)


@pytest.mark.clause("S4-12.1j")
def test_the_scripts_own_forbidden_phrases_are_found_too() -> None:
    own = replace(GOOD, forbidden=("今すぐ払って",))
    broken = step_with("R1", spoken=("今 すぐ払ってください。",))(own)
    assert check_script(broken) == (ScriptFault(K.FORBIDDEN_WORDING, "R1", "今すぐ払って"),)


@pytest.mark.clause("S4-11.3a-1")
@pytest.mark.parametrize("direction", [Direction.OUTBOUND, Direction.INBOUND])
def test_only_steps_of_reached_stages_are_visible(direction: Direction) -> None:
    greeting = steps_visible(GOOD, Stage.GREETING, direction=direction)
    identity = steps_visible(GOOD, Stage.IDENTITY, direction=direction)
    guidance = steps_visible(GOOD, Stage.GUIDANCE, direction=direction)
    assert {step.stage for step in greeting} == {Stage.GREETING}
    assert {step.stage for step in identity} == {Stage.GREETING, Stage.IDENTITY}
    assert {step.stage for step in guidance} == set(Stage)
    assert len(greeting) < len(identity) < len(guidance)


@pytest.mark.clause("S4-12.1h")
@pytest.mark.parametrize("is_target", [True, False])
@pytest.mark.parametrize("has_promise", [True, False])
def test_account_transfer_is_visible_only_to_designated_cases_with_a_promise(
    is_target: bool, has_promise: bool
) -> None:
    met = conditions_met(is_account_transfer_target=is_target, has_promise=has_promise)
    shown = steps_visible(GOOD, Stage.GUIDANCE, conditions=met)
    is_offered = is_target and has_promise
    assert any(step.only_if is Condition.ACCOUNT_TRANSFER_AFTER_PROMISE for step in shown) == (
        is_offered
    )
    method = next(step for step in shown if step.id == "P2")
    assert any(answer.to == "F1" for answer in method.answers) == is_offered
    assert any(answer.to == "Z2" for answer in method.answers)


def test_a_hidden_condition_may_not_leave_a_dead_end() -> None:
    only_transfer = answer_with("P2", "1", to="F1")(GOOD)
    method = only_transfer.step("P2")
    left = tuple(answer for answer in method.answers if answer.to == "F1")
    broken = step_with("P2", answers=left)(only_transfer)
    assert ScriptFault(K.NO_WAY_TO_END, "P2", "outbound") in check_script(broken)


def test_an_inbound_call_is_not_shown_outbound_steps() -> None:
    inbound = {s.id for s in steps_visible(GOOD, Stage.GUIDANCE, direction=Direction.INBOUND)}
    outbound = {s.id for s in steps_visible(GOOD, Stage.GUIDANCE)}
    assert "I1" in inbound - outbound
    assert "N1" in outbound - inbound
    check = next(
        s for s in steps_visible(GOOD, Stage.IDENTITY, direction=Direction.INBOUND) if s.id == "N3"
    )
    targets = {answer.to for answer in check.answers}
    assert "I2" in targets
    assert "X1" not in targets

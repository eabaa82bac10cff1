"""The sample scripts and the sample Q&A collection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts_talk.errors import SeedUnknown
from scripts_talk.script import (
    Condition,
    Direction,
    Script,
    Stage,
    load_script,
    opening_steps,
    walkable_steps,
)
from scripts_talk.script_check import check_script
from scripts_talk.seeds import SEED_RECEIVABLES, seed_qa, seed_qa_text, seed_script
from scripts_talk.wording import check_before_identity, has_details, is_permitted_source

SELF_NAME = "札幌市電話納付案内センター"
CODES = {
    *[
        "11",
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "18",
        "19",
        "21",
        "22",
        "23",
        "24",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "38",
        "41",
        "42",
        "43",
        "44",
    ],
    *[
        "51",
        "52",
        "53",
        "54",
        "55",
        "56",
        "57",
        "61",
        "62",
        "63",
        "64",
        "65",
        "66",
        "67",
        "68",
        "69",
        "70",
        "71",
        "72",
        "73",
        "74",
        "75",
        "76",
        "77",
        "78",
        "79",
    ],
    *["81", "82", "83", "84", "85"],
}
OUT_OF_HUMAN_REACH = {"79", "84"}  # free choice of the agent; counted by the exchange
NEEDED_STEPS = {
    *[
        "N0",
        "N1",
        "N2",
        "N3",
        "N4",
        "P1",
        "P2",
        "B1",
        "S1",
        "H1",
        "Q1",
        "R1",
        "M1",
        "G1",
        "G2",
        "E1",
        "K1",
        "T1",
        "W1",
        "V1",
        "A1",
        "X1",
        "X2",
        "Z1",
        "I1",
    ],
}
ALL = frozenset(Condition)


@pytest.fixture(params=SEED_RECEIVABLES)
def script(request: pytest.FixtureRequest) -> Script:
    return load_script(seed_script(request.param))


def ways(
    script: Script, direction: Direction, conditions: frozenset[Condition]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], bool]]:
    """Every way without a repeated step: (ids, outcome codes offered, identity confirmed)."""
    steps = {step.id: step for step in walkable_steps(script, direction, conditions)}
    start = script.start if direction is Direction.OUTBOUND else script.inbound_start
    waiting: list[tuple[tuple[str, ...], tuple[str, ...], bool]] = [((start,), (), False)]
    while waiting:
        ids, codes, confirmed = waiting.pop()
        step = steps[ids[-1]]
        assert confirmed or step.stage is not Stage.GUIDANCE, ids
        if not step.answers:
            yield ids, codes, confirmed
        for answer in step.answers:
            more = (*codes, *answer.outcome_codes)
            if answer.to is None:
                yield ids, more, confirmed
            elif answer.to not in ids:
                waiting.append(((*ids, answer.to), more, confirmed or answer.confirms_identity))


@pytest.mark.clause("S4-10.1b")
def test_every_sample_passes_the_check(script: Script) -> None:
    assert check_script(script, SELF_NAME) == ()


@pytest.mark.clause("S4-10.1b", "S4-11.3a-1")
@pytest.mark.parametrize("direction", [Direction.OUTBOUND, Direction.INBOUND])
@pytest.mark.parametrize("conditions", [frozenset(), ALL])
def test_every_way_of_a_sample_ends_with_an_outcome_and_tells_nothing_before_the_check(
    script: Script, direction: Direction, conditions: frozenset[Condition]
) -> None:
    found = list(ways(script, direction, conditions))
    assert len(found) > 100
    for ids, codes, _ in found:
        assert codes, ids
        assert set(codes) <= CODES, ids


def test_the_samples_offer_every_outcome_a_talk_can_have(script: Script) -> None:
    offered = {
        code
        for direction in (Direction.OUTBOUND, Direction.INBOUND)
        for _, codes, _ in ways(script, direction, ALL)
        for code in codes
    }
    missing = CODES - offered - OUT_OF_HUMAN_REACH
    assert missing <= ({"56"} if script.receivable in ("A05", "A06") else {"70"})


@pytest.mark.parametrize(("direction", "code"), [("inbound", "82"), ("outbound", "42")])
def test_a_mismatch_ends_without_any_guidance(script: Script, direction: str, code: str) -> None:
    for ids, codes, confirmed in ways(script, Direction(direction), ALL):
        if code in codes:
            assert not confirmed, ids


def test_the_samples_hold_the_steps_a_call_needs(script: Script) -> None:
    assert {step.id for step in script.steps} >= NEEDED_STEPS


@pytest.mark.clause("S4-11.2b")
def test_both_openings_of_a_sample_say_the_self_name(script: Script) -> None:
    assert script.self_name == SELF_NAME
    outbound = opening_steps(script, script.start)
    assert [step.id for step in outbound] == ["N1", "V1"]
    inbound = opening_steps(script, script.inbound_start)
    assert [step.id for step in inbound] == ["I1"]
    for step in (*outbound, *inbound):
        assert any("〈センター名〉" in text for text in step.spoken)


@pytest.mark.clause("S4-12.1h")
def test_account_transfer_is_offered_only_after_a_promise(script: Script) -> None:
    for conditions in (frozenset[Condition](), ALL):
        for ids, codes, _ in ways(script, Direction.OUTBOUND, conditions):
            if "F1" in ids:
                assert conditions == ALL
                assert {"51", "52"} & set(codes), ids
                assert ids.index("P1A") < ids.index("F1")


def test_a_wrong_number_is_not_told_the_name_again(script: Script) -> None:
    for step_id in ("W1", "V1", "T2", "T3", "T4", "T5", "A1", "X1", "X2", "I1", "I3", "I4"):
        assert "〈氏名カナ〉" not in "".join(script.step(step_id).spoken)


def test_a_caller_is_never_shown_steps_that_speak_the_name_first(script: Script) -> None:
    for step in walkable_steps(script, Direction.INBOUND, ALL):
        assert "〈氏名カナ〉" not in "".join(step.spoken), step.id


def test_each_receivable_has_its_own_wording() -> None:
    subjects = [load_script(seed_script(code)).step("N4").spoken for code in SEED_RECEIVABLES]
    assert len(set(subjects)) == len(SEED_RECEIVABLES)


def test_the_emergency_centre_sample_speaks_of_no_illness() -> None:
    script = load_script(seed_script("A05"))
    spoken = "".join(text for step in script.steps for text in step.spoken)
    for word in ("病", "症", "診", "患者", "治療"):
        assert word not in spoken


def test_the_repayment_sample_gives_no_reason() -> None:
    script = load_script(seed_script("A06"))
    spoken = "".join(text for step in script.steps for text in step.spoken)
    for word in ("不正", "過払", "受け取り過ぎ", "所得", "離婚", "再婚", "同居"):
        assert word not in spoken


def test_every_sample_says_that_it_is_one() -> None:
    for code in SEED_RECEIVABLES:
        text = seed_script(code)
        assert text.startswith("# 見本")
        assert "所管課確認" in text
        assert load_script(text).is_sample
        assert load_script(text).receivable == code
    assert seed_qa_text().startswith("# 見本")
    assert seed_qa().is_sample


def test_a_receivable_without_sample_is_refused() -> None:
    for code in ("A09", "", "../errors", "qa"):
        with pytest.raises(SeedUnknown):
            seed_script(code)


def test_the_collection_has_eighteen_questions_with_kana_to_search_by() -> None:
    entries = seed_qa().entries
    assert [entry.id for entry in entries] == [f"Q{number:02}" for number in range(1, 19)]
    for entry in entries:
        assert set(entry.outcome_codes) <= CODES
        assert set(entry.receivables) <= set(SEED_RECEIVABLES)
        assert any(all("ぁ" <= letter <= "ー" for letter in word) for word in entry.keywords)


def test_answers_with_details_wait_for_the_identity_check() -> None:
    waiting = [entry.id for entry in seed_qa().entries if entry.needs_identity]
    assert waiting == ["Q11"]
    assert all("所管課確認" in e.answer for e in seed_qa().entries if e.is_unconfirmed)


def test_questions_about_children_are_not_offered_for_other_receivables() -> None:
    offered = {entry.id for entry in seed_qa().entries if entry.serves("A07")}
    assert not offered & {"Q11", "Q12"}
    assert "Q01" in offered


@pytest.mark.clause("S4-11.2-2")
def test_general_guidance_rests_on_the_city_and_tells_nothing_about_a_debt() -> None:
    guidance = seed_qa().guidance
    assert len(guidance) >= 12
    for entry in guidance:
        assert is_permitted_source(entry.source)
        assert not has_details(entry.answer)
        assert check_before_identity(entry.answer) == ()
        assert not any(letter.isdigit() for letter in entry.answer), "no invented numbers"

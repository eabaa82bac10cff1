"""Filling in what is spoken, and refusing to do so too early."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts_talk.errors import DetailsBeforeIdentity, PlaceholderUnknown, StageNotReached
from scripts_talk.render import DetailFacts, ScriptFacts, Span, render_step, render_text
from scripts_talk.script import Direction, Stage, load_script, walkable_steps
from scripts_talk.seeds import SEED_RECEIVABLES, seed_qa, seed_script
from scripts_talk.wording import DETAIL_PLACEHOLDERS, PLACEHOLDER_NAMES, has_details

BEFORE = ScriptFacts(
    self_name="札幌市電話納付案内センター",
    agent_surname="見本",
    dedicated_number="ミホン番号",
    calling_hours="平日の昼と夕方から夜、土日祝は日中",
    kana_name="ミホン　ハナコ",
)
DETAILS = DetailFacts(
    receivable_name="保育料",
    levy_year="令和4年度",
    periods="6月分と7月分",
    data_as_of="9月10日",
    total="48,000円",
)
AFTER = replace(BEFORE, details=DETAILS)
SCRIPT = load_script(seed_script("A01"))


def spoken(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans)


def test_filled_in_words_are_marked_and_nothing_is_markup() -> None:
    shown = render_step(SCRIPT.step("N1"), BEFORE, Stage.GREETING)
    assert shown.paragraphs == (
        (
            Span("お忙しいところ恐れ入ります。", False),
            Span("札幌市電話納付案内センター", True),
            Span("の", False),
            Span("見本", True),
            Span("と申します。", False),
            Span("ミホン　ハナコ", True),
            Span("様は、いらっしゃいますでしょうか。", False),
        ),
    )
    assert [answer.key for answer in shown.answers] == list("1234567890")


def test_a_value_with_brackets_or_markup_is_not_read_again() -> None:
    facts = replace(BEFORE, kana_name="〈合計額〉<b>")
    assert render_text("〈氏名カナ〉様", facts, Stage.GREETING) == (
        Span("〈合計額〉<b>", True),
        Span("様", False),
    )


def test_details_are_filled_in_once_the_check_is_passed() -> None:
    shown = render_step(SCRIPT.step("N4"), AFTER, Stage.GUIDANCE)
    assert "令和4年度の保育料のことで" in spoken(shown.paragraphs[0])
    assert "6月分と7月分につきまして、9月10日の時点で" in spoken(shown.paragraphs[1])


def test_a_value_not_known_yet_stands_as_its_name() -> None:
    shown = render_step(SCRIPT.step("P1A"), AFTER, Stage.GUIDANCE)
    assert shown.paragraphs[0][0] == Span("（約束日）", False)
    promised = replace(
        DETAILS, promise_date="9月30日", promise_periods="6月分", promise_amount="24,000円"
    )
    shown = render_step(SCRIPT.step("P1A"), replace(BEFORE, details=promised), Stage.GUIDANCE)
    assert spoken(shown.paragraphs[0]) == (
        "9月30日までに、6月分、合わせて24,000円ということでよろしいでしょうか。"
    )


@pytest.mark.clause("S4-11.3a-1")
@pytest.mark.parametrize("reached", [Stage.GREETING, Stage.IDENTITY])
@pytest.mark.parametrize("facts", [BEFORE, AFTER], ids=["without details", "with details"])
@pytest.mark.parametrize("code", SEED_RECEIVABLES)
def test_no_guidance_step_can_be_shown_before_the_check(
    code: str, facts: ScriptFacts, reached: Stage
) -> None:
    guidance = [s for s in load_script(seed_script(code)).steps if s.stage is Stage.GUIDANCE]
    assert guidance
    for step in guidance:
        with pytest.raises(DetailsBeforeIdentity) as caught:
            render_step(step, facts, reached)
        assert set(caught.value.details) == {"step"}


@pytest.mark.clause("S4-11.3a-1")
@pytest.mark.parametrize(
    ("facts", "reached"),
    [(AFTER, Stage.GREETING), (AFTER, Stage.IDENTITY), (BEFORE, Stage.GUIDANCE)],
)
def test_every_detail_is_refused_without_a_passed_check(facts: ScriptFacts, reached: Stage) -> None:
    names = [name for name, value in PLACEHOLDER_NAMES.items() if value in DETAIL_PLACEHOLDERS]
    assert len(names) == len(DETAIL_PLACEHOLDERS) == 8
    for name in names:
        assert has_details(f"〈{name}〉")
        with pytest.raises(DetailsBeforeIdentity):
            render_text(f"〈{name}〉", facts, reached)


@pytest.mark.clause("S4-11.3a-1")
@pytest.mark.parametrize("code", SEED_RECEIVABLES)
@pytest.mark.parametrize("direction", [Direction.OUTBOUND, Direction.INBOUND])
def test_no_detail_shows_in_any_step_before_the_check(code: str, direction: Direction) -> None:
    values = ("保育料", "令和4年度", "6月分", "9月10日", "48,000円")
    for step in walkable_steps(load_script(seed_script(code)), direction, frozenset()):
        if step.stage is Stage.GUIDANCE:
            continue
        shown = render_step(step, AFTER, Stage.IDENTITY)
        text = "".join(spoken(paragraph) for paragraph in shown.paragraphs)
        assert not any(value in text for value in values), step.id


def test_an_identity_step_waits_for_its_stage() -> None:
    with pytest.raises(StageNotReached):
        render_step(SCRIPT.step("N3"), BEFORE, Stage.GREETING)
    assert render_step(SCRIPT.step("N3"), BEFORE, Stage.IDENTITY).id == "N3"


def test_an_answer_with_details_is_refused_before_the_check() -> None:
    entry = next(entry for entry in seed_qa().entries if entry.needs_identity)
    with pytest.raises(DetailsBeforeIdentity):
        render_text(entry.answer, BEFORE, Stage.IDENTITY)
    assert "6月分と7月分" in spoken(render_text(entry.answer, AFTER, Stage.GUIDANCE))


@pytest.mark.parametrize(
    "text", ["〈生年月日〉", "〈", "〉", "〈〈氏名カナ〉", "〈 氏名カナ〉", "〈〉"]
)
def test_a_name_nobody_knows_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(PlaceholderUnknown) as caught:
        render_text(text, AFTER, Stage.GUIDANCE)
    assert caught.value.details == {}


@given(st.text(st.characters(exclude_characters="〈〉")))
def test_text_without_brackets_stays_as_it_is(text: str) -> None:
    spans = render_text(text, BEFORE, Stage.GREETING)
    assert spoken(spans) == text
    assert not any(span.filled for span in spans)

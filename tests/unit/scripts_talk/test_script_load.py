"""Reading script and Q&A files: typed, closed, with a path in every refusal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts_talk.errors import (
    PlaceholderUnknown,
    QaInvalid,
    ScriptInvalid,
    SourceNotPermitted,
    WordingRefused,
)
from scripts_talk.fields import MAX_CHARACTERS, FieldFault
from scripts_talk.script import Condition, Direction, Stage, load_script
from scripts_talk.seeds import load_qa
from secure_store.errors import DomainError

SMALL = """\
receivable: A01
version: 1.10
self_name: 札幌市電話納付案内センター
start: N1
inbound_start: N1
is_sample: true
forbidden: [差押え]
steps:
  - id: N1
    name: 名乗り
    stage: greeting
    direction: both
    only_if: account_transfer_after_promise
    spoken: ["〈センター名〉です。"]
    answers:
      - {key: 1, label: no, outcome_codes: [01, 12]}
"""
F = FieldFault


def test_plain_values_are_read_as_they_are_written() -> None:
    script = load_script(SMALL)
    assert script.version == "1.10"
    step = script.step("N1")
    assert (step.stage, step.direction) == (Stage.GREETING, Direction.BOTH)
    assert step.only_if is Condition.ACCOUNT_TRANSFER_AFTER_PROMISE
    assert step.operation is None
    answer = step.answers[0]
    assert (answer.key, answer.label, answer.to) == ("1", "no", None)
    assert answer.outcome_codes == ("01", "12")
    assert not answer.confirms_identity


@pytest.mark.parametrize(
    ("old", "new", "fault", "path"),
    [
        ("version: 1.10\n", "", F.MISSING, "version"),
        ("version: 1.10", "version:", F.EMPTY, "version"),
        ("version: 1.10", "version: [1]", F.NOT_TEXT, "version"),
        ("is_sample: true", "is_sample: yes", F.NOT_A_FLAG, "is_sample"),
        ("stage: greeting", "stage: hello", F.UNKNOWN_WORD, "steps[0].stage"),
        ("only_if: account", "only_if: no_account", F.UNKNOWN_WORD, "steps[0].only_if"),
        ("name: 名乗り", "name: 名乗り\n    colour: red", F.UNKNOWN_KEY, "steps[0].colour"),
        ("is_sample: true", "is_sample: true\nextra: 1", F.UNKNOWN_KEY, "extra"),
        ("label: no", "label: no, tu: N1", F.UNKNOWN_KEY, "steps[0].answers[0].tu"),
        ("[01, 12]", "01", F.NOT_A_LIST, "steps[0].answers[0].outcome_codes"),
        ("[01, 12]", "[01, '']", F.EMPTY, "steps[0].answers[0].outcome_codes[1]"),
        ("[01, 12]", "[01, {a: b}]", F.NOT_TEXT, "steps[0].answers[0].outcome_codes[1]"),
        ("  - id: N1\n", "  - N2\n  - id: N1\n", F.NOT_A_MAPPING, "steps[0]"),
    ],
)
def test_a_refusal_names_the_place(old: str, new: str, fault: FieldFault, path: str) -> None:
    assert old in SMALL
    with pytest.raises(ScriptInvalid) as caught:
        load_script(SMALL.replace(old, new, 1))
    assert caught.value.details == {"reason": fault.value, "path": path}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", F.NOT_A_MAPPING),
        ("- a", F.NOT_A_MAPPING),
        ("a: [", F.NOT_YAML),
        ("\x00", F.NOT_YAML),
        ("a: 1\n---\nb: 2", F.NOT_YAML),
        ("[" * 5000, F.NOT_YAML),
        ("? {a: b}\n: c", F.NOT_YAML),
        ("a: &x [1]\nb: *x", F.ALIAS),
        ("receivable: A01\nreceivable: A02", F.KEY_TWICE),
        ("a" * (MAX_CHARACTERS + 1), F.TOO_LARGE),
    ],
)
def test_a_file_that_is_no_plain_yaml_is_refused(text: str, fault: FieldFault) -> None:
    with pytest.raises(ScriptInvalid) as caught:
        load_script(text)
    assert caught.value.details["reason"] == fault.value


def test_a_tag_constructs_nothing() -> None:
    script = load_script(SMALL.replace("[差押え]", "!!python/object/apply:os.getcwd [差押え]"))
    assert script.forbidden == ("差押え",)
    script = load_script(SMALL.replace("version: 1.10", "version: !!timestamp 2022-99-99"))
    assert script.version == "2022-99-99"


@given(st.text(max_size=80))
def test_whatever_is_sent_is_read_or_refused_with_a_code(text: str) -> None:
    with pytest.raises(DomainError) as caught:
        load_script(text)
    assert caught.value.code == "script_invalid"


QA = """\
version: "1"
is_sample: true
entries:
  - {id: Q1, question: 差し押さえられますか, answer: 担当課が伺います。, outcome_codes: [63]}
guidance:
  - {id: G1, topic: 戸籍, answer: 区役所です。, source: 札幌市民便利帳, keywords: [こせき]}
"""


def test_a_question_may_hold_words_an_answer_may_not() -> None:
    collection = load_qa(QA)
    assert collection.entries[0].question == "差し押さえられますか"
    assert collection.entries[0].receivables == ()
    assert collection.guidance[0].keywords == ("こせき",)


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        ("担当課が伺います。", "差し押さえます。", WordingRefused),
        ("区役所です。", "時効です。", WordingRefused),
        ("担当課が伺います。", "〈血液型〉です。", PlaceholderUnknown),
        ("区役所です。", "〈合計額〉です。", QaInvalid),
        ("[63]", "[六三]", QaInvalid),
        ("id: G1", "id: Q1", QaInvalid),
        ("id: Q1, ", "", QaInvalid),
        ("keywords: [こせき]", "phone: 1", QaInvalid),
        ("札幌市民便利帳", "https://example.org/", SourceNotPermitted),
    ],
)
def test_a_collection_with_a_fault_is_refused(
    old: str, new: str, refusal: type[DomainError]
) -> None:
    assert old in QA
    with pytest.raises(refusal):
        load_qa(QA.replace(old, new, 1))

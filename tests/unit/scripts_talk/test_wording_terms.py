"""Words that may not be said, and sources that may be cited."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts_talk.wording import (
    DEBT_TERMS,
    FORBIDDEN_TERMS,
    ForbiddenTerm,
    WordingFault,
    WordingRule,
    check_before_identity,
    check_wording,
    is_permitted_source,
    names_itself,
)

SELF_NAME = "札幌市電話納付案内センター"


@pytest.mark.clause("S4-12.1j")
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("財産を差し押さえます。", WordingRule.PUBLIC_AUTHORITY),
        ("差押えの手続きに入ります。", WordingRule.PUBLIC_AUTHORITY),
        ("滞納処分の対象です。", WordingRule.PUBLIC_AUTHORITY),
        ("お給料を調べさせていただきます。", WordingRule.PUBLIC_AUTHORITY),
        ("お子様は退園になります。", WordingRule.THREAT),
        ("ﾌﾞﾗｯｸﾘｽﾄに載ります。", WordingRule.THREAT),
        ("フ\u3099ラックリストに載ります。", WordingRule.THREAT),
        ("職場へ連絡いたします。", WordingRule.THREAT),
        ("法的措置をとります。", WordingRule.THREAT),
        ("分割で大丈夫です。", WordingRule.DECISION),
        ("延滞金は免除です。", WordingRule.DECISION),
        ("来月まで猶予いたします。", WordingRule.DECISION),
        ("もう時効です。", WordingRule.LIMITATION),
        ("口座番号をお聞かせください。", WordingRule.ACCOUNT_DATA),
        ("ａｔｍで操作してください。", WordingRule.ACCOUNT_DATA),
    ],
)
def test_words_of_authority_threats_and_decisions_are_found(text: str, rule: WordingRule) -> None:
    assert rule in {fault.rule for fault in check_wording(text)}


@pytest.mark.parametrize(
    "text",
    [
        "お支払いのご相談は、担当課が承ります。",
        "お電話で口座の番号をお聞きすることはございません。",
        "口座番号や暗証番号をお聞きしたり、ATMの操作をお願いしたりすることはございません。",
        "処分についてお答えする立場にございません。",
        "お電話をお待ちいたしております。",
        "",
    ],
)
def test_plain_guidance_is_not_flagged(text: str) -> None:
    assert check_wording(text) == ()


def test_a_fault_names_the_place_in_the_text_as_written() -> None:
    assert check_wording("あの、差　押 えです") == (
        WordingFault(WordingRule.PUBLIC_AUTHORITY, "差押", 3),
    )
    assert [fault.position for fault in check_wording("時効と時効")] == [0, 3]


@pytest.mark.clause("S4-12.1j")
@given(
    st.sampled_from(FORBIDDEN_TERMS),
    st.text("あいう。、", max_size=5),
    st.sampled_from(["", " ", "　", "\n", "\t", "\u200b", "\u00ad"]),
)
def test_spaces_and_hidden_characters_do_not_hide_a_term(
    term: ForbiddenTerm, before: str, between: str
) -> None:
    faults = check_wording(before + between.join(term.term))
    assert (term.term, len(before)) in {(fault.term, fault.position) for fault in faults}


def test_terms_are_stems_said_once() -> None:
    for terms in (FORBIDDEN_TERMS, DEBT_TERMS):
        stems = [entry.term for entry in terms]
        assert len(set(stems)) == len(stems)
        assert all(stem.strip() for stem in stems)


@pytest.mark.clause("S4-11.2b")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("〈センター名〉の見本と申します。", True),
        ("札幌市電話納付案内センターです。", True),
        ("札幌市 電話納付案内 センターです。", True),
        ("札幌市納付案内センターです。", False),
        ("札幌市電話納付案内です。", False),
        ("センター名です。", False),
        ("", False),
    ],
)
def test_the_self_name_is_said_whole_or_not_at_all(text: str, says: bool) -> None:
    assert names_itself(text, SELF_NAME) is says


def test_an_empty_self_name_is_never_said() -> None:
    assert not names_itself("何でも", "")


@pytest.mark.clause("S4-11.3a-1")
@pytest.mark.parametrize("text", ["未納の件です。", "給食費のことで。", "ご請求の件", "督促"])
def test_words_that_name_a_debt_are_found(text: str) -> None:
    assert {fault.rule for fault in check_before_identity(text)} == {WordingRule.NAMES_THE_DEBT}


def test_the_self_name_itself_names_no_debt() -> None:
    assert check_before_identity(SELF_NAME) == ()


@pytest.mark.clause("S4-11.2-2")
@pytest.mark.parametrize(
    ("source", "is_permitted"),
    [
        ("札幌市民便利帳", True),
        ("札幌市民便利帳 12ページ", True),
        ("https://www.city.sapporo.jp/", True),
        ("https://CITY.sapporo.jp/kurashi", True),
        ("http://www.city.sapporo.jp/", False),
        ("https://city.sapporo.jp.example.org/", False),
        ("https://notcity.sapporo.jp/", False),
        ("https://example.org/city.sapporo.jp", False),
        ("https://city.sapporo.jp@example.org/", False),
        ("https://example.org\\@city.sapporo.jp/", False),
        ("https://[city.sapporo.jp/", False),
        ("javascript://city.sapporo.jp/", False),
        ("市の広報", False),
        ("", False),
    ],
)
def test_guidance_may_cite_only_the_city_and_its_handbook(source: str, is_permitted: bool) -> None:
    assert is_permitted_source(source) is is_permitted

"""Search in the approved Q&A collection and the general guidance."""

from __future__ import annotations

import pytest

from scripts_talk import api as talk
from scripts_talk.errors import NotApproved, QaInvalid
from scripts_talk.seeds import seed_qa
from secure_store.access import Actor, Role
from secure_store.errors import NotAllowed
from secure_store.work import SecureStore
from tests.integration.scripts_talk.talk_texts import (
    AGENT,
    EDITOR,
    OFFICER,
    SELF_NAME,
    approved_qa,
    drafted,
    submitted_qa,
)


def ids_for(store: SecureStore, text: str, *, guidance: bool = True) -> list[str]:
    with store.work(AGENT, readonly=True) as work:
        return [hit.id for hit in talk.search(work, "A01", text, guidance=guidance)]


@pytest.mark.clause("S4-10.1c")
@pytest.mark.both_databases
def test_only_the_approved_collection_is_searched(store: SecureStore) -> None:
    with pytest.raises(NotApproved):
        ids_for(store, "分割")
    submitted_qa(store, "1.0")
    with pytest.raises(NotApproved):
        ids_for(store, "分割")
    approved_qa(store, "1.1")
    assert ids_for(store, "分割")[0] == "Q07"
    submitted_qa(store, "1.2", extra="見本の新しい質問")
    assert ids_for(store, "見本の新しい質問") == []
    approved_qa(store, "1.3", extra="見本の新しい質問")
    assert ids_for(store, "見本の新しい質問") == ["Q99"]


@pytest.mark.clause("S4-10.1c")
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("すまほ", "Q05"),
        ("スマホ", "Q05"),
        ("ｽﾏﾎ", "Q05"),
        ("ぶんかつ", "Q07"),
        ("ﾌﾞﾝｶﾂ", "Q07"),
        ("ブンカツ", "Q07"),
        ("引っ越し", "Q18"),
        ("こうざふりかえ", "Q06"),
        ("もう払いました。", "Q03"),
        ("スマホ　窓口", "Q05"),
        ("dv", "G14"),
        ("ｄＶ", "G14"),
        ("ろくおん？", "Q17"),
        ("失業", "Q08"),
        ("失業してしまったのですが", "Q08"),
    ],
)
def test_a_word_is_found_however_it_is_written(store: SecureStore, typed: str, first: str) -> None:
    approved_qa(store)
    assert ids_for(store, typed)[0] == first


def test_a_keyword_ranks_before_a_mention(store: SecureStore) -> None:
    approved_qa(store)
    found = ids_for(store, "納付書")
    assert found[0] == "Q04"
    assert {"Q05", "Q06"} <= set(found[1:])
    assert ids_for(store, "のうふしょ")[0] == "Q04"
    beginning = ids_for(store, "のうふ")
    assert set(beginning[:2]) == {"Q03", "Q04"}


def test_entries_with_more_of_the_words_come_first(store: SecureStore) -> None:
    approved_qa(store)
    found = ids_for(store, "口座 領収")
    assert {"Q03", "Q06"} <= set(found)
    assert ids_for(store, "残高 通帳 領収")[0] == "Q06"


def test_an_empty_text_lists_all_entries_of_the_receivable(store: SecureStore) -> None:
    approved_qa(store)
    collection = seed_qa()
    wanted = [entry.id for entry in collection.entries if entry.serves("A01")]
    guidance = [entry.id for entry in collection.guidance]
    for text in ("", " \u3000", "？"):
        assert ids_for(store, text) == wanted + guidance
        assert ids_for(store, text, guidance=False) == wanted


def test_an_entry_of_other_receivables_is_not_offered(store: SecureStore) -> None:
    approved_qa(store)
    agent = Actor(code="OP05", role=Role.AGENT, receivables=frozenset({"A05"}))
    with store.work(agent, readonly=True) as work:
        hits = talk.search(work, "A05", "退園")
        assert not {"Q06", "Q11", "Q12"} & {hit.id for hit in talk.search(work, "A05", "")}
    assert not {"Q11", "Q12"} & {hit.id for hit in hits}
    assert "Q12" in ids_for(store, "退園")


def test_a_text_that_stands_nowhere_finds_nothing(store: SecureStore) -> None:
    approved_qa(store)
    assert ids_for(store, "ゆきだるま") == []
    assert ids_for(store, "%") == ids_for(store, "")  # a sign alone is no word, and no pattern


def test_an_answer_with_details_waits_for_the_identity_check(store: SecureStore) -> None:
    approved_qa(store)
    with store.work(AGENT, readonly=True) as work:
        hits = {hit.id: hit for hit in talk.search(work, "A01", "")}
    assert hits["Q11"].needs_identity
    assert "〈対象期別〉" in hits["Q11"].answer
    assert not hits["Q16"].needs_identity
    assert hits["Q16"].outcome_codes == ("69",)


def test_guidance_names_its_source_and_offers_no_outcome(store: SecureStore) -> None:
    approved_qa(store)
    with store.work(AGENT, readonly=True) as work:
        hits = talk.search(work, "A01", "")
    guidance = [hit for hit in hits if hit.is_guidance]
    assert len(guidance) == 15
    assert all(hit.source and not hit.outcome_codes and not hit.needs_identity for hit in guidance)
    assert all(hit.source is None for hit in hits if not hit.is_guidance)


def test_searching_needs_the_permission_and_the_receivable(store: SecureStore) -> None:
    approved_qa(store)
    for actor, receivable in ((OFFICER, "A01"), (AGENT, "A02")):
        with pytest.raises(NotAllowed), store.work(actor, readonly=True) as work:
            talk.search(work, receivable, "分割")


def test_a_collection_without_entries_is_not_submitted(store: SecureStore) -> None:
    drafted(store)
    with store.work(EDITOR) as work:
        view = talk.draft(
            work, talk.DocumentKind.QA, talk.COMMON, 'version: "1.0"\nentries: []', "1.0"
        )
    with pytest.raises(QaInvalid) as refused, store.work(EDITOR) as work:
        talk.submit(work, view.id, SELF_NAME)
    assert refused.value.details == {"reason": "no_entries"}

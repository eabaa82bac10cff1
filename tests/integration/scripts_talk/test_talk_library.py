"""Versions: drafting, listing, comparing, and which text is in force."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from scripts_talk import api as talk
from scripts_talk.errors import (
    NotApproved,
    QaInvalid,
    ScriptInvalid,
    TextMismatch,
    VersionTaken,
    VersionUnusable,
)
from secure_store.access import Actor, Role, system_actor
from secure_store.clock import FixedClock
from secure_store.errors import NotAllowed, NotFound
from secure_store.work import SecureStore
from tests.integration.scripts_talk.talk_texts import (
    ADMINISTRATOR,
    AGENT,
    EDITOR,
    GREETING,
    OFFICER,
    OFFICER_OF_A02,
    QA,
    SCRIPT,
    SELF_NAME,
    approved,
    approved_qa,
    drafted,
    noted,
    qa_text,
    script_text,
    submitted,
    submitted_qa,
    version_shown,
)

LATER = datetime.fromisoformat("2022-09-15T12:00:00+09:00")


@pytest.mark.both_databases
def test_a_version_can_be_drafted_once_and_the_transaction_goes_on(store: SecureStore) -> None:
    first = drafted(store, "1.0")
    with store.work(EDITOR) as work:
        with pytest.raises(VersionTaken):
            talk.draft(work, SCRIPT, "A01", script_text("1.0"), "1.0")
        talk.draft(work, SCRIPT, "A01", script_text("1.1"), "1.1")
    with store.work(EDITOR, readonly=True) as work:
        views = talk.documents(work, "A01")
    assert [(view.version, view.id == first) for view in views] == [("1.1", False), ("1.0", True)]
    assert [event.reason for event in noted(store)] == ["draft", "draft"]


@pytest.mark.parametrize("version", ["", "1", "1.", "v1.0", "１.0", "100.1", "1.1000", "1.0\n"])
def test_a_version_that_would_not_fit_the_result_file_is_refused(
    store: SecureStore, version: str
) -> None:
    with pytest.raises(VersionUnusable), store.work(EDITOR) as work:
        talk.draft(work, SCRIPT, "A01", script_text(version), version)


@pytest.mark.parametrize(
    ("kind", "receivable", "text", "version", "field"),
    [
        (SCRIPT, "A02", script_text("1.0", "A01"), "1.0", "receivable"),
        (SCRIPT, "A01", script_text("1.0"), "1.1", "version"),
        (SCRIPT, talk.COMMON, script_text("1.0"), "1.0", "receivable"),
        (SCRIPT, "A01'--", script_text("1.0"), "1.0", "receivable"),
        (QA, "A01", qa_text("1.0"), "1.0", "receivable"),
        (QA, talk.COMMON, qa_text("1.0"), "2.0", "version"),
    ],
)
def test_a_text_is_filed_only_as_what_it_says_it_is(
    store: SecureStore,
    kind: talk.DocumentKind,
    receivable: str,
    text: str,
    version: str,
    field: str,
) -> None:
    with pytest.raises(TextMismatch) as refused, store.work(EDITOR) as work:
        talk.draft(work, kind, receivable, text, version)
    assert refused.value.details == {"field": field}


def test_a_text_that_cannot_be_read_is_not_kept(store: SecureStore) -> None:
    with pytest.raises(ScriptInvalid), store.work(EDITOR) as work:
        talk.draft(work, SCRIPT, "A01", "steps: [", "1.0")
    with pytest.raises(QaInvalid), store.work(EDITOR) as work:
        talk.draft(work, QA, talk.COMMON, script_text(), "1.0")
    with pytest.raises(ScriptInvalid), store.work(EDITOR) as work:
        talk.draft(work, SCRIPT, "A01", script_text() + "\x00", "1.0")
    with store.work(EDITOR, readonly=True) as work:
        assert talk.documents(work) == []


def test_the_line_ends_of_a_browser_make_no_other_text(store: SecureStore) -> None:
    document_id = drafted(store)
    with store.work(EDITOR) as work:
        before = talk.document(work, document_id)
        talk.rewrite_draft(work, document_id, script_text().replace("\n", "\r\n"))
        assert talk.document(work, document_id) == before


def test_a_list_shows_what_was_granted_and_the_common_collection(store: SecureStore) -> None:
    drafted(store, receivable="A01")
    drafted(store, receivable="A02")
    submitted_qa(store)
    with store.work(OFFICER_OF_A02, readonly=True) as work:
        assert [view.receivable for view in talk.documents(work)] == ["A02", "ALL"]
        assert [view.label for view in talk.documents(work, "A02")] == ["A02-1.0"]
        with pytest.raises(NotAllowed):
            talk.documents(work, "A01")
    with store.work(EDITOR, readonly=True) as work:
        assert [view.label for view in talk.documents(work)] == ["A01-1.0", "A02-1.0", "1.0"]
        assert all(view.is_sample for view in talk.documents(work))


@pytest.mark.parametrize("actor", [AGENT, ADMINISTRATOR], ids=["op", "ad"])
def test_versions_are_read_by_those_who_edit_or_approve(store: SecureStore, actor: Actor) -> None:
    document_id = approved(store)
    with store.work(actor, readonly=True) as work:
        for read in (talk.document, talk.history):
            with pytest.raises(NotAllowed):
                read(work, document_id)
        with pytest.raises(NotAllowed):
            talk.documents(work)
        with pytest.raises(NotAllowed):
            talk.diff(work, document_id, document_id)


@pytest.mark.clause("S4-5.2a")
def test_an_agent_cannot_open_a_text_that_was_never_approved(store: SecureStore) -> None:
    document_id = submitted(store)
    with store.work(AGENT, readonly=True) as work:
        with pytest.raises(NotApproved):
            talk.script_of(work, document_id)
        assert talk.live_script(work, "A01") is None
    with store.work(OFFICER, readonly=True) as work:
        assert talk.script_of(work, document_id).version == "1.0"


def test_a_call_begun_under_the_old_version_can_end_under_it(store: SecureStore) -> None:
    with_old = approved(store, "1.0")
    approved(store, "1.1", greeting="たびたび恐れ入ります。")
    with store.work(AGENT, readonly=True) as work:
        old, live = talk.script_of(work, with_old), talk.live_script(work, "A01")
    assert old.step("N1").spoken[0].startswith(GREETING)
    assert live is not None
    assert live.script.step("N1").spoken[0].startswith("たびたび")


def test_the_script_of_another_receivable_is_not_shown(store: SecureStore) -> None:
    other = approved(store, receivable="A02")
    with store.work(AGENT, readonly=True) as work:
        with pytest.raises(NotAllowed):
            talk.live_script(work, "A02")
        with pytest.raises(NotAllowed):
            talk.script_of(work, other)
    assert version_shown(store, "A01") is None


def test_a_collection_is_no_script(store: SecureStore) -> None:
    document_id = approved_qa(store)
    with pytest.raises(TextMismatch), store.work(AGENT, readonly=True) as work:
        talk.script_of(work, document_id)


@pytest.mark.clause("S4-10.1")
def test_nobody_is_called_before_script_and_collection_are_approved(store: SecureStore) -> None:
    scheduler = system_actor("scheduler")
    missing = []
    for step in (drafted, submitted_qa, approved):
        with pytest.raises(NotApproved) as refused, store.work(scheduler) as work:
            talk.approved_texts(work, "A01")
        missing.append(refused.value.details["kind"])
        step(store, "2.0" if step is approved else "1.0")
    assert missing == ["script", "script", "script"]
    with pytest.raises(NotApproved) as refused, store.work(scheduler) as work:
        talk.approved_texts(work, "A01")
    assert refused.value.details == {"kind": "qa", "receivable": "A01"}
    approved_qa(store, "1.1")
    with store.work(scheduler) as work:
        texts = talk.approved_texts(work, "A01")
        assert (texts.script.label, texts.qa.label) == ("A01-2.0", "1.1")
        with pytest.raises(NotApproved):
            talk.approved_texts(work, "A02")


@pytest.mark.both_databases
def test_the_instant_of_approval_is_told_aware(store: SecureStore, clock: FixedClock) -> None:
    document_id = submitted(store)
    clock.set(LATER)
    with store.work(OFFICER) as work:
        talk.approve(work, document_id, "見本-1")
    with store.work(AGENT, readonly=True) as work:
        live = talk.live_script(work, "A01")
    assert live is not None
    assert live.approved_at == LATER
    assert live.approved_at.utcoffset() == timedelta(0)


def test_a_comparison_tells_both_texts_line_by_line(store: SecureStore) -> None:
    old = approved(store, "1.0")
    new = drafted(store, "1.1", greeting="たびたび恐れ入ります。")
    with store.work(OFFICER, readonly=True) as work:
        lines = talk.diff(work, old, new)
        before, after = talk.document(work, old).body, talk.document(work, new).body
    change = talk.LineChange
    assert [x.text for x in lines if x.change is not change.ADDED] == before.splitlines()
    assert [x.text for x in lines if x.change is not change.REMOVED] == after.splitlines()
    changed = [(x.change, x.text.strip()) for x in lines if x.change is not change.SAME]
    assert changed[:2] == [(change.REMOVED, 'version: "1.0"'), (change.ADDED, 'version: "1.1"')]
    assert [word for word, _ in changed[2:]] == [change.REMOVED, change.ADDED]
    assert "たびたび" in changed[3][1]
    for line in lines:
        assert (line.old_number is None) == (line.change is change.ADDED)
        assert (line.new_number is None) == (line.change is change.REMOVED)


def test_a_comparison_reaches_into_no_other_receivable(store: SecureStore) -> None:
    own, other = drafted(store, receivable="A02"), drafted(store, receivable="A01")
    with store.work(OFFICER_OF_A02, readonly=True) as work, pytest.raises(NotAllowed):
        talk.diff(work, own, other)


def test_a_receivable_that_was_not_granted_cannot_be_edited(store: SecureStore) -> None:
    limited = Actor(code="SV02", role=Role.SUPERVISOR, receivables=frozenset({"A02"}))
    document_id = drafted(store, receivable="A01")
    for act in (
        lambda work: talk.draft(work, SCRIPT, "A01", script_text("1.1"), "1.1"),
        lambda work: talk.rewrite_draft(work, document_id, script_text()),
        lambda work: talk.submit(work, document_id, SELF_NAME),
        lambda work: talk.faults_of(work, document_id, SELF_NAME),
        lambda work: talk.draft(work, QA, talk.COMMON, qa_text(), "1.0"),
    ):
        with pytest.raises(NotAllowed), store.work(limited) as work:
            act(work)
    with store.work(EDITOR, readonly=True) as work:
        assert [view.label for view in talk.documents(work)] == ["A01-1.0"]


def test_an_unknown_version_is_not_found(store: SecureStore) -> None:
    known = drafted(store)
    with store.work(EDITOR, readonly=True) as work:
        unknown = type(known)(int=0)
        for read in (talk.document, talk.history, talk.script_of):
            with pytest.raises(NotFound):
                read(work, unknown)
        with pytest.raises(NotFound):
            talk.diff(work, known, unknown)

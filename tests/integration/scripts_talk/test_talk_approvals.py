"""No text is used without the city's approval, and none changes under it (S4-10.2)."""

from __future__ import annotations

from threading import Thread
from uuid import UUID

import pytest

from scripts_talk import api as talk
from scripts_talk.approvals import MOVES
from scripts_talk.errors import (
    ApprovalMoveRefused,
    ApprovalPaperInvalid,
    QaInvalid,
    ScriptFaulty,
    TextAltered,
    TextFixed,
)
from secure_store.access import Actor, Role
from secure_store.errors import NotAllowed, NotFound
from secure_store.work import SecureStore
from tests.integration.scripts_talk.talk_texts import (
    ADMINISTRATOR,
    AGENT,
    EDITOR,
    FAULTY,
    OFFICER,
    OFFICER_OF_A02,
    PAPER,
    SELF_NAME,
    approved,
    approved_qa,
    drafted,
    noted,
    script_text,
    spoil,
    state_of,
    submitted,
    submitted_qa,
    version_shown,
)

State = talk.ApprovalState
pytestmark = pytest.mark.both_databases


def approve_and_fail(store: SecureStore, document_id: UUID) -> None:
    with store.work(OFFICER) as work:
        talk.approve(work, document_id, PAPER)
        raise ZeroDivisionError  # anything that fails before the commit


@pytest.mark.clause("S4-10.2a", "S4-5.2a")
def test_no_script_is_shown_before_the_city_has_approved_it(store: SecureStore) -> None:
    document_id = drafted(store)
    assert version_shown(store) is None
    with store.work(EDITOR) as work:
        talk.submit(work, document_id, SELF_NAME)
    assert version_shown(store) is None
    with store.work(OFFICER) as work:
        view = talk.approve(work, document_id, PAPER)
    assert (view.state, view.label) == (State.APPROVED, "A01-1.0")
    assert version_shown(store) == "1.0"


@pytest.mark.clause("S4-10.2a")
@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", "empty"),
        (" \u3000\r\n", "empty"),
        ("号" * 61, "too_long"),
        ("札財管\x00第1号", "not_printable"),
        ("札財管\u202e第1号", "not_printable"),
    ],
)
def test_approval_without_the_number_of_a_paper_is_refused(
    store: SecureStore, number: str, reason: str
) -> None:
    document_id = submitted(store)
    with pytest.raises(ApprovalPaperInvalid) as refused, store.work(OFFICER) as work:
        talk.approve(work, document_id, number)
    assert refused.value.details["field"] == "document_no"
    assert refused.value.details["reason"] == reason
    assert version_shown(store) is None


@pytest.mark.clause("S4-10.2a")
def test_a_draft_cannot_be_approved_before_it_is_submitted(store: SecureStore) -> None:
    document_id = drafted(store)
    with pytest.raises(ApprovalMoveRefused), store.work(OFFICER) as work:
        talk.approve(work, document_id, PAPER)
    assert version_shown(store) is None


@pytest.mark.clause("S4-10.2b")
def test_the_old_text_stays_in_force_until_the_new_one_is_approved(store: SecureStore) -> None:
    old = approved(store, "1.0")
    new = drafted(store, "1.1", greeting="たびたび恐れ入ります。")
    assert version_shown(store) == "1.0"
    with store.work(EDITOR) as work:
        talk.submit(work, new, SELF_NAME)
    assert version_shown(store) == "1.0"
    with store.work(OFFICER) as work:
        talk.approve(work, new, PAPER)
    assert version_shown(store) == "1.1"
    assert state_of(store, old) is State.RETIRED


@pytest.mark.clause("S4-10.2b")
def test_approval_and_retirement_happen_together_or_not_at_all(store: SecureStore) -> None:
    old, new = approved(store, "1.0"), submitted(store, "1.1")
    before = noted(store)
    assert before
    with pytest.raises(ZeroDivisionError):
        approve_and_fail(store, new)
    assert (state_of(store, old), state_of(store, new)) == (State.APPROVED, State.SUBMITTED)
    assert version_shown(store) == "1.0"
    assert noted(store) == before


@pytest.mark.clause("S4-10.2b")
def test_two_who_approve_at_once_leave_one_version_in_force(store: SecureStore) -> None:
    first, second = submitted(store, "1.0"), submitted(store, "1.1")

    def approve_second() -> None:
        with store.work(OFFICER) as work:
            talk.approve(work, second, PAPER)

    other = Thread(target=approve_second)
    with store.work(OFFICER) as work:
        talk.approve(work, first, PAPER)
        other.start()
        other.join(0.3)  # it has to wait for this transaction
    other.join()
    assert (state_of(store, first), state_of(store, second)) == (State.RETIRED, State.APPROVED)
    assert version_shown(store) == "1.1"


@pytest.mark.clause("S4-10.2b")
@pytest.mark.parametrize("stage", [submitted, approved])
def test_a_text_that_was_handed_in_cannot_be_edited(store: SecureStore, stage: object) -> None:
    document_id = stage(store)  # type: ignore[operator]
    with store.work(EDITOR, readonly=True) as work:
        before = talk.document(work, document_id)
    with pytest.raises(TextFixed), store.work(EDITOR) as work:
        talk.rewrite_draft(work, document_id, script_text(greeting="別の文です。"))
    with store.work(EDITOR, readonly=True) as work:
        assert talk.document(work, document_id) == before


@pytest.mark.clause("S4-10.2b")
def test_an_approved_text_altered_in_the_database_is_not_used(store: SecureStore) -> None:
    document_id = approved(store)
    spoil(store, document_id)
    with pytest.raises(TextAltered), store.work(AGENT, readonly=True) as work:
        talk.live_script(work, "A01")
    with store.work(EDITOR) as work:
        view = talk.retire(work, document_id, "保存された文が承認時と異なる")
    assert (view.state, view.is_intact) == (State.RETIRED, False)


@pytest.mark.clause("S4-10.2a")
def test_a_text_altered_after_submission_cannot_be_approved(store: SecureStore) -> None:
    document_id = submitted(store)
    spoil(store, document_id)
    with pytest.raises(TextAltered), store.work(OFFICER) as work:
        talk.approve(work, document_id, PAPER)
    assert state_of(store, document_id) is State.SUBMITTED


def test_a_faulty_script_stays_a_draft_and_its_faults_are_counted(store: SecureStore) -> None:
    document_id = drafted(store, greeting=FAULTY)
    with pytest.raises(ScriptFaulty) as refused, store.work(EDITOR) as work:
        talk.submit(work, document_id, "札幌市別名センター")
    # The system's own list and the script's list each hold the word.
    assert refused.value.details == {
        "count": 3,
        "kinds": "forbidden_wording,self_name_differs",
    }
    assert state_of(store, document_id) is State.DRAFT
    with store.work(EDITOR, readonly=True) as work:
        kinds = {fault.kind for fault in talk.faults_of(work, document_id, SELF_NAME)}
    assert kinds == {talk.ScriptFaultKind.FORBIDDEN_WORDING}


@pytest.mark.clause("S4-11.2b")
def test_a_script_with_another_self_name_than_the_contract_cannot_be_submitted(
    store: SecureStore,
) -> None:
    document_id = drafted(store)
    with pytest.raises(ScriptFaulty) as refused, store.work(EDITOR) as work:
        talk.submit(work, document_id, "見本市納付センター")
    assert refused.value.details["kinds"] == "self_name_differs"


def test_a_corrected_draft_may_be_submitted(store: SecureStore) -> None:
    document_id = drafted(store, greeting=FAULTY)
    with store.work(EDITOR) as work:
        talk.rewrite_draft(work, document_id, script_text())
        view = talk.submit(work, document_id, SELF_NAME)
    assert view.state is State.SUBMITTED


def test_unconfirmed_facts_of_a_sample_are_for_training_only(store: SecureStore) -> None:
    document_id = drafted(store)
    store.is_rehearsal = False
    with pytest.raises(ScriptFaulty) as refused, store.work(EDITOR) as work:
        talk.submit(work, document_id, SELF_NAME)
    assert refused.value.details["kinds"] == "text_unconfirmed"
    with pytest.raises(QaInvalid) as refused_qa:
        submitted_qa(store)
    assert refused_qa.value.details["reason"] == "text_unconfirmed"


def test_a_returned_text_keeps_the_remark_and_is_never_approved(store: SecureStore) -> None:
    document_id = submitted(store)
    with store.work(OFFICER) as work:
        talk.send_back(work, document_id, " 名乗りの言い方を改めること \r\n")
    with store.work(EDITOR, readonly=True) as work:
        last = talk.history(work, document_id)[-1]
    assert (last.state, last.by) == (State.RETURNED, "CF01")
    assert last.remark == "名乗りの言い方を改めること"
    with pytest.raises(ApprovalMoveRefused), store.work(OFFICER) as work:
        talk.approve(work, document_id, PAPER)


def test_a_return_and_a_retirement_say_why(store: SecureStore) -> None:
    document_id = submitted(store)
    with pytest.raises(ApprovalPaperInvalid), store.work(OFFICER) as work:
        talk.send_back(work, document_id, "あ" * 401)
    with store.work(OFFICER) as work:
        talk.approve(work, document_id, PAPER)
    with pytest.raises(ApprovalPaperInvalid), store.work(EDITOR) as work:
        talk.retire(work, document_id, "")
    assert version_shown(store) == "1.0"


@pytest.mark.parametrize("actor", [EDITOR, OFFICER], ids=["supervisor", "officer"])
def test_either_side_may_stop_a_text_at_once(store: SecureStore, actor: Actor) -> None:
    document_id = approved(store)
    with store.work(actor) as work:
        talk.retire(work, document_id, "連絡先に誤りがある")
    assert version_shown(store) is None


def test_a_document_only_moves_forward() -> None:
    order = list(State)
    assert set(MOVES) == set(order)
    for state, targets in MOVES.items():
        assert all(order.index(target) > order.index(state) for target in targets)


@pytest.mark.parametrize(
    ("stage", "act"),
    [
        (drafted, talk.send_back),
        (drafted, talk.retire),
        (submitted, talk.retire),
        (approved, talk.approve),
        (approved, talk.send_back),
    ],
)
def test_a_step_out_of_turn_is_refused(store: SecureStore, stage: object, act: object) -> None:
    document_id = stage(store)  # type: ignore[operator]
    everybody = Actor(code="CF09", role=Role.DEPARTMENT_OFFICER)
    state, events = state_of(store, document_id), noted(store)
    with pytest.raises(ApprovalMoveRefused), store.work(everybody) as work:
        act(work, document_id, "見本")  # type: ignore[operator]
    assert state_of(store, document_id) is state
    assert noted(store) == events


@pytest.mark.parametrize("actor", [EDITOR, AGENT, ADMINISTRATOR], ids=["sv", "op", "ad"])
def test_only_the_officer_approves_and_returns(store: SecureStore, actor: Actor) -> None:
    document_id = submitted(store)
    with pytest.raises(NotAllowed), store.work(actor) as work:
        talk.approve(work, document_id, PAPER)
    with pytest.raises(NotAllowed), store.work(actor) as work:
        talk.send_back(work, document_id, "見本")
    assert state_of(store, document_id) is State.SUBMITTED


@pytest.mark.parametrize("actor", [OFFICER, AGENT, ADMINISTRATOR], ids=["cf", "op", "ad"])
def test_only_the_supervisor_drafts_and_submits(store: SecureStore, actor: Actor) -> None:
    document_id = drafted(store)
    with pytest.raises(NotAllowed), store.work(actor) as work:
        talk.draft(work, talk.DocumentKind.SCRIPT, "A01", script_text("1.1"), "1.1")
    with pytest.raises(NotAllowed), store.work(actor) as work:
        talk.rewrite_draft(work, document_id, script_text())
    with pytest.raises(NotAllowed), store.work(actor) as work:
        talk.submit(work, document_id, SELF_NAME)


def test_an_officer_of_another_receivable_may_not_approve(store: SecureStore) -> None:
    document_id = submitted(store)
    for act in (talk.approve, talk.send_back, talk.retire):
        with pytest.raises(NotAllowed), store.work(OFFICER_OF_A02) as work:
            act(work, document_id, PAPER)
    assert state_of(store, document_id) is State.SUBMITTED


def test_the_common_collection_is_approved_by_one_who_is_granted_all_it_serves(
    store: SecureStore,
) -> None:
    document_id = submitted_qa(store)
    with pytest.raises(NotAllowed), store.work(OFFICER) as work:
        talk.approve(work, document_id, PAPER)
    served = frozenset({"A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08"})
    commissioner = Actor(code="CF03", role=Role.DEPARTMENT_OFFICER, receivables=served)
    with store.work(commissioner) as work:
        assert talk.approve(work, document_id, PAPER).state is State.APPROVED


def test_every_step_is_in_the_history_with_its_paper(store: SecureStore) -> None:
    document_id = approved(store, "1.0")
    approved(store, "1.1")
    with store.work(OFFICER, readonly=True) as work:
        steps = talk.history(work, document_id)
    assert [(step.state, step.by, step.document_no) for step in steps] == [
        (State.DRAFT, "SV01", None),
        (State.SUBMITTED, "SV01", None),
        (State.APPROVED, "CF01", PAPER),
        (State.RETIRED, "CF01", None),
    ]


def test_the_audit_trail_names_each_step_and_the_digest_of_the_text(store: SecureStore) -> None:
    old = approved(store, "1.0")
    new = approved(store, "1.1")
    qa = approved_qa(store)
    events = noted(store)
    with store.work(EDITOR, readonly=True) as work:
        digests = {str(i): talk.document(work, i).view.sha256 for i in (old, new, qa)}
    assert [(e.tag, e.reason, e.object_id, e.receivable) for e in events] == [
        ("script:drafted", "draft", str(old), "A01"),
        ("script:submitted", "submitted", str(old), "A01"),
        ("script:approved", "approved", str(old), "A01"),
        ("script:drafted", "draft", str(new), "A01"),
        ("script:submitted", "submitted", str(new), "A01"),
        ("script:approved", "retired", str(old), "A01"),
        ("script:approved", "approved", str(new), "A01"),
        ("qa:changed", "draft", str(qa), None),
        ("qa:changed", "submitted", str(qa), None),
        ("qa:approved", "approved", str(qa), None),
    ]
    assert all(event.ref == digests[event.object_id] for event in events)


def test_an_unknown_document_is_not_found(store: SecureStore) -> None:
    nobody = UUID(int=0)
    with pytest.raises(NotFound), store.work(OFFICER) as work:
        talk.approve(work, nobody, PAPER)
    with pytest.raises(NotFound), store.work(EDITOR) as work:
        talk.submit(work, nobody, SELF_NAME)

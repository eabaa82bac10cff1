"""The shipped samples in a home: drafts everywhere, approved in rehearsal homes only."""

from __future__ import annotations

import pytest

from scripts_talk import api as talk
from scripts_talk.errors import NotApproved, ScriptFaulty, SeedUnknown
from scripts_talk.seeds import SEED_RECEIVABLES
from secure_store.access import Actor
from secure_store.errors import NotAllowed
from secure_store.work import SecureStore
from tests.integration.scripts_talk.talk_texts import (
    ADMINISTRATOR,
    AGENT,
    EDITOR,
    OFFICER,
    SELF_NAME,
    approved,
    noted,
    version_shown,
)

PAPER = "訓練用-見本"


def test_samples_are_put_in_as_drafts_marked_as_samples(store: SecureStore) -> None:
    with store.work(ADMINISTRATOR) as work:
        ids = talk.install_samples(work, SEED_RECEIVABLES)
    with store.work(EDITOR, readonly=True) as work:
        views = talk.documents(work)
    assert {view.id for view in views} == set(ids)
    assert [view.receivable for view in views] == [*SEED_RECEIVABLES, talk.COMMON]
    assert all(view.is_sample and view.state is talk.ApprovalState.DRAFT for view in views)
    assert version_shown(store) is None


def test_samples_are_put_in_once(store: SecureStore) -> None:
    approved(store, "1.0")
    with store.work(ADMINISTRATOR) as work:
        assert len(talk.install_samples(work, ("A01", "A02"))) == 2
        assert talk.install_samples(work, ("A01", "A02")) == ()
    assert version_shown(store) == "1.0"


def test_a_receivable_without_a_sample_is_refused(store: SecureStore) -> None:
    with pytest.raises(SeedUnknown), store.work(ADMINISTRATOR) as work:
        talk.install_samples(work, ("A01", "Z99"))
    with store.work(EDITOR, readonly=True) as work:
        assert talk.documents(work) == []


@pytest.mark.both_databases
def test_a_rehearsal_home_may_approve_its_samples_and_only_once(store: SecureStore) -> None:
    with store.work(ADMINISTRATOR) as work:
        talk.install_samples(work, SEED_RECEIVABLES)
        assert talk.approve_samples(work, SEED_RECEIVABLES, PAPER, SELF_NAME) == 9
        assert talk.approve_samples(work, SEED_RECEIVABLES, PAPER, SELF_NAME) == 0
        for receivable in SEED_RECEIVABLES:
            texts = talk.approved_texts(work, receivable)
            assert texts.script.script.receivable == receivable
    assert [event.reason for event in noted(store)].count("approved") == 9


@pytest.mark.clause("S4-10.2a")
def test_a_production_home_never_approves_by_itself(store: SecureStore) -> None:
    store.is_rehearsal = False
    with store.work(ADMINISTRATOR) as work:
        talk.install_samples(work, ("A01",))
    with pytest.raises(NotApproved), store.work(ADMINISTRATOR) as work:
        talk.approve_samples(work, ("A01",), PAPER, SELF_NAME)
    assert version_shown(store) is None


def test_samples_are_checked_like_any_text(store: SecureStore) -> None:
    with store.work(ADMINISTRATOR) as work:
        talk.install_samples(work, ("A01",))
    with pytest.raises(ScriptFaulty), store.work(ADMINISTRATOR) as work:
        talk.approve_samples(work, ("A01",), PAPER, "見本市納付センター")
    assert [event.reason for event in noted(store)] == ["draft", "draft"]


@pytest.mark.parametrize("actor", [EDITOR, OFFICER, AGENT], ids=["sv", "cf", "op"])
def test_samples_are_put_in_by_who_sets_up_the_home(store: SecureStore, actor: Actor) -> None:
    with pytest.raises(NotAllowed), store.work(actor) as work:
        talk.install_samples(work, ("A01",))
    with pytest.raises(NotAllowed), store.work(actor) as work:
        talk.approve_samples(work, ("A01",), PAPER, SELF_NAME)

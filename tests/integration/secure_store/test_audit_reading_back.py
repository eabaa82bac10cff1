"""The log of a home read back: what its own head and the form of its rows tell."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from secure_store.access import system_actor
from secure_store.audit.checkpoints import sign_now
from secure_store.audit.log import read_lines, size, written_end
from secure_store.audit.verification import verify_log
from secure_store.sealing.installed import installed_of
from secure_store.verifier import audit_log
from secure_store.verifier.audit_check import AuditVerdict, Kind, Status, check_chain
from secure_store.verifier.notes import notes_in
from secure_store.work import SecureStore

SYSTEM = system_actor("test")


def tamper(store: SecureStore, statement: str) -> None:
    """Changes the log as somebody with the database in hand could."""
    with store.engine.begin() as connection:
        for act in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_event_no_{act}"))
        connection.execute(text(statement))


def verdict_of(store: SecureStore) -> AuditVerdict:
    key = installed_of(store).signer.public_key
    with store.work(SYSTEM, readonly=True) as work:
        events = audit_log.read_lines(read_lines(work))
        return check_chain(events, [], [], key, end=written_end(work))


def test_an_emptied_log_is_truncated(store: SecureStore) -> None:
    assert verdict_of(store).status is Status.UNANCHORED_TAIL
    with store.work(SYSTEM, readonly=True) as work:
        written = size(work)
    tamper(store, "DELETE FROM audit_event")
    verdict = verdict_of(store)
    assert (verdict.status, verdict.kind) == (Status.ANCHOR_NOT_REPRODUCED, Kind.TRUNCATED)
    assert (verdict.first_bad_seq, verdict.anchor_size) == (1, written)
    assert verdict.exit_code == 4


def test_a_last_event_that_the_head_does_not_know_is_found(store: SecureStore) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE audit_head SET last_hash = zeroblob(32)"))
    assert verdict_of(store).kind is Kind.TRUNCATED


@pytest.mark.parametrize("column", ["body", "hash"])
def test_a_row_of_text_instead_of_bytes_is_broken_with_its_number(
    store: SecureStore, column: str
) -> None:
    tamper(store, f"UPDATE audit_event SET {column} = CAST(hex({column}) AS TEXT) WHERE seq = 2")
    verdict = verdict_of(store)
    assert (verdict.status, verdict.first_bad_seq) == (Status.BROKEN, 2)


@pytest.mark.clause("T14")
@pytest.mark.parametrize(
    "change",
    [
        "tag = 'auth:logout'",
        "actor = 'SV99'",
        "at = datetime(at, '+1 day')",
        "receivable = 'A08'",
        "object_id = '00000000000000000000000000000001'",
    ],
)
def test_a_column_that_says_otherwise_than_the_hashed_bytes_is_found(
    store: SecureStore, change: str
) -> None:
    with store.work(SYSTEM, readonly=True) as work:
        assert verify_log(work).kind is None
    tamper(store, f"UPDATE audit_event SET {change} WHERE seq = 2")
    assert verdict_of(store).kind is None  # the chain alone does not see it
    with store.work(SYSTEM, readonly=True) as work:
        verdict = verify_log(work)
    assert (verdict.status, verdict.kind) == (Status.BROKEN, Kind.COLUMN_ALTERED)
    assert (verdict.first_bad_seq, verdict.exit_code) == (2, 1)


def test_numbers_moved_in_their_column_alone_are_found(store: SecureStore) -> None:
    tamper(store, "UPDATE audit_event SET seq = seq + 1000 WHERE seq > 1")
    with store.work(SYSTEM, readonly=True) as work:
        assert verify_log(work).kind is Kind.COLUMN_ALTERED


def test_every_signed_head_is_added_to_the_file_beside_the_database(store: SecureStore) -> None:
    path = installed_of(store).anchor_file
    assert path is not None
    for _round in range(2):
        with store.work(SYSTEM) as work:
            sign_now(work, "test")
    with store.work(SYSTEM, readonly=True) as work:
        written = notes_in(path.read_text(encoding="utf-8"))
        assert len(written) == 2
        assert verify_log(work, written).unanchored == 1


def test_a_head_that_cannot_be_kept_outside_is_signed_and_said(store: SecureStore) -> None:
    path = installed_of(store).anchor_file
    assert path is not None
    path.mkdir()
    with store.work(SYSTEM) as work:
        sign_now(work, "test")
    with store.work(SYSTEM, readonly=True) as work:
        last = list(read_lines(work))[-1]
    assert b'"tag":"audit:checkpoint"' in last
    assert b'"result":"failed"' in last

"""Facts about audit check."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from audit_log_sample import (
    ATTACKS,
    PRIVATE,
    PUBLIC,
    Attack,
    head,
    log_of,
    relinked,
    signed_head,
    stored,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from secure_store.audit.chain import checkpoint_text, export_line
from secure_store.verifier.audit_check import AuditVerdict, Kind, Status, check_chain, main
from secure_store.verifier.audit_log import StoredEvent, read_lines
from secure_store.verifier.canonical import UnusableKeyError

SIZE = 1000
ANCHORED = (200, 400, 600, 800, SIZE)
TRIES = 50  # of each of the twelve kinds
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.mark.clause("T14", "S4-8.6h")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_every_kind_of_attack_is_found_named_and_located(
    attack: Callable[..., Attack],
) -> None:
    draw = random.Random(attack.__name__)
    events = log_of(SIZE, draw)
    sizes = ANCHORED
    anchors = [head(events, size) for size in sizes]
    # The events beside an anchor are the ones a checker is most easily wrong about.
    beside = [size + step for size in sizes[:-1] for step in (-1, 0, 1)]
    for at in beside + [draw.randrange(2, SIZE - 3) for _ in range(TRIES - len(beside))]:
        done = attack(events, at, draw)
        verdict = check_chain(done.rows, [], anchors, PUBLIC)
        assert (verdict.status, verdict.kind) == (done.status, done.kind), at
        if done.first_bad_seq is not None and done.status is Status.BROKEN:
            assert verdict.first_bad_seq == done.first_bad_seq
        else:
            _holds_between_two_anchors(verdict, at, sizes)


def _holds_between_two_anchors(verdict: AuditVerdict, at: int, sizes: tuple[int, ...]) -> None:
    assert verdict.first_bad_seq is not None
    assert verdict.anchor_size == min(size for size in sizes if size >= verdict.first_bad_seq)
    assert verdict.first_bad_seq <= at + 1
    # Insertion puts the new event behind ``at``, which may be the next anchor's first.
    assert at <= verdict.anchor_size or verdict.first_bad_seq == at + 1


@pytest.mark.clause("T14")
def test_a_clean_log_raises_no_alarm_and_counts_its_unanchored_tail() -> None:
    draw = random.Random(7)
    for size in (0, 1, 2, 3, 5, 8, 63, 64, 65, 130):
        events = log_of(size, draw)
        anchored = draw.randrange(size + 1)
        anchors = [head(events, step) for step in range(0, anchored + 1, 9)]
        verdict = check_chain(stored(events), [head(events, size)], anchors, PUBLIC)
        covered = max(range(0, anchored + 1, 9))
        assert verdict.unanchored == size - covered
        expected = Status.SOUND if size == covered else Status.UNANCHORED_TAIL
        assert (verdict.status, verdict.size) == (expected, size)


def test_without_anchors_a_rewritten_log_looks_sound_but_wholly_unanchored() -> None:
    events = log_of(50, random.Random(1))
    again = relinked(events[:20] + events[21:])
    verdict = check_chain(stored(again), [], [], PUBLIC)
    assert (verdict.status, verdict.unanchored) == (Status.UNANCHORED_TAIL, 49)


def test_a_signed_head_kept_with_the_log_betrays_a_rewriting_too() -> None:
    events = log_of(50, random.Random(2))
    again = relinked([replace(events[0], actor="u-998"), *events[1:]])
    verdict = check_chain(stored(again), [head(events, 30)], [], PUBLIC)
    assert (verdict.status, verdict.anchor_size) == (Status.ANCHOR_NOT_REPRODUCED, 30)


def test_two_signed_heads_of_one_size_cannot_both_be_true() -> None:
    events = log_of(30, random.Random(3))
    regrown = relinked([*events[:20], *log_of(10, random.Random(4))])
    verdict = check_chain(stored(regrown), [head(regrown, 30)], [head(events, 30)], PUBLIC)
    assert verdict.status is Status.ANCHOR_NOT_REPRODUCED


@pytest.mark.parametrize(
    "forge",
    [
        lambda note: note.replace("\n30\n", "\n29\n"),
        lambda note: note[:-3] + ("A" if note[-3] != "A" else "B") + note[-2:],
        lambda note: note.replace("\u2014 dialer.sapporo ", "\u2014 dialer.other "),
        lambda note: note + "\n",
        lambda note: "",
        lambda note: signed_head(note.split("\n\n")[0] + "\n", STRANGER),
    ],
)
def test_a_head_that_the_key_did_not_sign_is_reported(forge: Callable[[str], str]) -> None:
    events = log_of(30, random.Random(5))
    note = head(events, 30)
    assert check_chain(stored(events), [], [note], PUBLIC).status is Status.SOUND
    verdict = check_chain(stored(events), [], [forge(note)], PUBLIC)
    assert (verdict.status, verdict.kind) == (Status.BROKEN, Kind.HEAD_NOT_SIGNED)


def test_a_head_of_another_contract_is_not_held_against_this_log() -> None:
    events = log_of(10, random.Random(6))
    notes = [head(events, 10), head(events, 5, contract="C-2027")]
    assert check_chain(stored(events), [], notes, PUBLIC).kind is Kind.HEAD_OF_ANOTHER_LOG
    named = check_chain(stored(events), [], notes[:1], PUBLIC, origin="dialer.sapporo/C-2027")
    assert named.kind is Kind.HEAD_OF_ANOTHER_LOG


def test_an_event_in_another_form_than_the_canonical_is_unreadable_even_with_its_hash() -> None:
    events = log_of(5, random.Random(8))
    rows = stored(events)
    loose = json.dumps(json.loads(rows[4].canonical)).encode()
    rows[4] = StoredEvent(loose, _hash(loose))
    verdict = check_chain(rows, [], [], PUBLIC)
    assert (verdict.kind, verdict.first_bad_seq) == (Kind.UNREADABLE, 5)


def _hash(body: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(b"\x00" + body).digest()


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b"\xff", b'{"seq":1}', b'{"prev":"","seq":true}', b"9" * 5000],
)
def test_no_bytes_whatever_break_the_checker(body: bytes) -> None:
    verdict = check_chain([StoredEvent(body, _hash(body))], [], [], PUBLIC)
    assert (verdict.status, verdict.first_bad_seq) == (Status.BROKEN, 1)


def test_an_exported_line_is_read_back_to_the_byte_and_a_damaged_line_is_found() -> None:
    events = log_of(20, random.Random(9))
    lines = [export_line(row.canonical, row.stored_hash) for row in stored(events)]
    assert list(read_lines(lines)) == stored(events)
    draw = random.Random(10)
    for _ in range(200):
        number, damaged = draw.randrange(20), list(lines)
        line = bytearray(lines[number])
        line[draw.randrange(len(line) - 1)] ^= 1 << draw.randrange(8)
        damaged[number] = bytes(line)
        verdict = check_chain(read_lines(damaged), [], [], PUBLIC)
        assert (verdict.status, verdict.first_bad_seq) == (Status.BROKEN, number + 1)


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(UnusableKeyError):
        check_chain([], [], [], b"no key")


def test_the_newest_anchor_may_be_the_empty_log() -> None:
    text = checkpoint_text("sapporo", "C-2026", 0, _hash_of_nothing())
    assert check_chain([], [], [signed_head(text)], PUBLIC).status is Status.SOUND


def _hash_of_nothing() -> bytes:
    return bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")


@pytest.fixture
def exported(tmp_path: Path) -> tuple[Path, Path, Path]:
    events = log_of(40, random.Random(11))
    log, key, anchors = tmp_path / "log.jsonl", tmp_path / "key.pem", tmp_path / "anchors"
    rows = stored(events)
    log.write_bytes(b"".join(export_line(row.canonical, row.stored_hash) for row in rows))
    pem = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key.write_bytes(pem)
    anchors.mkdir()
    (anchors / "checkpoint-30.txt").write_text(head(events, 30), encoding="utf-8")
    return log, key, anchors


def test_the_command_tells_the_four_ends_by_its_exit_code(
    exported: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    log, key, anchors = exported
    arguments = [str(log), "--public-key", str(key), "--anchors", str(anchors)]
    assert main([*arguments, "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["unanchored"] == 10
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:30]))
    assert main(arguments) == 0
    log.write_bytes(b"".join(lines[:29]))
    assert main(arguments) == 4
    assert "truncated, seq 30" in capsys.readouterr().out
    log.write_bytes(b"".join(lines[:9] + lines[10:]))
    assert main(arguments) == 1
    assert "deleted, seq 10" in capsys.readouterr().out
    with pytest.raises(SystemExit) as wrong:
        main([str(log.with_name("absent")), "--public-key", str(key)])
    assert wrong.value.code == 2


def test_the_checkers_import_nothing_else_of_the_project() -> None:
    code = (
        "import sys; import secure_store.verifier.audit_check, "
        "secure_store.verifier.certificate_check\n"
        "ours = [n for n in sys.modules if n.split('.')[0] in "
        "('secure_store','campaigns','dialer','scripts_talk','webui','sqlalchemy','flask')]\n"
        "print(sorted(n for n in ours if not n.startswith('secure_store.verifier')))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['secure_store']"

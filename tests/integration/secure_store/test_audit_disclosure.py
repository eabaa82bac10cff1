"""What is disclosed of the log, what a pack counts, and what may be taken out of it (T18)."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from audit_history import AGENTS, LOOKS, Model, live_through

from secure_store.access import Actor, Role
from secure_store.audit.chain import (
    MerkleAccumulator,
    checkpoint_text,
    note_key_id,
    signed_note,
    signer_name,
)
from secure_store.audit.checkpoints import sign_now
from secure_store.audit.disclosure import DisclosureScope, anchor_disclosure, disclosed_lines
from secure_store.audit.handling import Handling, handling_of
from secure_store.audit.incident_pack import pack_document
from secure_store.audit.log import read_lines, read_rows, size
from secure_store.audit.pruning import AuditNotWhole, AuditRetained, _delete_until, prune
from secure_store.audit.tags import FieldGroup, Tag
from secure_store.audit.verification import verify_log
from secure_store.clock import FixedClock
from secure_store.errors import Invalid, NotAllowed, NotFound
from secure_store.orders.models import AuditBoundary
from secure_store.sealing.installed import installed_of
from secure_store.verifier.audit_check import Kind, Status
from secure_store.verifier.disclosure_check import (
    DisclosureFault,
    DisclosureVerdict,
    check_disclosure,
)
from secure_store.work import SecureStore

AUDITOR = Actor("AU01", Role.AUDITOR)
ADMINISTRATOR = Actor("AD01", Role.SYSTEM_ADMIN)
FIRST = date(2022, 9, 15)
DAYS, A_DAY = 6, 25
END = date(2022, 9, 30)


@pytest.fixture
def model(store: SecureStore, clock: FixedClock) -> Model:
    return live_through(store, clock, DAYS, A_DAY, 18)


def disclosed(store: SecureStore, scope: DisclosureScope) -> list[bytes]:
    with store.work(AUDITOR) as work:
        head = anchor_disclosure(work, scope)
    with store.work(AUDITOR, readonly=True) as work:
        return list(disclosed_lines(work, scope, head))


def checked(store: SecureStore, lines: list[bytes]) -> DisclosureVerdict:
    return check_disclosure(lines, installed_of(store).signer.public_key)


def scope_of(receivable: str | None, first: int, last: int) -> DisclosureScope:
    return DisclosureScope(receivable, FIRST + timedelta(days=first), FIRST + timedelta(days=last))


@pytest.mark.both_databases
@pytest.mark.clause("S4-14.11b", "T18")
@pytest.mark.parametrize(
    ("receivable", "first", "last"), [("A01", 1, 3), ("A02", 0, 0), (None, 2, 5)]
)
def test_a_disclosure_is_what_happened_and_belongs_to_the_log(
    store: SecureStore, model: Model, receivable: str | None, first: int, last: int
) -> None:
    scope = scope_of(receivable, first, last)
    lines = disclosed(store, scope)
    events = [json.loads(line)["event"] for line in lines[1:]]
    looks = [one for one in events if one["tag"] in set(LOOKS)]
    known = model.within(receivable, scope.first, scope.last)
    assert [(one["actor"], one["receivable"], one["tag"], one["object_id"]) for one in looks] == [
        (actor, code, tag.value, str(case)) for _day, actor, code, tag, case in known
    ]
    # The exchange's part is in, though its events name no receivable.
    packs = [one for one in events if one["tag"] == Tag.DAILY_PLACED.value]
    assert len(packs) == last - first + 1
    assert receivable is None or Tag.STAFF_LISTED.value not in {one["tag"] for one in events}
    verdict = checked(store, lines)
    assert (verdict.fault, verdict.events) == (None, len(events))


@pytest.mark.clause("S4-14.11b")
def test_a_disclosure_that_was_changed_anywhere_is_refused(
    store: SecureStore, model: Model
) -> None:
    lines = disclosed(store, scope_of("A01", 0, 2))
    middle = len(lines) // 2
    other = lines[middle].replace(b'"actor":"OP', b'"actor":"OQ')
    stretched = lines[0].replace(b'"until":"2022-09-17"', b'"until":"2022-09-16"')
    for changed, fault in (
        ([*lines[:middle], other, *lines[middle + 1 :]], DisclosureFault.NOT_IN_THE_LOG),
        ([*lines[:middle], *lines[middle + 1 :]], DisclosureFault.COUNT),
        ([*lines[:-1], lines[-2], lines[-1]], DisclosureFault.OUT_OF_ORDER),
        ([stretched, *lines[1:]], DisclosureFault.OUTSIDE_SCOPE),
        ([lines[0].replace(b"dialer.", b"dialar."), *lines[1:]], DisclosureFault.HEAD_NOT_SIGNED),
        (lines[1:], DisclosureFault.UNREADABLE),
        ([lines[0], b"{}\n", *lines[1:]], DisclosureFault.UNREADABLE),
        ([], DisclosureFault.UNREADABLE),
    ):
        assert checked(store, changed).fault is fault


def test_the_check_runs_alone_and_compares_with_the_citys_head(
    store: SecureStore, model: Model, tmp_path: Path
) -> None:
    with store.work(AUDITOR) as work:
        given = sign_now(work, "test").note
    with store.work(Actor("SV01", Role.SUPERVISOR)) as work:
        work.audit(Tag.STAFF_LISTED)
    lines = disclosed(store, scope_of("A01", 0, 2))
    file, key, anchors = tmp_path / "d.jsonl", tmp_path / "key", tmp_path / "anchors"
    file.write_bytes(b"".join(lines))
    key.write_bytes(installed_of(store).signer.public_key)
    anchors.mkdir()
    (anchors / "of-that-day.txt").write_text(given, encoding="utf-8")
    command = [sys.executable, "-I", "-m", "secure_store.verifier.disclosure_check", str(file)]
    command += ["--public-key", str(key), "--anchors", str(anchors)]
    ran = subprocess.run(command, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "先頭値 1件と一致" in ran.stdout.decode()
    file.write_bytes(b"".join(lines).replace(b'"OP01"', b'"OP09"'))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


@pytest.mark.clause("S4-14.11b", "T14")
def test_a_disclosure_of_another_history_does_not_pass_by_the_citys_head(
    store: SecureStore, model: Model, clock: FixedClock
) -> None:
    """We ourselves, who hold the key, sign a second log: the head given to the city betrays it."""
    signer = installed_of(store).signer
    with store.work(AUDITOR) as work:
        root = hashlib.sha256(b"the log of that day").digest()
        size_then = size(work) - 5
        told = checkpoint_text(signer.installation, signer.contract, size_then, root)
    name = signer_name(signer.installation)
    key_id = note_key_id(name, signer.public_key)
    held = signed_note(told, name, key_id, signer.sign(told.encode()))
    lines = disclosed(store, scope_of("A01", 0, 2))
    verdict = check_disclosure(lines, signer.public_key, [held])
    assert (verdict.fault, verdict.exit_code) == (DisclosureFault.ANCHOR_NOT_MET, 3)
    # A proof for that size, as good as it can be made, leads nowhere.
    forged = b'{"head":{"path":["' + b"00" * 32 + b'"],"size":%d}}\n' % size_then
    heads = json.loads(lines[0])["heads"]
    counted = lines[0].replace(b'"heads":%d' % heads, b'"heads":%d' % (heads + 1))
    verdict = check_disclosure([counted, *lines[1:], forged], signer.public_key, [held])
    assert verdict.fault is DisclosureFault.ANCHOR_DIFFERS


def test_nothing_is_disclosed_of_an_empty_period_or_to_others(
    store: SecureStore, model: Model
) -> None:
    with pytest.raises(NotFound):
        disclosed(store, DisclosureScope("A01", date(2021, 1, 1), date(2021, 1, 2)))
    with pytest.raises(Invalid):
        DisclosureScope("A01", date(2021, 1, 2), date(2021, 1, 1))
    for other in (Actor("SV01", Role.SUPERVISOR), Actor("VF01", Role.VERIFIER)):
        with pytest.raises(NotAllowed), store.work(other) as work:
            anchor_disclosure(work, scope_of("A01", 0, 1))


@pytest.mark.both_databases
@pytest.mark.clause("S3-B2-16.1", "S3-B1-10", "T18")
@pytest.mark.parametrize(
    ("receivable", "first", "last"), [("A01", 0, 5), ("A02", 2, 2), (None, 1, 4)]
)
def test_the_pack_and_the_months_figures_equal_the_model(
    store: SecureStore, model: Model, receivable: str | None, first: int, last: int
) -> None:
    scope = scope_of(receivable, first, last)
    with store.work(AUDITOR, readonly=True) as work:
        found = handling_of(work, scope)
    known = model.within(receivable, scope.first, scope.last)
    assert found.persons == len({(code, case) for _d, _a, code, _t, case in known})
    for tag, group in LOOKS.items():
        seen = {(code, case) for _d, _a, code, shown, case in known if shown is tag}
        assert found.tags[tag] == sum(1 for look in known if look[3] is tag)
        assert len(found.by_group.get(group, ())) == len(seen)
    for actor in AGENTS:
        own = [look for look in known if look[1] == actor.code]
        look = found.looks.get(actor.code)
        assert (look.events if look else 0) == len(own)
        assert (look.persons if look else 0) == len({(one[2], one[4]) for one in own})
    assert sum(found.days.values()) == len(known)
    said = json.loads(pack_document(found, "INC-2022-001"))
    assert said["persons"] == found.persons
    assert sum(one["events"] for one in said["who"]) == len(known)


def test_one_persons_looks_are_counted_alone(store: SecureStore, model: Model) -> None:
    with store.work(AUDITOR, readonly=True) as work:
        found: Handling = handling_of(work, scope_of(None, 0, DAYS), "OP02")
    assert set(found.looks) == {"OP02"}
    assert found.groups == tuple(group for group in FieldGroup if found.by_group.get(group))


@pytest.mark.both_databases
@pytest.mark.clause("S3-B1-5.6-2")
def test_the_log_is_kept_a_year_after_the_end_then_goes_by_whole_months_and_still_checks(
    store: SecureStore, model: Model, clock: FixedClock
) -> None:
    before = date(2022, 10, 1)
    clock.set(clock.now().replace(year=2022, month=10, day=3))
    with store.work(AUDITOR) as work:
        anchor = sign_now(work, "test").note
    live_through(store, clock, 2, 5, 19)
    for year, month, day in ((2022, 11, 1), (2023, 9, 30)):
        clock.set(clock.now().replace(year=year, month=month, day=day))
        with pytest.raises(AuditRetained), store.work(ADMINISTRATOR) as work:
            prune(work, before, END)
    clock.set(clock.now().replace(year=2023, month=10, day=2))
    for wrong in (date(2022, 10, 2), date(2023, 11, 1)):
        with pytest.raises(Invalid), store.work(ADMINISTRATOR) as work:
            prune(work, wrong, END)
    with store.work(AUDITOR, readonly=True) as work:
        written, whole = size(work), list(read_lines(work))
    with store.work(ADMINISTRATOR) as work:
        done = prune(work, before, END)
    assert 0 < done.events < written
    with store.work(AUDITOR, readonly=True) as work:
        kept = list(read_lines(work))
        assert kept[: written - done.events] == whole[done.events :]
        verdict = verify_log(work, [anchor])
    assert (verdict.status, verdict.kind) == (Status.UNANCHORED_TAIL, None)
    assert verdict.size == written + 1
    with store.work(ADMINISTRATOR) as work:
        assert prune(work, before, END).events == 0
    # What is left can be disclosed and proven as before.
    lines = disclosed(store, DisclosureScope("A01", date(2022, 10, 3), date(2022, 10, 5)))
    assert checked(store, lines).fault is None


def test_what_is_left_after_pruning_is_guarded_as_before(
    store: SecureStore, model: Model, clock: FixedClock
) -> None:
    clock.set(clock.now().replace(year=2023, month=10, day=2))
    with store.work(ADMINISTRATOR) as work:
        prune(work, date(2022, 10, 1), END)
    with store.engine.begin() as connection:
        names = {
            row[0]
            for row in connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
            )
        }
        assert names == {f"audit_event_no_{act}" for act in ("update", "delete", "replace")}
        connection.exec_driver_sql("DROP TRIGGER audit_boundary_no_update")
        connection.exec_driver_sql("UPDATE audit_boundary SET peaks = zeroblob(length(peaks))")
    with store.work(AUDITOR, readonly=True) as work:
        verdict = verify_log(work)
    assert (verdict.status, verdict.kind) == (Status.BROKEN, Kind.START_NOT_SIGNED)


@pytest.mark.both_databases
@pytest.mark.clause("T14", "S4-8.6h")
def test_events_taken_out_behind_an_ordinary_signed_head_are_found(
    store: SecureStore, model: Model
) -> None:
    """An administrator of the database cannot sign a boundary and uses a head that lies there."""
    with store.work(AUDITOR) as work:
        head = sign_now(work, "test")
    live_through(store, store.clock, 1, 5, 20)  # type: ignore[arg-type]
    tree = MerkleAccumulator()
    with store.work(AUDITOR, readonly=True) as work:
        for row in read_rows(work):
            if row.seq <= head.size:
                tree.add(bytes(row.hash))  # type: ignore[arg-type]
    with store.work(AUDITOR) as work:
        forged = AuditBoundary(
            size=head.size,
            last_hash=head.last_hash,
            peaks=tree.to_bytes(),
            note=head.note,
            until=FIRST,
            at=work.now,
            by="AD01",
        )
        work.session.add(forged)
        work.session.flush()
        _delete_until(work, head.size)
    with store.work(AUDITOR, readonly=True) as work:
        assert size(work) > len(list(read_lines(work))) > 0
        verdict = verify_log(work, [head.note])
    assert (verdict.status, verdict.kind) == (Status.BROKEN, Kind.START_NOT_SIGNED)


def test_nothing_is_taken_out_of_a_log_that_does_not_check(
    store: SecureStore, model: Model, clock: FixedClock
) -> None:
    clock.set(clock.now().replace(year=2023, month=10, day=2))
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        connection.exec_driver_sql("UPDATE audit_event SET actor = 'SV99' WHERE seq = 3")
    with pytest.raises(AuditNotWhole), store.work(ADMINISTRATOR) as work:
        prune(work, date(2022, 10, 1), END)
    with store.work(AUDITOR, readonly=True) as work:
        assert len(list(read_lines(work))) == size(work)

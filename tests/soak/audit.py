"""The audit log at full figures: 6,000 attacks on logs up to 100,000 events (T14), 1,000 clean
logs, and disclosure, pack and month against a known history of a million events (T18).
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from secure_store.access import Actor, Role
from secure_store.audit.disclosure import DisclosureScope, anchor_disclosure, disclosed_lines
from secure_store.audit.handling import handling_of
from secure_store.audit.tags import FieldGroup, Tag
from secure_store.audit.verification import verify_log
from secure_store.canonical import JST
from secure_store.clock import FixedClock
from secure_store.sealing.installed import installed_of
from secure_store.sealing.scopes import BatchScope
from secure_store.verifier.audit_check import Status, check_chain
from secure_store.verifier.disclosure_check import check_disclosure
from secure_store.work import SecureStore, Subject
from tests.clusters import open_run_folder
from tests.homes import make_home

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "secure_store"))
import audit_log_sample as sample

# Size of the log → attacks of each of the twelve kinds; 500 of each kind in all.
ATTACKS = {1_000: 420, 10_000: 70, 100_000: 10}
CLEAN, SEED = 1_000, 14
EVENTS, SLICE = 1_000_000, 5_000
BEGIN = datetime.fromisoformat("2022-09-15T11:30:00+09:00")
AUDITOR = Actor("AU01", Role.AUDITOR)
RECEIVABLES = ("A01", "A02", "A03")
PERSONS = 20_000


def attacks() -> int:
    """How many attacks were not found, not named rightly, or not placed exactly."""
    missed = tried = 0
    for size, times in ATTACKS.items():
        draw = random.Random(SEED + size)
        events = sample.log_of(size, draw)
        anchors = [sample.head(events, part * size // 5) for part in range(1, 6)]
        for attack in sample.ATTACKS:
            for _time in range(times):
                done = attack(events, draw.randrange(2, size - 3), draw)
                verdict = check_chain(done.rows, [], anchors, sample.PUBLIC)
                right = (verdict.status, verdict.kind) == (done.status, done.kind)
                placed = done.first_bad_seq in (None, verdict.first_bad_seq)
                exact = placed or done.status is not Status.BROKEN
                missed += not (right and exact)
                tried += 1
        sys.stdout.write(f"  T14 {size:,} events: {tried:,} attacks, {missed} missed\n")
        sys.stdout.flush()
    return missed


def clean_logs() -> int:
    """How many of a thousand sound logs raised an alarm."""
    draw, alarms = random.Random(SEED), 0
    for _log in range(CLEAN):
        size = draw.randrange(1, 300)
        events = sample.log_of(size, draw)
        anchor = sample.head(events, draw.randrange(1, size + 1))
        verdict = check_chain(sample.stored(events), [], [anchor], sample.PUBLIC)
        alarms += verdict.status not in (Status.SOUND, Status.UNANCHORED_TAIL)
    sys.stdout.write(f"  T14 {CLEAN:,} clean logs: {alarms} false alarms\n")
    return alarms


Known = Counter[tuple[date, str, str]]


def live_through(store: SecureStore, clock: FixedClock) -> tuple[Known, dict[str, set[UUID]]]:
    """A million looks, and the same counted a second time."""
    draw, known = random.Random(SEED), Known()
    seen: dict[str, set[UUID]] = {receivable: set() for receivable in RECEIVABLES}
    for receivable in RECEIVABLES:
        installed = installed_of(store)
        scope = BatchScope(installed.contract, receivable, f"{receivable}-202209")
        installed.keyring.ensure_data_key(scope, clock.now())
    for _slice in range(EVENTS // SLICE):
        clock.advance(timedelta(minutes=6))
        day, actor = clock.now().astimezone(JST).date(), f"OP{draw.randrange(1, 21):02d}"
        # No person: the limits of what one person may look at in an hour are not what is tested.
        with store.work(Actor(actor, Role.SYSTEM)) as work:
            for _event in range(SLICE):
                receivable, case = draw.choice(RECEIVABLES), UUID(int=draw.randrange(PERSONS))
                work.audit(
                    Tag.CASE_OPENED,
                    receivable=receivable,
                    object_kind="case",
                    object_id=case,
                    subject=Subject(receivable, case),
                    groups=(FieldGroup.CONTACT,),
                )
                known[(day, receivable, actor)] += 1
                seen[receivable].add(case)
    return known, seen


def timed(word: str, since: float) -> None:
    sys.stdout.write(f"  T18 {word}: {time.monotonic() - since:.1f} s\n")
    sys.stdout.flush()


def million(store: SecureStore, clock: FixedClock) -> int:
    """How many answers differ from the known history."""
    since = time.monotonic()
    known, seen = live_through(store, clock)
    timed(f"{EVENTS:,} events written", since)
    first, last = BEGIN.date(), clock.now().astimezone(JST).date()
    wrong = 0
    since = time.monotonic()
    with store.work(AUDITOR, readonly=True) as work:
        found = handling_of(work, DisclosureScope("A01", first, last))
    timed("pack and month of one receivable", since)
    wrong += found.persons != len(seen["A01"])
    for actor, look in found.looks.items():
        own = sum(n for (_d, code, who), n in known.items() if (code, who) == ("A01", actor))
        wrong += look.events != own
    since = time.monotonic()
    scope = DisclosureScope("A01", first, first)
    with store.work(AUDITOR) as work:
        head = anchor_disclosure(work, scope)
    with store.work(AUDITOR, readonly=True) as work:
        lines = list(disclosed_lines(work, scope, head))
    timed(f"disclosure of {len(lines) - 1:,} events", since)
    asked = sum(n for (day, code, _who), n in known.items() if (day, code) == (first, "A01"))
    wrong += len(lines) - 1 != asked
    since = time.monotonic()
    wrong += check_disclosure(lines, installed_of(store).signer.public_key).fault is not None
    timed("the check of the disclosure", since)
    since = time.monotonic()
    with store.work(AUDITOR, readonly=True) as work:
        wrong += verify_log(work).kind is not None
    timed("verification of the whole log", since)
    return wrong


def homes() -> Iterator[tuple[SecureStore, FixedClock]]:
    """One home on SQLite."""
    run = open_run_folder()
    try:
        with (
            TemporaryDirectory(prefix="dialer-audit-") as name,
            run.fresh_database("sqlite", Path(name), migrated=True) as url,
        ):
            clock = FixedClock(BEGIN)
            yield make_home(Path(name) / "home", url, clock).store, clock
    finally:
        run.close()


def main() -> int:
    """Prints figures; 0 when every attack was found and every answer is what happened."""
    failed = attacks() + clean_logs()
    for store, clock in homes():
        wrong = million(store, clock)
        sys.stdout.write(f"  T18 {wrong} answers differ from the history\n")
        failed += wrong
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())

"""T24: guessing is slow wherever it is tried from, and locks nobody out of their own terminal."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from secure_store.access import Actor, Role
from secure_store.clock import FixedClock
from secure_store.models import StaffMember
from secure_store.people import passwords
from secure_store.people.login import change_password, prove, unlock
from secure_store.people.models import LoginFailure
from secure_store.people.passwords import PasswordsBusy
from secure_store.people.staff import NewStaff, add_staff
from secure_store.people.staff_register import OwnAccount
from secure_store.people.throttle import LOCK_AT_FAILURES, MOST_PER_TERMINAL, LoginAnswer
from secure_store.work import SecureStore

FOUNDER = Actor(code="init", role=Role.SYSTEM_ADMIN)
ADMINS = frozenset({Role.SYSTEM_ADMIN})
RIGHT, WRONG = "mihon-tsuki-kumo-2022", "not the right one at all"


def at(terminal: str) -> Actor:
    """Somebody at a terminal who is not signed in."""
    return Actor(code="web", role=Role.SYSTEM, terminal=terminal)


@pytest.fixture
def people(store: SecureStore) -> SecureStore:
    with store.work(FOUNDER) as work:
        for code in ("AU01", "AU02"):
            add_staff(work, NewStaff(code, "見本", Role.AUDITOR), RIGHT)
    return store


def guess(store: SecureStore, clock: FixedClock, times: int, code: str, *terminals: str) -> int:
    """So many guesses, waiting out every pause; how many reached the password."""
    reached = 0
    for number in range(times):
        answer = prove(store, at(terminals[number % len(terminals)]), code, WRONG)
        reached += answer is LoginAnswer.REFUSED
        clock.advance(timedelta(minutes=16))
    return reached


@pytest.mark.both_databases
@pytest.mark.clause("T24", "S4-9.3")
def test_no_more_than_ten_guesses_reach_an_account_from_however_many_machines(
    people: SecureStore, clock: FixedClock
) -> None:
    machines = [f"ip-192.0.2.{number}" for number in range(1, 31)]
    assert guess(people, clock, 30, "AU01", *machines) <= LOCK_AT_FAILURES
    assert prove(people, at("ip-192.0.2.99"), "AU01", RIGHT) is LoginAnswer.LOCKED


@pytest.mark.clause("T24", "S4-9.3")
def test_a_stranger_locks_nobody_out_of_their_own_terminal(
    people: SecureStore, clock: FixedClock
) -> None:
    assert prove(people, at("T01"), "AU01", RIGHT) is LoginAnswer.ACCEPTED
    guess(people, clock, 15, "AU01", "ip-192.0.2.7", "ip-192.0.2.8")
    assert prove(people, at("ip-192.0.2.9"), "AU01", RIGHT) is LoginAnswer.LOCKED
    assert prove(people, at("T01"), "AU01", RIGHT) is LoginAnswer.ACCEPTED
    with people.work(FOUNDER) as work:
        assert work.session.get_one(StaffMember, "AU01").locked_elsewhere_at is not None
        unlock(work, "AU01")
    assert prove(people, at("ip-192.0.2.9"), "AU01", RIGHT) is LoginAnswer.ACCEPTED


@pytest.mark.clause("T24", "S4-9.3", "S4-8.6c")
def test_a_strange_terminal_locks_nobody_out_of_a_terminal_they_have_never_used(
    people: SecureStore, clock: FixedClock
) -> None:
    answers: dict[str, list[LoginAnswer]] = {RIGHT: [], WRONG: []}
    for code, password in (("AU01", WRONG), ("AU02", RIGHT), ("ZZ01", WRONG)):
        for _ in range(12):
            told = prove(people, at("ip-192.0.2.7"), code, password, logs_in=True, only=ADMINS)
            answers[password].append(told)
            clock.advance(timedelta(minutes=16))
    assert set(answers[RIGHT]) == {LoginAnswer.REFUSED, LoginAnswer.LOCKED}
    assert answers[WRONG] == 2 * answers[RIGHT], "it learns nothing"
    for code in ("AU01", "AU02"):
        assert prove(people, at("T01"), code, RIGHT, logs_in=True) is LoginAnswer.ACCEPTED


def test_at_the_own_terminal_ten_failures_lock_the_whole_account(
    people: SecureStore, clock: FixedClock
) -> None:
    assert prove(people, at("T01"), "AU01", RIGHT) is LoginAnswer.ACCEPTED
    guess(people, clock, LOCK_AT_FAILURES, "AU01", "T01")
    assert prove(people, at("T02"), "AU01", RIGHT) is LoginAnswer.LOCKED


def test_one_terminal_tries_thirty_times_an_hour(people: SecureStore, clock: FixedClock) -> None:
    answers = [prove(people, at("T01"), f"ZZ{number:02d}", WRONG) for number in range(31)]
    assert answers == [LoginAnswer.REFUSED] * 30 + [LoginAnswer.MUST_WAIT]
    clock.advance(timedelta(hours=1))
    assert prove(people, at("T01"), "AU01", RIGHT) is LoginAnswer.ACCEPTED


@pytest.mark.clause("T24", "S4-9.3")
def test_whoever_may_unlock_does_not_guess_unlock_and_guess_on(
    people: SecureStore, clock: FixedClock
) -> None:
    reached = 0
    for number in range(1, 61):
        reached += prove(people, at("T01"), "AU01", WRONG) is LoginAnswer.REFUSED
        if number % 4 == 0:
            with people.work(FOUNDER) as work:
                unlock(work, "AU01")
        clock.advance(timedelta(seconds=1))
    assert reached == MOST_PER_TERMINAL
    assert prove(people, at("T02"), "AU01", RIGHT) is LoginAnswer.ACCEPTED


@pytest.mark.clause("S4-9.3")
def test_nobody_unlocks_themselves(people: SecureStore) -> None:
    with pytest.raises(OwnAccount), people.work(Actor("AD01", Role.SYSTEM_ADMIN)) as work:
        unlock(work, "AD01")


def test_accounts_that_are_not_there_answer_like_those_that_are(
    people: SecureStore, clock: FixedClock
) -> None:
    """Wait, lock and refusal come at the same tries: nobody learns which codes exist."""
    for pause in (timedelta(0), timedelta(minutes=16)):
        seen = []
        for code in ("AU02", "NN99"):
            answers = []
            for _ in range(14):
                answers.append(prove(people, at(f"T-{code}"), code, WRONG))
                clock.advance(pause)
            seen.append(answers)
        assert seen[0] == seen[1]
        clock.advance(timedelta(hours=25))
        with people.work(FOUNDER) as work:
            unlock(work, "AU02")


@pytest.mark.clause("T24")
def test_an_account_that_is_not_there_costs_a_hash_as_well(
    people: SecureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same work is done, whatever is typed; how long it takes is measured elsewhere."""
    made: list[str] = []
    verify = PasswordHasher.verify

    def counted(hasher: PasswordHasher, stored: str, password: str) -> bool:
        made.append(stored)
        return verify(hasher, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for code in ("AU01", "NN99"):
        prove(people, at("T01"), code, WRONG)
    assert len(made) == 2


@pytest.mark.both_databases
def test_many_tries_at_once_are_no_way_around_the_count(people: SecureStore) -> None:
    """Each is counted before its password is looked at."""
    answers: list[LoginAnswer] = []

    def one() -> None:
        with suppress(PasswordsBusy):
            answers.append(prove(people, at("T01"), "AU01", WRONG))

    threads = [threading.Thread(target=one) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(LoginAnswer.REFUSED) <= 6  # the gate shuts at the fifth


def test_a_third_hash_at_once_is_refused_and_counted_nowhere(
    people: SecureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    with passwords.slot(), passwords.slot(), pytest.raises(PasswordsBusy):
        prove(people, at("T01"), "AU01", WRONG)
    with people.work(FOUNDER, readonly=True) as work:
        assert list(work.session.scalars(select(LoginFailure))) == []
    assert prove(people, at("T01"), "AU01", RIGHT) is LoginAnswer.ACCEPTED


@pytest.mark.both_databases
def test_no_database_waits_while_a_hash_is_made(
    people: SecureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches = passwords.matches
    free: list[bool] = []

    def writes_meanwhile(*given: str) -> bool:
        with people.work(FOUNDER) as work:
            free.append(work.session.get(StaffMember, "AU02") is not None)
        return matches(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(passwords, "matches", writes_meanwhile)
    assert prove(people, at("T01"), "AU01", RIGHT) is LoginAnswer.ACCEPTED
    assert free == [True]


@pytest.mark.clause("S4-9.4-2")
def test_a_first_password_is_good_for_one_log_in_within_a_day(
    people: SecureStore, clock: FixedClock
) -> None:
    people.is_rehearsal = False
    assert prove(people, at("T01"), "AU01", RIGHT, logs_in=True) is LoginAnswer.ACCEPTED
    assert prove(people, at("T01"), "AU01", RIGHT, logs_in=True) is LoginAnswer.REFUSED
    clock.advance(timedelta(hours=24))
    assert prove(people, at("T02"), "AU02", RIGHT, logs_in=True) is LoginAnswer.REFUSED
    own = "tsuki to kumo no aida"
    person = Actor("AU01", Role.AUDITOR, terminal="T01")
    assert change_password(people, person, RIGHT, own) is LoginAnswer.ACCEPTED
    assert prove(people, at("T01"), "AU01", own, logs_in=True) is LoginAnswer.ACCEPTED


@pytest.mark.clause("S3-B1-5.8")
def test_a_hash_is_worth_nothing_in_another_account_or_without_the_key_store(
    people: SecureStore,
) -> None:
    with people.work(FOUNDER) as work:
        rows = {row.code: row for row in work.session.scalars(select(StaffMember))}
        mine = rows["AU01"].password_hash
        assert not passwords._hasher.check_needs_rehash(mine)
        rows["AU02"].password_hash = mine
    assert passwords.matches(people, mine, "AU01", RIGHT)
    assert not passwords.matches(people, mine, "AU02", RIGHT)
    assert prove(people, at("T01"), "AU02", RIGHT) is LoginAnswer.REFUSED

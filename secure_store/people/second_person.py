"""A second person confirms at the first person's screen: code and password, checked anew.

The throttle against guessing holds here as at the log-in page, so that nobody can try the
password of another account from inside (S4-9.3, decision 17).
"""

from __future__ import annotations

from secure_store.access import Actor
from secure_store.audit.tags import Result, Tag
from secure_store.errors import NotAllowed
from secure_store.models import StaffMember
from secure_store.people.login import prove
from secure_store.people.second_factor import needs_key
from secure_store.people.sessions import has_proved_lately
from secure_store.people.staff import actor_of, must_change_password
from secure_store.people.throttle import LoginAnswer
from secure_store.work import SecureStore, UnitOfWork


class SecondPersonRefused(NotAllowed):
    """The second person did not prove who it is."""

    code = "second_person_refused"

    def __init__(self, answer: LoginAnswer) -> None:
        self.answer = answer
        super().__init__(answer=answer.value)


class SamePerson(NotAllowed):
    """The second person has to be another one than the first."""

    code = "same_person"


def second_person(store: SecureStore, first: Actor, code: str, password: str) -> Actor:
    """The actor of the second person. Raises SamePerson, SecondPersonRefused.

    A failed try is counted and noted even though the act it was for does not happen. Whoever
    must still change the first password confirms nothing; rehearsal homes ask for no change.
    Where keys are needed, the second person has shown theirs within five minutes elsewhere.
    """
    if code == first.code:
        raise SamePerson
    answer = prove(store, first, code, password)
    with store.work(first) as work:
        if answer is LoginAnswer.ACCEPTED and not _has_key_at_hand(work, code):
            answer = LoginAnswer.REFUSED
            work.audit(Tag.AUTH_REFUSED, result=Result.DENIED, reason="no_key", ref=code)
        is_first = must_change_password(work, code) and not store.is_rehearsal
        if answer is LoginAnswer.ACCEPTED and is_first:
            # Somebody else handed the first password out: it proves nobody.
            answer = LoginAnswer.REFUSED
            work.audit(Tag.AUTH_REFUSED, result=Result.DENIED, reason="first_password", ref=code)
    if answer is not LoginAnswer.ACCEPTED:
        raise SecondPersonRefused(answer)
    with store.work(first) as work:
        actor = actor_of(
            work,
            code,
            session_ref=first.session_ref,
            request_id=first.request_id,
            rehearsal=first.rehearsal,
        )
        work.audit(Tag.AUTH_STEPPED_UP, reason="second_person", ref=code)
    return actor


def _has_key_at_hand(work: UnitOfWork, code: str) -> bool:
    """Whoever needs a key has just shown it, at a terminal of their own (step-up)."""
    member = work.session.get(StaffMember, code)
    if member is None or not needs_key(work, member.role):
        return True
    return has_proved_lately(work, code)

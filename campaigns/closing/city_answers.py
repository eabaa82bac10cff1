"""What the city answers before keys go: consent, witness, other conditions (S3-B2-13.2, 13.3).

Posts stand in these records, never names of persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from campaigns.closing import gates
from campaigns.closing.applying import CHECK_DIGITS, checked_number
from campaigns.closing.plan import open_erasure
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.erasure.execution import Document, ErasureView, move, scope_of, write
from secure_store.erasure.states import ErasureState, Gate, IllegalErasureMove
from secure_store.erasure.views import view_of
from secure_store.errors import Invalid
from secure_store.models import Erasure
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ConsentLetter:
    """What stands on the city's letter of consent besides its number.

    ``post``: the post that consents. ``letter_sha256``: digest of the letter's file, if there is
    one. ``check_no``: the application's check number as the letter repeats it, at least its first
    eight digits.
    """

    consented_on: date
    post: str
    letter_sha256: str
    check_no: str = ""


def record_consent(
    work: UnitOfWork, erasure_id: UUID, document_no: str, letter: ConsentLetter | None = None
) -> ErasureView:
    """The city's consent, if it comes: 004 does not wait for it (decision 19).

    Its scope is taken as that of the application when the letter repeats the check number.
    Raises Invalid for an empty number, a letter older than the application, or a check number of
    another application; IllegalErasureMove once the erasure was frozen without it.
    """
    require(work.actor, Permission.REQUEST_ERASURE)
    row, document = open_erasure(work, erasure_id)
    if "consent" in document:
        return view_of(work, row)
    if row.state is not ErasureState.APPLIED:
        raise IllegalErasureMove(current=row.state.value, target=ErasureState.CONSENTED.value)
    today = business_day(work.now)
    given = letter or ConsentLetter(today, "", "")
    application = document["application"]
    if not date.fromisoformat(application["sent_on"]) <= given.consented_on <= today:
        raise Invalid(field="consented_on")
    document["consent"] = {
        "consent_no": checked_number(document_no),
        "consented_on": given.consented_on.isoformat(),
        "post": given.post.strip(),
        "letter_sha256": given.letter_sha256.strip(),
        "scope_match": _matches(application["sha256"], given.check_no),
    }
    write(row, document)
    passed = gates.paper_gates(work, scope_of(row), document)
    move(work, row, ErasureState.CONSENTED, passed, gates.current_policy(work))
    return view_of(work, row)


def _matches(sha256: str, check_no: str) -> bool:
    """False when the letter repeats no number; a number of something else is refused."""
    said = check_no.strip().lower()
    if not said:
        return False
    if len(said) < CHECK_DIGITS or not sha256.startswith(said):
        raise Invalid(field="check_no")
    return True


def request_witness(work: UnitOfWork, erasure_id: UUID, document_no: str) -> ErasureView:
    """The city wants to be present when the keys go (S3-B2-13.3).

    Raises Invalid without the number of its paper, IllegalErasureMove once keys are going.
    """
    row, document = _before_keys(work, erasure_id)
    document["witness"] = {"requested_by": checked_number(document_no)}
    write(row, document)
    _note(work, row, Gate.WITNESS_PRESENT)
    return view_of(work, row)


def record_witness(work: UnitOfWork, erasure_id: UUID, post: str) -> ErasureView:
    """The city's witness is here now. Raises Invalid without the post, as `request_witness`."""
    row, document = _before_keys(work, erasure_id)
    asked = document.get("witness", {})
    present = {"post": checked_number(post, "post"), "present_from": work.now.isoformat()}
    document["witness"] = {**asked, **present}
    write(row, document)
    _note(work, row, Gate.WITNESS_PRESENT)
    return view_of(work, row)


def record_condition(
    work: UnitOfWork, erasure_id: UUID, gate: Gate, document_no: str
) -> ErasureView:
    """A condition that only paper shows: return done, final results accepted, instruction come.

    Raises Invalid for any other condition, IllegalErasureMove once keys are being destroyed.
    """
    row, document = _before_keys(work, erasure_id)
    if gate not in gates.RECORDABLE:
        raise Invalid(field="gate")
    number = checked_number(document_no)
    document["conditions"] = {**document.get("conditions", {}), gate.value: number}
    write(row, document)
    _note(work, row, gate)
    return view_of(work, row)


def _before_keys(work: UnitOfWork, erasure_id: UUID) -> tuple[Erasure, Document]:
    require(work.actor, Permission.REQUEST_ERASURE)
    row, document = open_erasure(work, erasure_id)
    if "destroying" in document:
        raise IllegalErasureMove(current=row.state.value, target=row.state.value)
    return row, document


def _note(work: UnitOfWork, row: Erasure, gate: Gate) -> None:
    work.audit(
        Tag.ERASURE_PAPER,
        receivable=scope_of(row).receivable,
        object_kind="erasure",
        object_id=row.id,
        ref=row.number,
        reason=gate.value,
    )

"""The application for an erasure, drafted by the system and sent to the city (S3-B2-13.2).

The application has five items (items, media, quantities, method, planned day). The system drafts
them; its check number is a digest of the five and the scope, so that a consent can be held
against exactly what was applied for.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from campaigns.closing import gates, words
from campaigns.closing.plan import all_counts, canaries_of, open_erasure
from campaigns.closing.scopes import parse_scope
from campaigns.errors import ErasureUnderWay
from campaigns.profile.contract import current_profile
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require
from secure_store.backups.media import media
from secure_store.backups.register import live_backups
from secure_store.canonical import canonical_json
from secure_store.erasure.execution import (
    Document,
    ErasureView,
    begin,
    document_of,
    move,
    same_scope,
    scope_of,
    write,
)
from secure_store.erasure.scopes import CountLine, ErasureScope, ScopeKind
from secure_store.erasure.states import ErasureState, IllegalErasureMove
from secure_store.erasure.views import raw_counts, view_of
from secure_store.errors import Invalid
from secure_store.exchange.media import media_with_data
from secure_store.models import Erasure
from secure_store.work import UnitOfWork

MAX_TEXT = 60
CHECK_DIGITS = 8  # of the application's digest, as the city's letter repeats them
KEYS_GO_AFTER = timedelta(days=2)  # T0+2: the day on which keys are destroyed (security.md 5.8)


@dataclass(frozen=True, slots=True)
class Instruction:
    """The city's order to erase part of the data: its number and its day."""

    document_no: str
    instructed_on: date


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """The application as its paper shows it. ``sent_on`` None: still a draft.

    ``media``: name, kind, place, serial number or nothing. ``quantities``: item, unit, count.
    ``sha256`` is over the scope and the five items; ``check_no`` its first eight digits.
    """

    number: str
    drafted_on: date
    sent_on: date | None
    planned_on: date
    items: tuple[str, ...]
    media: tuple[tuple[str, str, str, str], ...]
    quantities: tuple[tuple[str, str, int], ...]
    method: str
    sha256: str

    @property
    def check_no(self) -> str:
        return self.sha256[:CHECK_DIGITS]


def application_of(work: UnitOfWork, erasure_id: UUID) -> ApplicationView:
    """The application of an erasure. Raises NotFound."""
    require(work.actor, Permission.READ_CERTIFICATES)
    said = open_erasure(work, erasure_id)[1]["application"]
    sent_on = said.get("sent_on")
    return ApplicationView(
        said["number"],
        date.fromisoformat(said["drafted_on"]),
        date.fromisoformat(sent_on) if sent_on else None,
        date.fromisoformat(said["planned_on"]),
        tuple(said["items"]),
        tuple((one[0], one[1], one[2], one[3]) for one in said["media"]),
        tuple((one[0], one[1], one[2]) for one in said["quantities"]),
        said["method"],
        said["sha256"],
    )


def plan_erasure(
    work: UnitOfWork, scope_text: str, instruction: Instruction | None = None
) -> ErasureView:
    """Drafts an erasure and sends its application at once. Raises as the two do."""
    drafted = draft_erasure(work, scope_text, instruction)
    return send_application(work, drafted.id, business_day(work.now))


def draft_erasure(
    work: UnitOfWork,
    scope_text: str,
    instruction: Instruction | None = None,
    planned_on: date | None = None,
) -> ErasureView:
    """Counts what lies in the scope and drafts the application's five items (S3-B2-13.2).

    Every batch in the scope gets a canary sealed under a key that stands now. Raises NotFound for
    an unknown scope, ErasureUnderWay when the scope has its erasure, Invalid for an instruction
    without number or from a day to come, or a planned day in the past.
    """
    require(work.actor, Permission.REQUEST_ERASURE)
    scope = parse_scope(work, scope_text)
    for other in same_scope(work, scope):
        raise ErasureUnderWay(number=other.number)
    today = business_day(work.now)
    planned = planned_on or _usual_day(work, scope, today)
    if planned < today:
        raise Invalid(field="planned_on")
    row = begin(work, scope)
    document = document_of(row)
    if instruction is not None:
        if instruction.instructed_on > today:
            raise Invalid(field="instructed_on")
        document["instruction"] = {
            "document_no": checked_number(instruction.document_no),
            "instructed_on": instruction.instructed_on.isoformat(),
        }
    document["canaries"] = [cell.to_document() for cell in canaries_of(work, scope)]
    _draft(work, row, document, planned)
    return view_of(work, row)


def _usual_day(work: UnitOfWork, scope: ErasureScope, today: date) -> date:
    """Two days after the period for the whole contract; an instruction is followed at once."""
    if scope.kind is not ScopeKind.CONTRACT:
        return today
    return max(today, current_profile(work).contract_until + KEYS_GO_AFTER)


def _draft(work: UnitOfWork, row: Erasure, document: Document, planned_on: date) -> None:
    scope = scope_of(row)
    counts = all_counts(work, scope)
    document["counts"] = raw_counts(counts)
    application = {
        "items": list(words.ITEMS),
        "media": _media(work, scope),
        "quantities": _quantities(counts),
        "method": words.METHOD,
        "planned_on": planned_on.isoformat(),
    }
    digest = hashlib.sha256(canonical_json([scope.text(), application])).hexdigest()
    document["application"] = {
        **application,
        "number": row.number,
        "drafted_on": business_day(work.now).isoformat(),
        "sha256": digest,
    }
    write(row, document)
    work.session.flush()


def _media(work: UnitOfWork, scope: ErasureScope) -> list[list[str]]:
    """Name, kind, place and number of every medium the scope lies on."""
    found = [[*words.MEDIUM, ""], [*words.KEY_MEDIUM, ""]]
    if scope.kind is ScopeKind.CONTRACT:
        used = {view.medium for view in live_backups(work)}
        found += [
            [medium.code, words.BACKUP_MEDIUM, words.BACKUP_PLACE, medium.serial]
            for medium in media(work)
            if medium.code in used
        ]
        found += [[*words.CARRIED_MEDIUM, medium.serial] for medium in media_with_data(work)]
    return found


def _quantities(counts: list[CountLine]) -> list[list[object]]:
    totals: dict[str, int] = {}
    for line in counts:
        totals[line.place] = totals.get(line.place, 0) + line.count
    return [[words.PLACES[place], words.UNITS.get(place, "件"), n] for place, n in totals.items()]


def send_application(
    work: UnitOfWork, erasure_id: UUID, sent_on: date, document_no: str = ""
) -> ErasureView:
    """The application went to the city on this day (S3-B2-13.2).

    ``document_no``: our own number on the paper; else the erasure's. Raises Invalid for a day
    before the draft or to come, IllegalErasureMove when it was sent before.
    """
    require(work.actor, Permission.REQUEST_ERASURE)
    row, document = open_erasure(work, erasure_id)
    if row.state is not ErasureState.DRAFT:
        raise IllegalErasureMove(current=row.state.value, target=ErasureState.APPLIED.value)
    application = document["application"]
    drafted = date.fromisoformat(application["drafted_on"])
    if not drafted <= sent_on <= business_day(work.now):
        raise Invalid(field="sent_on")
    application["sent_on"] = sent_on.isoformat()
    application["number"] = checked_number(document_no or row.number)
    write(row, document)
    passed = gates.paper_gates(work, scope_of(row), document)
    move(work, row, ErasureState.APPLIED, passed, gates.current_policy(work))
    return view_of(work, row)


def checked_number(text: str, field: str = "document_no") -> str:
    """The number of a paper, or a post: 1 to 60 characters. Raises Invalid naming the field."""
    number = text.strip()
    if not 1 <= len(number) <= MAX_TEXT or not number.isprintable():
        raise Invalid(field=field)
    return number

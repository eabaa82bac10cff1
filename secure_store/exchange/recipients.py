"""Delivery settings: for whom files are locked before they leave (S4-8.5, S3-B1-5.6-1).

A public key of the city is in force only after a second person compared its fingerprint with the
city's document. Passwords are agreed on another channel, typed at placing, and never stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, select

from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.errors import Conflict, NotFound
from secure_store.exchange.envelopes import Form
from secure_store.exchange.exchange_errors import (
    RecipientInvalid,
    RecipientMissing,
    RecipientSamePerson,
)
from secure_store.exchange.exchange_keys import checked_public_key, fingerprint_of
from secure_store.exchange.models import Recipient
from secure_store.work import UnitOfWork

FORMS = (Form.AGE, Form.AES_ZIP, Form.PASSWORD_XLSX)


@dataclass(frozen=True, slots=True)
class RecipientView:
    """One setting. ``receivable`` None: the contract's own, for all that have none."""

    id: UUID
    receivable: str | None
    form: Form
    public_key: str | None
    fingerprint: str | None
    document_no: str
    entered_at: datetime
    entered_by: str
    confirmed_at: datetime | None
    confirmed_by: str | None
    ended_at: datetime | None

    @property
    def is_in_force(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None


def _view(row: Recipient) -> RecipientView:
    return RecipientView(
        row.id,
        row.receivable,
        row.form,
        row.public_key,
        fingerprint_of(row.public_key) if row.public_key else None,
        row.document_no,
        row.entered_at,
        row.entered_by,
        row.confirmed_at,
        row.confirmed_by,
        row.ended_at,
    )


def enter_recipient(
    work: UnitOfWork, receivable: str | None, form: Form, public_key: str, document_no: str
) -> RecipientView:
    """Enters a setting; files are locked by it once somebody else confirmed it.

    Raises RecipientInvalid for a form that is none, and for anything but an age public key.
    """
    require(work.actor, Permission.MANAGE_EXCHANGE)
    if form not in FORMS:
        raise RecipientInvalid(form=form.value)
    row = Recipient(
        id=uuid4(),
        receivable=receivable,
        form=form,
        public_key=checked_public_key(public_key) if form is Form.AGE else None,
        document_no=document_no,
        entered_at=work.now,
        entered_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    _note(work, Tag.RECIPIENT_ENTERED, row)
    return _view(row)


def confirm_recipient(work: UnitOfWork, recipient_id: UUID) -> RecipientView:
    """The second person compared the fingerprint; the setting before it ends.

    Raises RecipientSamePerson for the person who entered it, Conflict when it is decided already.
    """
    require(work.actor, Permission.CONFIRM_RECIPIENTS)
    row = _open_row(work, recipient_id)
    if row.confirmed_at is not None:
        raise Conflict(state="confirmed")
    if row.entered_by == work.actor.code:
        raise RecipientSamePerson
    for former in work.session.scalars(_standing(row.receivable)):
        former.ended_at, former.ended_by = work.now, work.actor.code
    row.confirmed_at, row.confirmed_by = work.now, work.actor.code
    _note(work, Tag.RECIPIENT_CONFIRMED, row)
    return _view(row)


def end_recipient(work: UnitOfWork, recipient_id: UUID) -> RecipientView:
    """Takes a setting out of force, or throws away one that was not confirmed."""
    require(work.actor, Permission.MANAGE_EXCHANGE)
    row = _open_row(work, recipient_id)
    row.ended_at, row.ended_by = work.now, work.actor.code
    _note(work, Tag.RECIPIENT_ENDED, row)
    return _view(row)


def list_recipients(work: UnitOfWork) -> list[RecipientView]:
    """All settings of the receivables this person sees, newest first."""
    rows = work.session.scalars(select(Recipient).order_by(Recipient.entered_at.desc()))
    return [_view(row) for row in rows if _is_seen(work, row)]


def recipient_for(work: UnitOfWork, receivable: str | None) -> RecipientView:
    """The setting in force for a receivable, or the contract's. Raises RecipientMissing."""
    for scope in dict.fromkeys((receivable, None)):
        row = work.session.scalars(_standing(scope)).first()
        if row is not None:
            return _view(row)
    raise RecipientMissing(receivable=receivable or "ALL")


def _standing(receivable: str | None) -> Select[Recipient]:
    return select(Recipient).where(
        Recipient.receivable.is_(None)
        if receivable is None
        else Recipient.receivable == receivable,
        Recipient.confirmed_at.is_not(None),
        Recipient.ended_at.is_(None),
    )


def _open_row(work: UnitOfWork, recipient_id: UUID) -> Recipient:
    row = work.session.get(Recipient, recipient_id, with_for_update=True)
    if row is None or row.ended_at is not None or not _is_seen(work, row):
        raise NotFound(kind="recipient")
    return row


def _is_seen(work: UnitOfWork, row: Recipient) -> bool:
    return row.receivable is None or work.actor.sees(row.receivable)


def _note(work: UnitOfWork, tag: Tag, row: Recipient) -> None:
    work.audit(
        tag,
        receivable=row.receivable,
        object_kind="recipient",
        object_id=row.id,
        reason=row.form.value,
    )

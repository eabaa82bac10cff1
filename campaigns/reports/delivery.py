"""Delivery of a day's files: signed by a supervisor, placed sealed, confirmed by receipt.

The clock of 09:30 the next calendar day stops at the confirmed upload, not at building or
placing (S4-13.1). An unsigned pack never leaves (decision 15, S4-12.1e).
"""

from __future__ import annotations

import base64
import os
from datetime import date
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from campaigns.calling.day_close import DailyClose, DayState
from campaigns.cases.cases import running_campaigns
from campaigns.errors import AlreadySent, DayNotClosed, PackNotSigned, ReasonMissing
from campaigns.profile.contract import current_profile
from campaigns.reports.daily import pack_grace
from campaigns.reports.day_views import UNSIGNED, DayView, day_row, view_of_day
from campaigns.reports.pack_store import (
    clear_content,
    clear_contents,
    destroy_pack,
    newest_revision,
    pack_files,
    sealed_contents,
)
from secure_store.access import Actor, Permission, require, require_receivable
from secure_store.audit.chain import parse_note
from secure_store.audit.tags import Tag
from secure_store.errors import NotAllowed
from secure_store.exchange.envelopes import Form
from secure_store.exchange.locking import Outgoing, forms_wanted, lock_files
from secure_store.exchange.manifest import AuditHead, FileEntry, Manifest
from secure_store.models import AuditCheckpoint, Transfer, TransferDirection
from secure_store.sealing_access import exchange_folder, signer_of
from secure_store.work import SecureStore, UnitOfWork

MANIFEST, SIGNATURE, CHECKPOINT, SEALED = (
    "manifest.json",
    "manifest.sig",
    "checkpoint.txt",
    ".sealed",
)


def sign_files(work: UnitOfWork, day: date) -> DayView:
    """業務管理者の署名. Raises PackNotSigned when there is nothing built, AlreadySent."""
    require(work.actor, Permission.SIGN_DAILY_FILES)
    row = day_row(work, day)
    if row.state is DayState.CLOSED:
        raise DayNotClosed(day=day.isoformat())
    if row.state is not DayState.BUILT:
        raise AlreadySent(state=row.state.value)
    row.state = DayState.SIGNED
    row.signed_at = work.now
    row.signed_by = work.actor.code
    work.audit(Tag.DAILY_SIGNED, ref=day.isoformat())
    return view_of_day(work, row)


def manifest_of(work: UnitOfWork, day: date) -> Manifest:
    """What the pack holds, with the head of the audit log at the close (decision 10)."""
    row = day_row(work, day)
    files = pack_files(work, day)
    checkpoint = work.session.get_one(AuditCheckpoint, row.audit_size)
    root = parse_note(row.audit_note).text.split("\n")[2]
    return Manifest(
        contract=current_profile(work).code,
        business_day=day,
        receivables=tuple(sorted({one.receivable for one in running_campaigns(work, day)})),
        files=tuple(FileEntry(file.name, file.sha256, file.rows, file.size) for file in files),
        built_at=row.closed_at,
        audit_head=AuditHead(row.audit_size, _hex_of_base64(root), checkpoint.last_hash.hex()),
        revision=max(0, newest_revision(work, day) - 1),
        rehearsal=work.store.is_rehearsal,
    )


def _hex_of_base64(text: str) -> str:
    return base64.b64decode(text).hex()


def place_files(store: SecureStore, actor: Actor, day: date, password: str | None = None) -> Path:
    """Puts the locked files, the signed manifest and the audit head into the outbound folder.

    The folder appears whole or not at all. Raises PackNotSigned before the signature,
    RecipientMissing in production while no key of the city is in force, DeliveryPasswordMissing.
    """
    with store.work(actor) as work:
        require(actor, Permission.SIGN_DAILY_FILES)
        row = day_row(work, day)
        if row.state in UNSIGNED:
            raise PackNotSigned(day=day.isoformat())
        target = exchange_folder(store) / "outbound" / f"{day:%Y%m%d}"
        if row.state is not DayState.SIGNED:
            return target
        manifest = manifest_of(work, day).to_json()
        contents = _leaving(work, day, password)
        contents[MANIFEST] = manifest
        contents[SIGNATURE] = signer_of(store).sign(manifest)
        contents[CHECKPOINT] = row.audit_note.encode()
        write_folder(target, contents)
        row.state = DayState.PLACED
        row.placed_at = work.now
        _note_transfer(work, TransferDirection.PLACED, day, None)
        work.audit(Tag.DAILY_PLACED, count=len(contents), ref=day.isoformat())
    return target


def _leaving(work: UnitOfWork, day: date, password: str | None) -> dict[str, bytes]:
    """The day's files as they leave: locked for their departments, whatever the home.

    A rehearsal without recipients places them as they lie in the vault: nobody can open them, and
    nobody has to. In production that would be a delivery the city cannot read.
    """
    views = pack_files(work, day)
    is_set = bool(forms_wanted(work, [view.receivable for view in views]))
    if work.store.is_rehearsal and not is_set:
        return {name + SEALED: data for name, data in sealed_contents(work, day).items()}
    clear = clear_contents(work, day)
    outgoing = [Outgoing(view.name, clear[view.name], view.receivable) for view in views]
    return lock_files(work, outgoing, password)


def delivery_forms(work: UnitOfWork, day: date) -> frozenset[Form]:
    """How the files of a day will be locked; empty while a recipient is missing."""
    require(work.actor, Permission.SIGN_DAILY_FILES)
    return forms_wanted(work, [view.receivable for view in pack_files(work, day)])


def write_folder(target: Path, contents: dict[str, bytes]) -> None:
    """Writes a folder whole or not at all (I6): beside it first, then renamed."""
    partial = target.with_name(target.name + f".partial-{uuid4().hex[:8]}")
    partial.mkdir(parents=True, mode=0o700)
    for name, data in contents.items():
        handle = os.open(partial / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    if target.exists():
        # A crash between the rename and the commit left the same bytes there already.
        for name in contents:
            os.replace(partial / name, target / name)
        partial.rmdir()
        return
    os.rename(partial, target)


def _note_transfer(
    work: UnitOfWork, direction: TransferDirection, day: date, receipt_no: str | None
) -> None:
    work.session.add(
        Transfer(
            id=uuid4(),
            direction=direction,
            name=f"{day:%Y%m%d}",
            receipt_no=receipt_no,
            at=work.now,
            by=work.actor.code,
        )
    )


def confirm_upload(work: UnitOfWork, day: date, receipt_no: str) -> DayView:
    """The city has the files: the receipt number stops the clock. Raises PackNotSigned, AlreadySent."""
    require(work.actor, Permission.SIGN_DAILY_FILES)
    if not receipt_no.strip():
        raise ReasonMissing(act="confirm")
    row = day_row(work, day)
    if row.state is DayState.CONFIRMED:
        raise AlreadySent(state=row.state.value)
    if row.state is not DayState.PLACED:
        raise PackNotSigned(day=day.isoformat())
    row.state = DayState.CONFIRMED
    row.confirmed_at = work.now
    row.confirmed_by = work.actor.code
    row.receipt_no = receipt_no.strip()[:60]
    _note_transfer(work, TransferDirection.CONFIRMED, day, row.receipt_no)
    work.audit(Tag.DAILY_UPLOAD_CONFIRMED, ref=day.isoformat())
    return view_of_day(work, row)


def read_file(work: UnitOfWork, day: date, name: str) -> bytes:
    """One clear file of a signed pack for a person who may read it; the look is noted."""
    require(work.actor, Permission.READ_DAILY_FILES)
    row = day_row(work, day)
    view, content = clear_content(work, day, name)
    if view.receivable is not None:
        require_receivable(work.actor, view.receivable)
    if row.state in UNSIGNED and not work.actor.may(Permission.SIGN_DAILY_FILES):
        raise PackNotSigned(day=day.isoformat())
    work.audit(Tag.DAILY_READ, receivable=view.receivable, ref=view.sha256)
    return content


def write_clear_files(store: SecureStore, actor: Actor, day: date, folder: Path) -> list[Path]:
    """Writes the clear files of this person's receivables into a folder, in rehearsal homes only.

    Raises NotAllowed elsewhere, PackNotSigned for a reader who may not sign.
    """
    if not store.is_rehearsal:
        raise NotAllowed(permission="clear_files")
    with store.work(actor) as work:
        _may_take_out(work, day)
        names = _own_names(work, day)
        contents = {name: clear_contents(work, day)[name] for name in names}
        manifest = manifest_of(work, day).to_json()
        work.audit(Tag.EXPORT_RELEASED, count=len(contents), ref=day.isoformat())
    return _write_files(folder, {**contents, MANIFEST: manifest})


def _may_take_out(work: UnitOfWork, day: date) -> None:
    require(work.actor, Permission.READ_DAILY_FILES)
    unsigned = day_row(work, day).state in UNSIGNED
    if unsigned and not work.actor.may(Permission.SIGN_DAILY_FILES):
        raise PackNotSigned(day=day.isoformat())


def _own_names(work: UnitOfWork, day: date) -> list[str]:
    """The files of the receivables this person was granted; the daily report is everybody's."""
    return [
        file.name
        for file in pack_files(work, day)
        if file.receivable is None or work.actor.sees(file.receivable)
    ]


def _write_files(folder: Path, contents: dict[str, bytes]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, data in contents.items():
        target = folder / name
        target.touch(mode=0o600)
        target.write_bytes(data)
    return [folder / name for name in contents if name != MANIFEST]


def destroy_old_packs(store: SecureStore, actor: Actor) -> int:
    """Destroys the keys of packs confirmed some days ago (decision 3). Returns how many files."""
    with store.work(actor, readonly=True) as work:
        limit = work.now - pack_grace(work)
        days = list(
            work.session.scalars(
                select(DailyClose.business_day).where(DailyClose.confirmed_at <= limit)
            )
        )
    gone = 0
    for day in days:
        with store.work(actor) as work:
            if any(file.is_readable for file in pack_files(work, day)):
                gone += destroy_pack(work, day)
    return gone

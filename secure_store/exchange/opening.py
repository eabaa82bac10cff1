"""The door for files of the city: who may, whether the password may be tried, opened in memory.

Every intake goes through here, locked or not. The password is used and forgotten: it is stored
nowhere and no event, error or log line knows it (S4-8.7-1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from secure_store.access import Actor, Permission, require
from secure_store.audit.tags import Result, Tag
from secure_store.errors import DomainError
from secure_store.exchange.envelopes import Form, Openers, form_of, open_envelopes
from secure_store.exchange.exchange_errors import FilePasswordPaused, FilePasswordWrong
from secure_store.exchange.exchange_keys import identities_of
from secure_store.exchange.handlers import require_handler
from secure_store.exchange.models import FilePasswordTry
from secure_store.work import SecureStore, UnitOfWork

MOST_TRIES = 5
PAUSE = timedelta(minutes=15)


def open_delivery(
    store: SecureStore, actor: Actor, files: Mapping[str, bytes], password: str | None = None
) -> dict[str, bytes]:
    """The plain files of a delivery, in memory only; nothing has changed when it refuses.

    Raises NotAHandler, FilePasswordPaused, and what ``open_envelopes`` raises. Wrong passwords
    are counted per file: after five of them the file has to wait a quarter of an hour.
    """
    locked = {name: hashlib.sha256(data).hexdigest() for name, data in _locked(files).items()}
    with store.work(actor, readonly=True) as work:
        require(actor, Permission.RECEIVE_LENT_DATA)
        require_handler(work)
        _refuse_paused(work, locked)
        identities = identities_of(work) if locked else ()
    if not locked:
        return dict(files)
    try:
        opened = open_envelopes(files, Openers(identities, password))
    except DomainError as refusal:
        _note_refusal(store, actor, locked, refusal)
        raise
    with store.work(actor) as work:
        for digest in locked.values():
            _forget(work, digest)
        work.audit(Tag.TRANSFER_OPENED, count=len(locked), reason=_forms(files))
    return opened


def _locked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if form_of(data) is not Form.PLAIN}


def _forms(files: Mapping[str, bytes]) -> str:
    return "+".join(sorted({form_of(data).value for data in _locked(files).values()}))


def _refuse_paused(work: UnitOfWork, locked: Mapping[str, str]) -> None:
    for digest in locked.values():
        row = work.session.get(FilePasswordTry, digest)
        if row is not None and row.tries >= MOST_TRIES and work.now < row.last_at + PAUSE:
            raise FilePasswordPaused(minutes=PAUSE // timedelta(minutes=1))


def _note_refusal(
    store: SecureStore, actor: Actor, locked: Mapping[str, str], refusal: DomainError
) -> None:
    with store.work(actor) as work:
        if isinstance(refusal, FilePasswordWrong):
            for digest in locked.values():
                _count(work, digest)
        work.audit(
            Tag.TRANSFER_REFUSED, count=len(locked), result=Result.DENIED, reason=refusal.code
        )


def _count(work: UnitOfWork, digest: str) -> None:
    row = work.session.get(FilePasswordTry, digest, with_for_update=True)
    if row is None:
        work.session.add(FilePasswordTry(digest=digest, tries=1, last_at=work.now))
        return
    # After the pause the counting begins anew.
    row.tries = 1 if work.now >= row.last_at + PAUSE else row.tries + 1
    row.last_at = work.now


def _forget(work: UnitOfWork, digest: str) -> None:
    row = work.session.get(FilePasswordTry, digest)
    if row is not None:
        work.session.delete(row)

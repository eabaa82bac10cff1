"""A delivery of the inbound folder, step by step: registered, opened in memory, overwritten."""

from __future__ import annotations

from uuid import UUID

from secure_store.access import Actor, Permission, require
from secure_store.audit.tags import Result, Tag
from secure_store.exchange.exchange_errors import HandOverStands, InboundAltered
from secure_store.exchange.gateway import read_inbound, read_registered, remove_inbound
from secure_store.exchange.hand_over_views import HandOverView, facts_of, get_hand_over
from secure_store.exchange.hand_overs import (
    Designated,
    NewHandOver,
    mark_imported,
    note_hand_over,
)
from secure_store.exchange.handlers import require_handler
from secure_store.exchange.models import HandOverState
from secure_store.exchange.opening import open_delivery
from secure_store.work import SecureStore


def register_inbound(
    store: SecureStore, actor: Actor, folder: str, new: NewHandOver, designated: Designated
) -> HandOverView:
    """Registers what lies in one folder, with digests and time, and gives its receipt.

    Raises InboundRefused, InboundAltered when the manifest beside the files does not agree, and
    what ``note_hand_over`` raises.
    """
    with store.work(actor, readonly=True) as work:
        require(actor, Permission.MANAGE_EXCHANGE)
        require_handler(work)
    try:
        files = facts_of(read_inbound(store, folder))
    except InboundAltered as refusal:
        _note_altered(store, actor, refusal)
        raise
    with store.work(actor) as work:
        return note_hand_over(work, new, files, designated, folder=folder)


def open_registered(
    store: SecureStore, actor: Actor, hand_over_id: UUID, password: str | None
) -> dict[str, bytes]:
    """The plain files of a registered delivery, for intake.

    Raises InboundAltered when a file changed since, HandOverStands when it was taken in, and what
    ``open_delivery`` raises.
    """
    with store.work(actor, readonly=True) as work:
        registered = get_hand_over(work, hand_over_id)
    if registered.state is not HandOverState.RECEIVED or registered.folder is None:
        raise HandOverStands(state=registered.state.value)
    try:
        contents = read_registered(store, registered)
    except InboundAltered as refusal:
        _note_altered(store, actor, refusal)
        raise
    return open_delivery(store, actor, contents, password)


def finish_import(store: SecureStore, actor: Actor, hand_over_id: UUID, list_id: UUID) -> None:
    """The rows are in the system: the timer stops, and what lay in the folder is overwritten."""
    with store.work(actor) as work:
        done = mark_imported(work, hand_over_id, list_id)
    if done.folder is not None:
        remove_inbound(store, done)


def _note_altered(store: SecureStore, actor: Actor, refusal: InboundAltered) -> None:
    with store.work(actor) as work:
        count = int(refusal.details["files"])
        work.audit(Tag.TRANSFER_REFUSED, count=count, result=Result.DENIED, reason=refusal.code)

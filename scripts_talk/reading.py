"""A version of the Q&A collection, read for those who edit or approve it."""

from __future__ import annotations

from uuid import UUID

from scripts_talk.records import found
from scripts_talk.seeds import QaCollection
from scripts_talk.texts import collection_in
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork


def collection_of(work: UnitOfWork, document_id: UUID) -> QaCollection:
    """The Q&A collection of a version, whatever its state (S4-10.2a).

    Raises NotFound, TextAltered, TextMismatch for a script.
    """
    if not work.actor.may(Permission.EDIT_SCRIPTS):
        require(work.actor, Permission.APPROVE_SCRIPTS)
    return collection_in(found(work, document_id))

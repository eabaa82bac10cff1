"""The draft of a result: kept sealed beside the handling, gone with its end (ui: drafts)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from uuid import UUID

from campaigns.calling.collected import open_draft, seal_draft
from campaigns.desk.handlings import case_of, own_handling
from campaigns.errors import DraftTooLong
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork

MOST_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed, as name and value of every field; a name may stand more than once."""

    entries: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def keep_draft(work: UnitOfWork, handling_id: UUID, draft: Draft) -> bool:
    """Seals the draft into the handling of the acting agent, over the one before.

    False for a call that belongs to no case: nothing is kept about anybody there. Raises
    DraftTooLong, NotYourCase.
    """
    require(work.actor, Permission.TAKE_CASE)
    row = own_handling(work, handling_id)
    if row.case_id is None:
        return False
    packed = json.dumps(draft.entries, ensure_ascii=False).encode()
    if len(packed) > MOST_BYTES:
        raise DraftTooLong(limit=MOST_BYTES)
    row.draft_version += 1
    row.draft_sealed = seal_draft(work, case_of(work, row), row.id, row.draft_version, packed)
    return True


def read_draft(work: UnitOfWork, handling_id: UUID) -> Draft:
    """What was kept last; empty before anything was. Raises NotYourCase."""
    row = own_handling(work, handling_id)
    if row.draft_sealed is None:
        return Draft()
    packed = open_draft(work, case_of(work, row), row.id, row.draft_version, row.draft_sealed)
    return Draft(tuple((str(name), str(value)) for name, value in json.loads(packed)))

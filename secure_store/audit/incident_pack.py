"""The pack of an incident: who looked, when, at how many persons, at which groups (S3-B2-16.1).

The number of distinct pseudonyms is the 本人の数 of the report. Codes and counts only, so the
file may be handed to the city as it is.
"""

from __future__ import annotations

from secure_store.audit.handling import Handling
from secure_store.audit.tags import FieldGroup, Tag
from secure_store.canonical import canonical_json
from secure_store.work import UnitOfWork

FORMAT = "dialer-incident-pack-1"


def pack_document(found: Handling, number: str | None) -> bytes:
    """The file as canonical JSON with a final newline."""
    scope = found.scope
    document = {
        "format": FORMAT,
        "incident": number,
        "receivable": scope.receivable,
        "from": scope.first,
        "until": scope.last,
        "persons": found.persons,
        "persons_by_group": {
            group.name.lower(): len(found.by_group.get(group, ())) for group in FieldGroup
        },
        "events": found.events,
        "unreadable": found.unreadable,
        "denied": found.denied,
        "who": [
            {
                "actor": look.actor,
                "first": look.first,
                "last": look.last,
                "events": look.events,
                "persons": look.persons,
                "groups": [group.name.lower() for group in look.shown],
            }
            for _actor, look in sorted(found.looks.items())
        ],
        "days": {day.isoformat(): count for day, count in sorted(found.days.items())},
        "acts": {tag.value: count for tag, count in sorted(found.tags.items())},
    }
    return canonical_json(document) + b"\n"


def note_packed(work: UnitOfWork, found: Handling, number: str | None, sha256: str) -> None:
    """Notes that a pack was made: how many persons it counted and the digest of the file."""
    work.audit(
        Tag.INCIDENT_PACKED,
        receivable=found.scope.receivable,
        object_kind="incident",
        count=found.persons,
        reason=number,
        ref=sha256,
    )

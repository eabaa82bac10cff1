"""What the log says about the handling of personal data: who looked, when, at how many persons.

Serves the pack of an incident and the monthly 個人情報取扱状況報告書. Persons are counted as
distinct pseudonyms; nothing here can say who they are (security: 6.3).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_

from secure_store.access import Permission, require
from secure_store.audit.disclosure import DisclosureScope
from secure_store.audit.reading import stored_events
from secure_store.audit.tags import FieldGroup, Tag, groups_of
from secure_store.canonical import JST
from secure_store.models import AuditEvent
from secure_store.work import UnitOfWork


@dataclass(slots=True)
class Look:
    """One person who acted: between when, how often, at how many callees and which groups."""

    actor: str
    first: datetime
    last: datetime
    events: int = 0
    groups: int = 0
    subjects: set[str] = field(default_factory=set)

    @property
    def persons(self) -> int:
        return len(self.subjects)

    @property
    def shown(self) -> tuple[FieldGroup, ...]:
        return groups_of(self.groups)


@dataclass(slots=True)
class Handling:
    """Everything in a scope. ``subjects``: distinct pseudonyms; ``days``: looks a day."""

    scope: DisclosureScope
    events: int = 0
    tags: Counter[Tag] = field(default_factory=Counter)
    counts: Counter[Tag] = field(default_factory=Counter)
    denied: int = 0
    subjects: set[str] = field(default_factory=set)
    by_group: dict[FieldGroup, set[str]] = field(default_factory=dict)
    looks: dict[str, Look] = field(default_factory=dict)
    days: Counter[date] = field(default_factory=Counter)
    unreadable: int = 0

    @property
    def persons(self) -> int:
        return len(self.subjects)

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        return tuple(group for group in FieldGroup if self.by_group.get(group))

    def of_tags(self, *tags: Tag) -> int:
        """How many events carry one of the tags."""
        return sum(self.tags[tag] for tag in tags)


def handling_of(work: UnitOfWork, scope: DisclosureScope, actor: str | None = None) -> Handling:
    """Counts the events of a scope, of one person if named. ``work`` may be a reading one."""
    require(work.actor, Permission.READ_HANDLING_REPORT)
    return count_up(scope, _bodies(work, scope, actor))


def _bodies(work: UnitOfWork, scope: DisclosureScope, actor: str | None) -> Iterator[bytes]:
    begin, end = scope.instants()
    wanted = and_(AuditEvent.at >= begin, AuditEvent.at < end)
    if scope.receivable is not None:
        wanted = and_(wanted, AuditEvent.receivable == scope.receivable)
    if actor is not None:
        wanted = and_(wanted, AuditEvent.actor == actor)
    return (body for _, body in stored_events(work, wanted))


def count_up(scope: DisclosureScope, bodies: Iterable[bytes]) -> Handling:
    """Counts events given as their hashed bytes; what cannot be read is counted apart."""
    found = Handling(scope)
    for body in bodies:
        try:
            said = json.loads(body)
            _take(found, said, Tag(said["tag"]))
        except (ValueError, KeyError, TypeError):
            found.unreadable += 1
    return found


def _take(found: Handling, said: dict[str, Any], tag: Tag) -> None:
    at = datetime.fromisoformat(said["at"])
    found.events += 1
    found.tags[tag] += 1
    found.counts[tag] += said.get("count") or 0
    found.denied += said["result"] == "denied"
    subject, groups = said.get("subject"), said.get("groups") or 0
    if not groups:
        return
    look = found.looks.setdefault(said["actor"], Look(said["actor"], at, at))
    look.last = at
    look.events += 1
    look.groups |= groups
    found.days[at.astimezone(JST).date()] += 1
    if subject is None:
        return
    look.subjects.add(subject)
    found.subjects.add(subject)
    for group in groups_of(groups):
        found.by_group.setdefault(group, set()).add(subject)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)

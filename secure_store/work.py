"""The unit of work: one transaction, one actor, one instant, one audit trail. The only commit.

    with store.work(actor) as work:
        campaigns.api.record_outcome(work, ...)

Leaving cleanly appends the audit events and commits; any exception rolls everything back.
If an event cannot be written, nothing has happened and nothing is shown (security: fail closed).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, Engine, Executable
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from secure_store.access import Actor
from secure_store.audit.tags import FieldGroup, Result, Tag
from secure_store.clock import Clock
from secure_store.database import sqlite_path
from secure_store.errors import Unavailable
from secure_store.known import Known, watch
from secure_store.write_turn import WriteTurn


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an event is about. Only its keyed pseudonym is written (security.md 6.2)."""

    receivable: str
    row_id: UUID


@dataclass(frozen=True, slots=True)
class AuditNote:
    """One event as the business states it; the log adds sequence, instant, actor and hashes."""

    tag: Tag
    receivable: str | None = None
    batch: str | None = None
    object_kind: str | None = None
    object_id: UUID | None = None
    subject: Subject | None = None
    groups: tuple[FieldGroup, ...] = ()
    count: int | None = None
    result: Result = Result.OK
    reason: str | None = None
    ref: str | None = None


class DatabaseUnavailable(Unavailable):
    """The database did not answer or is locked; nothing was changed."""

    code = "database_unavailable"


AuditWriter = Callable[["UnitOfWork", tuple[AuditNote, ...]], None]


class UnitOfWork:
    """What an action may use: a session, the instant, the actor, and the audit trail."""

    def __init__(
        self, store: SecureStore, session: Session, now: datetime, actor: Actor, readonly: bool
    ) -> None:
        self.store = store
        self.session = session
        self.now = now
        self.actor = actor
        self.readonly = readonly
        self.known = Known(session)
        self._notes: list[AuditNote] = []

    def audit(
        self,
        tag: Tag,
        *,
        receivable: str | None = None,
        batch: str | None = None,
        object_kind: str | None = None,
        object_id: UUID | None = None,
        subject: Subject | None = None,
        groups: tuple[FieldGroup, ...] = (),
        count: int | None = None,
        result: Result = Result.OK,
        reason: str | None = None,
        ref: str | None = None,
    ) -> None:
        """Notes an event; it is written under the chain's head just before the commit."""
        if self.readonly:
            raise RuntimeError("a reading unit of work cannot write audit events")
        self._notes.append(
            AuditNote(
                tag,
                receivable,
                batch,
                object_kind,
                object_id,
                subject,
                groups,
                count,
                result,
                reason,
                ref,
            )
        )

    def run(
        self,
        statement: Executable,
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]] = MappingProxyType({}),
    ) -> CursorResult[*tuple[Any, ...]]:
        """Runs a statement past the session's objects: rows, not objects, at a third of the cost.

        What is pending is written before. An object of a changed row that is already loaded keeps
        its old values: a table is changed either this way or by objects.
        """
        self.session.flush()
        return self.session.connection().execute(statement, values)

    def take_notes(self) -> tuple[AuditNote, ...]:
        """The events noted so far, handed over once (used by the store)."""
        notes = tuple(self._notes)
        self._notes.clear()
        return notes


class SecureStore:
    """The record store of one home: engine, clock and audit writer. Opens units of work."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        audit_writer: AuditWriter,
        *,
        is_rehearsal: bool = False,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.is_rehearsal = is_rehearsal
        # Asked before every unit of work; refuses in a home that was shut meanwhile.
        self.guard: Callable[[], None] | None = None
        self._audit_writer = audit_writer
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        watch(self._sessions)
        path = sqlite_path(engine)
        self._turn = WriteTurn(path) if path else None

    def _write_turn(self, readonly: bool) -> AbstractContextManager[None]:
        if self._turn is None or readonly:
            return nullcontext()
        return self._turn.taken()

    @contextmanager
    def work(self, actor: Actor, *, readonly: bool = False) -> Iterator[UnitOfWork]:
        """One transaction. ``readonly`` neither waits for the writers' turn nor may note events."""
        if self.guard is not None:
            self.guard()
        with self._write_turn(readonly), self._sessions() as session:
            if readonly:
                session.connection(execution_options={"readonly": True})
            # The instant is read after the turn has come: rows follow each other in time.
            work = UnitOfWork(self, session, self.clock.now(), actor, readonly)
            try:
                yield work
                session.flush()
                notes = work.take_notes()
                if notes:
                    self._audit_writer(work, notes)
                session.commit()
            except OperationalError as fault:
                session.rollback()
                raise DatabaseUnavailable(kind=type(fault.orig).__name__) from fault
            except BaseException:
                session.rollback()
                raise

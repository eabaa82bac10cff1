"""What a unit of work has found out once and may use again: profiles, hours, campaigns.

Reference values are asked for by many rules in one action and hardly ever change. What is kept
here lives as long as the transaction, and goes as soon as a row it was made of is touched in it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from secure_store.database import Base

Found = TypeVar("Found")
_INFO = "known"


class Known:
    """Values by their keys, with the tables they were made of."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._values: dict[Hashable, Any] = {}
        self._sources: set[type[Base]] = set()
        session.info[_INFO] = self

    def once(
        self, key: Hashable, sources: tuple[type[Base], ...], find: Callable[[], Found]
    ) -> Found:
        """The value found first under this key, unless a row of its sources was touched since."""
        session = self._session
        if self._touches(session.new) or self._touches(session.dirty):
            self._values.clear()
            return find()
        if key not in self._values:
            self._sources.update(sources)
            self._values[key] = find()
        return self._values[key]  # type: ignore[no-any-return]

    def forget_if_touched(self, rows: Iterable[object]) -> None:
        """Forgets everything when one of the rows belongs to what is known."""
        if self._touches(rows):
            self._values.clear()

    def _touches(self, rows: Iterable[object]) -> bool:
        return any(type(row) in self._sources for row in rows)


def watch(sessions: sessionmaker[Session]) -> None:
    """Makes what is written into the database unknown, in every session of this maker."""
    event.listen(sessions, "after_flush", _written)


def _written(session: Session, _context: object) -> None:
    known: Known | None = session.info.get(_INFO)
    if known is not None:
        known.forget_if_touched((*session.new, *session.dirty, *session.deleted))

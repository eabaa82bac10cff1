"""What the check of a delivery can find, and the report it ends in. Pure.

Faults refuse the whole delivery; excluded rows are counted and stay; questions go to the
owning department. None of them ever holds a value from a file: a place and a code are enough
to find the cell, and reports travel further than lists do (S4-14.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from heapq import merge
from typing import TypeVar, overload

from campaigns.cases.encodings import Encoding
from campaigns.intake.codes import ExclusionReason, FaultCode, QuestionCode
from campaigns.intake.facts import CallFacts
from campaigns.intake.layouts import FileKind

MAX_LISTED = 1_000
"""Faults and questions listed one by one; those beyond are only counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason to refuse a delivery, and where it stands.

    ``file`` is a name by the convention, or ``#n`` for the n-th file when its name is not one;
    ``row`` is the data row from 1 (0 = header); ``column`` is the layout's own heading;
    ``byte`` is the offset in the file, from 0.
    """

    file: str
    row: int | None
    column: str | None
    code: FaultCode
    byte: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask the owning department. ``rows_alike`` counts the rows it concerns."""

    file: str
    row: int
    column: str | None
    code: QuestionCode
    rows_alike: int = 1


@dataclass(frozen=True, slots=True)
class LentRow:
    """One lent person: the row of TAISHO with what MEISAI and KOYU hold for the same key.

    The segments are the bytes of the files as they stand, quotes included, so that the result
    file can return them unchanged (S4-13.1b).
    """

    row_number: int
    key: str = field(repr=False)
    taisho: tuple[bytes, ...] = field(repr=False)
    meisai: tuple[tuple[bytes, ...], ...] = field(repr=False)
    koyu: tuple[bytes, ...] | None = field(repr=False)
    facts: CallFacts = field(repr=False)


@dataclass(frozen=True, slots=True)
class ExcludedRow:
    """A row that is counted but never called."""

    row: LentRow
    reason: ExclusionReason


Entry = tuple[LentRow, str | None]  # a row, and the code of its exclusion if it is excluded
Found = TypeVar("Found")


class ReadAgain(Sequence[Found]):
    """Rows by their places in the delivery; each is made when it is asked for, and not kept."""

    def __init__(self, places: Sequence[int], read: Callable[[int], Found]) -> None:
        self._places = places
        self._read = read

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Found]:
        return map(self._read, self._places)

    @overload
    def __getitem__(self, at: int) -> Found: ...
    @overload
    def __getitem__(self, at: slice) -> ReadAgain[Found]: ...
    def __getitem__(self, at: int | slice) -> Found | ReadAgain[Found]:
        if isinstance(at, slice):
            return ReadAgain(self._places[at], self._read)
        return self._read(self._places[at])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self._places))


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """Which file came, for the receipt and for tracing every entry to it (S4-6.2)."""

    name: str
    kind: FileKind
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What the campaign expects of a delivery. ``month`` is the first day of the month."""

    receivable: str
    month: date
    levy_year: int
    dials_workplace: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How the check of a delivery ended.

    Accepted and excluded rows stand in the order of the file and are read again each time they
    are asked for. ``received`` is counted while TAISHO is read. Without faults it equals accepted plus
    excluded, and a report that would say otherwise cannot be built. With faults no row is
    taken at all. ``header``: the line of headings of TAISHO, to be given back as it came.
    """

    expected: Expected
    files: tuple[ReceivedFile, ...]
    encoding: Encoding | None
    data_as_of: date | None
    received: int
    accepted: Sequence[LentRow]
    excluded: Sequence[ExcludedRow]
    questions: tuple[Question, ...]
    faults: tuple[Fault, ...]
    questions_beyond: int = 0
    faults_beyond: int = 0
    header: bytes = b""

    def __post_init__(self) -> None:
        taken = len(self.accepted) + len(self.excluded)
        if taken != (0 if self.is_refused else self.received):
            raise ValueError("a delivery report must account for every received row")

    @property
    def is_refused(self) -> bool:
        return bool(self.faults)

    def in_file_order(self) -> Iterator[Entry]:
        """Every received row in the order of the file, with the code of its exclusion if any."""
        accepted: Iterator[Entry] = ((row, None) for row in self.accepted)
        excluded: Iterator[Entry] = ((one.row, one.reason.value) for one in self.excluded)
        return merge(accepted, excluded, key=lambda entry: entry[0].row_number)

    def count_excluded(self, reason: ExclusionReason) -> int:
        return sum(1 for row in self.excluded if row.reason is reason)


class Notes:
    """Gathers faults and questions in the order found, the first ``MAX_LISTED`` by name."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.questions: list[Question] = []
        self.faults_beyond = 0
        self.questions_beyond = 0

    @property
    def count_faults(self) -> int:
        return len(self.faults) + self.faults_beyond

    def fault(
        self,
        file: str,
        code: FaultCode,
        row: int | None = None,
        column: str | None = None,
        byte: int | None = None,
    ) -> None:
        if len(self.faults) < MAX_LISTED:
            self.faults.append(Fault(file, row, column, code, byte))
        else:
            self.faults_beyond += 1

    def ask(self, question: Question) -> None:
        if len(self.questions) < MAX_LISTED:
            self.questions.append(question)
        else:
            self.questions_beyond += 1

"""The outcome classification table (架電結果分類表): closed vocabularies, rows, the whole table.

Codes, labels and marks are the client's and therefore data. What the program does is not: a row
chooses from the closed sets below, and ``outcome_checks.check_table`` refuses a table that does
not hold together. The rules R0 to R6 of our sample are said as follows.

| rule | columns |
|---|---|
| R0 end | ``effect=close`` |
| R1 other band, other day | ``effect=retry``, ``wait_days`` for "after n days or more" |
| R2 same day after a pause | ``effect=retry_soon`` |
| R3 at the time named | ``effect=retry_agreed``, or ``if_agreed_effect`` when it is optional |
| R4 wait for the department | ``effect=await_department`` |
| R5 wait for the promise | ``effect=await_promise``, ``wait_days`` = days until the slip arrives |
| R6 next number | ``effect=next_number``, ``blocks_number`` when it may never be dialled again |
| "n times, then …" | ``times`` and ``then_effect``; counted over the campaign |
| "as the primary code" | ``effect`` empty, ``position=secondary`` |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from campaigns.cases.states import IdentityResult
from campaigns.errors import OutcomeUnknown


class OutcomeEffect(StrEnum):
    """What the program does; a table chooses, never invents."""

    RETRY = "retry"
    RETRY_SOON = "retry_soon"
    RETRY_AGREED = "retry_agreed"
    NEXT_NUMBER = "next_number"
    AWAIT_PROMISE = "await_promise"
    AWAIT_DEPARTMENT = "await_department"
    CLOSE = "close"


class Mark(StrEnum):
    """The mark on the content of the talk (S4-13.1c): the two are distinct and both are kept."""

    NONE = "none"
    WHITE_STAR = "white_star"
    STAR = "star"

    @property
    def symbol(self) -> str:
        """As printed in tables and files."""
        return {Mark.NONE: "", Mark.WHITE_STAR: "☆", Mark.STAR: "★"}[self]

    @property
    def weight(self) -> int:
        """0, 1 for ☆, 2 for ★."""
        return {Mark.NONE: 0, Mark.WHITE_STAR: 1, Mark.STAR: 2}[self]


def union_of_marks(marks: Iterable[Mark]) -> Mark:
    """The mark of several outcomes together: ★ before ☆ before none (decision 16)."""
    return max(marks, key=lambda mark: mark.weight, default=Mark.NONE)


class Speaker(StrEnum):
    """Who spoke."""

    NONE = "none"
    RIGHT_PARTY = "right_party"
    HOUSEHOLD = "household"
    OTHER = "other"
    UNKNOWN = "unknown"

    @property
    def file_code(self) -> str:
        """対話者区分: 0 なし 1 本人 2 家族等 3 その他 4 不明."""
        return str(list(Speaker).index(self))


class Connection(StrEnum):
    """What became of the connection."""

    NONE = "none"
    TALKED = "talked"
    BAD_NUMBER = "bad_number"

    @property
    def file_code(self) -> str:
        """接続結果: 0 不接触 1 対話 2 番号不良."""
        return str(list(Connection).index(self))


class Direction(StrEnum):
    """Who rang: a call has one of the first two, a row may serve both."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"
    BOTH = "both"

    def serves(self, call: Direction) -> bool:
        """May a row of this direction be used for such a call?"""
        return self is Direction.BOTH or self is call


class ContactPerson(StrEnum):
    """Was the right party reached?"""

    NO = "no"
    YES = "yes"
    AS_CHECKED = "as_checked"


class Position(StrEnum):
    """One primary outcome per call, up to three secondary ones."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    BOTH = "both"


class Content(StrEnum):
    """The third axis (対話内容), also the heading a row stands under on screens."""

    NOT_REACHED = "not_reached"
    BAD_NUMBER = "bad_number"
    THIRD_PARTY = "third_party"
    IDENTITY_OPEN = "identity_open"
    WILL_PAY = "will_pay"
    DEPARTMENT = "department"
    INBOUND = "inbound"


class MarkCondition(StrEnum):
    """When the second mark of a row counts."""

    NEVER = "never"
    REST_LEFT_OPEN = "rest_left_open"
    ANSWER_WANTED = "answer_wanted"


class Permission(StrEnum):
    """What the work instruction must allow before a row may be used."""

    NONE = "none"
    VOICEMAIL_MESSAGE = "voicemail_message"
    ACCOUNT_TRANSFER = "account_transfer"  # S4-12.1h: designated rows that promised payment


class RequiredField(StrEnum):
    """What the agent must enter with an outcome."""

    FOLLOW_UP_AT = "follow_up_at"
    PROMISED_ON = "promised_on"
    PROMISED_YEN = "promised_yen"
    PAYMENT_METHOD = "payment_method"
    PROMISED_PERIODS = "promised_periods"
    REST_LEFT_OPEN = "rest_left_open"
    PAID_ON = "paid_on"
    PAID_YEN = "paid_yen"
    ANSWER_WANTED = "answer_wanted"
    NOTE = "note"
    NOTE_10 = "note_10"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """One code. ``receivable`` empty = for all; otherwise it replaces the common row there."""

    code: str
    label_ja: str
    label_en: str = ""
    content: Content
    connection: Connection
    speaker: Speaker
    direction: Direction
    position: Position
    only_with: tuple[str, ...] = ()  # as a secondary code, only beside one of these
    before_identity: bool  # may be recorded without a passed identity check
    counts_dial: bool
    counts_attempt: bool
    counts_grouped: bool = False  # several on one day are one attempt (Parameters.busy_per_attempt)
    contact_wide: bool
    contact_person: ContactPerson
    effect: OutcomeEffect | None  # None: the case stays as it is, or as the primary code says
    times: int | None = None
    then_effect: OutcomeEffect | None = None
    if_agreed_effect: OutcomeEffect | None = None  # when the speaker named a time
    wait_days: int = 0
    other_band: bool = True
    blocks_number: bool = False
    mark: Mark = Mark.NONE
    mark_if: Mark = Mark.NONE
    mark_condition: MarkCondition = MarkCondition.NEVER
    urgent: bool = False
    needs_supervisor: bool = False
    required_fields: tuple[RequiredField, ...] = ()
    permission: Permission = Permission.NONE
    receivable: str = ""
    valid_from: date | None = None
    valid_until: date | None = None  # the last day, included

    @property
    def needs_no_case(self) -> bool:
        """May a call that belongs to no case end with it? A secondary one never stands alone."""
        return self.effect is None and self.position is not Position.SECONDARY

    def is_valid_on(self, day: date) -> bool:
        """Both ends are included; an open end has no limit."""
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_until is None or day <= self.valid_until)

    def reaches_person(self, identity: IdentityResult) -> bool:
        """Does a call with this outcome count as contact with the right party?"""
        if self.contact_person is ContactPerson.AS_CHECKED:
            return identity is IdentityResult.PASSED
        return self.contact_person is ContactPerson.YES

    def speaker_with(self, identity: IdentityResult) -> Speaker:
        """Who spoke, once the identity check is known."""
        return Speaker.RIGHT_PARTY if self.reaches_person(identity) else self.speaker


NOT_ENTERED_CODE, NOT_ENTERED_LABEL = "00", "結果未入力"
"""A call whose outcome was still missing at the close of the day; nobody may choose it."""

_NOT_ENTERED = OutcomeRow(
    code=NOT_ENTERED_CODE,
    label_ja=NOT_ENTERED_LABEL,
    content=Content.NOT_REACHED,
    connection=Connection.NONE,
    speaker=Speaker.UNKNOWN,
    direction=Direction.BOTH,
    position=Position.PRIMARY,
    before_identity=True,
    counts_dial=True,
    counts_attempt=True,
    contact_wide=False,
    contact_person=ContactPerson.NO,
    effect=None,
)


@dataclass(frozen=True, slots=True)
class OutcomeTable:
    """A checked table. ``is_sample``: ours, shown as 見本 until the client's replaces it."""

    rows: tuple[OutcomeRow, ...]
    version: int
    label: str
    is_sample: bool

    def row(self, code: str, *, receivable: str = "", on: date | None = None) -> OutcomeRow:
        """The row of a code: that of the receivable, else the common one.

        ``on``: the business day whose row counts; None takes the latest. Raises OutcomeUnknown.
        """
        found = [
            row
            for row in self.rows
            if row.code == code
            and row.receivable in ("", receivable)
            and (on is None or row.is_valid_on(on))
        ]
        if not found:
            raise OutcomeUnknown(outcome=code if code.isdigit() else "not_digits")
        return max(found, key=lambda row: (row.receivable != "", row.valid_from or date.min))

    def recorded_row(
        self, code: str, *, receivable: str = "", on: date | None = None
    ) -> OutcomeRow:
        """As ``row``, for a call that was recorded: 結果未入力 stands in no table (decision 15)."""
        try:
            return self.row(code, receivable=receivable, on=on)
        except OutcomeUnknown:
            if code == NOT_ENTERED_CODE:
                return _NOT_ENTERED
            raise

    def rows_for(
        self, direction: Direction, *, receivable: str = "", on: date | None = None
    ) -> tuple[OutcomeRow, ...]:
        """What an agent may choose from in such a call, in the order of the table."""
        chosen: list[OutcomeRow] = []
        for code in dict.fromkeys(row.code for row in self.rows):
            try:
                row = self.row(code, receivable=receivable, on=on)
            except OutcomeUnknown:
                continue  # not valid on that day, or of another receivable only
            if row.direction.serves(direction):
                chosen.append(row)
        return tuple(chosen)

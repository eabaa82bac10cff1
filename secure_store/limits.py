"""Pure: every limit on what comes from outside, in one place (security.md 8.1).

Code takes its numbers from here, and `docs/limits.md` shows the same table; a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: the most that is taken, in which unit, and what happens to more."""

    what: str
    most: int
    unit: str
    beyond: str


FORM_BODY = Limit("body of a form or a message", 64 * KIB, "bytes", "413")
JSON_DEPTH = Limit("depth of a JSON message", 8, "levels", "400")
FIELDS = Limit("fields of one form", 500, "fields", "413")
HEADERS = Limit("headers of a request", 16 * KIB, "bytes", "431")
UPLOAD_BODY = Limit("body with files, of a person who is logged in", 64 * MIB, "bytes", "413")
SMALL_UPLOAD_BODY = Limit("body with a table or a script", 2 * MIB, "bytes", "413")
REQUESTS_A_SECOND = Limit("requests of one session, on average", 20, "a second", "429")
REQUEST_BURST = Limit("requests of one session, at once", 60, "requests", "429")

LENT_FILE = Limit("one lent file", 64 * MIB, "bytes", "file refused")
ROWS = Limit("rows of a lent file", 300_000, "rows", "file refused, with the row")
COLUMNS = Limit("columns of a workbook", 64, "columns", "file refused, with the row")
CELL = Limit("one cell", 1_000, "characters", "file refused, with row and column")
LINE = Limit("one line of a lent file", 64 * KIB, "bytes", "file refused, with the row")

MEMBERS = Limit("members of a workbook", 200, "members", "file refused")
MEMBER = Limit("one member, counted while inflating", 100 * MIB, "bytes", "file refused")
ALL_MEMBERS = Limit("all members, counted while inflating", 200 * MIB, "bytes", "file refused")
RATIO = Limit("inflated to stored size of a member above 1 MiB", 50, "to 1", "file refused")
DIRECTORY = Limit("directory of an archive", 64 * KIB, "bytes", "file refused")

READER_MEMORY = Limit("address space of the reading process", 512 * MIB, "bytes", "file refused")
READER_CPU = Limit("CPU time of the reading process", 30, "seconds", "file refused")
READER_TIME = Limit("patience with the reading process", 90, "seconds", "file refused")
READER_FILES = Limit("open files of the reading process", 32, "files", "file refused")
READER_OUTPUT = Limit("answer of the reading process", 256 * MIB, "bytes", "file refused")

LIMITS: tuple[Limit, ...] = (
    FORM_BODY,
    JSON_DEPTH,
    FIELDS,
    HEADERS,
    UPLOAD_BODY,
    SMALL_UPLOAD_BODY,
    REQUESTS_A_SECOND,
    REQUEST_BURST,
    LENT_FILE,
    ROWS,
    COLUMNS,
    CELL,
    LINE,
    MEMBERS,
    MEMBER,
    ALL_MEMBERS,
    RATIO,
    DIRECTORY,
    READER_MEMORY,
    READER_CPU,
    READER_TIME,
    READER_FILES,
    READER_OUTPUT,
)

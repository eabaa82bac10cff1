"""What stands in the stored documents: read once per text, and not at all when altered."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scripts_talk.errors import TextAltered, TextMismatch, VersionUnusable
from scripts_talk.models import ApprovalState, DocumentKind, TalkDocument
from scripts_talk.script import Script, load_script
from scripts_talk.seeds import QaCollection, load_qa

COMMON = "ALL"  # the Q&A collection serves every receivable of the contract
_RECEIVABLE = re.compile(r"[A-Z0-9]{1,3}")
# With the receivable before it ("A01-12.345") a label still fits the ten columns of the result file.
_VERSION = re.compile(r"[0-9]{1,2}\.[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A version without its text. ``receivable`` is ``ALL`` for the Q&A collection.

    ``is_intact`` is false when the stored text is not the one whose digest was noted: such a
    version can be listed and retired, but nothing of it is ever shown to an agent.
    """

    id: UUID
    kind: DocumentKind
    receivable: str
    version: str
    state: ApprovalState
    sha256: str
    is_sample: bool
    is_intact: bool
    created_at: datetime
    created_by: str
    approved_at: datetime | None

    @property
    def label(self) -> str:
        """How files name the version: ``A01-1.2`` for a script, ``1.3`` for the Q&A."""
        return label_of(self.receivable, self.version)


@dataclass(frozen=True, slots=True)
class LiveScript:
    """The approved script in force; its id and label are kept with each call (S4-11.2c)."""

    document_id: UUID
    receivable: str
    version: str
    sha256: str
    approved_at: datetime
    script: Script

    @property
    def label(self) -> str:
        """``A01-1.2``, at most ten characters."""
        return label_of(self.receivable, self.version)


@dataclass(frozen=True, slots=True)
class LiveQa:
    """The approved Q&A collection in force."""

    document_id: UUID
    version: str
    sha256: str
    approved_at: datetime
    collection: QaCollection

    @property
    def label(self) -> str:
        """The version alone: there is one collection."""
        return self.version


def label_of(receivable: str, version: str) -> str:
    """The name of a version in files and on screens."""
    return version if receivable == COMMON else f"{receivable}-{version}"


def tidy(body: str) -> str:
    """The text with one kind of line end, so that a browser's form does not make a new text."""
    return body.replace("\r\n", "\n").replace("\r", "\n")


def digest_of(body: str) -> str:
    """SHA-256 of the UTF-8 text in hexadecimal."""
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def check_text(kind: DocumentKind, receivable: str, version: str, body: str) -> None:
    """Can the text be read, and is it what it is handed in as?

    Raises VersionUnusable, TextMismatch (with ``field``), ScriptInvalid, QaInvalid and what
    ``load_qa`` raises.
    """
    if not _VERSION.fullmatch(version):
        raise VersionUnusable
    is_common = receivable == COMMON
    if is_common is not (kind is DocumentKind.QA) or not _RECEIVABLE.fullmatch(receivable):
        raise TextMismatch(field="receivable")
    if kind is DocumentKind.QA:
        stated = COMMON, load_qa(body).version
    else:
        script = load_script(body)
        stated = script.receivable, script.version
    for field, wanted, found in zip(
        ("receivable", "version"), (receivable, version), stated, strict=True
    ):
        if wanted != found:
            raise TextMismatch(field=field)


def script_in(row: TalkDocument) -> Script:
    """The script of a row. Raises TextAltered, TextMismatch for a Q&A collection."""
    if row.kind is not DocumentKind.SCRIPT:
        raise TextMismatch(field="kind")
    return load_script(intact_body(row))


def collection_in(row: TalkDocument) -> QaCollection:
    """The Q&A collection of a row. Raises TextAltered, TextMismatch for a script."""
    if row.kind is not DocumentKind.QA:
        raise TextMismatch(field="kind")
    return load_qa(intact_body(row))


def view_of(row: TalkDocument) -> DocumentView:
    """The row without its text; an altered text is not read, so it counts as no sample."""
    intact = is_intact(row)
    return DocumentView(
        id=row.id,
        kind=row.kind,
        receivable=row.receivable,
        version=row.version,
        state=row.state,
        sha256=row.sha256,
        is_sample=intact and _is_sample(row),
        is_intact=intact,
        created_at=row.created_at,
        created_by=row.created_by,
        approved_at=row.approved_at,
    )


def _is_sample(row: TalkDocument) -> bool:
    if row.kind is DocumentKind.QA:
        return collection_in(row).is_sample
    return script_in(row).is_sample


def is_intact(row: TalkDocument) -> bool:
    """Is the text still the one whose digest was noted?"""
    return digest_of(row.body) == row.sha256


def intact_body(row: TalkDocument) -> str:
    """The text of an unaltered row (S4-10.2b). Raises TextAltered."""
    if not is_intact(row):
        raise TextAltered(document=row.id)
    return row.body

"""Files are locked for their department before they leave: age, AES-ZIP or password xlsx."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import msoffcrypto
import pyrage
import pyzipper
import xlsxwriter

from secure_store.canonical import JST
from secure_store.exchange.envelopes import Form
from secure_store.exchange.exchange_errors import (
    DeliveryPasswordMissing,
    DeliveryPasswordWeak,
    RecipientMissing,
)
from secure_store.exchange.manifest import AGE_SUFFIX, BOOK_SUFFIX, ZIP_SUFFIX
from secure_store.exchange.recipients import RecipientView, recipient_for
from secure_store.people.common_passwords import is_common
from secure_store.work import UnitOfWork

SHORTEST_PASSWORD, FEWEST_SIGNS = 12, 6
SUFFIXES = {Form.AGE: AGE_SUFFIX, Form.AES_ZIP: ZIP_SUFFIX, Form.PASSWORD_XLSX: BOOK_SUFFIX}
_TEXT_ONLY = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One clear file in memory. ``receivable`` None is a file of the whole contract."""

    name: str
    content: bytes = field(repr=False)
    receivable: str | None = None


def forms_wanted(work: UnitOfWork, receivables: Sequence[str | None]) -> frozenset[Form]:
    """How files of these receivables would be locked now; empty where no setting is in force."""
    found = set()
    for receivable in receivables:
        try:
            found.add(recipient_for(work, receivable).form)
        except RecipientMissing:
            return frozenset()
    return frozenset(found)


def lock_files(
    work: UnitOfWork, files: Sequence[Outgoing], password: str | None = None
) -> dict[str, bytes]:
    """The locked files by their names in the outbound folder.

    Raises RecipientMissing before anything is locked, DeliveryPasswordMissing where a department's
    form needs one, DeliveryPasswordWeak for one that is short or easily guessed.
    """
    settings = [recipient_for(work, file.receivable) for file in files]
    if any(one.form.needs_password for one in settings):
        _check_password(password)
    return {
        file.name + SUFFIXES[one.form]: _locked(work, one, file, password or "")
        for file, one in zip(files, settings, strict=True)
    }


def _check_password(password: str | None) -> None:
    """Whoever has the file may guess for ever, and ZIP makes guessing cheap."""
    if not password:
        raise DeliveryPasswordMissing
    few = len(set(password)) < FEWEST_SIGNS or password.isdecimal()
    if len(password) < SHORTEST_PASSWORD or few or is_common(password.lower()):
        raise DeliveryPasswordWeak(least=SHORTEST_PASSWORD)


def _locked(work: UnitOfWork, setting: RecipientView, file: Outgoing, password: str) -> bytes:
    if setting.form is Form.AES_ZIP:
        now = work.now.astimezone(JST)
        return zip_locked(file.name, file.content, password, now.timetuple()[:6])
    if setting.form is Form.PASSWORD_XLSX:
        return xlsx_locked(_text_of(file.content), password)
    return age_locked(file.content, setting.public_key or "")


def _text_of(content: bytes) -> str:
    """A file's text: our files are UTF-8 with its mark, or the encoding of Japanese offices."""
    return content.decode("utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "cp932")


def age_locked(content: bytes, public_key: str) -> bytes:
    """Only the holder of the key opens it, with any age tool."""
    return bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(public_key)]))


def zip_locked(
    name: str, content: bytes, password: str, at: tuple[int, int, int, int, int, int]
) -> bytes:
    """A ZIP archive of one file under AES-256; ``at`` is the local time it shows."""
    whole = io.BytesIO()
    with pyzipper.AESZipFile(whole, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        entry = archive.zipinfo_cls(name, at)
        entry.compress_type = pyzipper.ZIP_DEFLATED
        archive.writestr(entry, content)
    return whole.getvalue()


def xlsx_locked(text: str, password: str) -> bytes:
    """The rows of a CSV text as a workbook of text cells, locked by a password.

    Every cell is text: an office program evaluates nothing and drops no leading zero.
    """
    plain = io.BytesIO()
    book = xlsxwriter.Workbook(plain, _TEXT_ONLY)
    sheet = book.add_worksheet()
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""))):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value)
    book.close()
    plain.seek(0)
    locked = io.BytesIO()
    msoffcrypto.OfficeFile(plain).encrypt(password, locked)
    return locked.getvalue()

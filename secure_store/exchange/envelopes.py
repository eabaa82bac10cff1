"""Encrypted files of the city, opened in memory: age, AES-ZIP, password-locked xlsx.

Nothing here touches a disk, and every opening is bounded: members, sizes counted while
inflating, ratio, and the work that a password may cost (security.md 8.1, S4-8.7-1).
"""

from __future__ import annotations

import base64
import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Any

import msoffcrypto
import olefile
import pyrage
import pyzipper
from msoffcrypto.exceptions import InvalidKeyError

from secure_store import limits
from secure_store.errors import DomainError
from secure_store.exchange.exchange_errors import (
    EnvelopeBroken,
    EnvelopeNotForUs,
    EnvelopeRefused,
    FilePasswordMissing,
    FilePasswordWrong,
)

RATIO_COUNTS_FROM = limits.MIB
MOST_SPINS = 1_000_000  # ten times what office programs use
MOST_AGE_HEADER = 16 * limits.KIB  # room for a hundred recipients
MOST_SCRYPT = 20  # 2^20 costs 1 GiB; the age tool itself writes 2^18
READ_AT_ONCE = 64 * 1024

_AGE = b"age-encryption.org/v1\n"
_AGE_HEADER_END = b"\n---"
_AGE_ARMOUR = b"-----BEGIN AGE ENCRYPTED FILE-----"
_ZIP, _EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_DESCRIPTOR = "EncryptionInfo"  # how a book is locked; the library builds a tree of all of it
_END_RECORD = struct.Struct("<4s4H2LH")
_FAR_END, _FAR_END_BYTES = b"PK\x06\x07", 20  # points to a second end record, which overrules it
_TYPES = b"[Content_Types].xml"
_METHODS = frozenset({pyzipper.ZIP_STORED, pyzipper.ZIP_DEFLATED})


class Form(StrEnum):
    """How a file is locked."""

    PLAIN = "plain"
    AGE = "age"
    AGE_PASSPHRASE = "age_passphrase"  # noqa: S105 - the name of a form
    AES_ZIP = "aes_zip"
    PASSWORD_XLSX = "password_xlsx"  # noqa: S105 - the name of a form

    @property
    def needs_password(self) -> bool:
        return self in {Form.AGE_PASSPHRASE, Form.AES_ZIP, Form.PASSWORD_XLSX}


class Fault(StrEnum):
    """Why an envelope is refused before it is opened."""

    MEMBERS = "members"
    SIZE = "size"
    RATIO = "ratio"
    NOT_ENCRYPTED = "not_encrypted"
    WEAK = "weak"
    METHOD = "method"
    NAME_TWICE = "name_twice"
    TOO_SLOW = "too_slow"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Openers:
    """What may open a file: our identities (age secret keys) and the password that was typed."""

    identities: Sequence[str] = field(default=(), repr=False)
    password: str | None = field(default=None, repr=False)


def form_of(content: bytes) -> Form:
    """How these bytes are locked, by their first bytes and never by a name."""
    if content.startswith(_AGE):
        return Form.AGE_PASSPHRASE if b"\n-> scrypt " in content[:200] else Form.AGE
    if content.startswith(_AGE_ARMOUR):
        return Form.AGE
    if content.startswith(_OLE):
        return Form.PASSWORD_XLSX
    is_zip = content.startswith((_ZIP, _EMPTY_ZIP))
    return Form.AES_ZIP if is_zip and _TYPES not in content[:4096] else Form.PLAIN


def open_envelopes(files: Mapping[str, bytes], openers: Openers) -> dict[str, bytes]:
    """The plain files by name; files that are not locked come back as they are.

    Raises FilePasswordMissing, FilePasswordWrong, EnvelopeNotForUs, EnvelopeBroken,
    EnvelopeRefused; then nothing of the delivery is given.
    """
    opened: dict[str, bytes] = {}
    for name, content in files.items():
        for inner, data in _opened(name, content, openers):
            _refuse_if(inner in opened, Fault.NAME_TWICE)
            opened[inner] = data
            _refuse_if(sum(map(len, opened.values())) > limits.ALL_MEMBERS.most, Fault.SIZE)
    return opened


def _opened(name: str, content: bytes, openers: Openers) -> Iterator[tuple[str, bytes]]:
    form = form_of(content)
    if form.needs_password and not openers.password:
        raise FilePasswordMissing(form=form.value)
    if form is Form.PLAIN:
        yield name, content
    elif form is Form.AES_ZIP:
        yield from _open_zip(content, openers.password or "")
    elif form is Form.PASSWORD_XLSX:
        yield name, _open_xlsx(content, openers.password or "")
    else:
        yield name.removesuffix(".age"), _open_age(form, content, openers)


def _refuse_if(wrong: bool, fault: Fault) -> None:
    if wrong:
        raise EnvelopeRefused(fault=fault.value)


def _open_age(form: Form, content: bytes, openers: Openers) -> bytes:
    begins = _age_header(content)
    # The library reads a header anew for every few bytes of it, and nothing else runs meanwhile.
    _refuse_if(len(begins) == MOST_AGE_HEADER and _AGE_HEADER_END not in begins, Fault.SIZE)
    try:
        if form is Form.AGE_PASSPHRASE:
            _refuse_if(_scrypt_work(content) > MOST_SCRYPT, Fault.TOO_SLOW)
            return bytes(pyrage.passphrase.decrypt(content, openers.password or ""))
        keys = [pyrage.x25519.Identity.from_str(text) for text in openers.identities]
        if not keys:
            raise EnvelopeNotForUs
        return bytes(pyrage.decrypt(content, keys))
    except pyrage.DecryptError as fault:
        # The library tells its reasons apart by words only.
        said = str(fault)
        if "No matching keys" in said:
            raise EnvelopeNotForUs from None
        if said == "Decryption failed":
            raise FilePasswordWrong(form=form.value) from None
        raise EnvelopeBroken(form=form.value) from None


def _age_header(content: bytes) -> bytes:
    """The first bytes of an age file, armoured or not: as many as a header may have."""
    if not content.startswith(_AGE_ARMOUR):
        return content[:MOST_AGE_HEADER]
    armoured = content[len(_AGE_ARMOUR) :][: 2 * MOST_AGE_HEADER].partition(b"-----")[0]
    signs = b"".join(armoured.split())
    try:
        return base64.b64decode(signs[: len(signs) // 4 * 4], validate=True)[:MOST_AGE_HEADER]
    except ValueError:
        raise EnvelopeBroken(form=Form.AGE.value) from None


def _scrypt_work(content: bytes) -> int:
    stanza = content[len(_AGE) :].split(b"\n", 1)[0].split(b" ")
    last = stanza[-1]
    return int(last) if last.isdigit() and len(last) <= 3 else MOST_SCRYPT + 1


def _open_zip(content: bytes, password: str) -> Iterator[tuple[str, bytes]]:
    told = _told_members(content)
    try:
        archive = pyzipper.AESZipFile(io.BytesIO(content))
        members = [one for one in archive.infolist() if not one.is_dir()]
        # A directory that was damaged lists fewer members than its end record tells.
        if len(archive.infolist()) != told:
            raise EnvelopeBroken(form=Form.AES_ZIP.value)
        for member in members:
            _check_member(member)
        _refuse_if(sum(one.file_size for one in members) > limits.ALL_MEMBERS.most, Fault.SIZE)
        for member in members:
            name = member.filename.replace("\\", "/").rpartition("/")[2]
            yield name, _member(archive, member, password)
    except DomainError:
        raise
    except Exception as fault:  # the library reads bytes of strangers and fails in many ways
        raise EnvelopeBroken(form=Form.AES_ZIP.value) from fault


def _told_members(content: bytes) -> int:
    """How many members the end record tells; refused before anything lists them."""
    start = content.rfind(b"PK\x05\x06")
    if start < 0 or len(content) - start < _END_RECORD.size:
        raise EnvelopeBroken(form=Form.AES_ZIP.value)
    _, _, _, _, count, directory_bytes, _, _ = _END_RECORD.unpack_from(content, start)
    # The library would believe the second record, however many members that one tells.
    has_far_end = content[max(0, start - _FAR_END_BYTES) : start].startswith(_FAR_END)
    too_many = count > limits.MEMBERS.most or directory_bytes > limits.DIRECTORY.most or has_far_end
    _refuse_if(count == 0 or too_many, Fault.MEMBERS)
    return int(count)


def _check_member(member: Any) -> None:
    _refuse_if(not member.flag_bits & 1, Fault.NOT_ENCRYPTED)
    _refuse_if(getattr(member, "wz_aes_version", None) is None, Fault.WEAK)
    _refuse_if(member.compress_type not in _METHODS, Fault.METHOD)
    _refuse_if(member.file_size > limits.MEMBER.most, Fault.SIZE)


def _member(archive: Any, member: Any, password: str) -> bytes:
    told = member.file_size
    # The reader stops at the size the directory tells, which nothing protects; it is to read to
    # the end of the sealed bytes, where it checks them.
    member.file_size = limits.MEMBER.most + 1
    # Programs in Japan write the password in one of two encodings.
    tried = list(dict.fromkeys((password.encode(), password.encode("cp932", "replace"))))
    for secret in tried:
        try:
            with archive.open(member, pwd=secret) as stream:
                whole = _counted(stream, member.compress_size)
        except RuntimeError as fault:
            # A kind of it tells of archives the library does not know; a wrong password is itself.
            if type(fault) is not RuntimeError:
                raise EnvelopeBroken(form=Form.AES_ZIP.value) from None
            continue
        if len(whole) != told:
            raise EnvelopeBroken(form=Form.AES_ZIP.value)
        return whole
    raise FilePasswordWrong(form=Form.AES_ZIP.value)


def _counted(stream: IO[bytes], packed: int) -> bytes:
    """All of a member, its bytes counted while it inflates: what it tells of itself may lie."""
    whole = bytearray()
    while piece := stream.read(READ_AT_ONCE):
        whole += piece
        if len(whole) > limits.MEMBER.most:
            raise EnvelopeRefused(fault=Fault.SIZE.value)
        if len(whole) > RATIO_COUNTS_FROM and len(whole) > limits.RATIO.most * max(packed, 1):
            raise EnvelopeRefused(fault=Fault.RATIO.value)
    return bytes(whole)


def _open_xlsx(content: bytes, password: str) -> bytes:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as container:
            _refuse_if(not container.exists(_DESCRIPTOR), Fault.KIND)
            told = container.get_size(_DESCRIPTOR)
        _refuse_if(told > limits.DIRECTORY.most, Fault.SIZE)
        locked = msoffcrypto.OfficeFile(io.BytesIO(content))
        is_book = getattr(locked, "format", "") == "ooxml"
        _refuse_if(not is_book or locked.type == "plain", Fault.KIND)
        spins = locked.info.get("spinValue", 0) if locked.type == "agile" else 0
        _refuse_if(spins > MOST_SPINS, Fault.TOO_SLOW)
        locked.load_key(password=password, verify_password=True)
        plain = io.BytesIO()
        # Only the newer of the two formats carries a checksum of the whole.
        locked.decrypt(plain, verify_integrity=locked.type == "agile")
        return plain.getvalue()
    except InvalidKeyError as fault:
        if "integrity" in str(fault).lower():
            raise EnvelopeBroken(form=Form.PASSWORD_XLSX.value) from None
        raise FilePasswordWrong(form=Form.PASSWORD_XLSX.value) from None
    except DomainError:
        raise
    except Exception as fault:  # the library reads bytes of strangers and fails in many ways
        raise EnvelopeBroken(form=Form.PASSWORD_XLSX.value) from fault

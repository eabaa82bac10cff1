"""Encrypted files of the city open in memory, whole or not at all (S4-8.7-1, S3-B1-5.6-1)."""

from __future__ import annotations

import base64
import hmac
import io
import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyrage
import pytest
import pyzipper
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted

from secure_store.errors import DomainError
from secure_store.exchange import envelopes
from secure_store.exchange.envelopes import Form, Openers, form_of, open_envelopes
from secure_store.exchange.exchange_errors import (
    EnvelopeBroken,
    EnvelopeNotForUs,
    EnvelopeRefused,
    FilePasswordMissing,
    FilePasswordWrong,
)
from secure_store.exchange.locking import age_locked, xlsx_locked, zip_locked

PASSWORD = "見本のパスワード-2022"
AT = (2022, 9, 15, 11, 30, 0)
CHUNK = 64 * 1024
OURS, OTHER = (str(pyrage.x25519.Identity.generate()) for _ in range(2))


def public(identity: str) -> str:
    return str(pyrage.x25519.Identity.from_str(identity).to_public())


@cache
def locked_book() -> bytes:
    return xlsx_locked("番号,額\r\n001,=1+1\r\n", PASSWORD)


@cache
def locked_by_passphrase() -> bytes:
    """As age locks by a passphrase, with the work of a moment instead of seconds."""

    def hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
        return HKDF(SHA256(), 32, salt, info).derive(key)

    def text(data: bytes) -> bytes:
        return base64.b64encode(data).rstrip(b"=")

    key, salt, nonce = bytes(16), bytes(range(16)), bytes(16)
    stretched = Scrypt(b"age-encryption.org/v1/scrypt" + salt, 32, 2**10, 8, 1).derive(
        PASSWORD.encode()
    )
    body = text(ChaCha20Poly1305(stretched).encrypt(bytes(12), key, None))
    head = b"age-encryption.org/v1\n-> scrypt " + text(salt) + b" 10\n" + body + b"\n---"
    mac = text(hmac.digest(hkdf(key, b"", b"header"), head, "sha256"))
    payload = ChaCha20Poly1305(hkdf(key, nonce, b"payload"))
    return head + b" " + mac + b"\n" + nonce + payload.encrypt(bytes(11) + b"\1", b"lent", None)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


@given(st.binary(max_size=3000))
@settings(max_examples=50)
def test_what_age_and_zip_lock_opens_to_the_same_bytes(content: bytes) -> None:
    openers = Openers((OTHER, OURS), PASSWORD)
    by_key = age_locked(content, public(OURS))
    in_zip = zip_locked("A.csv", content, PASSWORD, AT)
    assert (form_of(by_key), form_of(in_zip)) == (Form.AGE, Form.AES_ZIP)
    assert open_envelopes({"A.csv.age": by_key}, openers) == {"A.csv": content}
    assert open_envelopes({"x.zip": in_zip}, openers) == {"A.csv": content}
    assert len(content) < 8 or (content not in by_key and content not in in_zip)


def test_a_password_book_opens_to_a_book_whose_cells_are_text() -> None:
    from openpyxl import load_workbook

    opened = open_envelopes({"k.xlsx": locked_book()}, Openers((), PASSWORD))
    assert form_of(opened["k.xlsx"]) is Form.PLAIN
    cells = load_workbook(io.BytesIO(opened["k.xlsx"])).active
    assert [[cell.value for cell in row] for row in cells] == [["番号", "額"], ["001", "=1+1"]]
    assert {cell.data_type for row in cells for cell in row} == {"s"}


def test_files_that_are_not_locked_come_back_as_they_are() -> None:
    files = {"A.csv": b"1,2\r\n", "B.csv": b""}
    assert open_envelopes(files, Openers()) == files


def test_a_password_may_have_been_written_in_the_encoding_of_japanese_offices() -> None:
    whole = io.BytesIO()
    with pyzipper.AESZipFile(whole, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(PASSWORD.encode("cp932"))
        archive.writestr("A.csv", b"lent")
    opened = open_envelopes({"x.zip": whole.getvalue()}, Openers((), PASSWORD))
    assert opened == {"A.csv": b"lent"}


@pytest.mark.parametrize(
    "locked",
    [locked_by_passphrase, locked_book, lambda: zip_locked("A.csv", b"lent", PASSWORD, AT)],
    ids=["age", "xlsx", "zip"],
)
def test_a_password_is_asked_for_and_a_wrong_one_is_told_from_a_broken_file(
    locked: Callable[[], bytes],
) -> None:
    files = {"A.csv": locked()}
    assert refusal(lambda: open_envelopes(files, Openers())) == FilePasswordMissing.code
    wrong = Openers((OURS,), "an other password")
    assert refusal(lambda: open_envelopes(files, wrong)) == FilePasswordWrong.code


def test_a_passphrase_opens_an_age_file() -> None:
    files = {"A.csv.age": locked_by_passphrase()}
    assert open_envelopes(files, Openers((), PASSWORD)) == {"A.csv": b"lent"}


def test_an_armoured_file_opens_and_a_damaged_one_does_not() -> None:
    armoured = in_armour(age_locked(b"lent" * 9_000, public(OURS)))
    assert open_envelopes({"A.age": armoured}, Openers((OURS,))) == {"A": b"lent" * 9_000}
    with pytest.raises(EnvelopeBroken):
        open_envelopes({"A.age": armoured.replace(b"YWdl", b"Y*dl")}, Openers((OURS,)))


def test_a_file_for_another_key_is_not_for_us() -> None:
    files = {"A.csv.age": age_locked(b"lent", public(OTHER))}
    assert refusal(lambda: open_envelopes(files, Openers((OURS,)))) == EnvelopeNotForUs.code
    assert refusal(lambda: open_envelopes(files, Openers())) == EnvelopeNotForUs.code


@pytest.mark.clause("S4-8.7-1")
def test_an_age_file_cut_at_any_chunk_or_byte_of_its_end_is_an_error() -> None:
    content = bytes(range(256)) * 1024  # 256 KiB: four chunks and their tags
    whole = age_locked(content, public(OURS))
    payload = len(whole) - len(content) - 4 * 16
    cuts = [payload + number * (CHUNK + 16) for number in range(4)]
    cuts += [cut + shift for cut in cuts for shift in (-1, 1, 16, 17)] + [len(whole) - 1]
    for cut in {*cuts, *range(payload)}:
        shorter = {"A.csv.age": whole[:cut]}
        said = refusal(lambda files=shorter: open_one(files))  # type: ignore[misc]
        assert said in {EnvelopeBroken.code, EnvelopeNotForUs.code, "plain"}
    assert open_envelopes({"A": whole}, Openers((OURS,))) == {"A": content}


def open_one(files: dict[str, bytes]) -> object:
    """A head too short to be age is no locked file; intake refuses it as a file like any other."""
    (data,) = files.values()
    if form_of(data) is Form.PLAIN:
        raise EnvelopeBroken(form="plain")
    return open_envelopes(files, Openers((OURS,), PASSWORD))


@cache
def sealed_twice() -> tuple[bytes, bytes]:
    content = b"lent " * 400
    return age_locked(content, public(OURS)), zip_locked("A.csv", content, PASSWORD, AT)


@given(st.data())
@settings(max_examples=150)
def test_one_changed_byte_is_an_error_or_changes_nothing(data: st.DataObject) -> None:
    whole = sealed_twice()[data.draw(st.integers(0, 1))]
    at = data.draw(st.integers(0, 1999)) % len(whole)
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    if form_of(bytes(changed)) is Form.PLAIN:
        return  # its first bytes no longer say that it is locked: intake refuses it as it is
    try:
        opened = open_envelopes({"A": bytes(changed)}, Openers((OURS,), PASSWORD))
    except DomainError:
        return
    # What stands beside the sealed bytes may change: a member's name, the date it shows.
    assert list(opened.values()) == [b"lent " * 400]


def test_a_changed_book_is_an_error() -> None:
    whole = locked_book()
    for at in range(len(whole) // 2, len(whole), len(whole) // 5):
        changed = bytearray(whole)
        changed[at] ^= 1
        try:
            opened = open_envelopes({"A": bytes(changed)}, Openers((), PASSWORD))
        except DomainError:
            continue
        # A byte between two streams of the container belongs to neither.
        assert opened == open_envelopes({"A": whole}, Openers((), PASSWORD))


def bomb(size: int, method: int = pyzipper.ZIP_DEFLATED, count: int = 1) -> bytes:
    whole = io.BytesIO()
    with pyzipper.AESZipFile(whole, "w", method, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(PASSWORD.encode())
        for number in range(count):
            archive.writestr(f"{number}.csv", b"0" * size)
    return whole.getvalue()


def lying_about_size(archive: bytes) -> bytes:
    """The directory tells one byte where eight million inflate."""
    at = archive.rindex(b"PK\x01\x02") + 24
    return archive[:at] + struct.pack("<L", 1) + archive[at + 4 :]


def unlocked() -> bytes:
    whole = io.BytesIO()
    with pyzipper.ZipFile(whole, "w") as archive:
        archive.writestr("A.csv", b"lent")
    return whole.getvalue()


def weakly_locked() -> bytes:
    """As an old ZIP program locks: the flag, and no AES."""
    whole = bytearray(unlocked())
    whole[6] |= 1
    whole[whole.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(whole)


def with_far_end(members: int) -> bytes:
    """Its end record tells one member; a second record, which readers believe, tells many."""
    name = b"%06x"
    entries = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 1, 8, 0, 0, 0, 0, 0, 6, *[0] * 6)
        + name % one
        for one in range(members)
    )
    local = b"PK\x03\x04".ljust(30, b"\0")
    at = len(local) + len(entries)
    counts = (members, members, len(entries), len(local))
    far = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, *counts)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 52, len(local), 0)
    return local + entries + far + locator + end


def slow_age() -> bytes:
    return locked_by_passphrase().replace(b" 10\n", b" 22\n", 1)


def long_description() -> bytes:
    """A book whose description is long: the two streams of its container have changed places."""
    description = b"\x04\0\x04\0\x40\0\0\0<a>" + b"<b/>" * 50_000 + b"</a>"
    whole = io.BytesIO()
    ECMA376Encrypted(description, bytes(200)).write_to(whole)
    data = bytearray(whole.getvalue())
    one, other = (
        data.rindex(name.encode("utf-16-le") + bytes(2))
        for name in ("EncryptedPackage", "EncryptionInfo")
    )
    data[one : one + 66], data[other : other + 66] = data[other : other + 66], data[one : one + 66]
    return bytes(data)


def for_many_recipients() -> bytes:
    """A header of 40 KB: the library would need a second for it, and hours for a megabyte."""
    line = base64.b64encode(bytes(32)).rstrip(b"=")
    header = b"age-encryption.org/v1" + (b"\n-> X25519 " + line + b"\n" + line) * 400
    return header + b"\n--- " + line + b"\n" + bytes(40)


def in_armour(content: bytes) -> bytes:
    lines = base64.encodebytes(content).replace(b"\n", b"")
    cut = b"\n".join(lines[at : at + 64] for at in range(0, len(lines), 64))
    kind = b"AGE ENCRYPTED FILE-----\n"
    return b"-----BEGIN " + kind + cut + b"\n-----END " + kind


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "ratio": (lambda: bomb(8 * 1024 * 1024), "ratio"),
    "lying size": (lambda: lying_about_size(bomb(8 * 1024 * 1024)), "ratio"),
    "members": (lambda: bomb(1, count=201), "members"),
    "members told twice": (lambda: with_far_end(5_000), "members"),
    "method": (lambda: bomb(10, pyzipper.ZIP_LZMA), "method"),
    "not encrypted": (unlocked, "not_encrypted"),
    "weak": (weakly_locked, "weak"),
    "slow": (slow_age, "too_slow"),
    "many recipients": (for_many_recipients, "size"),
    "many recipients in armour": (lambda: in_armour(for_many_recipients()), "size"),
    "long description": (long_description, "size"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.clause("S4-8.7-1")
def test_a_locked_file_cannot_make_us_work_or_hold_more_than_its_limits(name: str) -> None:
    make, fault = REFUSED[name]
    with pytest.raises(EnvelopeRefused) as refused:
        open_envelopes({"A": make()}, Openers((OURS,), PASSWORD))
    assert refused.value.details["fault"] == fault


def test_all_members_together_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        envelopes.limits, "ALL_MEMBERS", type(envelopes.limits.ALL_MEMBERS)("", 900, "", "")
    )
    with pytest.raises(EnvelopeRefused) as refused:
        open_envelopes({"A": bomb(400, count=3)}, Openers((), PASSWORD))
    assert refused.value.details["fault"] == "size"


def test_two_files_of_one_name_are_refused() -> None:
    one = zip_locked("A.csv", b"1", PASSWORD, AT)
    with pytest.raises(EnvelopeRefused):
        open_envelopes({"x.zip": one, "y.zip": one}, Openers((), PASSWORD))


def test_no_error_tells_the_password_or_a_name() -> None:
    for make, _fault in REFUSED.values():
        with pytest.raises(EnvelopeRefused) as refused:
            open_envelopes({"見本 花子.csv": make()}, Openers((), PASSWORD))
        assert PASSWORD not in str(refused.value)
        assert "花子" not in str(refused.value)
    assert PASSWORD not in repr(Openers((OURS,), PASSWORD))
    assert OURS not in repr(Openers((OURS,), PASSWORD))


@pytest.mark.clause("S4-8.5")
def test_the_age_tool_of_the_distribution_opens_what_we_lock(tmp_path: Path) -> None:
    tool = shutil.which("age")
    assert tool, "age is missing: run `make system`"
    content = zlib.compress(b"lent" * 50_000) * 40
    (tmp_path / "key").write_text(OURS + "\n")
    (tmp_path / "A.csv.age").write_bytes(age_locked(content, public(OURS)))
    command = [tool, "--decrypt", "-i", str(tmp_path / "key"), str(tmp_path / "A.csv.age")]
    assert subprocess.run(command, capture_output=True, check=True).stdout == content
    (tmp_path / "B.csv").write_bytes(content)
    there = [tool, "-r", public(OURS), "-o", str(tmp_path / "B.age"), str(tmp_path / "B.csv")]
    subprocess.run(there, capture_output=True, check=True)
    sent = (tmp_path / "B.age").read_bytes()
    assert open_envelopes({"B.csv.age": sent}, Openers((OURS,))) == {"B.csv": content}

"""Facts about certificate check."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from certificate_sample import KEY_ID, PRIVATE, PUBLIC, file_of, sample, without_consent
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from secure_store.verifier.canonical import UnusableKeyError, written
from secure_store.verifier.certificate_check import ErrorCode, check, main

GOOD = file_of(sample())
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))
PEM = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

Change = Callable[[dict[str, Any]], None]


def signed(change: Change) -> bytes:
    """A certificate altered by one who holds the signing key: only its figures betray it."""
    body = json.loads(GOOD)["certificate"]
    change(body)
    value = base64.b64encode(PRIVATE.sign(written(body))).decode()
    named = {"algorithm": "Ed25519", "public_key_id": KEY_ID, "value": value}
    return written({"certificate": body, "signature": named})


def test_a_good_certificate_passes_with_the_raw_key_and_with_the_pem() -> None:
    for file_bytes in (GOOD, file_of(without_consent()), signed(lambda body: None)):
        assert check(file_bytes, PUBLIC).ok
        assert check(file_bytes, PEM).ok


@pytest.mark.clause("T13")
def test_two_thousand_random_mutations_are_all_refused() -> None:
    draw = random.Random(13)
    for _ in range(2000):
        file_bytes = bytearray(GOOD)
        file_bytes[draw.randrange(len(file_bytes))] ^= 1 << draw.randrange(8)
        assert not check(bytes(file_bytes), PUBLIC).ok


def test_every_single_byte_of_the_signature_part_matters() -> None:
    start = GOOD.index(b',"signature"')
    for place in range(start, len(GOOD)):
        for bit in range(8):
            file_bytes = bytearray(GOOD)
            file_bytes[place] ^= 1 << bit
            assert not check(bytes(file_bytes), PUBLIC).ok, (place, bit)


@pytest.mark.clause("T13")
@given(st.data())
def test_cut_doubled_and_moved_bytes_are_refused(data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(GOOD) - 1))
    last = data.draw(st.integers(first + 1, len(GOOD)))
    put = data.draw(st.sampled_from([b"", GOOD[first:last] * 2, GOOD[first:last][::-1], b" "]))
    changed = GOOD[:first] + put + GOOD[last:]
    assert check(changed, PUBLIC).ok == (changed == GOOD)


@given(st.binary(max_size=200))
def test_no_bytes_whatever_break_the_checker(data: bytes) -> None:
    assert check(data, PUBLIC).error_code is not None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["certificate", "signature", "head"]), inner)
        ),
        max_leaves=8,
    )
)
def test_no_json_whatever_breaks_the_checker(value: Any) -> None:
    data = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert not check(data.encode("utf-8", errors="replace"), PUBLIC).ok


FORMS = [
    (b"\xff\xfe", ErrorCode.NOT_JSON),
    (b"[" * 100_000, ErrorCode.NOT_JSON),
    (b"9" * 10_000, ErrorCode.NOT_JSON),
    (GOOD + b"\n", ErrorCode.NOT_CANONICAL),
    (b" " + GOOD, ErrorCode.NOT_CANONICAL),
    (GOOD.replace(b'"rehearsal":false', b'"rehearsal":false,"rehearsal":false'), None),
    (GOOD.replace(b'"tree_size":48211', b'"tree_size":48211.0'), None),
    (GOOD.replace(b'"tree_size":48211', b'"tree_size":NaN'), None),
    (GOOD.replace(b'"tree_size":48211', b'"tree_size":null'), None),
    (GOOD.replace("見本市長".encode(), b"\\u898b\\u672c\\u5e02\\u9577"), None),
    (b'{"signature":{},"certificate":{}}', ErrorCode.NOT_CANONICAL),
    (b"null", ErrorCode.MISSING_FIELD),
    (b'"signature"', ErrorCode.MISSING_FIELD),
    (b'{"certificate":{}}', ErrorCode.MISSING_FIELD),
    (b'{"certificate":{},"signature":[]}', ErrorCode.MISSING_FIELD),
    (GOOD[:-1] + b',"stamp":"x"}', ErrorCode.UNEXPECTED_FIELD),
    (GOOD[:-2] + b',"words":"x"}}', ErrorCode.UNEXPECTED_FIELD),
    (GOOD.replace(b'"algorithm":"Ed25519"', b'"algorithm":"none"'), ErrorCode.BAD_SIGNATURE),
    (GOOD.replace(b'"before":120', b'"before":121', 1), ErrorCode.BAD_SIGNATURE),
]


@pytest.mark.parametrize(("data", "code"), FORMS)
def test_each_wrong_form_has_its_own_code(data: bytes, code: ErrorCode | None) -> None:
    assert data != GOOD
    assert check(data, PUBLIC).error_code is (code or ErrorCode.NOT_CANONICAL)


def test_bits_hidden_behind_the_signature_are_refused() -> None:
    # The last character before "==" carries four bits that a forgiving decoder drops.
    place = GOOD.rindex(b"==") - 1
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twin = alphabet[alphabet.index(GOOD[place]) ^ 1]
    changed = GOOD[:place] + bytes([twin]) + GOOD[place + 1 :]
    value = json.loads(changed)["signature"]["value"]
    assert base64.b64decode(value) == base64.b64decode(json.loads(GOOD)["signature"]["value"])
    assert check(changed, PUBLIC).error_code is ErrorCode.BAD_SIGNATURE


def test_another_key_is_told_apart_from_a_broken_signature() -> None:
    stranger = STRANGER.public_key().public_bytes_raw()
    assert check(GOOD, stranger).error_code is ErrorCode.WRONG_KEY
    assert check(file_of(sample(), STRANGER), PUBLIC).error_code is ErrorCode.WRONG_KEY


def _set(path: str, value: Any) -> Change:
    *way, last = path.split(".")

    def change(body: dict[str, Any]) -> None:
        place: Any = body
        for name in way:
            place = place[int(name)] if name.isdigit() else place[name]
        place[last] = value

    return change


WRONG_FIGURES = [
    ("inventory.0.after", 1),
    ("inventory.0.before", -1),
    ("inventory.0.before", "120"),
    ("inventory.0.before", True),
    ("inventory.13.exception_no", 2),
    ("inventory.1.batch", "A09-202209"),
    ("inventory", []),
    ("key_destruction.alive_before", 8),
    ("key_destruction.tombstones", 9),
    ("key_destruction.ever_made", 6),
    ("key_destruction.keys.0.copies_destroyed", 1),
    ("key_destruction.keys.0.key_id", f"{2:016x}"),
    ("key_destruction.keys.0.destroyed_at", "2023-04-01T10:01:00+09:00"),
    ("key_destruction.keys.0.destroyed_at", "2023-04-02T01:01:00+00:00"),
    ("verification.values_opened", 1),
    ("verification.canary_hits", 1),
    ("verification.key_bytes_hits", 1),
    ("verification.before_plain_hits", 1),
    ("verification.control_opened", 1919),
    ("verification.values_tried", 0),
    ("execution.assurance_level", "C"),
    ("verification.verified_at", "2023-04-03T17:00:00+09:00"),
    ("head.issued_on", "2023-04-03"),
    ("legal_deadline", "2023-04-08"),
    ("on_time", False),
    ("application.applied_on", "2023-03-25"),
    ("consent.consented_on", "2023-04-03"),
    ("consent.scope_match", False),
    ("validation.accepted_on", "2023-04-04"),
    ("log.retention_until", "2024-03-30"),
    ("execution.finished_at", "2023-04-02T08:00:00+09:00"),
    ("execution.persons", []),
]


@pytest.mark.clause("T13", "S4-14.10")
@pytest.mark.parametrize(("path", "value"), WRONG_FIGURES)
def test_a_rightly_signed_certificate_with_wrong_figures_is_refused(path: str, value: Any) -> None:
    verdict = check(signed(_set(path, value)), PUBLIC)
    assert verdict.error_code is ErrorCode.INCONSISTENT_COUNTS
    assert verdict.where


def test_every_required_field_is_missed_when_it_is_absent() -> None:
    body = json.loads(GOOD)["certificate"]
    optional = {
        *("application", "receivable", "batch", "exception_no", "boot_id_before"),
        *("boot_id_after", "commit", "sbom_sha256", "accepted_by", "accepted_on"),
    }
    missed = 0
    for path in _paths(body):
        if path[-1] in optional or path[0] in ("application", "instruction", "witness"):
            continue
        verdict = check(signed(_without(path)), PUBLIC)
        assert not verdict.ok, path
        missed += verdict.error_code is ErrorCode.MISSING_FIELD
    assert missed >= 75


def _paths(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    if isinstance(value, dict):
        for name, item in value.items():
            found += [(*path, name), *_paths(item, (*path, name))]
    elif isinstance(value, list) and value:
        found += _paths(value[0], (*path, "0"))
    return found


def _without(path: tuple[str, ...]) -> Change:
    def change(body: dict[str, Any]) -> None:
        place: Any = body
        for name in path[:-1]:
            place = place[int(name)] if name.isdigit() else place[name]
        del place[path[-1]]

    return change


@pytest.mark.parametrize("where", ["head", "inventory", "execution", "key_destruction", "log"])
@pytest.mark.parametrize("value", [0, "x", [], [0], {}, [[]]])
def test_a_block_of_another_type_is_refused_and_breaks_nothing(where: str, value: Any) -> None:
    assert not check(signed(_set(where, value)), PUBLIC).ok


def test_a_key_of_another_kind_is_no_key() -> None:
    other = generate_private_key(SECP256R1()).public_key()
    pem = other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for data in (b"", b"x" * 31, b"-----BEGIN PUBLIC KEY-----\n", pem):
        with pytest.raises(UnusableKeyError):
            check(GOOD, data)


def test_the_command_ends_with_zero_one_or_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, key = tmp_path / "erasure.json", tmp_path / "key.pem"
    file.write_bytes(GOOD)
    key.write_bytes(PEM)
    assert main([str(file), "--public-key", str(key)]) == 0
    file.write_bytes(signed(_set("verification.values_opened", 1)))
    assert main([str(file), "--public-key", str(key)]) == 1
    assert "inconsistent_counts (verification.values_opened)" in capsys.readouterr().out
    key.write_bytes(b"none")
    for arguments in ([str(file), "--public-key", str(key)], ["--public-key", str(key)]):
        with pytest.raises(SystemExit) as wrong:
            main(arguments)
        assert wrong.value.code == 2

"""Checks the file of an erasure certificate with nothing but a public key (S4-14.10).

Works alone: no database, no code of the writer. The signature must be right, the bytes must be
in their one form, and the figures must agree with one another: a signed mistake is refused too.

    python -m secure_store.verifier.certificate_check FILE --public-key KEY.pem
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import shlex
import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from secure_store.verifier.canonical import (
    NotCanonicalError,
    NotJsonError,
    UnusableKeyError,
    key_id_of,
    public_key_of,
    read,
    signed_by,
    written,
)
from secure_store.verifier.certificate_form import Broken, agrees

_ENVELOPE = {"certificate", "signature"}
_BEFORE_BODY = b'{"certificate":'
HOW = "同じことを、次の命令で確かめられます（公開鍵はPEM）。"
_SIGNATURE = {"algorithm", "public_key_id", "value"}


class ErrorCode(StrEnum):
    """Why a certificate is refused; the first reason met."""

    NOT_JSON = "not_json"
    NOT_CANONICAL = "not_canonical"
    MISSING_FIELD = "missing_field"
    UNEXPECTED_FIELD = "unexpected_field"
    WRONG_KEY = "wrong_key"
    BAD_SIGNATURE = "bad_signature"
    INCONSISTENT_COUNTS = "inconsistent_counts"


SENTENCES = {
    None: "証明書は真正であり、記載の数値は互いに一致しています。",
    ErrorCode.NOT_JSON: "証明書ファイルとして読み取れません。",
    ErrorCode.NOT_CANONICAL: "ファイルの形が正規の形と異なります。書き換えられた疑いがあります。",
    ErrorCode.MISSING_FIELD: "必要な項目がありません。",
    ErrorCode.UNEXPECTED_FIELD: "署名の対象でない項目が含まれています。",
    ErrorCode.WRONG_KEY: "この公開鍵に対応する署名ではありません。",
    ErrorCode.BAD_SIGNATURE: "署名が一致しません。書き換えられた疑いがあります。",
    ErrorCode.INCONSISTENT_COUNTS: "署名は正しいものの、記載の数値又は日付が互いに一致しません。",
}


@dataclass(frozen=True, slots=True)
class CertificateVerdict:
    """``ok``, or the error code and the place in the certificate it was found at."""

    ok: bool
    error_code: ErrorCode | None = None
    where: str = ""


def check(file_bytes: bytes, public_key: bytes) -> CertificateVerdict:
    """Judge a certificate file. ``public_key`` is raw (32 bytes) or PEM.

    Never raises for anything in ``file_bytes``; raises ``UnusableKeyError`` for the key.
    """
    key = public_key_of(public_key)
    try:
        envelope = read(file_bytes)
    except NotCanonicalError:
        return _refused(ErrorCode.NOT_CANONICAL)
    except NotJsonError:
        return _refused(ErrorCode.NOT_JSON)
    return _check_fields(envelope) or _check_signature(envelope, key) or _check_content(envelope)


def _refused(code: ErrorCode, where: str = "") -> CertificateVerdict:
    return CertificateVerdict(False, code, where)


def _check_fields(envelope: Any) -> CertificateVerdict | None:
    return _check_names(envelope, _ENVELOPE, "") or _check_names(
        envelope["signature"], _SIGNATURE, "signature"
    )


def _check_names(found: Any, names: set[str], where: str) -> CertificateVerdict | None:
    if not isinstance(found, dict) or names - found.keys():
        return _refused(ErrorCode.MISSING_FIELD, where)
    return _refused(ErrorCode.UNEXPECTED_FIELD, where) if found.keys() - names else None


def _check_signature(envelope: dict[str, Any], key: Ed25519PublicKey) -> CertificateVerdict | None:
    named = envelope["signature"]
    if named["public_key_id"] != key_id_of(key):
        return _refused(ErrorCode.WRONG_KEY, "signature.public_key_id")
    value = _exact_base64(named["value"])
    good = named["algorithm"] == "Ed25519" and value is not None
    if not good or not signed_by(key, value or b"", written(envelope["certificate"])):
        return _refused(ErrorCode.BAD_SIGNATURE, "signature")
    return None


def _check_content(envelope: dict[str, Any]) -> CertificateVerdict:
    try:
        agrees(envelope["certificate"])
    except Broken as broken:
        code = ErrorCode.MISSING_FIELD if broken.absent else ErrorCode.INCONSISTENT_COUNTS
        return _refused(code, broken.where)
    return CertificateVerdict(True)


def _exact_base64(text: Any) -> bytes | None:
    # A decoder forgives bits after the last byte; two texts for one signature are one too many.
    if not isinstance(text, str):
        return None
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return value if base64.b64encode(value).decode() == text else None


def by_hand(file_bytes: bytes, file: str, public_key: str) -> tuple[str, ...]:
    """Shell commands that check a genuine file with `sha256sum` and `openssl` alone.

    ``file`` and ``public_key`` are the names the commands shall use; the key has to be in PEM.
    Behind ``#`` stands what the command must print.
    """
    start = len(_BEFORE_BODY)
    body = written(read(file_bytes)["certificate"])
    name, key = shlex.quote(file), shlex.quote(public_key)
    return (
        f"tail -c +{start + 1} {name} | head -c {len(body)} > body.json",
        f"sha256sum body.json  # {hashlib.sha256(body).hexdigest()}",
        f"""sed 's/.*"value":"\\([^"]*\\)".*/\\1/' {name} | base64 -d > body.sig""",
        f"openssl pkeyutl -verify -pubin -inkey {key} -rawin -in body.json -sigfile body.sig"
        "  # Signature Verified Successfully",
    )


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 good, 1 refused, 2 wrong usage."""
    parser = ArgumentParser(
        prog="certificate_check", description="抹消証明書の真正性を確認します。"
    )
    parser.add_argument("file", type=Path, help="証明書ファイル (JSON)")
    parser.add_argument("--public-key", type=Path, required=True, help="公開鍵 (PEM 又は32バイト)")
    given = parser.parse_args(arguments)
    try:
        verdict = check(given.file.read_bytes(), given.public_key.read_bytes())
    except OSError as fault:
        parser.error(f"ファイルを読めません: {fault.filename}")
    except UnusableKeyError:
        parser.error("公開鍵として読み取れません。")
    code = "ok" if verdict.error_code is None else verdict.error_code.value
    place = f" ({verdict.where})" if verdict.where else ""
    sys.stdout.write(f"{code}{place}\n{SENTENCES[verdict.error_code]}\n")
    if verdict.ok:
        commands = by_hand(given.file.read_bytes(), given.file.name, given.public_key.name)
        sys.stdout.write("\n".join([HOW, *(f"  {line}" for line in commands), ""]))
    return 0 if verdict.ok else 1


if __name__ == "__main__":
    sys.exit(main())

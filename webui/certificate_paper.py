"""A certificate as a page: the printed text line by line, and whether its file is genuine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from secure_store.erasure.printed import printed_text
from secure_store.erasure.reading import read_certificate
from secure_store.verifier.certificate_check import SENTENCES, check

_HEADING = re.compile(r"[１-９]　")
_COMMAND = "　$ "
_SEALS = "署名又は記名押印"


class LineKind(StrEnum):
    """How a line stands on the paper."""

    HEADING = "heading"
    TEXT = "text"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of the paper."""

    kind: LineKind
    text: str


@dataclass(frozen=True, slots=True)
class CertificatePaper:
    """``verdict`` is the sentence of the independent check, ``is_genuine`` its answer."""

    title: str
    lines: tuple[PaperLine, ...]
    is_genuine: bool
    verdict: str
    file_name: str
    is_rehearsal: bool


def read_certificate_paper(file_bytes: bytes, public_key: str) -> CertificatePaper:
    """The paper of a certificate file (S4-14.10). Raises NotCanonical for another file."""
    certificate = read_certificate(file_bytes)
    verdict = check(file_bytes, public_key.encode())
    lines = [line for line in printed_text(certificate).split("\n") if line.strip()]
    body = lines[1:] if certificate.head.rehearsal else lines
    return CertificatePaper(
        title=body[0],
        lines=tuple(
            PaperLine(_kind(line), line.removeprefix("　").rstrip("　")) for line in body[1:]
        ),
        is_genuine=verdict.error_code is None,
        verdict=SENTENCES[verdict.error_code],
        file_name=f"{certificate.head.certificate_id}.json",
        is_rehearsal=certificate.head.rehearsal,
    )


def _kind(line: str) -> LineKind:
    if _HEADING.match(line) or line == _SEALS:
        return LineKind.HEADING
    return LineKind.COMMAND if line.startswith(_COMMAND) else LineKind.TEXT

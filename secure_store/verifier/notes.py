"""Signed heads of the audit log (`signed note` form), read and judged without the writer."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from secure_store.verifier.canonical import raw_key, signed_by

_FORM = re.compile(
    r"(?P<text>(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[0-9A-Za-z+/]{43}=)\n)\n"
    r"\u2014 (?P<name>[^ \n]+) (?P<value>[0-9A-Za-z+/]{91}=)\n"
)


@dataclass(frozen=True, slots=True)
class Head:
    """What a good head says: of which log, how many events, which root."""

    origin: str
    size: int
    root: bytes


def head_of(note: str, key: Ed25519PublicKey) -> Head | None:
    """The head in ``note``, or ``None`` when the form, the name or the signature is not right."""
    found = _FORM.fullmatch(note)
    if found is None:
        return None
    root, value = _exact(found["root"]), _exact(found["value"])
    if root is None or value is None or not _named_rightly(found["origin"], found["name"]):
        return None
    named = hashlib.sha256(found["name"].encode() + b"\n\x01" + raw_key(key)).digest()[:4]
    if value[:4] != named or not signed_by(key, value[4:], found["text"].encode()):
        return None
    return Head(found["origin"], int(found["size"]), root)


def notes_in(text: str) -> list[str]:
    """The heads of one file, which may hold many below each other; other text is one bad head."""
    ends = [found.end() for found in re.finditer(r"^\u2014 [^\n]*\n", text, re.MULTILINE)]
    parts = [text[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]
    rest = text[ends[-1] :] if ends else text
    return parts + ([rest] if rest else [])


def _named_rightly(origin: str, name: str) -> bool:
    return origin.startswith(f"{name}/")


def _exact(text: str) -> bytes | None:
    # A decoder forgives bits after the last byte; two texts for one signature are one too many.
    value = base64.b64decode(text, validate=True)
    return value if base64.b64encode(value).decode() == text else None

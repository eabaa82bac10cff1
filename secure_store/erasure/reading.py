"""Reads a certificate file back into its blocks, so that it can be printed again (S4-14.10).

Only what writes to exactly the signed bytes again is taken: a file that says something else
than its blocks can hold is refused, not half understood. Signatures are judged by the verifier.
"""

from __future__ import annotations

import dataclasses
import types
from datetime import date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from secure_store.canonical import NotCanonical, parse_canonical
from secure_store.canonical import canonical_json as _canonical
from secure_store.erasure.certificate import Certificate, canonical_json


def read_certificate(file_bytes: bytes) -> Certificate:
    """The certificate in a certificate file. Raises ``NotCanonical``."""
    try:
        said = parse_canonical(file_bytes)["certificate"]
        certificate = _built(Certificate, said)
    except (KeyError, TypeError, ValueError) as fault:
        raise NotCanonical from fault
    if not isinstance(certificate, Certificate) or canonical_json(certificate) != _canonical(said):
        raise NotCanonical
    return certificate


def _built(kind: Any, value: Any) -> Any:
    """A value of JSON as the type that a field of the certificate has."""
    if get_origin(kind) in (Union, types.UnionType):
        inner = [one for one in get_args(kind) if one is not type(None)]
        return None if value is None else _built(inner[0], value)
    if get_origin(kind) is tuple:
        return tuple(_built(get_args(kind)[0], item) for item in value)
    if dataclasses.is_dataclass(kind):
        return _block(kind, value)
    return _atom(kind, value)


def _block(kind: Any, value: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    names = {field.name for field in dataclasses.fields(kind)}
    if not set(value) <= names:
        raise ValueError("a field of another form")
    return kind(**{name: _built(hints[name], value.get(name)) for name in names})


def _atom(kind: Any, value: Any) -> Any:
    if kind is datetime or kind is date:
        return kind.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if not isinstance(value, kind):
        raise TypeError("a value of another form")
    return value

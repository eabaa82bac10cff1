"""Entries of the media register."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from webui.forms.entry import Entries, EntryFault

_SERIAL = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{2,39}")
MAKER_MAX = 40
ENCRYPTED, NOT_ENCRYPTED = "yes", "no"
FILES_MAX = 6


@dataclass(frozen=True, slots=True)
class MediumEntry:
    """A medium as it is entered into the register."""

    serial: str
    maker: str
    is_encrypted: bool


def read_medium(values: Mapping[str, str]) -> MediumEntry:
    """Raises FormRefused."""
    entries = Entries(values)
    serial, maker = entries.text("serial").upper(), entries.text("maker")
    if not _SERIAL.fullmatch(serial):
        entries.fault("serial", EntryFault.NOT_A_SERIAL if serial else EntryFault.MISSING)
    if not maker:
        entries.fault("maker", EntryFault.MISSING)
    elif len(maker) > MAKER_MAX or not maker.isprintable():
        entries.fault("maker", EntryFault.TOO_LONG)
    encrypted = entries.choice("encrypted", {ENCRYPTED, NOT_ENCRYPTED})
    entries.finish()
    return MediumEntry(serial, maker, encrypted == ENCRYPTED)


def read_wipe(values: Mapping[str, str]) -> int:
    """How many files were wiped by hand, once the person says the medium was found empty.

    Raises FormRefused.
    """
    entries = Entries(values)
    entries.choice("verified", {"1"})
    text = entries.text("files")
    if not (text.isascii() and text.isdigit() and len(text) <= FILES_MAX):
        entries.fault("files", EntryFault.NOT_A_COUNT)
    entries.finish()
    return int(text)

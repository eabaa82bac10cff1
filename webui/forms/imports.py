"""The files of one delivery as a browser sends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage

from webui.forms.entry import Entries, EntryFault


@dataclass(frozen=True, slots=True)
class Delivery:
    """Which campaign the files are for, and the files by name. The content is never shown."""

    campaign_code: str
    files: Mapping[str, bytes] = field(repr=False)
    password: str | None = field(default=None, repr=False)


def read_delivery(
    values: Mapping[str, str], uploads: Sequence[FileStorage], campaigns: set[str]
) -> Delivery:
    """Raises FormRefused. Whether names and content are right is for the intake check to say."""
    entries = Entries(values)
    campaign_code = entries.choice("campaign", campaigns)
    files: dict[str, bytes] = {}
    for upload in uploads:
        name = _own_name(upload.filename or "")
        if not name:
            continue
        content = upload.read()
        if name in files:
            entries.fault("files", EntryFault.SAME_FILE_TWICE)
        if not content:
            entries.fault("files", EntryFault.EMPTY_FILE)
        files[name] = content
    if not files:
        entries.fault("files", EntryFault.NO_FILE)
    entries.finish()
    # As it was typed: a password may begin or end with a space.
    return Delivery(campaign_code, files, values.get("password") or None)


def _own_name(name: str) -> str:
    """Some browsers send the folders of the sender's machine with the name."""
    return name.replace("\\", "/").rpartition("/")[2]

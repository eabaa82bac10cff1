"""The label on a medium: which one it is, and of which installation.

Another medium in its place, or that of another installation, is neither written nor tidied.
"""

from __future__ import annotations

import json

from secure_store.backups.backup_errors import MediumMissing
from secure_store.backups.media import MediumView
from secure_store.sealing.installed import installed_of
from secure_store.work import SecureStore

LABEL = "dialer-medium.json"


def write_label(store: SecureStore, medium: MediumView) -> None:
    """Writes the medium's code onto it. Raises MediumMissing."""
    try:
        (medium.folder / LABEL).write_text(json.dumps(_label(store, medium)), encoding="ascii")
    except OSError:
        raise MediumMissing(medium=medium.code) from None


def bears_label(store: SecureStore, medium: MediumView) -> bool:
    """Whether the medium that lies in this place is the registered one."""
    try:
        found = json.loads((medium.folder / LABEL).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False
    return bool(found == _label(store, medium))


def _label(store: SecureStore, medium: MediumView) -> dict[str, str]:
    installation = installed_of(store).installation
    return {"medium": medium.code, "serial": medium.serial, "installation": installation}

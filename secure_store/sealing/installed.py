"""What wiring has installed for a store: its key ring, its folders, its signer.

The unit of work carries no cipher, because an import linter does not see attributes: opening
sealed data needs an import of this package, and two contracts guard that.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from secure_store.audit.log import Signer
from secure_store.sealing.keyring import KeyRing
from secure_store.work import SecureStore


@dataclass(frozen=True, slots=True)
class Installed:
    """The secrets and places of one open home."""

    keyring: KeyRing
    contract: str
    installation: str
    vault_folder: Path
    exchange_folder: Path
    is_rehearsal: bool
    assurance_level: str
    anchor_file: Path | None = None
    accepts_level_c: bool = False

    @property
    def signer(self) -> Signer:
        """Signs heads of the audit log and certificates."""
        return Signer(
            self.installation,
            self.contract,
            self.keyring.public_key(),
            self.keyring.sign,
            self.anchor_file,
        )


_installed: WeakKeyDictionary[SecureStore, Installed] = WeakKeyDictionary()


def install(store: SecureStore, installed: Installed) -> None:
    """Called once by wiring, before the first unit of work."""
    _installed[store] = installed


def installed_of(store: SecureStore) -> Installed:
    """What was installed. Raises KeyError when the store was wired without keys."""
    return _installed[store]

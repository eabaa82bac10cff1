"""What other packages may have of the keys: a signer, never a key."""

from __future__ import annotations

from pathlib import Path

from secure_store.audit.log import Signer
from secure_store.sealing.installed import installed_of
from secure_store.work import SecureStore


def signer_of(store: SecureStore) -> Signer:
    """Signs heads of the audit log, manifests and certificates."""
    return installed_of(store).signer


def exchange_folder(store: SecureStore) -> Path:
    """The folder of the exchange gateway."""
    return installed_of(store).exchange_folder


def public_key_pem(store: SecureStore) -> str:
    """The public key that the commissioner gets at the contract's start."""
    return installed_of(store).keyring.public_key_pem()

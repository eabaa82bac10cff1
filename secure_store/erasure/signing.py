"""Signs certificates of erasure with the installation's key, which survives every erasure."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date

from secure_store.audit.log import sign_head
from secure_store.erasure.certificate import Certificate, canonical_json, envelope
from secure_store.erasure.certificate_blocks import LogHead
from secure_store.sealing.installed import installed_of
from secure_store.sealing.key_table import ROOT
from secure_store.sealing.root_kinds import RootChange, change_of
from secure_store.work import SecureStore, UnitOfWork

WHY = "erasure_certified"
_KEY_ID_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """What a certificate says of the home it was made in."""

    contract: str
    is_rehearsal: bool
    assurance_level: str
    database: str
    root_change: RootChange | None


def home_facts(store: SecureStore) -> HomeFacts:
    installed = installed_of(store)
    with installed.keyring.store.read() as table:
        change = change_of(table.note(ROOT))
    return HomeFacts(
        installed.contract,
        installed.is_rehearsal,
        installed.assurance_level,
        store.engine.dialect.name,
        change,
    )


def signed_file(store: SecureStore, certificate: Certificate) -> bytes:
    """The certificate file: canonical JSON with its Ed25519 signature (S4-14.10)."""
    keyring = installed_of(store).keyring
    key_id = hashlib.sha256(keyring.public_key()).hexdigest()[:_KEY_ID_CHARACTERS]
    return envelope(certificate, key_id, keyring.sign(canonical_json(certificate)))


def public_key_pem(store: SecureStore) -> str:
    """The key by which anybody checks a certificate, as given to the commissioner."""
    return installed_of(store).keyring.public_key_pem()


def log_head(work: UnitOfWork, retention_until: date) -> LogHead:
    """Signs the head of the audit chain and puts it into a certificate's words."""
    head = sign_head(work, installed_of(work.store).signer, WHY)
    origin, _size, root = head.note.split("\n")[:3]
    return LogHead(
        audit_origin=origin,
        tree_size=head.size,
        root_hash=base64.b64decode(root).hex(),
        head_hash=head.last_hash.hex(),
        checkpoint=head.note,
        retention_until=retention_until,
    )

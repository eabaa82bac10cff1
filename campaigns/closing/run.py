"""All steps of an erasure one after the other, from wherever it stands."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from campaigns.closing.certifying import certify
from campaigns.closing.common import present
from campaigns.closing.destroying import destroy_copies, destroy_keys, freeze_now, purge_rows
from campaigns.closing.scanning import scan_before
from campaigns.closing.verifying import verify_erasure
from secure_store.access import Actor
from secure_store.erasure.execution import ErasureView
from secure_store.work import SecureStore


@dataclass(frozen=True, slots=True)
class ErasureActors:
    """The three persons of an erasure: two destroy the keys, the third verifies."""

    supervisor: Actor
    administrator: Actor
    verifier: Actor


def run_all(store: SecureStore, actors: ErasureActors, erasure_id: UUID) -> ErasureView:
    """Plays every step from the freeze to the certificate; steps done before are passed over.

    Raises what the first refused step raises; called again, it goes on from there.
    """
    freeze_now(store, actors.supervisor, erasure_id)
    scan_before(store, actors.supervisor, erasure_id)
    destroy_keys(store, actors.supervisor, actors.administrator, erasure_id)
    purge_rows(store, actors.administrator, erasure_id)
    destroy_copies(store, actors.administrator, erasure_id)
    verify_erasure(store, actors.verifier, erasure_id)
    certify(store, actors.supervisor, erasure_id)
    return present(store, actors.supervisor, erasure_id)

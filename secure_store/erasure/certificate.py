"""Pure: an erasure certificate put together, checked, and written in its one signed form.

The checks are those an outsider makes again with ``secure_store.verifier``: no certificate is
built that a checker would refuse. Signing stands in ``erasure/signing.py``, the Japanese text
in ``erasure/printed.py``.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from secure_store.canonical import JST, plain
from secure_store.canonical import canonical_json as _canonical
from secure_store.erasure import certificate_blocks as blocks
from secure_store.erasure.states import Gate
from secure_store.errors import Invalid
from secure_store.retention import ERASURE_DAYS, log_kept_until

FORM = "dialer/erasure/v1"
ALGORITHM = "Ed25519"
# No certificate may promise more than was done and checked.
FORBIDDEN_WORDS = ("絶対", "完全に復元不可能", "復元不可能を保証")


class CertificateFault(StrEnum):
    """Why a certificate is not built."""

    EMPTY_FIELD = "empty_field"
    REMAINDER_WITHOUT_REASON = "remainder_without_reason"
    NEGATIVE_COUNT = "negative_count"
    KEYS_NOT_COUNTED = "keys_not_counted"
    TOMBSTONE_MISSING = "tombstone_missing"
    KEY_COPY_LEFT = "key_copy_left"
    BATCH_WITHOUT_KEY = "batch_without_key"
    SOMETHING_OPENS = "something_opens"
    CONTROL_FAILED = "control_failed"
    NOTHING_TRIED = "nothing_tried"
    LEVEL_CLAIMS_TOO_MUCH = "level_claims_too_much"
    DATES_OUT_OF_ORDER = "dates_out_of_order"
    CONSENT_NOT_NOTED = "consent_not_noted"
    LOG_ENDS_TOO_EARLY = "log_ends_too_early"
    ONE_PERSON = "one_person"
    FORBIDDEN_WORD = "forbidden_word"


class CertificateRefused(Invalid):
    """The facts do not add up to a certificate."""

    code = "certificate_refused"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A checked certificate. ``legal_deadline`` is the last allowed day, ``on_time`` its verdict."""

    form: str
    head: blocks.Head
    legal_deadline: date
    on_time: bool
    instruction: blocks.Instruction | None
    application: blocks.Application | None
    consent: blocks.Consent | None
    witness: blocks.Witness
    execution: blocks.Execution
    inventory: tuple[blocks.InventoryLine, ...]
    key_destruction: blocks.KeyDestruction
    cryptographic_erase: blocks.CryptographicErase
    verification: blocks.Verification
    validation: blocks.Validation
    log: blocks.LogHead


def build(
    *,
    head: blocks.Head,
    witness: blocks.Witness,
    execution: blocks.Execution,
    inventory: tuple[blocks.InventoryLine, ...],
    key_destruction: blocks.KeyDestruction,
    cryptographic_erase: blocks.CryptographicErase,
    verification: blocks.Verification,
    validation: blocks.Validation,
    log: blocks.LogHead,
    instruction: blocks.Instruction | None = None,
    application: blocks.Application | None = None,
    consent: blocks.Consent | None = None,
) -> Certificate:
    """Put the blocks together (S4-14.10). Raises ``CertificateRefused`` with the first fault.

    On time: erasure finished and paper issued within seven days after the period's end in Japan.
    """
    deadline = head.period_end + timedelta(days=ERASURE_DAYS)
    certificate = Certificate(
        form=FORM,
        head=head,
        legal_deadline=deadline,
        on_time=max(_day(execution.finished_at), head.issued_on) <= deadline,
        instruction=instruction,
        application=application,
        consent=consent,
        witness=witness,
        execution=execution,
        inventory=inventory,
        key_destruction=key_destruction,
        cryptographic_erase=cryptographic_erase,
        verification=verification,
        validation=validation,
        log=log,
    )
    for fault in _faults(certificate):
        raise CertificateRefused(fault=fault.value)
    return certificate


def canonical_json(certificate: Certificate) -> bytes:
    """The exact bytes that are signed."""
    return _canonical(certificate)


def envelope(certificate: Certificate, public_key_id: str, signature: bytes) -> bytes:
    """The certificate file: the signed bytes and the signature beside them, one canonical JSON.

    ``public_key_id`` is the first 16 hexadecimal characters of SHA-256 over the raw public key;
    ``signature`` is Ed25519 over ``canonical_json(certificate)``.
    """
    value = base64.b64encode(signature).decode()
    named = {"algorithm": ALGORITHM, "public_key_id": public_key_id, "value": value}
    return _canonical({"certificate": plain(certificate), "signature": named})


def _faults(certificate: Certificate) -> Iterator[CertificateFault]:
    yield from _inventory_faults(certificate)
    yield from _key_faults(certificate)
    yield from _verification_faults(certificate)
    if _claims_too_much(certificate.execution):
        yield CertificateFault.LEVEL_CLAIMS_TOO_MUCH
    if (
        not _in_order(_instants(certificate))
        or _older_than_made(certificate)
        or not _in_order(_days(certificate))
    ):
        yield CertificateFault.DATES_OUT_OF_ORDER
    if _open_gate(certificate.consent) not in {None, *_noted(certificate)}:
        yield CertificateFault.CONSENT_NOT_NOTED
    if certificate.log.retention_until < log_kept_until(certificate.head.period_end):
        yield CertificateFault.LOG_ENDS_TOO_EARLY
    if len({person.name for person in certificate.execution.persons}) < 2:
        yield CertificateFault.ONE_PERSON
    texts = list(_texts(plain(certificate)))
    if not all(text.strip() for text in texts):
        yield CertificateFault.EMPTY_FIELD
    if any(word in text for word in FORBIDDEN_WORDS for text in texts):
        yield CertificateFault.FORBIDDEN_WORD


def _inventory_faults(certificate: Certificate) -> Iterator[CertificateFault]:
    named = {remainder.no for remainder in certificate.validation.exceptions}
    if not certificate.inventory:
        yield CertificateFault.EMPTY_FIELD
    for line in certificate.inventory:
        if line.before < 0 or not 0 <= line.after <= line.before:
            yield CertificateFault.NEGATIVE_COUNT
        if line.after and line.exception_no not in named:
            yield CertificateFault.REMAINDER_WITHOUT_REASON


def _key_faults(certificate: Certificate) -> Iterator[CertificateFault]:
    destruction = certificate.key_destruction
    ids = {key.key_id for key in destruction.keys}
    listed = len(ids) == len(destruction.keys) == destruction.alive_before
    if not listed or not destruction.alive_before <= destruction.ever_made:
        yield CertificateFault.KEYS_NOT_COUNTED
    if destruction.tombstones != destruction.ever_made:
        yield CertificateFault.TOMBSTONE_MISSING
    if any(key.copies_known != key.copies_destroyed for key in destruction.keys):
        yield CertificateFault.KEY_COPY_LEFT
    destroyed = {(key.receivable, key.batch) for key in destruction.keys}
    for line in certificate.inventory:
        sealed = line.kind is blocks.ItemKind.SEALED_VALUES and line.before > line.after
        if sealed and (line.receivable, line.batch) not in destroyed:
            yield CertificateFault.BATCH_WITHOUT_KEY


def _claims_too_much(execution: blocks.Execution) -> bool:
    """At level C destroyed keys alone are no purge: the medium itself has to go as well."""
    return (
        execution.assurance_level is blocks.AssuranceLevel.C
        and execution.sanitization is not blocks.Sanitization.CLEAR
        and blocks.EraseMethod.PHYSICAL_DESTRUCTION not in execution.methods
    )


def _verification_faults(certificate: Certificate) -> Iterator[CertificateFault]:
    verification = certificate.verification
    kinds = {line.kind for line in certificate.inventory if line.before}
    tried = min(verification.control_sealed, verification.values_tried)
    if blocks.ItemKind.SEALED_VALUES in kinds and tried < 1:
        yield CertificateFault.NOTHING_TRIED
    # "Nothing opens" says little unless the same opener opened everything before.
    if verification.control_opened != verification.control_sealed:
        yield CertificateFault.CONTROL_FAILED
    hits = (verification.values_opened, verification.canary_hits, verification.key_bytes_hits)
    if any(hits) or verification.before_plain_hits:
        yield CertificateFault.SOMETHING_OPENS


def _instants(certificate: Certificate) -> list[datetime]:
    destroyed = sorted(key.destroyed_at for key in certificate.key_destruction.keys)
    execution = certificate.execution
    ends = [*destroyed[:1], *destroyed[-1:]]
    return [
        execution.started_at,
        *ends,
        execution.finished_at,
        certificate.verification.verified_at,
    ]


def _older_than_made(certificate: Certificate) -> bool:
    return any(key.created_at > key.destroyed_at for key in certificate.key_destruction.keys)


def _days(certificate: Certificate) -> list[date]:
    application, consent = certificate.application, certificate.consent
    found = [certificate.instruction.instructed_on] if certificate.instruction else []
    found += [application.applied_on] if application else []
    found += [consent.consented_on] if consent else []
    found += [_day(certificate.execution.started_at), _day(certificate.execution.finished_at)]
    found += [_day(certificate.verification.verified_at), certificate.head.issued_on]
    accepted = certificate.validation.accepted_on
    return [*found, accepted] if accepted else found


def _in_order(moments: list[Any]) -> bool:
    return all(before <= after for before, after in zip(moments, moments[1:], strict=False))


def _day(instant: datetime) -> date:
    return instant.astimezone(JST).date()


def _open_gate(consent: blocks.Consent | None) -> Gate | None:
    if consent is None:
        return Gate.CONSENT_RECORDED
    return None if consent.scope_match else Gate.CONSENT_MATCHES


def _noted(certificate: Certificate) -> set[Gate]:
    return {noted.gate for noted in certificate.validation.gates_noted}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)

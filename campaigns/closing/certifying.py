"""The certificate of an erasure, or the deletion record of one entry, from what was recorded."""

from __future__ import annotations

from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from uuid import UUID

from campaigns.closing import gates, words
from campaigns.closing.claims import risks, statements
from campaigns.closing.common import refusals_noted
from campaigns.closing.tables import PURGED, batches
from campaigns.profile.contract import ContractProfile, current_profile
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission, require
from secure_store.erasure import certificate_blocks as blocks
from secure_store.erasure import destruction
from secure_store.erasure.certificate import Certificate, build
from secure_store.erasure.execution import Document, document_of, is_due, locked, move, scope_of
from secure_store.erasure.scopes import ErasureScope, ScopeKind
from secure_store.erasure.signing import HomeFacts, home_facts, log_head, signed_file
from secure_store.erasure.states import ErasureState, Gate
from secure_store.models import Erasure, StaffMember
from secure_store.retention import log_kept_until
from secure_store.sealing.scopes import KeyKind
from secure_store.work import SecureStore, UnitOfWork

_ROWS = {reach.table for reach in PURGED}
_KINDS = {
    "sealed": blocks.ItemKind.SEALED_VALUES,
    "lent": blocks.ItemKind.FILES,
    "recording": blocks.ItemKind.RECORDINGS,
    "daily_pack": blocks.ItemKind.FILES,
    "outbound": blocks.ItemKind.OUTBOX_FILES,
    "inbound": blocks.ItemKind.TEMPORARY_FILES,
    "registered": blocks.ItemKind.BACKUPS,
    "carried": blocks.ItemKind.MEDIA,
}
# What may be left, and under which number the certificate says why.
_EXCEPTIONS = {destruction.OUTBOUND: 1, "registered": 2, "carried": 3}


def certify(store: SecureStore, actor: Actor, erasure_id: UUID) -> bytes:
    """The signed certificate file; the same bytes when asked again (S4-14.10).

    Raises IllegalErasureMove before the erasure is verified, CertificateRefused when the
    recorded facts do not add up.
    """
    require(actor, Permission.REQUEST_ERASURE)
    target = ErasureState.CERTIFIED
    with refusals_noted(store, actor, erasure_id), store.work(actor) as work:
        row, policy = locked(work, erasure_id), gates.current_policy(work)
        if is_due(row, target, policy):
            row.certificate = signed_file(store, _built(work, row))
            move(work, row, target, (Gate.CERTIFICATE_SIGNED,), policy)
        return row.certificate or b""


def _built(work: UnitOfWork, row: Erasure) -> Certificate:
    profile, document, scope = current_profile(work), document_of(row), scope_of(row)
    facts = home_facts(work.store)
    return build(
        head=_head(work, row, profile, scope, facts),
        instruction=_instruction(document),
        application=_application(document),
        consent=_consent(document),
        witness=_witness(document),
        execution=_execution(work, document, facts),
        inventory=_inventory(document),
        key_destruction=_keys(document),
        cryptographic_erase=statements(document, scope, facts),
        verification=_verification(work, document),
        validation=_validation(document, scope, facts),
        log=log_head(work, log_kept_until(profile.contract_until)),
    )


def _head(
    work: UnitOfWork,
    row: Erasure,
    profile: ContractProfile,
    scope: ErasureScope,
    facts: HomeFacts,
) -> blocks.Head:
    is_whole = scope.kind is ScopeKind.CONTRACT
    found = {receivable for receivable, _code in batches(work, scope)}
    kinds = blocks.DocumentKind
    return blocks.Head(
        certificate_id=row.number,
        document=kinds.ERASURE_CERTIFICATE if is_whole else kinds.DELETION_RECORD,
        issued_on=business_day(work.now),
        contract_no=profile.code,
        contract_name=profile.title,
        commissioner=profile.commissioner,
        contractor=profile.contractor,
        contractor_representative=words.REPRESENTATIVE,
        basis=words.BASES[scope.kind],
        scope=words.scope_words(scope),
        receivables=tuple(sorted(found | ({scope.receivable} if scope.receivable else set()))),
        period_start=profile.contract_from,
        period_end=profile.contract_until,
        rehearsal=facts.is_rehearsal,
    )


def _instruction(document: Document) -> blocks.Instruction | None:
    given = document.get("instruction")
    if given is None:
        return None
    return blocks.Instruction(given["document_no"], date.fromisoformat(given["instructed_on"]))


def _application(document: Document) -> blocks.Application:
    applied = document["application"]
    return blocks.Application(
        application_no=applied["number"],
        applied_on=date.fromisoformat(applied["sent_on"]),
        items=tuple(applied["items"]),
        media=tuple(
            blocks.MediumItem(name, kind, place, serial=serial or None)
            for name, kind, place, serial in applied["media"]
        ),
        quantities=tuple(blocks.Quantity(*line) for line in applied["quantities"]),
        method_planned=applied["method"],
        planned_on=date.fromisoformat(applied["planned_on"]),
        sha256=applied["sha256"],
    )


def _consent(document: Document) -> blocks.Consent | None:
    given = document.get("consent")
    if given is None:
        return None
    return blocks.Consent(
        consent_no=given["consent_no"],
        consented_on=date.fromisoformat(given["consented_on"]),
        post_and_name=given["post"] or words.NOT_STATED,
        letter_sha256=given["letter_sha256"] or words.NO_LETTER,
        scope_match=given["scope_match"],
    )


def _witness(document: Document) -> blocks.Witness:
    """Who of the city was there, by post; until the keys were gone."""
    given = document.get("witness", {})
    if "present_from" not in given:
        return blocks.Witness("requested_by" in given)
    begun = datetime.fromisoformat(given["present_from"])
    ended = datetime.fromisoformat(document["keys_destroyed_at"])
    return blocks.Witness("requested_by" in given, words.WITNESS, given["post"], begun, ended)


def _execution(work: UnitOfWork, document: Document, facts: HomeFacts) -> blocks.Execution:
    begun, roles = document["destroying"], blocks.PersonRole
    people = (
        (begun["administrator"], roles.OPERATOR, "system_admin"),
        (begun["supervisor"], roles.APPROVER, "supervisor"),
        (document["verifier"], roles.VERIFIER, "verifier"),
    )
    return blocks.Execution(
        started_at=datetime.fromisoformat(begun["started_at"]),
        finished_at=datetime.fromisoformat(document["finished_at"]),
        persons=tuple(
            blocks.Person(
                _name(work, code), words.PERSONS[title], role, words.CONTACT, words.WORKPLACE
            )
            for code, role, title in people
        ),
        # No step here destroys the root key in its module or on its medium: no purge is claimed.
        sanitization=blocks.Sanitization.CLEAR,
        methods=(blocks.EraseMethod.CRYPTOGRAPHIC, blocks.EraseMethod.DELETION),
        technique=words.TECHNIQUE,
        tool=blocks.Tool("dialer", _tool_version()),
        assurance_level=blocks.AssuranceLevel(facts.assurance_level),
        boot_id_before=begun.get("boot_id"),
        boot_id_after=document.get("boot_id"),
    )


def _name(work: UnitOfWork, code: str) -> str:
    member = work.session.get(StaffMember, code)
    return f"{member.display_name}（{code}）" if member else code


def _tool_version() -> str:
    try:
        return version("dialer")
    except PackageNotFoundError:  # run from a folder, not installed
        return "source"


def _inventory(document: Document) -> tuple[blocks.InventoryLine, ...]:
    after = {tuple(line[:3]): line[3] for line in document["counts_after"]}
    lines = []
    carried = [line for line in document["counts_after"] if line[2] == "carried"]
    for receivable, batch, place, before in [*document["destroying"]["counts"], *carried]:
        left = after.get((receivable, batch, place), 0)
        if not before and place in _ROWS:
            continue
        remains = _EXCEPTIONS.get(place) if left else None
        kind = _KINDS.get(place, blocks.ItemKind.ROWS)
        lines.append(
            blocks.InventoryLine(
                kind, words.PLACES[place], before, left, receivable, batch, remains
            )
        )
    return tuple(lines)


def _keys(document: Document) -> blocks.KeyDestruction:
    begun = document["destroying"]
    return blocks.KeyDestruction(
        alive_before=begun["alive"],
        ever_made=begun["alive"] + len(begun["buried"]),
        tombstones=document["tombstones"],
        keys=tuple(_key_line(stone) for stone in document["keys"]),
    )


def _key_line(stone: dict[str, Any]) -> blocks.DestroyedKeyLine:
    parts = [*stone["scope"].split("/"), None, None]
    return blocks.DestroyedKeyLine(
        key_id=stone["key_id"],
        kind=stone["kind"],
        created_at=datetime.fromisoformat(stone["created_at"]),
        destroyed_at=datetime.fromisoformat(stone["destroyed_at"]),
        kcv=stone["kcv"],
        backend=words.BACKEND,
        receipt=f"tombstone-{stone['key_id']}",
        copies_known=1,
        copies_destroyed=1,
        # Only contract keys are made anew; the name of one is its generation.
        generation=int(stone["name"]) if stone["kind"] == KeyKind.CONTRACT.value else 1,
        receivable=parts[1],
        batch=parts[2],
    )


def _verification(work: UnitOfWork, document: Document) -> blocks.Verification:
    before, after = document["before"], document["after"]
    return blocks.Verification(
        before_report_sha256=before["sha256"],
        before_values_sought=before["values_sought"],
        before_plain_hits=before["plain_hits"],
        control_sealed=before["control_sealed"],
        control_opened=before["control_opened"],
        after_report_sha256=after["sha256"],
        values_tried=after["values_tried"],
        values_opened=after["values_opened"] + after["canaries_opened"],
        canaries_sought=after["canaries_sought"],
        canary_hits=after["canaries_opened"],
        key_bytes_hits=after["key_hits"],
        bytes_scanned=before["bytes_scanned"] + after["bytes_scanned"],
        encodings=tuple(before["encodings"]),
        paths=tuple(dict.fromkeys([*before["paths"], *after["paths"]])),
        verifier=_name(work, document["verifier"]),
        verified_at=datetime.fromisoformat(document["verified_at"]),
    )


def _validation(document: Document, scope: ErasureScope, facts: HomeFacts) -> blocks.Validation:
    noted = _open_gates(document)
    left = {line[2] for line in document["counts_after"] if line[3]}
    return blocks.Validation(
        residual_risks=risks(document, scope, facts),
        exceptions=tuple(
            blocks.Remainder(number, *words.REMAINDERS[place])
            for place, number in _EXCEPTIONS.items()
            if place in left
        ),
        gates_noted=tuple(blocks.GateNoted(gate, words.GATE_NOT_MET) for gate in noted),
    )


def _open_gates(document: Document) -> list[Gate]:
    """What was not met and is told on the paper; a consent that never came differs in nothing."""
    noted = [Gate(name) for name in document.get("noted", []) if name != Gate.CONSENT_MATCHES]
    if "consent" not in document:
        # It stands on the paper even where the contract never asks for it.
        return noted if Gate.CONSENT_RECORDED in noted else [*noted, Gate.CONSENT_RECORDED]
    return noted if document["consent"]["scope_match"] else [*noted, Gate.CONSENT_MATCHES]

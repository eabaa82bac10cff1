"""One erasure of a made-up contract (見本), as blocks, for the certificate tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from secure_store.canonical import JST
from secure_store.erasure import certificate_blocks as blocks
from secure_store.erasure.certificate import Certificate, build, canonical_json, envelope
from secure_store.erasure.states import Gate
from secure_store.verifier.canonical import key_id_of

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
KEY_ID = key_id_of(PRIVATE.public_key())

RECEIVABLES = ("A01", "A02")
BATCHES = ("202209", "202210")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2023, 4, day, hour, minute, tzinfo=JST)


def inventory() -> tuple[blocks.InventoryLine, ...]:
    lines = []
    for receivable in RECEIVABLES:
        for batch in BATCHES:
            for kind, count in (
                (blocks.ItemKind.ROWS, 120),
                (blocks.ItemKind.SEALED_VALUES, 480),
                (blocks.ItemKind.FILES, 3),
            ):
                place = "データサーバ call_case"
                lines.append(
                    blocks.InventoryLine(kind, place, count, 0, receivable, f"{receivable}-{batch}")
                )
    lines.append(blocks.InventoryLine(blocks.ItemKind.BACKUPS, "バックアップ媒体 B-1", 4, 0))
    lines.append(blocks.InventoryLine(blocks.ItemKind.PAPER_SHEETS, "書庫", 40, 2, exception_no=1))
    return tuple(lines)


def destroyed_keys() -> tuple[blocks.DestroyedKeyLine, ...]:
    scopes: list[tuple[str, str | None, str | None]] = [("contract", None, None)]
    for receivable in RECEIVABLES:
        scopes += [("data", receivable, f"{receivable}-{batch}") for batch in BATCHES]
        scopes.append(("pseudonym", receivable, None))
    return tuple(
        blocks.DestroyedKeyLine(
            key_id=f"{number:016x}",
            kind=kind,
            created_at=datetime(2022, 9, 13, 10, 0, tzinfo=JST),
            destroyed_at=at(2, 10, number),
            kcv=f"{number * 7919:016x}",
            backend="鍵保管ファイル",
            receipt=f"tombstone-{number}",
            copies_known=2,
            copies_destroyed=2,
            generation=number,
            receivable=receivable,
            batch=batch,
        )
        for number, (kind, receivable, batch) in enumerate(scopes, start=1)
    )


def head() -> blocks.Head:
    return blocks.Head(
        certificate_id="ER-2023-001",
        document=blocks.DocumentKind.ERASURE_CERTIFICATE,
        issued_on=date(2023, 4, 5),
        contract_no="C-2022",
        contract_name="電話納付案内業務（見本）",
        commissioner="見本市長",
        contractor="見本株式会社",
        contractor_representative="代表取締役　見本　一郎",
        basis="仕様書14(10)",
        scope="契約の全部",
        receivables=RECEIVABLES,
        period_start=date(2022, 9, 1),
        period_end=date(2023, 3, 31),
        rehearsal=False,
    )


def execution() -> blocks.Execution:
    person, role = blocks.Person, blocks.PersonRole
    return blocks.Execution(
        started_at=at(2, 9),
        finished_at=at(3, 17, 30),
        persons=(
            person("見本　二郎", "システム管理者", role.OPERATOR, "内線101", "サーバ室"),
            person("見本　三郎", "業務管理者", role.APPROVER, "内線102", "サーバ室"),
            person("見本　四郎", "検証担当", role.VERIFIER, "内線103", "サーバ室"),
        ),
        sanitization=blocks.Sanitization.PURGE,
        methods=(blocks.EraseMethod.CRYPTOGRAPHIC, blocks.EraseMethod.DELETION),
        technique="データ鍵の抹消及び行の削除",
        tool=blocks.Tool("dialer", "0.1.0", commit="a" * 40, sbom_sha256="b" * 64),
        assurance_level=blocks.AssuranceLevel.B,
        boot_id_before="boot-1",
        boot_id_after="boot-2",
    )


def verification() -> blocks.Verification:
    return blocks.Verification(
        before_report_sha256="c" * 64,
        before_values_sought=1440,
        before_plain_hits=0,
        control_sealed=1920,
        control_opened=1920,
        after_report_sha256="d" * 64,
        values_tried=1920,
        values_opened=0,
        canaries_sought=200,
        canary_hits=0,
        key_bytes_hits=0,
        bytes_scanned=268_435_456,
        encodings=("UTF-8", "CP932", "UTF-16LE"),
        paths=("データベース", "WAL", "バックアップ媒体 B-1"),
        verifier="見本　四郎",
        verified_at=at(4, 15),
    )


def all_blocks() -> dict[str, Any]:
    keys = destroyed_keys()
    return {
        "head": head(),
        "instruction": blocks.Instruction("見本第55号", date(2023, 3, 10)),
        "application": blocks.Application(
            application_no="SH-12",
            applied_on=date(2023, 3, 17),
            items=("貸与データ", "架電結果"),
            media=(
                blocks.MediumItem(
                    "B-1", "SSD", "鍵付保管庫", "見本製作所", "M-100", "S-0001", "K-7", "1TB"
                ),
            ),
            quantities=(blocks.Quantity("貸与データ", "件", 480),),
            method_planned="暗号鍵の抹消",
            planned_on=date(2023, 4, 2),
            sha256="e" * 64,
        ),
        "consent": blocks.Consent(
            "DO-34", date(2023, 3, 24), "管財課長　見本　五郎", "f" * 64, True
        ),
        "witness": blocks.Witness(True, "見本　六郎", "係長", at(2, 9), at(2, 11)),
        "execution": execution(),
        "inventory": inventory(),
        "key_destruction": blocks.KeyDestruction(len(keys), len(keys) + 3, len(keys) + 3, keys),
        "cryptographic_erase": blocks.CryptographicErase(
            *(f"陳述{number}（見本）" for number in range(1, 11))
        ),
        "verification": verification(),
        "validation": blocks.Validation(
            residual_risks=("記憶素子の予備領域",),
            exceptions=(blocks.Remainder(1, "支払関係書類2枚", "法令による保存"),),
        ),
        "log": blocks.LogHead(
            audit_origin="dialer.sapporo/C-2022",
            tree_size=48_211,
            root_hash="1" * 64,
            head_hash="2" * 64,
            checkpoint="dialer.sapporo/C-2022\n48211\n",
            retention_until=date(2024, 3, 31),
        ),
    }


def sample(**changes: Any) -> Certificate:
    return build(**{**all_blocks(), **changes})


def without_consent() -> Certificate:
    given = all_blocks()
    note = blocks.GateNoted(Gate.CONSENT_RECORDED, "令和5年3月17日申請済み")
    given["validation"] = replace(given["validation"], gates_noted=(note,))
    return build(**{**given, "consent": None})


def file_of(certificate: Certificate, private: Ed25519PrivateKey = PRIVATE) -> bytes:
    key_id = key_id_of(private.public_key())
    return envelope(certificate, key_id, private.sign(canonical_json(certificate)))

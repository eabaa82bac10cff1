"""Pure: a certificate as titled tables, as the paper for the city's files sets them (S4-14.10).

Everything the signed file says stands here too; a test reads both and compares them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date, datetime

from secure_store.canonical import JST
from secure_store.erasure import certificate_blocks as blocks
from secure_store.erasure import printed_words as words
from secure_store.erasure.certificate import Certificate

Row = tuple[str, ...]
NONE = "なし"


@dataclass(frozen=True, slots=True)
class PaperTable:
    """``columns`` empty: two columns, label and text. ``numbers``: columns set to the right."""

    title: str
    rows: tuple[Row, ...]
    columns: Row = ()
    numbers: tuple[int, ...] = ()
    is_dense: bool = False


def paper_tables(certificate: Certificate) -> tuple[PaperTable, ...]:
    """All tables in the order of the paper; titles that go on are empty."""
    parts = (_frame, _quantities, _media, _done, _keys, _statements, _checks, _papers, _rest, _log)
    return tuple(table for part in parts for table in part(certificate))


def _frame(certificate: Certificate) -> Iterator[PaperTable]:
    head = certificate.head
    rows: list[Row] = [
        ("契約", f"{head.contract_no}　{head.contract_name}"),
        ("履行期間", f"{day(head.period_start)}から{day(head.period_end)}まで"),
        ("根拠", head.basis),
    ]
    if certificate.instruction:
        order = certificate.instruction
        rows.append(("委託者の指示", f"{order.document_no}（{day(order.instructed_on)}）"))
    rows += [("抹消の範囲", head.scope), ("対象の債権", "、".join(head.receivables) or NONE)]
    punctual = "期限内" if certificate.on_time else "期限を超過"
    label = words.DEADLINES[head.document]
    rows.append((label, f"{day(certificate.legal_deadline)}まで（{punctual}）"))
    yield PaperTable("契約及び範囲", tuple(rows))


def _quantities(certificate: Certificate) -> Iterator[PaperTable]:
    """Places down, added up over receivables; then receivables and batches, added up over places."""
    before: Counter[Row] = Counter()
    after: Counter[Row] = Counter()
    for line in certificate.inventory:
        before[words.ITEMS[line.kind], line.place, words.UNITS[line.kind]] += line.before
        after[words.ITEMS[line.kind], line.place, words.UNITS[line.kind]] += line.after
    rows = tuple(
        (item, place, f"{n:,}{unit}", f"{after[item, place, unit]:,}{unit}")
        for (item, place, unit), n in before.items()
    )
    columns = ("種類", "保存場所", "抹消前", "抹消後")
    yield PaperTable("対象と数量", rows, columns, (2, 3))
    parts = _by_batch(certificate)
    if parts:
        columns = ("債権", "月次", "行（抹消前→後）", "暗号化した個人情報（抹消前→後）")
        yield PaperTable("", parts, columns, (2, 3), is_dense=True)


def _by_batch(certificate: Certificate) -> tuple[Row, ...]:
    found: dict[tuple[str, str], list[int]] = {}
    kinds = (blocks.ItemKind.ROWS, blocks.ItemKind.SEALED_VALUES)
    for line in certificate.inventory:
        if line.kind in kinds and line.receivable and line.batch:
            sums = found.setdefault((line.receivable, line.batch), [0, 0, 0, 0])
            at = 2 * kinds.index(line.kind)
            sums[at] += line.before
            sums[at + 1] += line.after
    return tuple(
        (*batch, f"{s[0]:,} → {s[1]:,}", f"{s[2]:,} → {s[3]:,}") for batch, s in found.items()
    )


def _media(certificate: Certificate) -> Iterator[PaperTable]:
    rows = [
        (one.name, one.kind, one.place, "、".join(filter(None, _made(one))) or "記載なし")
        for one in (certificate.application.media if certificate.application else ())
    ]
    if rows:
        columns = ("媒体", "種類", "保管場所", "製造者・型式・番号・容量")
        yield PaperTable("媒体", tuple(rows), columns)


def _made(medium: blocks.MediumItem) -> Iterator[str | None]:
    yield from (medium.maker, medium.model, medium.serial, medium.asset_no, medium.capacity)


def _done(certificate: Certificate) -> Iterator[PaperTable]:
    done = certificate.execution
    methods = "、".join(words.METHODS[method] for method in done.methods)
    claim = "次の方法" if done.sanitization is blocks.Sanitization.CLEAR else "復元不可能な方法"
    tool = [word for word in astuple(done.tool) if word]
    rows: list[Row] = [
        ("方法", f"{claim}（{methods}）により消去し、次の検証を行った。"),
        ("手法", done.technique),
        ("区分", words.SANITIZATIONS[done.sanitization]),
        ("保証水準", words.LEVELS[done.assurance_level]),
        ("日時", f"{moment(done.started_at)}から{moment(done.finished_at)}まで"),
        ("使用ツール", "　".join(tool)),
    ]
    if done.boot_id_before and done.boot_id_after:
        rows.append(("起動識別", f"抹消前 {done.boot_id_before}　検証時 {done.boot_id_after}"))
    yield PaperTable("抹消の方法と実施", tuple(rows))
    people = tuple(
        (words.ROLES[one.role], one.title, one.name, one.contact, one.place) for one in done.persons
    )
    yield PaperTable("", people, ("役割", "職", "氏名", "連絡先", "場所"))


def _keys(certificate: Certificate) -> Iterator[PaperTable]:
    said = certificate.key_destruction
    kinds = Counter(key.kind for key in said.keys)
    counted = "、".join(f"{words.KEYS.get(kind, kind)} {n:,}" for kind, n in sorted(kinds.items()))
    backends = "、".join(dict.fromkeys(key.backend for key in said.keys)) or NONE
    facts: tuple[Row, ...] = (
        ("抹消前に存在した鍵", f"{said.alive_before:,}個"),
        ("抹消した鍵", f"{len(said.keys):,}個（{counted or NONE}）"),
        ("作成した鍵の総数", f"{said.ever_made:,}個　抹消記録 {said.tombstones:,}件"),
        ("鍵の保管", backends),
    )
    yield PaperTable("抹消した鍵", facts)
    rows = tuple(
        (
            key.key_id,
            words.KEYS.get(key.kind, key.kind),
            "・".join(filter(None, (key.receivable, key.batch))) or "契約",
            f"{key.generation}",
            moment(key.created_at),
            moment(key.destroyed_at),
            f"{key.kcv} {key.receipt}",
            f"{key.copies_destroyed}/{key.copies_known}",
        )
        for key in said.keys
    )
    columns = ("鍵識別子", "種類", "範囲", "世代", "作成", "抹消", "検査値・抹消記録", "抹消／複製")
    yield PaperTable("", rows, columns, is_dense=True)


def _statements(certificate: Certificate) -> Iterator[PaperTable]:
    said = certificate.cryptographic_erase
    rows = tuple((label, getattr(said, name)) for name, label in words.STATEMENTS.items())
    yield PaperTable("暗号鍵の抹消に関する陳述", rows)


def _checks(certificate: Certificate) -> Iterator[PaperTable]:
    said = certificate.verification
    columns = ("検査", "調べた数", "結果", "判定")
    sealed = f"開けた {said.control_opened:,}件"
    rows = (
        ("抹消前　平文の検索", _sought(said.before_values_sought), _hits(said.before_plain_hits),
         "残存なし"),
        ("抹消前　復号の対照", f"{said.control_sealed:,}件", sealed, "全て開けた"),
        ("抹消後　復号の試行", f"{said.values_tried:,}件", f"開けた {said.values_opened:,}件",
         "一つも開けない"),
        ("抹消後　うち見本値", _sought(said.canaries_sought), f"開けた {said.canary_hits:,}件",
         "一つも開けない"),
        ("抹消後　鍵の検索", "鍵の検査値", _hits(said.key_bytes_hits), "残存なし"),
    )  # fmt: skip
    yield PaperTable("検証", rows, columns, (1, 2))
    facts: tuple[Row, ...] = (
        ("検索した量", f"{said.bytes_scanned:,}バイト（{'、'.join(said.encodings)}）"),
        ("検索した場所", "、".join(said.paths)),
        ("抹消前の記録", f"SHA-256 {said.before_report_sha256}"),
        ("抹消後の記録", f"SHA-256 {said.after_report_sha256}"),
        ("検証者・日時", f"{said.verifier}　{moment(said.verified_at)}"),
    )
    yield PaperTable("", facts)


def _sought(count: int) -> str:
    return f"{count:,}件"


def _hits(count: int) -> str:
    return f"該当 {count:,}件"


def _papers(certificate: Certificate) -> Iterator[PaperTable]:
    application, consent = certificate.application, certificate.consent
    rows: list[Row] = []
    if application is not None:
        quantities = "、".join(f"{q.item} {q.count:,}{q.unit}" for q in application.quantities)
        rows += [
            ("申請", f"{application.application_no}（{day(application.applied_on)}）"),
            ("申請した項目", "、".join(application.items)),
            ("申請した数量", quantities),
            ("申請した方法", f"{application.method_planned}　予定日 {day(application.planned_on)}"),
            ("申請書の確認番号", application.sha256),
        ]
    if consent is None:
        rows.append(("同意", "同意書未受領"))
    else:
        agreed = "申請書の範囲と一致" if consent.scope_match else "申請書との一致は未確認"
        letter = f"{consent.consent_no}（{day(consent.consented_on)}）{consent.post_and_name}"
        rows += [("同意", f"{letter}　{agreed}"), ("同意書の検算値", consent.letter_sha256)]
    rows.append(("立会い", _witness(certificate.witness)))
    yield PaperTable("申請、同意及び立会い", tuple(rows))


def _witness(witness: blocks.Witness) -> str:
    if witness.name is None:
        return "求めあり、立会いなし" if witness.requested else "求めなし"
    asked = "求めあり" if witness.requested else "求めなし"
    hours = ""
    if witness.present_from and witness.present_until:
        hours = f"　{moment(witness.present_from)}から{moment(witness.present_until)}まで"
    return f"{asked}　{witness.name}（{witness.post or '職名記載なし'}）{hours}"


def _rest(certificate: Certificate) -> Iterator[PaperTable]:
    said = certificate.validation
    rows: list[Row] = [
        (f"残存（{one.no}）", f"{one.what}　理由：{one.reason}") for one in said.exceptions
    ] or [("残存データ", NONE)]
    rows += [("未了の条件", f"{words.GATES[one.gate]}　{one.note}") for one in said.gates_noted]
    rows += [("留意事項", risk) for risk in said.residual_risks]
    if said.accepted_by and said.accepted_on:
        rows.append(("受領", f"{said.accepted_by}（{day(said.accepted_on)}）"))
    yield PaperTable("残存するもの及び留意事項", tuple(rows))


def _log(certificate: Certificate) -> Iterator[PaperTable]:
    log = certificate.log
    rows = (
        ("記録の名称", log.audit_origin),
        ("件数", f"{log.tree_size:,}件"),
        ("ルート", log.root_hash),
        ("末尾のハッシュ", log.head_hash),
        ("署名付きチェックポイント", log.checkpoint.strip().replace("\n", " ")),
        ("保存期限", day(log.retention_until)),
    )
    yield PaperTable("監査ログ（個人情報を含まない）", rows)


def day(value: date) -> str:
    """``2023年6月2日``."""
    return f"{value.year}年{value.month}月{value.day}日"


def moment(instant: datetime) -> str:
    """Seconds in Japan."""
    return instant.astimezone(JST).strftime("%Y-%m-%d %H:%M:%S")

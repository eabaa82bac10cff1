"""Pure: the Japanese text of a certificate as it is handed over on paper (S4-14.10).

The file is the original and carries the signature; the paper is its rendering and says so. It
also prints how anybody checks the file with ``sha256sum`` and ``openssl`` alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from unicodedata import east_asian_width

from secure_store.canonical import JST
from secure_store.erasure import printed_words as words
from secure_store.erasure.certificate import Certificate, canonical_json, envelope
from secure_store.erasure.certificate_blocks import (
    InventoryLine,
    ItemKind,
    Person,
    PersonRole,
    Sanitization,
)

_BODY_STARTS = len('{"certificate":')
_SEAL_AT = 44  # half-width columns between the start of a name and its seal


def printed_text(certificate: Certificate) -> str:
    """The whole paper as text, one line per statement; lines end with a line feed."""
    parts = (_head, _target, _method, _result, _papers, _remains, _log, check_lines, seal_lines)
    lines: list[str] = []
    for part in parts:
        lines.extend(part(certificate))
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _head(certificate: Certificate) -> Iterator[str]:
    head = certificate.head
    if head.rehearsal:
        yield words.REHEARSAL
    yield words.TITLES[head.document]
    yield f"文書番号　{head.certificate_id}"
    yield f"発行日　　{_day(head.issued_on)}"
    yield f"宛先　　　{head.commissioner}　様"
    yield f"受託者　　{head.contractor}　{head.contractor_representative}"
    yield f"契約　　　{head.contract_no}　{head.contract_name}"
    yield f"履行期間　{_day(head.period_start)}から{_day(head.period_end)}まで"
    yield f"根拠　　　{head.basis}"
    yield words.OPENING[head.document]
    punctual = "期限内" if certificate.on_time else "期限を超過"
    yield f"{words.DEADLINES[head.document]}　{_day(certificate.legal_deadline)}（{punctual}）"


def _target(certificate: Certificate) -> Iterator[str]:
    yield "１　抹消の対象と数量（抹消前 → 抹消後）"
    yield f"　範囲：{certificate.head.scope}"
    yield f"　債権：{'、'.join(certificate.head.receivables)}"
    for kind in ItemKind:
        lines = [line for line in certificate.inventory if line.kind is kind]
        if lines:
            yield f"　{words.ITEMS[kind]}：{_counts(lines, words.UNITS[kind])}"
            yield f"　　保存場所　{'、'.join(_distinct(line.place for line in lines))}"
    for medium in certificate.application.media if certificate.application else ():
        made = (medium.maker, medium.model, medium.serial, medium.asset_no, medium.capacity)
        known = "、".join(word for word in made if word)
        yield f"　媒体：{medium.name}（{medium.kind}）{known}　保管場所 {medium.place}"


def _counts(lines: list[InventoryLine], unit: str) -> str:
    before, after = sum(line.before for line in lines), sum(line.after for line in lines)
    return f"{before:,}{unit} → {after:,}{unit}"


def _method(certificate: Certificate) -> Iterator[str]:
    done = certificate.execution
    yield "２　抹消の方法と実施"
    methods = "、".join(words.METHODS[method] for method in done.methods)
    # "Unrecoverable" is said only where the way the keys were held bears it out.
    claim = "次の方法" if done.sanitization is Sanitization.CLEAR else "復元不可能な方法"
    yield f"　{claim}（{methods}）により消去し、次の検証を行った。"
    yield f"　区分：{words.SANITIZATIONS[done.sanitization]}　手法：{done.technique}"
    yield f"　保証水準：{words.LEVELS[done.assurance_level]}"
    yield f"　日時：{_time(done.started_at)}から{_time(done.finished_at)}まで"
    yield f"　使用ツール：{done.tool.name} {done.tool.version}"
    for person in done.persons:
        yield f"　{words.ROLES[person.role]}：{_person(person)}"
    yield from _keys(certificate)


def _keys(certificate: Certificate) -> Iterator[str]:
    said = certificate.key_destruction
    kinds = Counter(key.kind for key in said.keys)
    counted = "、".join(f"{words.KEYS.get(kind, kind)} {n:,}" for kind, n in sorted(kinds.items()))
    yield f"　抹消した鍵：{len(said.keys):,}個（{counted}）　抹消記録 {said.tombstones:,}件"
    yield "　各鍵の識別子、検査値及び抹消時刻は証明書ファイルに記載"


def _person(person: Person) -> str:
    return f"{person.name}（{person.title}）　連絡先 {person.contact}　場所 {person.place}"


def _result(certificate: Certificate) -> Iterator[str]:
    said = certificate.verification
    yield "３　検証の方法と結果"
    yield (
        f"　抹消前：平文の検索 {said.before_values_sought:,}件中 該当 {said.before_plain_hits:,}件、"
        f"復号の対照 {said.control_sealed:,}件中 {said.control_opened:,}件"
    )
    yield (
        f"　抹消後：復号の試行 {said.values_tried:,}件中 成功 {said.values_opened:,}件、"
        f"うち見本値 {said.canaries_sought:,}件中 成功 {said.canary_hits:,}件、"
        f"鍵の検索 該当 {said.key_bytes_hits:,}件"
    )
    yield f"　検索量：{said.bytes_scanned:,}バイト（{'、'.join(said.encodings)}）"
    yield f"　検索した場所：{'、'.join(said.paths)}"
    yield f"　抹消前の記録 SHA-256　{said.before_report_sha256}"
    yield f"　抹消後の記録 SHA-256　{said.after_report_sha256}"
    yield f"　検証者：{said.verifier}　検証日時：{_time(said.verified_at)}"


def _papers(certificate: Certificate) -> Iterator[str]:
    yield "４　申請、同意及び立会い"
    application, consent = certificate.application, certificate.consent
    if certificate.instruction:
        order = certificate.instruction
        yield f"　委託者の指示：{order.document_no}（{_day(order.instructed_on)}）"
    if application is None:
        yield "　申請：なし"
    else:
        yield f"　申請：{application.application_no}（{_day(application.applied_on)}）"
        yield f"　　予定日 {_day(application.planned_on)}　方法 {application.method_planned}"
    if consent is None:
        yield "　同意：同意書未受領"
    else:
        agreed = f"{consent.consent_no}（{_day(consent.consented_on)}）{consent.post_and_name}"
        yield f"　同意：{agreed}" + ("" if consent.scope_match else "　申請との相違あり")
    yield f"　立会い：{_witness(certificate)}"


def _witness(certificate: Certificate) -> str:
    witness = certificate.witness
    if witness.name is None:
        return "求めあり、立会いなし" if witness.requested else "求めなし"
    hours = ""
    if witness.present_from and witness.present_until:
        hours = f"　{_time(witness.present_from)}から{_time(witness.present_until)}まで"
    return f"{witness.name}（{witness.post or '職名記載なし'}）{hours}"


def _remains(certificate: Certificate) -> Iterator[str]:
    said = certificate.validation
    yield "５　残存するもの、留意事項"
    if not said.exceptions:
        yield "　残存データ：なし"
    for remainder in said.exceptions:
        yield f"　残存（{remainder.no}）：{remainder.what}　理由：{remainder.reason}"
    for noted in said.gates_noted:
        yield f"　未了の条件：{words.GATES[noted.gate]}　{noted.note}"
    for risk in said.residual_risks:
        yield f"　留意：{risk}"


def _log(certificate: Certificate) -> Iterator[str]:
    log = certificate.log
    yield "６　監査ログ（個人情報を含まない）"
    yield f"　{log.audit_origin}　件数 {log.tree_size:,}"
    yield f"　ルート {log.root_hash}"
    yield f"　保存期限 {_day(log.retention_until)}"


def check_lines(certificate: Certificate) -> Iterator[str]:
    """How anybody checks the file: commands behind ``$``, and the digest they must show."""
    body = canonical_json(certificate)
    # The envelope's tail has one length for every key and signature, so it can be cut off.
    tail = len(envelope(certificate, "0" * 16, bytes(64))) - _BODY_STARTS - len(body)
    yield "７　証明書ファイルの確認方法"
    yield "　この書面は証明書ファイルの写しであり、原本は電子署名付きの証明書ファイルである。"
    yield f"　$ head -c -{tail} FILE | tail -c +{_BODY_STARTS + 1} > body.json"
    yield "　$ sha256sum body.json"
    yield f"　　{hashlib.sha256(body).hexdigest()}"
    yield """　$ sed 's/.*"value":"\\([^"]*\\)".*/\\1/' FILE | base64 -d > body.sig"""
    yield (
        "　$ openssl pkeyutl -verify -pubin -inkey KEY.pem -rawin -in body.json -sigfile body.sig"
    )
    yield "　$ dialer certificate verify FILE --public-key KEY.pem"


def seal_lines(certificate: Certificate) -> Iterator[str]:
    """Who signs or seals the paper."""
    yield "署名又は記名押印"
    yield _seal("受託者　", certificate.head.contractor_representative)
    for role in PersonRole:
        named = [person.name for person in certificate.execution.persons if person.role is role]
        for name in named:
            yield _seal(words.ROLES[role] + "　", name)
    if certificate.witness.name:
        yield _seal("立会者　", certificate.witness.name)
    accepted = certificate.validation
    if accepted.accepted_by and accepted.accepted_on:
        yield f"　受領　　　{accepted.accepted_by}（{_day(accepted.accepted_on)}）"


def _seal(role: str, name: str) -> str:
    """A line to be signed or sealed: all seals stand below one another."""
    columns = sum(2 if east_asian_width(sign) in "FWA" else 1 for sign in name)
    halves, rest = divmod(max(_SEAL_AT - columns, 4), 2)
    return f"　{role}　{name}{' ' * rest}{'　' * halves}印"


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _time(instant: datetime) -> str:
    return instant.astimezone(JST).strftime("%Y-%m-%d %H:%M:%S")

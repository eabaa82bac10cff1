"""The Japanese words that an erasure puts into its certificate."""

from __future__ import annotations

from collections.abc import Mapping

from secure_store.erasure.certificate_blocks import CryptographicErase
from secure_store.erasure.scopes import ErasureScope, ScopeKind

PLACES: Mapping[str, str] = {
    "ticket_move": "至急・要対応の経過",
    "escalation_ticket": "エスカレーション案件",
    "follow_up_event": "再架電の経過",
    "follow_up": "再架電の予定",
    "payment_promise": "納付約束",
    "payment_notice": "納付の確認",
    "dial_permit": "発信許可",
    "call_record": "架電記録",
    "case_handling": "応対の記録",
    "dial_attempt": "発信の記録",
    "queue_entry": "架電順",
    "assignment": "割当て",
    "case_move": "案件の経過",
    "case_phone": "電話番号の索引",
    "call_case": "貸与データの案件",
    "sealed": "暗号化した個人情報",
    "lent": "貸与ファイル",
    "recording": "通話録音",
    "daily_pack": "日次結果ファイル",
    "outbound": "交換フォルダ（送付側）",
    "inbound": "交換フォルダ（受領側）",
    "registered": "登録済みのバックアップ",
    "carried": "可搬媒体（消去の記録のないもの）",
}
BASES: Mapping[ScopeKind, str] = {
    ScopeKind.CONTRACT: "仕様書14(10)",
    ScopeKind.RECEIVABLE: "仕様書16(1)",
    ScopeKind.CAMPAIGN: "仕様書16(1)",
    ScopeKind.CASE: "仕様書16(1)",
    ScopeKind.RECORDING: "仕様書14(7)イ",
}
REPRESENTATIVE = "（代表者職氏名は署名欄による）"
ITEMS = ("貸与データ", "架電結果", "架電により収集した個人情報")
# Name, kind, place.
MEDIUM = ("データサーバ", "データベース及び封印ファイル", "データサーバ設置場所")
KEY_MEDIUM = ("鍵保管媒体", "鍵保管ファイル", "データサーバ設置場所")
BACKUP_MEDIUM = "バックアップ媒体"
CARRIED_MEDIUM = ("可搬媒体", "データ受渡し用", "媒体台帳による")
BACKUP_PLACE = "鍵付保管庫"
UNITS: Mapping[str, str] = {
    "lent": "個",
    "recording": "件",
    "daily_pack": "個",
    "inbound": "個",
    "outbound": "個",
    "registered": "組",
    "carried": "個",
}
METHOD = "暗号鍵の抹消及びデータの削除"
TECHNIQUE = "契約・債権・月次・案件ごとの暗号鍵を抹消し、行とファイルを削除して領域を解放"
CONTACT = "業務管理者を通じて連絡"
WORKPLACE = "電話納付案内センター"
BACKEND = "鍵保管ファイル（データベースとは別のファイル）"
NO_LETTER = "書面の控えなし"
WITNESS = "委託者の立会者"
NOT_STATED = "記載なし"
GATE_NOT_MET = "契約終了後1週間以内の抹消を優先し、条件の成立を待たずに実施"
# What may be left, and why.
REMAINDERS: Mapping[str, tuple[str, str]] = {
    "outbound": (
        "市の受領が確認されていない日次結果ファイル（交換フォルダ送付側）",
        "委託者の受領確認前のため、確認後に削除",
    ),
    "registered": (
        "手元にない媒体のバックアップ（鍵は抹消済み）",
        "媒体の返却後に消去又は物理的に破壊し、報告する",
    ),
    "carried": (
        "消去の記録のない可搬媒体",
        "媒体台帳により消去し、記録して報告する",
    ),
}
PERSONS = {
    "supervisor": "業務管理者",
    "system_admin": "システム管理者",
    "verifier": "検証担当",
}
RISKS = (
    "記憶素子の予備領域に残る暗号文（鍵は抹消済み）",
    "委託者が保有するデータの写し",
    "電話会社の通話明細",
)
# A copy of the key store opens as long as the root key it was made under can be had.
RISK_KEY_STORE_COPIES = "鍵保管ファイルの複製を別に作成した場合のその複製"
RISK_OLD_KEY_STORE_COPIES = (
    "鍵保管ファイルの以前の複製（以前の根鍵の媒体又はパスフレーズも残っている場合に限る）"
)
ROOT_CHANGED = "抹消の後に根鍵を新しくした（以前の根鍵の媒体の破壊は別の手順で行い、記録する）"
ROOT_GONE = "抹消の後に根鍵を新しくし、以前の根鍵は専用装置の中で破棄した"
# The procedure destroys what lies under the root key, not the root key itself.
RISKS_OF_LEVEL: Mapping[str, str] = {
    "A": "専用装置の中の根鍵（装置での破棄は別の手順で行い、記録する）",
    "B": "根鍵の一部を持つ鍵媒体（物理的な破壊は別の手順で行い、記録する）",
}
RISK_OLDER_BACKUPS = "期限前のバックアップに残る暗号文（鍵は抹消済み）"
RISK_PHONE_INDEX = (
    "期限前のバックアップに残る電話番号の照合値（同じ月次の鍵がある間は、番号を知る者が照合できる）"
)
RISK_SERVER = "データベースサーバの先行書込ログに残る暗号文（鍵は抹消済み）"

STATEMENTS = CryptographicErase(
    product="dialer（電話納付案内システム）",
    key_generation="暗号用乱数により生成した256ビットの鍵",
    encryption="AES-256-GCM、HKDF-SHA256、鍵の確約値付き",
    key_hierarchy="根鍵、契約鍵（世代）、債権・月次ごとのデータ鍵、案件鍵の4階層。下位の鍵は上位の鍵で包む",
    data_areas="貸与データ、架電結果及び日次結果ファイルの全ての個人情報。平文の保存なし",
    key_life_cycle="データの受領時に生成し、抹消のたびに契約鍵の世代を更新",
    key_sanitization="鍵保管ファイルから鍵を削除し、残る鍵を新しい世代で包み直し、抹消記録を残す",
    key_escrow="鍵の預託なし。鍵保管ファイルはデータベースのバックアップに含めない",
    error_handling="中断した場合は同じ段階から再開し、抹消済みの鍵は復活しない",
    interface="鍵を取り出す機能なし。抹消は業務管理者とシステム管理者の二名による",
)


def scope_words(scope: ErasureScope) -> str:
    """The scope of an erasure as the certificate says it."""
    if scope.kind is ScopeKind.CONTRACT:
        return "契約の全部"
    if scope.kind is ScopeKind.RECEIVABLE:
        return f"債権 {scope.receivable} の全部"
    if scope.kind is ScopeKind.CAMPAIGN:
        return f"月次 {scope.campaign_code} の全部"
    if scope.kind is ScopeKind.RECORDING:
        return f"月次 {scope.campaign_code} の通話録音1件（録音番号 {scope.file_id}）"
    return f"月次 {scope.campaign_code} のうち1件（案件番号 {scope.case_id}）"

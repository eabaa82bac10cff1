"""The Japanese words of the printed certificate, one table per vocabulary."""

from __future__ import annotations

from secure_store.erasure.certificate_blocks import (
    AssuranceLevel,
    DocumentKind,
    EraseMethod,
    ItemKind,
    PersonRole,
    Sanitization,
)
from secure_store.erasure.states import Gate

REHEARSAL = "【訓練】この書面は訓練環境で作成したものであり、実在の情報に関する証明ではない。"

TITLES = {
    DocumentKind.ERASURE_CERTIFICATE: "抹消証明書",
    DocumentKind.DELETION_RECORD: "消去記録",
    DocumentKind.COMPLETION_REPORT: "作業終了報告書",
    DocumentKind.ERASURE_REPORT: "消去報告書",
}

OPENING = {
    DocumentKind.ERASURE_CERTIFICATE: "下記のとおり個人情報を抹消したことを証明する。",
    DocumentKind.DELETION_RECORD: "委託者の指示により、下記の記録を消去した。",
    DocumentKind.COMPLETION_REPORT: "下記のとおりデータの消去を終え、作業を終了した。",
    DocumentKind.ERASURE_REPORT: "下記のとおり個人情報を消去したので報告する。",
}

# An order about part of the data has no term of its own; the contract's is told all the same.
DEADLINES = {
    DocumentKind.ERASURE_CERTIFICATE: "抹消の期限",
    DocumentKind.DELETION_RECORD: "契約終了後の期限",
    DocumentKind.COMPLETION_REPORT: "抹消の期限",
    DocumentKind.ERASURE_REPORT: "抹消の期限",
}

STATEMENTS = {
    "product": "製品",
    "key_generation": "鍵の生成",
    "encryption": "暗号方式",
    "key_hierarchy": "鍵の階層",
    "data_areas": "対象とする領域",
    "key_life_cycle": "鍵の一生",
    "key_sanitization": "鍵の抹消方法",
    "key_escrow": "鍵の預託と控え",
    "error_handling": "中断したとき",
    "interface": "操作の経路",
}

ITEMS = {
    ItemKind.ROWS: "貸与データ及び架電結果の行",
    ItemKind.SEALED_VALUES: "暗号化した個人情報",
    ItemKind.BYTES: "データ量",
    ItemKind.FILES: "貸与ファイル",
    ItemKind.RECORDINGS: "録音音声",
    ItemKind.OUTBOX_FILES: "納品ファイルの控え",
    ItemKind.BACKUPS: "バックアップ",
    ItemKind.MEDIA: "外部記録媒体",
    ItemKind.PAPER_SHEETS: "帳票及び紙媒体",
    ItemKind.KEY_SHARES: "鍵の控え",
    ItemKind.TEMPORARY_FILES: "一時ファイル",
}

UNITS = {
    ItemKind.ROWS: "件",
    ItemKind.SEALED_VALUES: "件",
    ItemKind.BYTES: "バイト",
    ItemKind.FILES: "個",
    ItemKind.RECORDINGS: "件",
    ItemKind.OUTBOX_FILES: "個",
    ItemKind.BACKUPS: "組",
    ItemKind.MEDIA: "個",
    ItemKind.PAPER_SHEETS: "枚",
    ItemKind.KEY_SHARES: "個",
    ItemKind.TEMPORARY_FILES: "個",
}

METHODS = {
    EraseMethod.CRYPTOGRAPHIC: "暗号鍵の抹消",
    EraseMethod.DELETION: "データの削除",
    EraseMethod.OVERWRITE: "上書き",
    EraseMethod.PHYSICAL_DESTRUCTION: "物理破壊",
    EraseMethod.DISSOLUTION: "溶解",
}

SANITIZATIONS = {
    Sanitization.CLEAR: "Clear",
    Sanitization.PURGE: "Purge",
    Sanitization.DESTROY: "Destroy",
}

LEVELS = {
    AssuranceLevel.A: "Ａ（根鍵を専用装置で管理し、装置の外に出さない）",
    AssuranceLevel.B: "Ｂ（根鍵の一部を取外し媒体で管理）",
    AssuranceLevel.C: "Ｃ（根鍵をパスフレーズのみで管理。記憶媒体自体の消去又は破壊を別に要する）",
}

ROLES = {
    PersonRole.OPERATOR: "実施者",
    PersonRole.APPROVER: "承認者",
    PersonRole.VERIFIER: "検証者",
}

# Kinds are the key store's own words; one it adds later is printed as it stands.
KEYS = {
    "root": "根鍵",
    "contract": "契約鍵",
    "data": "データ鍵",
    "record": "案件鍵",
    "pseudonym": "仮名鍵",
    "file": "ファイル鍵",
    "backup": "バックアップ鍵",
}

GATES = {
    Gate.INSTRUCTION_RECEIVED: "指示書未受領",
    Gate.APPLICATION_SENT: "申請書未提出",
    Gate.CONSENT_RECORDED: "同意書未受領",
    Gate.CONSENT_MATCHES: "同意の範囲と申請との相違",
    Gate.WITNESS_PRESENT: "立会い未了",
    Gate.FINAL_RESULTS_ACCEPTED: "最終報告の検収未了",
    Gate.RETURN_DONE: "貸与品の返還未了",
    Gate.COUNTS_AS_APPLIED: "申請時の数量との相違",
    Gate.NO_OPEN_HOLD: "証拠保全中",
    Gate.LEASES_CLOSED: "処理中の案件あり",
    Gate.LINE_OFF: "回線使用中",
    Gate.JOBS_DRAINED: "処理待ちの作業あり",
    Gate.SCAN_BEFORE_CLEAN: "抹消前の検索未了",
    Gate.COUNTS_FRESH: "数量の再確認未了",
    Gate.TWO_PERSONS: "二名による実施の未了",
    Gate.TOMBSTONES_PRESENT: "抹消記録の不足",
    Gate.ROWS_GONE: "行の削除未了",
    Gate.COPIES_REGISTERED_GONE: "複製の廃棄未了",
    Gate.NOTHING_OPENS: "復号不能の確認未了",
    Gate.THIRD_PERSON: "第三者による検証の未了",
    Gate.CERTIFICATE_SIGNED: "証明書の署名未了",
    Gate.ACCEPTANCE_RECORDED: "受領の記録なし",
}

"""The audit trail in words: one sentence per tag, families for the filter.

The words of each act stand in ``audit_acts.py`` (the work) and ``audit_store_acts.py`` (the store).
"""

from __future__ import annotations

from collections.abc import Mapping

from secure_store.audit.tags import FieldGroup, Result, Tag
from webui.words.audit_acts import WORK_ACTS
from webui.words.audit_store_acts import STORE_ACTS

FAMILY_WORDS: Mapping[str, str] = {
    "auth": "ログイン",
    "staff": "従事者",
    "terminal": "端末",
    "watch": "閲覧の見張り",
    "duty": "業務の開始・終了",
    "campaign": "架電期間",
    "list": "貸与データ",
    "call_list": "架電リスト",
    "case": "案件",
    "identity": "本人確認",
    "lease": "確保",
    "assignment": "担当",
    "group": "担当グループ",
    "search": "検索",
    "permit": "発信許可",
    "attempt": "発信",
    "callback": "折返し",
    "recording": "録音",
    "outcome": "結果",
    "promise": "納付約束",
    "notice": "市の連絡",
    "payments": "納付",
    "follow_up": "再架電",
    "escalation": "引継ぎ",
    "complaint": "苦情",
    "script": "トークスクリプト",
    "qa": "Q&A集",
    "document": "書類",
    "daily": "日次ファイル",
    "report": "報告",
    "export": "書出し",
    "medium": "媒体",
    "transfer": "受渡し",
    "inventory": "保管場所一覧",
    "recipient": "届け先",
    "paper": "紙運用",
    "key": "鍵",
    "erasure": "抹消",
    "window": "実施時間",
    "suspension": "業務停止",
    "hold": "証拠保全",
    "incident": "事故",
    "audit": "記録",
    "backup": "バックアップ",
    "clock": "時計",
    "system": "システム",
    "scheduler": "予定の仕事",
    "parameter": "設定値",
    "profile": "契約の設定",
    "instruction": "個別業務指示書",
}


def tag_words(tag: Tag) -> str:
    """The tag in words; a tag without words shows itself rather than hide an event."""
    family = FAMILY_WORDS.get(tag.value.partition(":")[0])
    action = WORK_ACTS.get(tag.value) or STORE_ACTS.get(tag.value)
    return f"{family}：{action}" if family and action else tag.value


RESULT_WORDS = {Result.OK: "済", Result.DENIED: "断った", Result.FAILED: "失敗"}
RESULT_TONES = {Result.OK: "", Result.DENIED: "care", Result.FAILED: "stop"}
GROUP_WORDS = {
    FieldGroup.CONTACT: "連絡先",
    FieldGroup.IDENTITY: "本人確認",
    FieldGroup.DEBT: "債権",
    FieldGroup.COLLECTED: "聞いた内容",
    FieldGroup.RECORDING: "録音",
}
OBJECT_WORDS = {
    "case": "案件",
    "ticket": "引継ぎ",
    "escalation_ticket": "引継ぎの内容",
    "notice": "市の連絡",
    "call_record": "通話の記録",
    "staff": "利用者",
    "talk_document": "台本・Q&A",
    "sealed_file": "封をしたファイル",
    "backup": "バックアップ",
    "backup_medium": "バックアップの媒体",
    "erasure": "抹消",
    "lent_list": "貸与データ",
    "campaign": "架電期間",
    "period_change": "期間の変更",
    "volume_notice": "概数の連絡",
    "planned_volume": "予定件数",
    "attempt": "発信",
    "dated_order": "実施時間の指示",
    "follow_up": "再架電",
    "handling": "対応",
    "hold": "証拠保全",
    "incident": "事故・事案",
    "pack_file": "日次ファイル",
    "permit": "発信許可",
    "promise": "納付約束",
    "suspension": "業務停止",
    "exchange_key": "受渡しの鍵",
    "recipient": "届け先",
    "hand_over": "受渡し",
    "medium": "媒体",
    "export_approval": "書出しの承認",
}

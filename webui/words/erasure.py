"""Words of erasures: scopes, steps, conditions, places."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Protocol

from secure_store.erasure.scopes import ErasureScope, ScopeKind
from secure_store.erasure.states import ErasureState, Gate
from secure_store.people.throttle import LoginAnswer
from secure_store.retention import DeadlineKind
from webui.formatters import jst

KIND_WORDS: Mapping[ScopeKind, str] = {
    ScopeKind.CONTRACT: "契約の全部",
    ScopeKind.RECEIVABLE: "1つの債権",
    ScopeKind.CAMPAIGN: "1つの架電期間",
    ScopeKind.CASE: "1件の案件",
    ScopeKind.RECORDING: "1件の録音",
}
STEP_WORDS: Mapping[ErasureState, str] = {
    ErasureState.DRAFT: "起案",
    ErasureState.APPLIED: "市への申請",
    ErasureState.CONSENTED: "市の承諾",
    ErasureState.FROZEN: "凍結",
    ErasureState.SCANNED_BEFORE: "抹消前の検査",
    ErasureState.KEYS_DESTROYED: "鍵の抹消",
    ErasureState.ROWS_PURGED: "行の消去",
    ErasureState.COPIES_DESTROYED: "写しの廃棄",
    ErasureState.VERIFIED: "第三者の検証",
    ErasureState.CERTIFIED: "証明書",
    ErasureState.ACCEPTED: "市の受領",
}
STATE_WORDS: Mapping[ErasureState, str] = {
    ErasureState.DRAFT: "起案",
    ErasureState.APPLIED: "申請済み",
    ErasureState.CONSENTED: "承諾済み",
    ErasureState.FROZEN: "凍結中",
    ErasureState.SCANNED_BEFORE: "検査済み",
    ErasureState.KEYS_DESTROYED: "鍵を抹消",
    ErasureState.ROWS_PURGED: "行を消去",
    ErasureState.COPIES_DESTROYED: "検証待ち",
    ErasureState.VERIFIED: "検証済み",
    ErasureState.CERTIFIED: "証明書あり",
    ErasureState.ACCEPTED: "受領済み",
    ErasureState.HELD: "証拠保全",
}
STATE_TONES: Mapping[ErasureState, str] = {
    ErasureState.HELD: "stop",
    ErasureState.CERTIFIED: "done",
    ErasureState.ACCEPTED: "done",
    ErasureState.KEYS_DESTROYED: "care",
    ErasureState.ROWS_PURGED: "care",
}
# What has to be so; said as it is when it is met.
GATE_WORDS: Mapping[Gate, str] = {
    Gate.INSTRUCTION_RECEIVED: "市の指示",
    Gate.APPLICATION_SENT: "申請書",
    Gate.CONSENT_RECORDED: "市の承諾",
    Gate.CONSENT_MATCHES: "承諾の範囲",
    Gate.WITNESS_PRESENT: "立会い",
    Gate.FINAL_RESULTS_ACCEPTED: "最終結果の受領",
    Gate.RETURN_DONE: "貸与品の返還",
    Gate.COUNTS_AS_APPLIED: "申請した件数",
    Gate.NO_OPEN_HOLD: "証拠保全",
    Gate.LEASES_CLOSED: "手元の案件",
    Gate.LINE_OFF: "通話",
    Gate.JOBS_DRAINED: "データの受入れ",
    Gate.SCAN_BEFORE_CLEAN: "抹消前の検査",
    Gate.COUNTS_FRESH: "件数の数え直し",
    Gate.TWO_PERSONS: "二人の承認",
    Gate.TOMBSTONES_PRESENT: "抹消の記録",
    Gate.ROWS_GONE: "行の消去",
    Gate.COPIES_REGISTERED_GONE: "写しの廃棄",
    Gate.NOTHING_OPENS: "復号の試行",
    Gate.THIRD_PERSON: "第三者",
    Gate.CERTIFICATE_SIGNED: "証明書の署名",
    Gate.ACCEPTANCE_RECORDED: "受領の記録",
}
MET_WORDS: Mapping[Gate, str] = {
    Gate.INSTRUCTION_RECEIVED: "受領済み、又は契約の終わり",
    Gate.APPLICATION_SENT: "送付済み",
    Gate.CONSENT_RECORDED: "受領済み",
    Gate.CONSENT_MATCHES: "申請書の確認番号と一致",
    Gate.WITNESS_PRESENT: "済み、又は求めなし",
    Gate.FINAL_RESULTS_ACCEPTED: "すべて受領済み",
    Gate.RETURN_DONE: "済み",
    Gate.COUNTS_AS_APPLIED: "いまの件数と一致",
    Gate.NO_OPEN_HOLD: "ありません",
    Gate.LEASES_CLOSED: "0件",
    Gate.LINE_OFF: "0件",
    Gate.JOBS_DRAINED: "受入れ中のものはありません",
}
OPEN_WORDS: Mapping[Gate, str] = {
    Gate.INSTRUCTION_RECEIVED: "まだ受け取っていません",
    Gate.APPLICATION_SENT: "まだ送っていません",
    Gate.CONSENT_RECORDED: "まだ受け取っていません",
    Gate.CONSENT_MATCHES: "申請書の確認番号と一致を確かめていません",
    Gate.WITNESS_PRESENT: "まだです",
    Gate.FINAL_RESULTS_ACCEPTED: "受領を確認していない日があります",
    Gate.RETURN_DONE: "まだ記録していません",
    Gate.COUNTS_AS_APPLIED: "申請のあとで件数が変わりました",
    Gate.NO_OPEN_HOLD: "保全中です",
    Gate.LEASES_CLOSED: "担当者の手元に案件があります",
    Gate.LINE_OFF: "つながっている通話があります",
    Gate.JOBS_DRAINED: "受け入れている途中です",
    Gate.SCAN_BEFORE_CLEAN: "開けない値か、平文の値が見つかりました",
    Gate.NOTHING_OPENS: "開けた値か、残った値が見つかりました",
    Gate.THIRD_PERSON: "抹消した二人とは別の人が要ります",
    Gate.TOMBSTONES_PRESENT: "抹消の記録が足りません",
    Gate.ROWS_GONE: "残っている行があります",
    Gate.COPIES_REGISTERED_GONE: "残っている写しがあります",
}
RECORDABLE: Mapping[Gate, str] = {
    Gate.RETURN_DONE: "貸与品を返した",
    Gate.FINAL_RESULTS_ACCEPTED: "最終結果が検収された",
    Gate.INSTRUCTION_RECEIVED: "市の指示を受けた",
}
PLACE_WORDS: Mapping[str, str] = {
    "call_case": "貸与データの案件",
    "case_phone": "電話番号の索引",
    "case_move": "案件の経過",
    "assignment": "割当て",
    "queue_entry": "架電順",
    "dial_permit": "発信許可",
    "dial_attempt": "発信の記録",
    "case_handling": "応対の記録",
    "call_record": "架電記録",
    "payment_promise": "納付約束",
    "payment_notice": "納付の確認",
    "follow_up": "再架電の予定",
    "follow_up_event": "再架電の経過",
    "escalation_ticket": "エスカレーション案件",
    "ticket_move": "エスカレーションの経過",
    "sealed": "暗号化した個人情報",
    "lent": "貸与ファイル",
    "recording": "通話録音",
    "daily_pack": "日次結果ファイル",
    "inbound": "交換フォルダ（受領側）",
    "outbound": "交換フォルダ（送付側）",
    "registered": "登録済みのバックアップ",
    "carried": "可搬媒体（消去の記録のないもの）",
}
ANSWERS: Mapping[LoginAnswer, str] = {
    LoginAnswer.REFUSED: "利用者番号かパスワードが違います。",
    LoginAnswer.MUST_WAIT: "続けて間違えたため、少し待ってからもう一度入れてください。",
    LoginAnswer.LOCKED: "この利用者番号はロックされています。対面で確かめて解いてください。",
}
DONE: Mapping[str, str] = {
    "planned": "抹消を起案し、申請書を作りました。",
    "applied": "申請書を市へ送ったことを記録しました。",
    "witness": "立会いを記録しました。",
    "consented": "市の承諾を記録しました。",
    "condition": "記録しました。",
    "frozen": "凍結しました。この範囲の案件は、もうだれにも渡りません。",
    "scanned": "検査が済みました。すべての値が開け、平文の値は見つかりませんでした。",
    "destroyed": "鍵を抹消しました。この範囲の個人情報は、だれにも開けません。",
    "purged": "行を消去し、領域を解放しました。",
    "copies": "写しを廃棄しました。抹消した二人とは別の人が検証します。",
    "verified": "検証が済みました。抹消した鍵で封じた値は、一つも開きませんでした。",
    "certified": "証明書に署名しました。",
    "accepted": "市の受領を記録しました。この抹消は終わりです。",
}


# Acts of the contract's end, in the order of their calendar.
DEADLINE_WORDS: Mapping[DeadlineKind, str] = {
    DeadlineKind.REGISTER_REVIEW: "保管場所・媒体・紙の台帳を見直す",
    DeadlineKind.APPLICATION_SENT: "消去の申請書を市へ送る",
    DeadlineKind.CALLS_END: "架電を終える",
    DeadlineKind.LAST_DAILY_FILE: "最後の日次結果を渡す",
    DeadlineKind.FROZEN_AND_SCANNED: "凍結し、抹消前の検査をする",
    DeadlineKind.KEYS_DESTROYED: "鍵を抹消する",
    DeadlineKind.COPIES_DESTROYED: "写し・バックアップ・媒体・紙を廃棄する",
    DeadlineKind.VERIFIED: "第三者が検証する",
    DeadlineKind.CERTIFICATE_HANDED_OVER: "抹消証明書を市へ渡す",
    DeadlineKind.CONTRACTUAL_LIMIT: "契約上の期限",
}


class Dated(Protocol):
    """An act of the calendar, as much as its sentences need."""

    @property
    def kind(self) -> DeadlineKind: ...
    @property
    def at(self) -> datetime: ...
    @property
    def lacks_consent(self) -> bool: ...


def last_day(one: Dated) -> date:
    """The last day of an act: an instant at midnight ends the day before."""
    return (jst(one.at) - timedelta(seconds=1)).date()


def alarm_title(one: Dated) -> str:
    """The alarm in one sentence."""
    if one.lacks_consent:
        return "消去の申請に、市の承諾がまだ届いていません。"
    when = last_day(one)
    return f"「{DEADLINE_WORDS[one.kind]}」が済んでいません（期限 {when.month}月{when.day}日）。"


def alarm_text(one: Dated) -> str:
    """What to do about it."""
    if one.lacks_consent:
        return "市の担当へ電話で確かめてください。届かないときは、未了として証明書に書かれます。"
    if one.kind is DeadlineKind.CERTIFICATE_HANDED_OVER:
        return "市の担当へ電話で連絡し、証明書を渡す日時を決めてください。"
    return "きょうのうちに進めてください。進められないときは、市の担当へ電話で連絡してください。"


def scope_words(scope: ErasureScope) -> str:
    """The scope of an erasure in one line."""
    if scope.kind is ScopeKind.CONTRACT:
        return "契約の全部"
    if scope.kind is ScopeKind.RECEIVABLE:
        return f"債権 {scope.receivable} の全部"
    if scope.kind is ScopeKind.CAMPAIGN:
        return f"架電期間 {scope.campaign_code} の全部"
    if scope.kind is ScopeKind.RECORDING:
        return f"架電期間 {scope.campaign_code} の録音1件"
    return f"架電期間 {scope.campaign_code} のうち1件"


def not_there(kind: str) -> dict[str, str]:
    """What stands beside the field when there is no such case or recording."""
    if kind == ScopeKind.RECORDING.value:
        return {"recording_id": "この録音番号の録音はありません。"}
    return {"case_id": "この案件番号の案件はありません。"}


def gate_note(gate: Gate, *, is_met: bool, paper: str) -> str:
    """What stands beside a condition: how it is met, or what is missing."""
    words = MET_WORDS.get(gate, "済み") if is_met else OPEN_WORDS.get(gate, "まだです")
    return f"{paper}　{words}" if paper else words

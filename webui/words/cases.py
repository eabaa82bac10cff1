"""The words screens use for states, closings and seats: one table each."""

from __future__ import annotations

from collections.abc import Mapping

from campaigns.api import (
    CareCode,
    CaseStatus,
    CloseReason,
    FollowUpKind,
    IdentityResult,
    Mark,
    TicketState,
)
from dialer.api import AgentActivity

STATUS_WORDS: Mapping[CaseStatus, str] = {
    CaseStatus.WAITING: "次回待ち",
    CaseStatus.FOLLOW_UP_BOOKED: "再架電の予約",
    CaseStatus.PROMISED: "約束日待ち",
    CaseStatus.WITH_DEPARTMENT: "所管課の回答待ち",
    CaseStatus.CLOSED: "終了",
}
CLOSE_WORDS: Mapping[CloseReason, str] = {
    CloseReason.PAID: "91 納付確認",
    CloseReason.WITHDRAWN: "92 引抜き",
    CloseReason.ATTEMPTS_USED_UP: "93 回数の上限",
    CloseReason.PERIOD_OVER: "94 期間終了",
    CloseReason.NOT_CALLABLE: "95 架電対象外",
    CloseReason.NUMBERS_UNUSABLE: "96 番号不良",
    CloseReason.GUIDED: "97 本人案内済み",
    CloseReason.HANDED_OVER: "98 所管課へ引継ぎ",
}
CLOSE_CODE_WORDS: Mapping[str, str] = {reason.code: word for reason, word in CLOSE_WORDS.items()}
EXCLUSION_WORDS: Mapping[str, str] = {
    "no_phone": "電話番号なし",
    "phone_invalid": "電話番号の形式不正",
    "workplace_only": "勤務先の番号だけ",
    "duplicate_in_file": "ファイル内の重複",
}
CARE_WORDS: Mapping[CareCode, str] = {
    CareCode.NO_EVENING: "夜間不可",
    CareCode.SATURDAY_SUNDAY_ONLY: "土日のみ",
    CareCode.WEEKDAY_EVENING_ONLY: "平日夜のみ",
    CareCode.SPEAK_SLOWLY: "ゆっくり話す",
    CareCode.FOREIGN_LANGUAGE: "外国語",
    CareCode.SIGN_OR_TEXT: "手話・文字",
}
IDENTITY_WORDS: Mapping[IdentityResult, str] = {
    IdentityResult.PENDING: "未実施",
    IdentityResult.PASSED: "済",
    IdentityResult.REFUSED: "拒否",
    IdentityResult.MISMATCHED: "不一致",
}
FOLLOW_UP_WORDS: Mapping[FollowUpKind, str] = {
    FollowUpKind.AGREED: "約束した時刻",
    FollowUpKind.IDENTITY_NOT_CONFIRMED: "本人確認のかけ直し",
}
TICKET_WORDS: Mapping[TicketState, str] = {
    TicketState.RAISED: "受付前",
    TicketState.ACKNOWLEDGED: "受付済",
    TicketState.CONTACTED: "連絡済・回答待ち",
    TicketState.ANSWERED: "回答あり",
    TicketState.CLOSED: "完了",
}
MARK_KINDS: Mapping[Mark, str] = {Mark.STAR: "star", Mark.WHITE_STAR: "check", Mark.NONE: ""}

# State shown and the word beside it: the shape never stands alone.
SEAT_WORDS: Mapping[AgentActivity, tuple[str, str]] = {
    AgentActivity.READY: ("ready", "発信待ち"),
    AgentActivity.CALLING: ("call", "発信中"),
    AgentActivity.TALKING: ("call", "通話中"),
    AgentActivity.AFTER_CALL_WORK: ("wrapup", "後処理"),
    AgentActivity.ON_BREAK: ("away", "休憩"),
    AgentActivity.AWAY: ("away", "離席"),
    AgentActivity.HELP_WANTED: ("help", "応援要請"),
}
NOT_BEGUN = ("away", "未開始")

# Why a case moved, as the rules and screens write it; anything else is a document's number.
MOVE_WORDS: Mapping[str, str] = {
    "department_answer": "所管課の回答",
    "period_over": "期間終了",
    "reopen_instruction": "所管課の指示で再開",
    "reopen_wrong_outcome": "結果の入れ違いのため再開",
    "reopen_wrong_withdrawal": "引抜きの誤りのため再開",
}
OUTCOME = "outcome_"
REOPEN_REASONS: tuple[tuple[str, str], ...] = (
    ("reopen_instruction", "所管課から再開の指示があった"),
    ("reopen_wrong_outcome", "結果を入れ違えて終了になった"),
    ("reopen_wrong_withdrawal", "引き抜く案件を間違えた"),
)


def move_word(why: str) -> str:
    """The words for the reason of a move; a document's number stands for itself."""
    if why.startswith(OUTCOME):
        return f"通話の結果 {why.removeprefix(OUTCOME)}"
    return MOVE_WORDS.get(why, why)

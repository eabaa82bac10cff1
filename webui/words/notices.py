"""The city's notices in words: kinds, states, faults of their files, what the agent reads."""

from __future__ import annotations

from collections.abc import Mapping

from campaigns.api import CloseReason, DeskView, NoticeKind, NoticeSource, NoticeState
from webui.words.intake import FAULT_WORDS

KIND_WORDS: Mapping[NoticeKind, str] = {
    NoticeKind.HIKINUKI: "引抜き",
    NoticeKind.SHUNO: "納付確認",
}
STATE_WORDS: Mapping[NoticeState, tuple[str, str]] = {
    NoticeState.CHECKED: ("反映待ち", "care"),
    NoticeState.APPLYING: ("反映の途中", "care"),
    NoticeState.APPLIED: ("反映済み", "done"),
}
SOURCE_WORDS: Mapping[NoticeSource, str] = {
    NoticeSource.FILE: "ファイル",
    NoticeSource.HAND: "文書（手入力）",
}
REASON_WORDS: Mapping[str, str] = {
    "1": "納付",
    "2": "所管課対応",
    "3": "秘匿",
    "4": "その他",
}
NOTICE_FAULT_WORDS: Mapping[str, str] = {
    **FAULT_WORDS,
    "file_missing": "データファイルと送付書（CTL）のどちらかが足りません",
    "file_twice": "同じ種類のファイルが2つあります。1回に1組だけ受け取ります",
    "control_sum": "送付書の合計額と違います",
}

# What the agent on that very call reads: title and what to do, by how far the call has come.
TAKEN_BACK_TITLES: Mapping[CloseReason, str] = {
    CloseReason.WITHDRAWN: "引抜きの連絡が入りました",
    CloseReason.PAID: "納付の確認が入りました",
}
NOT_DIALLED = "この案件には、もうかけません。「かけずに戻す」を押すと、次の案件へ進めます。"
RINGING = "呼び出しをやめて切り、回線の結果を選びます。出られたときは、結びの言葉だけを伝えます。"
TALKING: Mapping[CloseReason, str] = {
    CloseReason.WITHDRAWN: "案内はここまでにします。金額や期別にはもう触れません。",
    CloseReason.PAID: "納付を確認できたことにお礼を伝えます。金額や期別にはもう触れません。",
}
# Before the identity check is passed nobody on the line hears what the call was about.
TALKING_TO_ANYBODY = "本人確認は始めません。用件を言わずに、結びの言葉で終えます。"
CLOSING_WORDS: Mapping[CloseReason, str] = {
    CloseReason.WITHDRAWN: "恐れ入ります、ただいま担当の課から連絡が入りました。"
    "本日のご案内はここまでといたします。お時間をいただき、ありがとうございました。",
    CloseReason.PAID: "恐れ入ります、ただいま納付の確認が取れたとの連絡が入りました。"
    "ご納付ありがとうございました。失礼いたします。",
}
CLOSING_TO_ANYBODY = (
    "恐れ入ります、本日の用件は済みましたので、これで失礼いたします。"
    "お時間をいただき、ありがとうございました。"
)
AFTER_CALL = "聞いたことは、いつもどおり結果に残します。案件は終わったままで、再架電はしません。"


def back_title(view: DeskView) -> str:
    """「引抜きの連絡が入りました」 while such a case is in hand; empty without such a word."""
    back = view.taken_back
    return TAKEN_BACK_TITLES[back.reason] if back is not None else ""

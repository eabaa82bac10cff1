"""The words for calls we owe: states, turns of the ledger, reasons."""

from __future__ import annotations

from collections.abc import Mapping

from campaigns.api import FollowUpState, FollowUpStatus, TurnKind, TurnReason

# The word and the tone of its badge.
STATE_WORDS: Mapping[FollowUpState, tuple[str, str]] = {
    FollowUpState.RELEASED: ("全員へ", "stop"),
    FollowUpState.LATE: ("遅れ", "stop"),
    FollowUpState.DUE: ("時刻です", "care"),
    FollowUpState.CARRIED_OVER: ("持ち越し", "care"),
    FollowUpState.BOOKED: ("予定", ""),
}
STATE_NOTES: Mapping[FollowUpState, str] = {
    FollowUpState.RELEASED: "担当がかけないため、この債権のだれでも受けられます。",
    FollowUpState.LATE: "時刻を過ぎています。担当が先にかけます。",
    FollowUpState.DUE: "担当の次の案件として出ます。",
    FollowUpState.CARRIED_OVER: "約束の日にかけられず、次の実施時間に持ち越しています。",
    FollowUpState.BOOKED: "時刻が来ると、担当の次の案件として出ます。",
}
STATUS_WORDS: Mapping[FollowUpStatus, str] = {
    FollowUpStatus.OPEN: "これからかける",
    FollowUpStatus.DONE: "かけた",
    FollowUpStatus.CANCELLED: "取りやめた",
}
TURN_WORDS: Mapping[TurnKind, str] = {
    TurnKind.BOOKED: "約束した",
    TurnKind.MOVED: "時刻を移した",
    TurnKind.BECAME_LATE: "遅れた",
    TurnKind.REASSIGNED: "受ける人を変えた",
    TurnKind.BREACHED: "その日にかけられなかった",
    TurnKind.DONE: "かけた",
    TurnKind.CANCELLED: "取りやめた",
}
REASON_WORDS: Mapping[TurnReason, str] = {
    TurnReason.AGREED: "相手と決めた時刻",
    TurnReason.IDENTITY_OPEN: "本人確認のかけ直し",
    TurnReason.OUTSIDE_HOURS: "実施時間の外だったため",
    TurnReason.NOT_GOT_THROUGH: "つながらなかったため",
    TurnReason.HOURS_ORDERED: "市の指示で実施時間が変わったため",
    TurnReason.ORDER_WITHDRAWN: "市の指示が取り消されたため",
    TurnReason.PERIOD_CHANGED: "架電期間が変わったため",
    TurnReason.RULES_CHANGED: "実施時間のきまりが変わったため",
    TurnReason.SUSPENDED: "架電を止めているため",
    TurnReason.SUSPENSION_LIFTED: "架電の停止が解けたため",
    TurnReason.NOT_CALLED_IN_TIME: "時刻にかけなかったため",
    TurnReason.NOT_CALLED_THAT_DAY: "約束の日にかけられなかったため",
    TurnReason.HOLDER_NOT_AT_WORK: "担当が席にいないため",
    TurnReason.LEASE_EXPIRED: "受けた人がかけないまま時間が過ぎたため",
    TurnReason.PUT_BACK: "受けた人がかけずに戻したため",
    TurnReason.BY_SUPERVISOR: "業務管理者が決めた",
    TurnReason.CALLED: "こちらからかけた",
    TurnReason.THEY_RANG: "相手から電話があった",
    TurnReason.AGREED_ANEW: "あらためて時刻を決めたため",
    TurnReason.WITHDRAWN: "引抜き",
    TurnReason.WITH_DEPARTMENT: "所管課へ引き継いだため",
    TurnReason.CASE_CLOSED: "案件が終わったため",
    TurnReason.PERIOD_OVER: "期間が終わったため",
}


def who_word(code: str) -> str:
    """The person of a turn; what the programs did themselves is called 自動."""
    return code if code[:2].isupper() else "自動"

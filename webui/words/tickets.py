"""Words of escalation tickets."""

from __future__ import annotations

from campaigns.api import Mark, TextFaultKind, TicketState

MARK_KINDS = {Mark.NONE: "", Mark.WHITE_STAR: "check", Mark.STAR: "star"}

STATE_WORDS = {
    TicketState.RAISED: "受付",
    TicketState.ACKNOWLEDGED: "確認済み",
    TicketState.CONTACTED: "所管課へ連絡済み",
    TicketState.ANSWERED: "回答済み",
    TicketState.CLOSED: "終了",
}
STEP_WORDS = {
    TicketState.RAISED: "結果から起票",
    TicketState.ACKNOWLEDGED: "業務管理者が確認",
    TicketState.CONTACTED: "所管課へ連絡",
    TicketState.ANSWERED: "所管課の回答",
    TicketState.CLOSED: "終了",
}
WAITS_FOR = {
    TicketState.RAISED: "業務管理者の確認を待っています",
    TicketState.ACKNOWLEDGED: "所管課への連絡を待っています",
    TicketState.CONTACTED: "所管課の回答を待っています",
    TicketState.ANSWERED: "引継ぎの終了を待っています",
    TicketState.CLOSED: "終わりました",
}
# The six results of the escalation list (domain: 2.3c).
ANSWER_WORDS = {
    1: "納付を確認した",
    2: "本人に連絡した",
    3: "番号を訂正した",
    4: "架電を再開してよい",
    5: "架電を終える",
    6: "その他",
}
RESUME_WORDS = {True: "再開してよい", False: "再開しない"}
TEXT_FAULTS = {
    TextFaultKind.CONTROL_CHARACTER: "{position}文字目に、使えない文字（制御文字など）があります。",
    TextFaultKind.FORMULA_START: "先頭の記号「= + - @ |」は、提出ファイルで式と読まれます。別の言葉で始めてください。",
    TextFaultKind.NOT_ENCODABLE: "{position}文字目は、提出ファイルの文字コードにありません。別の字かかなで書いてください。",
    TextFaultKind.TOO_LONG: "{longest}文字までです。{longest}文字に収めてください。",
}

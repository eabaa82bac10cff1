"""Words of the outcome classification table: effects, contact, fields, faults of a file."""

from __future__ import annotations

from campaigns.api import (
    ContactPerson,
    Content,
    Direction,
    Mark,
    MarkCondition,
    OutcomeEffect,
    OutcomeRow,
    Position,
    RequiredField,
    TableFaultKind,
)

CONTENT_WORDS = {
    Content.NOT_REACHED: "つながらない",
    Content.BAD_NUMBER: "番号に問題がある",
    Content.THIRD_PARTY: "本人以外が出た",
    Content.IDENTITY_OPEN: "本人確認が済まない",
    Content.WILL_PAY: "納付の話ができた",
    Content.DEPARTMENT: "所管課へ引き継ぐ",
    Content.INBOUND: "折返し（入電）",
}
EFFECT_WORDS = {
    OutcomeEffect.RETRY: "別の日・別の時間帯にかけ直す",
    OutcomeEffect.RETRY_SOON: "同じ日に間をおいてかけ直す",
    OutcomeEffect.RETRY_AGREED: "聞いた日時にかけ直す",
    OutcomeEffect.NEXT_NUMBER: "次の番号にかける",
    OutcomeEffect.AWAIT_PROMISE: "約束の日を待つ",
    OutcomeEffect.AWAIT_DEPARTMENT: "所管課の回答を待つ",
    OutcomeEffect.CLOSE: "案件を終える",
}
FIELD_WORDS = {
    RequiredField.FOLLOW_UP_AT: "再架電の日時",
    RequiredField.PROMISED_ON: "約束日",
    RequiredField.PROMISED_YEN: "約束額",
    RequiredField.PAYMENT_METHOD: "納付方法",
    RequiredField.PROMISED_PERIODS: "対象の期別",
    RequiredField.REST_LEFT_OPEN: "残りの扱い",
    RequiredField.PAID_ON: "納めた日",
    RequiredField.PAID_YEN: "納めた額",
    RequiredField.ANSWER_WANTED: "回答の要否",
    RequiredField.NOTE: "要旨",
    RequiredField.NOTE_10: "要旨（10文字以上）",
    RequiredField.RECORDING: "録音の番号",
}
DIRECTION_WORDS = {
    Direction.OUTBOUND: "発信",
    Direction.INBOUND: "入電",
    Direction.BOTH: "両方",
}
POSITION_WORDS = {Position.PRIMARY: "主", Position.SECONDARY: "副", Position.BOTH: "主・副"}
PERSON_WORDS = {
    ContactPerson.NO: "",
    ContactPerson.YES: "本人",
    ContactPerson.AS_CHECKED: "確認による",
}
CONDITION_WORDS = {
    MarkCondition.NEVER: "",
    MarkCondition.REST_LEFT_OPEN: "残りが未定のとき",
    MarkCondition.ANSWER_WANTED: "回答を求められたとき",
}
MARK_KINDS = {Mark.NONE: "", Mark.WHITE_STAR: "check", Mark.STAR: "star"}
TABLE_FAULTS = {
    TableFaultKind.COLUMN_MISSING: "この列がありません。",
    TableFaultKind.COLUMN_UNKNOWN: "知らない列です。列の名前は雛形のとおりにします。",
    TableFaultKind.CELLS_DO_NOT_MATCH_HEADER: "列の数が見出しと違います。",
    TableFaultKind.VALUE_UNKNOWN: "決められた言葉・数ではありません。",
    TableFaultKind.NOT_READABLE: "読めません。UTF-8 の CSV にしてください。",
    TableFaultKind.NO_ROWS: "行がありません。",
    TableFaultKind.CODE_MALFORMED: "コードは数字2桁です。",
    TableFaultKind.CODE_RESERVED: "終了区分（91–98）のコードは使えません。",
    TableFaultKind.CODE_REPEATED: "同じものが2回あります。",
    TableFaultKind.CODE_NOT_IN_TABLE: "主コードとして表にないコードです。",
    TableFaultKind.LABEL_MISSING: "名前がありません。",
    TableFaultKind.LABEL_UNFIT: "名前が長すぎるか、提出ファイルに書けない文字があります。",
    TableFaultKind.OUT_OF_RANGE: "範囲の外です。",
    TableFaultKind.FIELD_MISSING: "必要な内容がありません。",
    TableFaultKind.NEEDS_MARK: "★ か ☆ が要ります。所管課に伝わりません。",
    TableFaultKind.STAR_MUST_STOP: "★ の結果は、所管課を待つか案件を終えるものにします。",
    TableFaultKind.DOES_NOT_FIT: "ほかの列と合いません。",
}


def effect_text(row: OutcomeRow) -> str:
    """What the program does with a code, in one line of words."""
    if row.effect is None:
        return "主コードのとおり" if row.position is Position.SECONDARY else "いまの状態のまま"
    text = EFFECT_WORDS[row.effect]
    if row.wait_days:
        text += f"（{row.wait_days}日以上あける）"
    if row.then_effect is not None:
        times = f"{row.times}回まで。" if row.times else "まとめて1回と数える。"
        text += f"。{times}そのあとは{EFFECT_WORDS[row.then_effect]}"
    if row.if_agreed_effect is not None:
        text += f"。日時を聞いたら{EFFECT_WORDS[row.if_agreed_effect]}"
    return text + ("。この番号には二度とかけない" if row.blocks_number else "")


def count_text(row: OutcomeRow) -> str:
    """What a code counts as: dial, attempt."""
    if row.counts_attempt:
        return "発信・回数" if row.counts_dial else "回数"
    if row.counts_grouped:
        return "まとめて1回"
    return "発信" if row.counts_dial else ""


def contact_text(row: OutcomeRow) -> str:
    """Who is counted as reached."""
    if not row.contact_wide:
        return ""
    return PERSON_WORDS[row.contact_person] or "本人以外"

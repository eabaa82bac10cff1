"""Words of the daily close and its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from campaigns.api import DayState, SumKey
from secure_store.exchange.envelopes import Form
from webui.words.exchange import FORM_WORDS

STATE_WORDS: Mapping[DayState, str] = {
    DayState.CLOSED: "作成待ち",
    DayState.BUILT: "署名待ち",
    DayState.SIGNED: "置く前",
    DayState.PLACED: "受領待ち",
    DayState.CONFIRMED: "受領済み",
}
STATE_TONES: Mapping[DayState, str] = {
    DayState.CLOSED: "info",
    DayState.BUILT: "care",
    DayState.SIGNED: "info",
    DayState.PLACED: "info",
    DayState.CONFIRMED: "done",
}
# Done when the day has reached the state; shown in this order.
STEP_WORDS: Mapping[DayState, str] = {
    DayState.CLOSED: "一日を締める",
    DayState.BUILT: "ファイルを作る",
    DayState.SIGNED: "業務管理者が署名する",
    DayState.PLACED: "データ交換サーバの置き場へ置く",
    DayState.CONFIRMED: "市の受領を確認する",
}
REHEARSAL_DELIVERY = "届け先の鍵がないため、封をしたまま置きます（訓練）"
NO_RECIPIENT = "届け先の鍵がありません。市の公開鍵を登録し、別の人が確かめると置けます"


def delivery_words(forms: Iterable[Form]) -> str:
    """How the files are locked before they are placed."""
    listed = "・".join(sorted(FORM_WORDS[form] for form in forms))
    return f"所管課だけが開ける形（{listed}）にして、署名付きの一覧と置きます"


FILE_WORDS: Mapping[str, str] = {
    "KEKKA": "架電先別結果",
    "MEISAI_CALL": "架電明細",
    "ESC": "エスカレーション案件リスト",
    "NIPPO": "業務日報",
}
SUM_WORDS: Mapping[SumKey, str] = {
    SumKey.CALLEES: "対象者（架電先別結果の行）",
    SumKey.CALLS: "通話（結果コード別の合計）",
    SumKey.DETAIL_LINES: "架電明細の行",
    SumKey.DIALS: "発信数",
    SumKey.ATTEMPTS: "架電回数",
    SumKey.CONTACTS_PERSON: "接触した本人",
    SumKey.PROMISES: "納付約束",
    SumKey.STARS: "★ 要対応",
    SumKey.WHITE_STARS: "☆ 要確認",
    SumKey.URGENT: "至急",
    SumKey.ESCALATED_LINES: "エスカレーション案件リストの行",
    SumKey.CALLBACKS: "折返し入電",
}
PACK_FAULTS: Mapping[str, str] = {
    "unreadable": "作ったファイルを読み返せない",
    "lent_cells": "貸与データの列が元と違う",
    "row_count": "行の数が合わない",
    "row_missing": "あるはずの行がない",
    "row_unexpected": "ないはずの行がある",
    "row_differs": "ファイルどうしで行の内容が違う",
    "sum_differs": "合計が合わない",
    "outside_hours": "実施時間の外の発信がある",
}
DONE: Mapping[str, str] = {
    "closed": "締めました。続けてファイルを作れます。",
    "built": "ファイルを作り、件数が記録と一致することを確かめました。署名を待っています。",
    "signed": "署名しました。置き場へ置けます。",
    "placed": "置き場へ置きました。市が受け取ったら、受領番号を入れてください。",
    "confirmed": "受領を確認しました。この日の提出は終わりです。",
}


def fault_words(kinds: str) -> list[str]:
    """The sentences of a refused pack, from the codes of its faults."""
    return [PACK_FAULTS[kind] for kind in kinds.split(",") if kind in PACK_FAULTS]

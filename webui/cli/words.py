"""Japanese words for what the command line prints to a person; the screens have their own."""

from __future__ import annotations

from collections.abc import Mapping

from campaigns.api import DayState
from dialer.calendar.windows import WindowReason
from secure_store.erasure.states import ErasureState

DAY_WORDS: Mapping[DayState, str] = {
    DayState.CLOSED: "締め済み",
    DayState.BUILT: "作成済み・署名待ち",
    DayState.SIGNED: "署名済み",
    DayState.PLACED: "交換フォルダに配置済み",
    DayState.CONFIRMED: "受領確認済み",
}
HOURS_WORDS: Mapping[WindowReason, str] = {
    WindowReason.OPEN: "実施時間内です。",
    WindowReason.BEFORE_OPENING: "開始前です。",
    WindowReason.BETWEEN_WINDOWS: "時間帯の間です。",
    WindowReason.AFTER_CLOSING: "終了後です。",
    WindowReason.CLOSED_DAY: "実施しない日です。",
    WindowReason.CLOSED_BY_ORDER: "市の指定により実施しません。",
    WindowReason.CALENDAR_YEAR_MISSING: "この年の暦が入っていないため、かけられません。",
}
ERASURE_WORDS: Mapping[ErasureState, str] = {
    ErasureState.DRAFT: "下書き",
    ErasureState.APPLIED: "申請済み",
    ErasureState.CONSENTED: "承諾済み",
    ErasureState.FROZEN: "凍結済み",
    ErasureState.SCANNED_BEFORE: "抹消前の確認済み",
    ErasureState.KEYS_DESTROYED: "鍵を抹消済み",
    ErasureState.ROWS_PURGED: "行を削除済み",
    ErasureState.COPIES_DESTROYED: "写しを削除済み",
    ErasureState.VERIFIED: "検証済み",
    ErasureState.CERTIFIED: "証明書発行済み",
    ErasureState.ACCEPTED: "受領済み",
    ErasureState.HELD: "証拠保全により停止",
}

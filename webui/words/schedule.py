"""The schedule in words: steps before the first call, their states, why dates cannot move."""

from __future__ import annotations

from collections.abc import Mapping

from campaigns.api import CallLine, PeriodFault, Step, StepState
from dialer.calendar.windows import ORDER

STEP_WORDS: Mapping[Step, str] = {
    Step.VOLUME: "概数の確認",
    Step.DATA: "貸与データの受入",
    Step.LIST: "架電リストの作成",
}
STATE_WORDS: Mapping[StepState, tuple[str, str]] = {
    StepState.OPEN: ("期限前", "info"),
    StepState.DONE: ("済", "done"),
    StepState.DONE_LATE: ("遅れて済", "care"),
    StepState.OVERDUE: ("期限超過", "stop"),
}
ALARM_WORDS: Mapping[Step, str] = {
    Step.VOLUME: "所管課に概数を確かめ、スケジュールの画面で確認の印を付けてください。",
    Step.DATA: "所管課にアップロードの予定を確かめてください。",
    Step.LIST: "データ受入の画面で公開し、架電リストを作ってください。リストができるまで架電は始まりません。",
}
PERIOD_FAULT_WORDS: Mapping[PeriodFault, str] = {
    PeriodFault.UNCHANGED: "いまの期間と同じです。変える日を入れてください。",
    PeriodFault.OUT_OF_ORDER: "開始・終了・折返しの終わりの順にしてください。",
    PeriodFault.IN_PREPARATION: "架電を始める日が、準備期間の中です。",
    PeriodFault.AFTER_CONTRACT: "折返しの終わりが、契約期間を過ぎています。",
    PeriodFault.OVER: "もう終わった期間は延ばせません。案件は期間終了として閉じています。",
    PeriodFault.CALLS_OUTSIDE: "新しい期間の外の日に、もう架電か折返しの記録があります。",
}
RULE_WORDS: Mapping[str, str] = {
    "weekday": "平日",
    "weekend_or_holiday": "土日祝",
    "year_missing": "暦なし",
}


def window_rule_words(rule: str) -> str:
    """What decides an instant: the kind of the day, or the city's order by its document."""
    if rule.startswith(ORDER):
        return f"市の指示 {rule.removeprefix(ORDER)}"
    return RULE_WORDS.get(rule, rule)


def rule_words(call: CallLine) -> str:
    """What allowed a call; of an order also the post that signed it."""
    if call.order is not None:
        return f"{window_rule_words(call.order.rule)}（{call.order.signer}）"
    return window_rule_words(call.rule.partition("@")[0])

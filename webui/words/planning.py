"""The order of serving, the outlook and the measures in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from campaigns.api import (
    AGAIN_CALLS,
    ASSUMED_AGAIN,
    ASSUMED_DIALS_PER_HOUR,
    BAND_CALLS,
    LEVEL_CALLS,
    SPEED_HOURS,
    ContactRateFormula,
    RankReason,
    TargetState,
    TryKind,
    Unmeasured,
)
from dialer.api import QueueState
from dialer.calendar.bands import Band

BAND_WORDS: Mapping[Band, str] = {
    Band.H1: "平日昼",
    Band.H2: "平日夕方",
    Band.H3: "平日夜",
    Band.H4: "休日午前",
    Band.H5: "休日午後",
}
TRY_WORDS: Mapping[TryKind, str] = {TryKind.EVENING: "平日夜", TryKind.WEEKEND: "土日祝"}
QUEUE_WORDS: Mapping[QueueState, str] = {
    QueueState.READY: "かけられる順に並んでいます",
    QueueState.PARKED: "次の時刻まで待っています",
    QueueState.LEASED: "担当者が手元に開いています",
    QueueState.DONE: "架電リストから外れています",
}
REASON_WORDS: Mapping[RankReason, str] = {
    RankReason.FOLLOW_UP_DUE: "約束した再架電の時刻が来ているため、いちばん先にかけます。",
    RankReason.PROMISE_BROKEN: "納付の約束が守られていないため、再架電の次にかけます。",
    RankReason.AFTER_THE_OTHERS: "もう5回かけたので、平日夜と土日祝がまだの人の後になります。",
    RankReason.OWED_TRY: "この時間（平日夜・土日祝）にまだ一度もかけていないため、先にかけます。",
    RankReason.NEW_BAND: "この時間帯にはまだかけていないため、かけた人より先です。",
    RankReason.BAND_USED: "この時間帯にはもうかけたため、まだの人の後になります。",
    RankReason.BELOW_MINIMUM: "個別業務指示書が定める最少の回数・時間帯にまだ届いていません。",
    RankReason.MINIMUM_MET: "個別業務指示書が定める最少の回数・時間帯に届いています。",
}
FORMULA_WORDS: Mapping[ContactRateFormula, str] = {
    ContactRateFormula.A: "接触率A（本人と話せた人 ÷ 引抜きを除く対象者）",
    ContactRateFormula.B: "接触率B（本人と話せた人 ÷ 使える番号のある対象者）",
    ContactRateFormula.C: "接触率C（本人か家族等と話せた人 ÷ 引抜きを除く対象者）",
}
TARGET_WORDS: Mapping[TargetState, tuple[str, str]] = {
    TargetState.MET: ("達成", "done"),
    TargetState.NOT_MET: ("未達", "care"),
    TargetState.NOT_MEASURABLE: ("計測なし", "off"),
}
UNMEASURED_WORDS: Mapping[Unmeasured, str] = {
    Unmeasured.NO_PLAN: "委託予定件数が入っていません（架電等スケジュールで入れます）。",
    Unmeasured.SEALED: "金額は暗号化してあり、集計のためには開きません。",
    Unmeasured.PAYMENTS_NOT_OPENED: "納付のデータを開いていません。",
    Unmeasured.NO_PAYMENT_DATA: "市から納付確認のデータがまだ届いていません。",
    Unmeasured.NO_SWITCHBOARD: "つながる前に切れた着信の数は、電話交換機の記録にだけあります。",
    Unmeasured.NO_COST: "委託料はこのシステムに入れません。",
    Unmeasured.TOO_FEW: "約束が少なく、一人の金額が分かるため出しません。",
}
# measure → its name, what is counted above and below the line
MEASURE_WORDS: Mapping[str, tuple[str, str, str]] = {
    "progress": ("架電進捗", "発信した回数", "委託予定件数"),
    "contact_rate_of_lent_persons": ("接触率A", "本人と話せた人", "引抜きを除く対象者"),
    "contact_rate_of_callable_persons": ("接触率B", "本人と話せた人", "使える番号のある対象者"),
    "household_contact_rate": ("接触率C", "本人か家族等と話せた人", "引抜きを除く対象者"),
    "contacts_per_dial": ("発信コンタクト率", "人が出て話した発信", "発信した回数"),
    "cover_rate": ("架電カバー率", "1回以上かけた人", "かけられる対象者"),
    "tried_enough_rate": (
        "規定回数到達率",
        "話せたか、規定の回数・時間帯でかけた人",
        "かけられる対象者",
    ),
    "average_attempts": ("平均架電回数", "架電回数", "1回以上かけた人"),
    "dials_per_hour": ("架電効率（発信／時）", "発信した回数×60", "案件を手元に開いていた分"),
    "contacts_per_hour": ("架電効率（接触／時）", "本人と話せた人×60", "案件を手元に開いていた分"),
    "promise_rate": ("納付約束率", "納付を約束した人", "本人と話せた人"),
    "promised_amount_rate": ("約束額率", "約束した金額", "話せた人の未納額"),
    "promise_kept_rate": ("約束履行率（件数）", "守られた約束", "期日と猶予が過ぎた約束"),
    "promise_kept_amount_rate": ("約束履行率（金額）", "期日までに納めた額", "約束した額"),
    "guided_payment_rate": ("案内後納付率（30日）", "30日以内に納めた人", "本人と話せた人"),
    "voluntary_payment_rate": (
        "非接触者自主納付率",
        "30日以内に納めた人",
        "一度も話せなかった人",
    ),
    "escalation_rate": ("エスカレーション率", "★か☆の付いた人", "本人か家族等と話せた人"),
    "star_rate": ("うち★の率", "★の付いた人", "本人か家族等と話せた人"),
    "bad_number_rate": ("番号不良率", "番号の不良が分かった人", "1回以上かけた人"),
    "identity_mismatch_rate": ("本人確認不一致率", "一致しなかった確認", "本人確認を始めた通話"),
    "wrong_number_rate": ("誤架電率", "別人・勤務先につながった通話", "発信した回数"),
    "complaint_rate": ("苦情率", "苦情の通話", "人が出て話した発信"),
    "transfer_offer_rate": ("口座振替 案内率", "案内した約束", "勧奨の対象者の約束"),
    "transfer_wish_rate": ("口座振替 希望率", "希望した人", "案内した約束"),
    "callback_answer_rate": ("折返し応答率", "出られた着信", "時間内の着信"),
    "callback_abandonment_rate": ("折返し放棄率", "待つ間に切れた着信", "着信"),
    "callback_lost_rate": ("折返し呼損率", "話中だった着信", "着信と話中"),
    "callback_rate": ("折返し率", "対象者からの折返し", "折返しを頼んだ通話"),
    "reports_in_time_rate": ("日報期限遵守率", "期限までに届けた日", "期限が来た日"),
    "correction_rate": ("訂正率", "訂正した結果", "結果の行"),
}


ASSUMED_AGAIN_TEXT = "・".join(f"{share:g}" for share in ASSUMED_AGAIN[1:])
ASSUMED_SPEED_TEXT = f"{ASSUMED_DIALS_PER_HOUR:.0f}回"
PRIOR_TEXT = (
    f"仮の値の重みは、全体で架電{LEVEL_CALLS}回分、時間帯ごとに{BAND_CALLS}回分、"
    f"回数ごとに{AGAIN_CALLS}回分、速さは{SPEED_HOURS:.0f}人時分です。"
)


def bands_text(bands: frozenset[Band]) -> str:
    """``平日昼・平日夜`` in the order of the bands; 「まだかけていない」 for none."""
    return "・".join(BAND_WORDS[band] for band in Band if band in bands) or "まだかけていない"


def bands_in_order(bands: Sequence[Band]) -> str:
    """``平日夜 → 平日昼``."""
    return " → ".join(BAND_WORDS[band] for band in bands)


def tries_text(owed: frozenset[TryKind]) -> str:
    """The tries a person still waits for."""
    return "・".join(TRY_WORDS[kind] for kind in TryKind if kind in owed)

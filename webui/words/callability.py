"""Why a case may not be called, in words: what holds it, what to do, and from when (S4-12.1c)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from campaigns.api import WAITS_FOR_TIME, Bucket, CaseAnswer
from webui.formatters import moment_text

BUCKET_WORDS: Mapping[Bucket, str] = {
    Bucket.CALLABLE: "いまかけられる",
    Bucket.LEASED_BY_OTHER: "対応中",
    Bucket.NOT_ASSIGNED: "担当がいない",
    Bucket.NOT_QUEUED: "架電リスト外",
    Bucket.QUEUED_FOR_LATER: "順番待ち",
    Bucket.WINDOW_CLOSED: "実施時間外",
    Bucket.NO_NEW_CALLS: "受付の終わり",
    Bucket.CAMPAIGN_NOT_STARTED: "期間の前",
    Bucket.CAMPAIGN_OVER: "期間の後",
    Bucket.SUSPENDED: "業務停止",
    Bucket.NO_APPROVED_SCRIPT: "台本未承認",
    Bucket.TOO_EARLY: "次の時刻待ち",
    Bucket.ATTEMPTS_USED_UP_TODAY: "きょうの上限",
    Bucket.ATTEMPTS_IN_7_DAYS: "7日間の上限",
    Bucket.CARE_RESTRICTION: "配慮区分",
    Bucket.KEPT_FOR_OTHER_HOURS: "夜間・休日用",
    Bucket.OTHERS_FIRST: "ほかの人が先",
    Bucket.RESTING: "対話後の休止",
    Bucket.FOLLOW_UP_NOT_DUE: "再架電の予約",
    Bucket.PROMISED: "約束日待ち",
    Bucket.WITH_DEPARTMENT: "所管課待ち",
    Bucket.NO_USABLE_NUMBER: "番号なし",
    Bucket.ATTEMPTS_USED_UP: "回数を使い切り",
    Bucket.PAID: "終了 91 納付確認",
    Bucket.WITHDRAWN: "終了 92 引抜き",
    Bucket.ATTEMPTS_MADE: "終了 93 回数の上限",
    Bucket.PERIOD_OVER: "終了 94 期間終了",
    Bucket.CLOSED_OTHERWISE: "終了 95 架電対象外",
    Bucket.NUMBERS_UNUSABLE: "終了 96 番号不良",
    Bucket.GUIDED: "終了 97 本人案内済み",
    Bucket.HANDED_OVER: "終了 98 所管課へ引継ぎ",
    Bucket.EXCLUDED: "受入時の対象外",
}

# What holds the case, and what somebody can do about it.
BUCKET_SENTENCES: Mapping[Bucket, str] = {
    Bucket.CALLABLE: "担当が「次の案件」を押すと、順番に出ます。",
    Bucket.LEASED_BY_OTHER: "いま担当者の手元にあります。結果を入れると次が決まります。",
    Bucket.NOT_ASSIGNED: "担当なしか、担当が働けない人・人のいないグループです。割り当て直してください。",
    Bucket.NOT_QUEUED: "架電の順番に入っていません。架電期間の画面で架電リストを作り直してください。",
    Bucket.QUEUED_FOR_LATER: "一度見送られ、順番に戻る時刻を待っています。何もしなくても戻ります。",
    Bucket.WINDOW_CLOSED: "実施時間の外です。次の時間帯になるとかけられます。",
    Bucket.NO_NEW_CALLS: "時間帯の終わりが近く、新しい架電を始めません。次の時間帯を待ちます。",
    Bucket.CAMPAIGN_NOT_STARTED: "架電を始める日の前です。",
    Bucket.CAMPAIGN_OVER: "架電を終える日を過ぎました。夜の処理で「期間終了」になります。",
    Bucket.SUSPENDED: "市の指示で止めています。解除の文書が届いたら「センターの状況」で解除します。",
    Bucket.NO_APPROVED_SCRIPT: "承認された台本とQ&Aがそろっていません。「スクリプト・Q&A」で承認を受けてください。",
    Bucket.TOO_EARLY: "前の架電から間をおいています。時刻が来ると順番に戻ります。",
    Bucket.ATTEMPTS_USED_UP_TODAY: "きょうの回数の上限です。あす以後にかけられます。",
    Bucket.ATTEMPTS_IN_7_DAYS: "7日間の回数の上限です。古い架電から7日たつとかけられます。",
    Bucket.CARE_RESTRICTION: "配慮区分により、いまの時間帯にはかけません。",
    Bucket.KEPT_FOR_OTHER_HOURS: "残りの回数を、まだかけていない夜間・休日のために取ってあります。",
    Bucket.OTHERS_FIRST: "夜間・休日にまだかけていない人が先です。その人たちが済むと、6回目に進みます。",
    Bucket.RESTING: "本人と話したあとの日数をおいています。",
    Bucket.FOLLOW_UP_NOT_DUE: "約束した時刻を待っています。時刻が来ると、ほかの案件より先に出ます。",
    Bucket.PROMISED: "約束日と猶予が過ぎるのを待っています。納付がないと市のデータで分かったときに戻ります。",
    Bucket.WITH_DEPARTMENT: "所管課の回答を待っています。回答は「エスカレーション」に記録します。",
    Bucket.NO_USABLE_NUMBER: "かけられる番号が残っていません。所管課に番号を確かめてください。",
    Bucket.ATTEMPTS_USED_UP: "この期間の回数を使い切りました。次の処理で「回数の上限」になります。",
    Bucket.PAID: "納付が確認されました。もうかけません。",
    Bucket.WITHDRAWN: "市が引き抜きました。もうかけません。",
    Bucket.ATTEMPTS_MADE: "回数の上限までかけました。もうかけません。",
    Bucket.PERIOD_OVER: "期間が終わりました。もうかけません。",
    Bucket.CLOSED_OTHERWISE: "かける相手ではないと分かりました。もうかけません。",
    Bucket.NUMBERS_UNUSABLE: "使える番号がなくなりました。もうかけません。",
    Bucket.GUIDED: "本人に案内しました。もうかけません。",
    Bucket.HANDED_OVER: "所管課に引き継ぎました。もうかけません。",
    Bucket.EXCLUDED: "データを受け入れたときに、かけられない行として外しました。",
}


class Stretch(StrEnum):
    """The parts of the funnel, from what can be called now to what never will."""

    NOW = "now"
    TIME = "time"
    ACT = "act"
    WAIT = "wait"
    OVER = "over"


STRETCH_WORDS: Mapping[Stretch, str] = {
    Stretch.NOW: "いま動く",
    Stretch.TIME: "時間を待つ",
    Stretch.ACT: "対応が要る",
    Stretch.WAIT: "回答を待つ",
    Stretch.OVER: "かけない",
}
STRETCH_TONES: Mapping[Stretch, str] = {
    Stretch.NOW: "done",
    Stretch.ACT: "care",
    Stretch.OVER: "off",
}
_NOW = (Bucket.CALLABLE, Bucket.LEASED_BY_OTHER)
_WAIT = (Bucket.PROMISED, Bucket.WITH_DEPARTMENT, Bucket.OTHERS_FIRST)
_ACT = (
    Bucket.NOT_ASSIGNED,
    Bucket.NOT_QUEUED,
    Bucket.SUSPENDED,
    Bucket.NO_APPROVED_SCRIPT,
    Bucket.NO_USABLE_NUMBER,
)


def stretch_of(bucket: Bucket) -> Stretch:
    """The part of the funnel a bucket stands in."""
    if bucket in _NOW:
        return Stretch.NOW
    if bucket in WAITS_FOR_TIME:
        return Stretch.TIME
    if bucket in _ACT:
        return Stretch.ACT
    return Stretch.WAIT if bucket in _WAIT else Stretch.OVER


def answer_sentence(answer: CaseAnswer) -> str:
    """The one answer for a case: what holds it, what to do, and from when it may be called."""
    return f"{BUCKET_SENTENCES[answer.bucket]}{from_when(answer)}"


def from_when(answer: CaseAnswer) -> str:
    """``9月20日 11:30 からかけられます。``; empty where time alone changes nothing."""
    if answer.bucket not in WAITS_FOR_TIME:
        return ""
    if answer.callable_from is None:
        return "この架電期間のうちに、かけられる時刻はもうありません。"
    return f"{moment_text(answer.callable_from)} からかけられます。"

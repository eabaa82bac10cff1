"""The words of the desk: refusals, what a result leads to, what is missing in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from campaigns.api import (
    CaseStatus,
    EntryField,
    FaultKind,
    FieldFault,
    IdentityItem,
    LineKind,
    Mark,
    MovedReason,
    NextAction,
    NotCallable,
    OutcomeReport,
    OutcomeRow,
    RequiredField,
)
from secure_store.errors import DomainError
from webui.formatters import moment_text
from webui.sentences import SENTENCES
from webui.words.cases import CLOSE_WORDS

IDENTITY_LABELS: Mapping[IdentityItem, str] = {
    IdentityItem.NAME: "氏名",
    IdentityItem.BIRTH_DATE: "生年月日",
    IdentityItem.ADDRESS: "住所",
    IdentityItem.CHILD_NAME: "児童・利用者の名前",
    IdentityItem.SCHOOL: "学校・施設の名前",
    IdentityItem.NOTICE_NUMBER: "通知書の番号",
}
LINE_KINDS: Mapping[LineKind, str] = {
    LineKind.LANDLINE: "固定",
    LineKind.MOBILE: "携帯",
    LineKind.WORKPLACE: "勤務先",
    LineKind.UNKNOWN: "種別不明",
}

_NOT_CALLABLE: Mapping[NotCallable, str] = {
    NotCallable.CAMPAIGN_NOT_STARTED: "架電期間がまだ始まっていません。",
    NotCallable.CAMPAIGN_OVER: "架電期間が終わっています。",
    NotCallable.NO_APPROVED_SCRIPT: "承認された台本とQ&Aがそろっていません。",
    NotCallable.WITHDRAWN: "この案件は引き抜かれました。",
    NotCallable.CLOSED: "この案件は終わっています。",
    NotCallable.WITH_DEPARTMENT: "この案件は所管課の回答を待っています。",
    NotCallable.PROMISED: "この案件は約束日を待っています。",
    NotCallable.FOLLOW_UP_NOT_DUE: "再架電の時刻になっていません。",
    NotCallable.NO_USABLE_NUMBER: "使える電話番号がありません。",
    NotCallable.ATTEMPTS_USED_UP: "この架電期間の回数の上限に達しています。",
    NotCallable.ATTEMPTS_USED_UP_TODAY: "きょうの回数の上限に達しています。",
    NotCallable.ATTEMPTS_IN_7_DAYS: "7日間の回数の上限に達しています。",
    NotCallable.RESTING: "前の対話から日数がたっていません。",
    NotCallable.TOO_EARLY: "次にかけられる時刻になっていません。",
    NotCallable.CARE_RESTRICTION: "配慮区分により、いまはかけられません。",
    NotCallable.KEPT_FOR_OTHER_HOURS: "残りの回数は、まだかけていない夜間・休日のために取ってあります。",
    NotCallable.OTHERS_FIRST: "夜間・休日にまだかけていない人がいるため、6回目は後になります。",
    NotCallable.LEASED_BY_OTHER: "ほかの担当者が受け持っています。",
    NotCallable.NOT_ASSIGNED: "この案件は、あなたの担当ではなくなりました。",
}
LONG_FOR_A_KEY = 8
PUT_BACK_HINT = "「かけずに戻す」で一覧へ返せます。"


def refusal_text(refused: DomainError) -> str:
    """The sentence of a refusal with the time or the reason, where it names one."""
    opening = refused.details.get("next_opening")
    if refused.code == "outside_calling_hours" and opening:
        next_text = moment_text(datetime.fromisoformat(str(opening)))
        return f"いまは実施時間の外です。次は {next_text} からかけられます。"
    if refused.code == "case_not_callable":
        reason = NotCallable(str(refused.details["reason"]))
        return f"{_NOT_CALLABLE.get(reason, SENTENCES[refused.code])}{PUT_BACK_HINT}"
    return SENTENCES[refused.code]


def effect_lines(
    action: NextAction, rows: Sequence[OutcomeRow], report: OutcomeReport
) -> list[str]:
    """「この結果で起きること」: what follows from the result, as the rules decide it now."""
    # A case that is over stays over, whatever day is typed (the city ended it during the call).
    is_over = action.status is CaseStatus.CLOSED
    asked = "" if is_over else _waiting_for_entry(rows, report)
    lines = [asked or _next_step(action, report)]
    if action.status is CaseStatus.PROMISED and action.promise_until and report.promised_on:
        lines.append("納付が確認できないときだけ、一覧に戻ります。")
    if action.block_number:
        lines.append("この番号には、今後かけません。")
    if action.next_number:
        lines.append("次は、別の番号にかけます。")
    lines += _handed_on(action, rows)
    if action.counted:
        lines.append("架電回数に 1回 数えます。")
    return lines


def _asks(rows: Sequence[OutcomeRow], field: RequiredField) -> bool:
    return any(field in row.required_fields for row in rows)


def _waiting_for_entry(rows: Sequence[OutcomeRow], report: OutcomeReport) -> str:
    if _asks(rows, RequiredField.PROMISED_ON) and report.promised_on is None:
        return "約束日を入れると、電話しない期間が決まります。"
    if _asks(rows, RequiredField.FOLLOW_UP_AT) and report.follow_up_at is None:
        return "再架電の日時を入れると、電話する時刻が決まります。"
    return ""


def _next_step(action: NextAction, report: OutcomeReport) -> str:
    match action.status:
        case CaseStatus.PROMISED if action.promise_until:
            return f"{_short_day(action.promise_until)}まで、この案件に電話しません。"
        case CaseStatus.PROMISED:
            return "約束日まで、この案件に電話しません。"
        case CaseStatus.WITH_DEPARTMENT:
            return "所管課の回答があるまで、この案件に電話しません。"
        case CaseStatus.FOLLOW_UP_BOOKED:
            return _owed_call(action, report)
        case CaseStatus.CLOSED:
            reason = CLOSE_WORDS[action.close_reason] if action.close_reason else "終了"
            return f"この案件を終わります（{reason}）。もう電話しません。"
        case _ if action.not_before:
            return f"{moment_text(action.not_before)} から、また一覧に出ます。"
    return "この架電期間に、次の実施時間はありません。"


def _owed_call(action: NextAction, report: OutcomeReport) -> str:
    due = moment_text(action.follow_up_at)
    if action.moved_reason is MovedReason.OUTSIDE_HOURS and report.follow_up_at:
        named = moment_text(report.follow_up_at)
        return f"{named} は実施時間の外なので、{due} に再架電します。"
    return f"{due} に再架電します。ほかの案件より先に出ます。"


def _handed_on(action: NextAction, rows: Sequence[OutcomeRow]) -> list[str]:
    lines = []
    if action.mark is not Mark.NONE:
        codes = "・".join(row.code for row in rows)
        lines.append(f"あすの引継ぎの一覧に {action.mark.symbol} で載ります（{codes}）。")
    if action.urgent:
        lines.append("至急です。応援を呼び、業務管理者にすぐ伝えます。")
    elif action.needs_supervisor:
        lines.append("業務管理者の確認に回ります。")
    return lines


def _short_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


FIELD_NAMES: Mapping[RequiredField | EntryField, str] = {
    RequiredField.FOLLOW_UP_AT: "follow_up_day",
    RequiredField.PROMISED_ON: "promised_on",
    RequiredField.PROMISED_YEN: "promised_yen",
    RequiredField.PAYMENT_METHOD: "payment_method",
    RequiredField.PROMISED_PERIODS: "promised_periods",
    RequiredField.REST_LEFT_OPEN: "rest_left_open",
    RequiredField.PAID_ON: "paid_on",
    RequiredField.PAID_YEN: "paid_yen",
    RequiredField.ANSWER_WANTED: "answer_wanted",
    RequiredField.NOTE: "note",
    RequiredField.NOTE_10: "note",
    RequiredField.RECORDING: "recording_made",
    EntryField.OUTCOME: "outcome",
    EntryField.SECONDARY: "second",
    EntryField.IDENTITY: "outcome",
    EntryField.TRANSFER_NOTICE: "transfer_notice",
    EntryField.PAID_WHERE: "paid_where",
}

_MISSING: Mapping[RequiredField | EntryField, str] = {
    RequiredField.FOLLOW_UP_AT: "再架電の日時がまだです。例：あす 18:30",
    RequiredField.PROMISED_ON: "約束日がまだです。日にちが決まらないときは 53 を選びます。",
    RequiredField.PROMISED_YEN: "約束額がまだです。",
    RequiredField.PAYMENT_METHOD: "納付方法がまだです。決まらないときは「未定」を選びます。",
    RequiredField.PROMISED_PERIODS: "対象の期別を一つ以上選んでください。",
    RequiredField.REST_LEFT_OPEN: "残りの期別について、どちらかを選んでください。",
    RequiredField.PAID_ON: "納めた日がまだです。",
    RequiredField.PAID_YEN: "納めた額がまだです。",
    RequiredField.ANSWER_WANTED: "担当課からの連絡を望むか、どちらかを選んでください。",
    RequiredField.NOTE: "要旨がまだです。聞いたことを短く書いてください。",
    RequiredField.NOTE_10: "要旨がまだです。聞いたことを10文字以上で書いてください。",
    RequiredField.RECORDING: "録音の有無と、相手の承諾を選んでください。",
    EntryField.OUTCOME: "結果コードを選んでください。",
}
_KINDS: Mapping[FaultKind, str] = {
    FaultKind.IN_THE_PAST: "過ぎています。これからの日時を入れてください。",
    FaultKind.IN_THE_FUTURE: "まだ来ていない日です。納めた日を入れてください。",
    FaultKind.BEYOND_HORIZON: "先すぎて約束にできません。納付相談（61）で所管課へ引き継ぎます。",
    FaultKind.AFTER_CAMPAIGN: "架電期間の終わりより後です。期間の中の日時にしてください。",
    FaultKind.NO_LEGAL_TIME: "この時刻より後に、架電期間の中でかけられる時刻がありません。「かけられる日時」から選んでください。",
    FaultKind.NOT_POSITIVE: "1円以上で入れてください。",
    FaultKind.MORE_THAN_UNPAID: "未納の合計より多い額です。",
    FaultKind.PERIOD_UNKNOWN: "未納にない期別です。選び直してください。",
    FaultKind.TOO_SHORT: "短すぎます。聞いたことを10文字以上で書いてください。",
    FaultKind.TOO_LONG: "長すぎます。要点だけを残してください。",
    FaultKind.NOT_PASSED: "本人確認が済んでいないと使えないコードです。",
    FaultKind.NOT_PERMITTED: "この債権の業務指示書では使えないコードです。",
    FaultKind.TOO_MANY: "副コードは3つまでです。",
    FaultKind.REPEATED: "同じものが二つあります。",
    FaultKind.NOT_TOGETHER: "この組み合わせでは使えないコードです。",
    FaultKind.WRONG_DIRECTION: "この向きの通話では使えないコードです。",
    FaultKind.WITHOUT_TIME_ZONE: "日時を読めません。",
    FaultKind.NOT_A_TARGET: "この方は口座振替の勧奨対象ではありません。",
    FaultKind.WITHOUT_PROMISE: "口座振替は、約束をいただいたときだけ案内します。",
}


def fault_sentence(fault: FieldFault, typed: str = "") -> str:
    """What is wrong at a field and what to do. ``typed``: the text, to show its character."""
    if fault.kind is FaultKind.MISSING:
        return _MISSING[fault.field]
    if fault.position is None or fault.kind is FaultKind.TOO_LONG:
        code = f"{fault.code}：" if fault.code else ""
        return f"{code}{_KINDS[fault.kind]}"
    if fault.kind is FaultKind.FORMULA_START:
        return "はじめの文字が記号です。表計算で式になるので、言葉から書き始めてください。"
    if fault.kind is FaultKind.CONTROL_CHARACTER:
        return f"{fault.position}文字目が改行か見えない文字です。一行で書いてください。"
    character = typed[fault.position - 1 : fault.position]
    return (
        f"{fault.position}文字目「{character}」は、提出ファイルの文字コードにありません。"
        "ほかの字に替えるか、かなで書いてください。"
    )


def fault_sentences(faults: Sequence[FieldFault], texts: Mapping[str, str]) -> dict[str, str]:
    """One sentence per form field: the first fault of each."""
    found: dict[str, str] = {}
    for fault in faults:
        name = FIELD_NAMES[fault.field]
        found.setdefault(name, fault_sentence(fault, texts.get(name, "")))
    return found


# Readings of the words outcome labels are made of: the labels are the client's, their kana is not.
_READINGS: Mapping[str, str] = {
    "不在": "ふざい", "応答": "おうとう", "話中": "はなしちゅう わちゅう",
    "留守番電話": "るすばんでんわ", "伝言": "でんごん", "電源断": "でんげんだん",
    "圏外": "けんがい", "着信拒否": "ちゃくしんきょひ", "発信不能": "はっしんふのう",
    "無言": "むごん", "切断": "せつだん", "欠番": "けつばん", "番号変更": "ばんごうへんこう",
    "番号違い": "ばんごうちがい", "別人": "べつじん", "勤務先": "きんむさき", "家族": "かぞく",
    "折返し": "おりかえし", "取次ぎ": "とりつぎ", "転居": "てんきょ", "別居": "べっきょ",
    "死亡": "しぼう", "入院": "にゅういん", "代理": "だいり", "第三者": "だいさんしゃ",
    "本人確認": "ほんにんかくにん", "拒否": "きょひ", "不一致": "ふいっち", "中断": "ちゅうだん",
    "納付約束": "のうふやくそく", "約束": "やくそく", "全額": "ぜんがく", "一部": "いちぶ",
    "納付意思": "のうふいし", "納付済": "のうふずみ", "再発行": "さいはっこう",
    "納付書": "のうふしょ", "口座振替": "こうざふりかえ", "案内了承": "あんないりょうしょう",
    "分割": "ぶんかつ", "相談": "そうだん", "納付困難": "のうふこんなん", "失業": "しつぎょう",
    "金額": "きんがく", "内訳": "うちわけ", "照会": "しょうかい", "不服": "ふふく",
    "債務否認": "さいむひにん", "減免": "げんめん", "免除": "めんじょ", "還付": "かんぷ",
    "納付拒否": "のうふきょひ", "弁護士": "べんごし", "破産": "はさん", "生活保護": "せいかつほご",
    "架電停止": "かでんていし", "連絡方法": "れんらくほうほう", "住所": "じゅうしょ",
    "氏名": "しめい", "変更": "へんこう", "苦情": "くじょう", "個人情報": "こじんじょうほう",
    "暴言": "ぼうげん", "脅迫": "きょうはく", "支援措置": "しえんそち", "生命": "せいめい",
    "身体": "しんたい", "対話困難": "たいわこんなん", "後見人": "こうけんにん",
    "要確認": "ようかくにん", "入電": "にゅうでん", "再架電": "さいかでん", "放棄": "ほうき",
    "一般照会": "いっぱんしょうかい", "対象データ": "たいしょうでーた",
}  # fmt: skip


def reading_of(label: str) -> str:
    """The kana of the words in a label, for selecting by typing."""
    return " ".join(kana for word, kana in _READINGS.items() if word in label)


def short_label(label: str) -> str:
    """A label for narrow keys: without its brackets, or what stands in them when that is shorter."""
    plain = re.sub(r"（.*?）", "", label).strip()
    inside = re.search(r"（(.+?)）", label)
    if inside and len(plain) > LONG_FOR_A_KEY and len(inside[1]) < len(plain):
        return inside[1]
    return plain or label

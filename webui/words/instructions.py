"""Words of the work instruction: groups, labels and values as a city office writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaigns.api import (
    CallingRules,
    IdentityItem,
    InstructionState,
    NumberKind,
    RightParty,
)
from dialer.calendar.bands import Band, BandCuts
from webui.words.desk import IDENTITY_LABELS

STATE_BADGES: Mapping[InstructionState, tuple[str, str]] = {
    InstructionState.DRAFT: ("承認待ち", "care"),
    InstructionState.COMING: ("これから", "info"),
    InstructionState.IN_FORCE: ("使用中", "done"),
    InstructionState.REPLACED: ("以前", "off"),
    InstructionState.NEVER_APPROVED: ("未承認", "off"),
}
BAND_NAMES: Mapping[Band, str] = {
    Band.H1: "平日昼",
    Band.H2: "平日夕",
    Band.H3: "平日夜",
    Band.H4: "休日午前",
    Band.H5: "休日午後",
}
KIND_NAMES: Mapping[NumberKind, str] = {
    NumberKind.MOBILE: "携帯",
    NumberKind.LANDLINE: "固定",
    NumberKind.WORKPLACE: "勤務先",
    NumberKind.UNKNOWN: "種別なし",
}
ORDERS: tuple[tuple[str, str], ...] = (
    ("", "貸与データの順"),
    ("mobile", "携帯を先に"),
    ("landline", "固定を先に"),
    ("mobile,landline", "携帯、固定の順"),
    ("landline,mobile", "固定、携帯の順"),
)
RIGHT_PARTY_NAMES: Mapping[RightParty, str] = {
    RightParty.ADDRESSEE: "名宛人",
    RightParty.JOINTLY_LIABLE: "連帯納付義務者",
    RightParty.HEIR: "相続人",
    RightParty.CORPORATION: "法人の担当者",
}


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the sheet: its key, label, unit, and the words before and after it."""

    key: str
    label: str
    unit: str


COUNTS = (
    Number("min_counted_attempts", "規定回数（最小）", "回"),
    Number("max_counted_attempts", "規定回数（最大）", "回"),
    Number("max_counted_per_day", "1日の上限", "回"),
    Number("max_counted_in_7_days", "7日間の上限", "回"),
    Number("min_bands", "試みる時間帯の数", "つ"),
    Number("min_weekend_attempts", "土日祝に試みる回数", "回"),
    Number("rest_days_after_conversation", "本人との通話後の間隔", "日"),
)
LINES = (
    Number("busy_per_attempt", "話し中を1回と数える回数", "回"),
    Number("busy_pause_minutes", "話し中のあと空ける時間", "分"),
    Number("busy_max_per_day", "話し中の1日の上限", "回"),
    Number("ring_seconds_landline", "呼出しの長さ（固定）", "秒"),
    Number("ring_seconds_mobile", "呼出しの長さ（携帯）", "秒"),
)
WINDOW = (Number("no_new_call_minutes", "終了前にかけない時間", "分"),)
PROMISES = (
    Number("promise_horizon_days", "納付約束の上限", "日"),
    Number("promise_grace_days", "約束日からの猶予", "日"),
    Number("reminders_after_broken_promise", "約束不履行の再案内", "回"),
)
NUMBERS = (*COUNTS, *LINES, *WINDOW, *PROMISES)


@dataclass(frozen=True, slots=True)
class Line:
    """One value of an instruction in words; ``key`` is its field."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    """Values that stand together."""

    title: str
    lines: tuple[Line, ...]


def instruction_groups(rules: CallingRules) -> tuple[Group, ...]:
    """The whole instruction in words."""
    return (
        Group("回数と間隔", _numbers(rules, COUNTS)),
        Group("時間帯", (*_bands(rules.cuts), _rotation(rules), *_numbers(rules, WINDOW))),
        Group("番号の順", (*_orders(rules), _workplace(rules))),
        Group("話し中・呼出し", _numbers(rules, LINES)),
        Group("留守番電話・家族", _messages(rules)),
        Group("納付約束・口座振替", (*_numbers(rules, PROMISES), *_yes_no(rules))),
        Group("本人確認", _identity(rules)),
    )


def agent_lines(rules: CallingRules) -> tuple[tuple[str, str], ...]:
    """What the agent needs of it during a call."""
    promises = rules.parameters.promise_horizon_days
    month_end = "（月末が先なら月末まで）" if rules.parameters.promise_until_month_end else ""
    version = f"第{rules.version}版" if rules.version else "契約の標準（指示書なし）"
    return (
        ("版", version),
        *((line.label, line.value) for line in _identity(rules)),
        *((line.label, line.value) for line in _messages(rules)),
        (
            "呼出し",
            f"固定{rules.parameters.ring_seconds_landline}秒・"
            f"携帯{rules.parameters.ring_seconds_mobile}秒まで",
        ),
        ("納付約束", f"{promises}日後まで{month_end}"),
        *((line.label, line.value) for line in _yes_no(rules) if line.key == "account_transfer"),
    )


def changed_keys(before: CallingRules, after: CallingRules) -> dict[str, str]:
    """The values that differ: by field, what stood there before."""
    earlier = {line.key: line.value for group in instruction_groups(before) for line in group.lines}
    return {
        line.key: earlier[line.key]
        for group in instruction_groups(after)
        for line in group.lines
        if earlier[line.key] != line.value
    }


def _numbers(rules: CallingRules, wanted: Sequence[Number]) -> tuple[Line, ...]:
    values = rules.parameters
    return tuple(
        Line(one.key, one.label, f"{getattr(values, one.key)}{one.unit}") for one in wanted
    )


def _bands(cuts: BandCuts) -> tuple[Line, ...]:
    return tuple(
        Line(
            f"band_{cut.band.value}",
            f"{cut.band.value} {BAND_NAMES[cut.band]}",
            f"{cut.hours.start:%H:%M}–{cut.hours.end:%H:%M}",
        )
        for cut in (*cuts.weekday, *cuts.weekend_or_holiday)
    )


def _rotation(rules: CallingRules) -> Line:
    bands = " → ".join(f"{band.value} {BAND_NAMES[band]}" for band in rules.rotation)
    return Line("rotation", "試みる順", bands)


def _orders(rules: CallingRules) -> tuple[Line, ...]:
    return tuple(
        Line(
            f"order_{band.value}",
            f"{band.value} {BAND_NAMES[band]}",
            "、".join(KIND_NAMES[kind] for kind in rules.number_order.get(band, ())) + "を先に"
            if rules.number_order.get(band)
            else "貸与データの順",
        )
        for band in Band
    )


def _workplace(rules: CallingRules) -> Line:
    value = "かけてよい" if rules.workplace_numbers else "かけない"
    return Line("workplace_numbers", "勤務先の番号", value)


def _messages(rules: CallingRules) -> tuple[Line, ...]:
    voicemail = rules.parameters.voicemail_message_allowed
    third = rules.third_party
    return (
        Line(
            "voicemail_message_allowed", "留守番電話", "伝言を残せる" if voicemail else "残さない"
        ),
        Line(
            "third_party",
            "家族への伝言",
            f"折返しのお願いだけ、期間中{third.messages_per_campaign}回まで"
            if third.message_allowed
            else "頼まない",
        ),
    )


def _yes_no(rules: CallingRules) -> tuple[Line, ...]:
    transfer = rules.receivable is not None and rules.receivable.recommends_transfer
    return (
        Line(
            "promise_until_month_end",
            "月末までの約束",
            "月末が先なら受けられる" if rules.parameters.promise_until_month_end else "受けない",
        ),
        Line(
            "account_transfer", "口座振替の勧奨", "約束のあとに勧める" if transfer else "勧めない"
        ),
    )


def _identity(rules: CallingRules) -> tuple[Line, ...]:
    known = rules.receivable
    items = known.identity_items if known else ()
    spare = IDENTITY_LABELS[IdentityItem(known.spare_item)] if known else ""
    return (
        Line(
            "right_party",
            "本人とする人",
            "、".join(RIGHT_PARTY_NAMES[one] for one in rules.right_party),
        ),
        Line(
            "identity_items",
            "確かめる項目",
            "、".join(IDENTITY_LABELS[IdentityItem(item)] for item in items),
        ),
        Line("spare_item", "予備の項目", spare),
    )

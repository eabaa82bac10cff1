"""Pure: columns, codes and wording of the files of a day, by version.

The annexes that fix these files are not public; the layouts are our sample (見本). A cell has a
key, which the builders use, and a name, which stands in the header: the order and the names may
change without touching a builder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

LAYOUT_VERSION = "1"
LAYOUT_LABEL = f"日次報告様式 第{LAYOUT_VERSION}版（見本）"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of ours. ``typed``: its text was entered by a person and is checked again."""

    key: str
    name: str
    typed: bool = False


@dataclass(frozen=True, slots=True)
class FileLayout:
    """The columns of ours in one file, in its order. ``file`` is its word in file names."""

    file: str
    columns: tuple[Column, ...]
    version: str = LAYOUT_VERSION
    names: tuple[str, ...] = field(init=False, repr=False)
    keys: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(column.name for column in self.columns))
        object.__setattr__(self, "keys", tuple(column.key for column in self.columns))
        if len(set(self.names)) != len(self.names) or len(set(self.keys)) != len(self.keys):
            raise ValueError("a column stands once in a layout")

    def name_of(self, key: str) -> str:
        """The header of a column. Raises ValueError for a key the layout lacks."""
        return self.names[self.keys.index(key)]


def _layout(
    file: str, *columns: tuple[str, str], typed: frozenset[str] = frozenset()
) -> FileLayout:
    return FileLayout(file, tuple(Column(key, name, key in typed) for key, name in columns))


LENT_RECEIVABLE, LENT_KEY = "債権コード", "整理番号"
"""Columns of the lent file that are repeated in 架電明細."""

KEKKA = _layout(
    "KEKKA",
    ("business_day", "業務日"),  # of the result shown, which may be an earlier day's
    ("is_today", "当日区分"),  # 1 touched on the day of the file, 0 on an earlier day only
    ("day_dials", "当日発信数"),
    ("day_attempts", "当日架電回数"),
    ("total_attempts", "累計架電回数"),
    ("last_call_at", "最終架電日時"),
    ("direction", "方向"),
    ("connection", "接続結果"),
    ("speaker", "対話者区分"),
    ("identity", "本人確認結果"),
    ("code", "結果コード"),
    ("label", "結果ラベル"),
    ("secondary_1", "副コード1"),
    ("secondary_2", "副コード2"),
    ("secondary_3", "副コード3"),
    ("mark", "印"),
    ("urgent", "至急"),
    ("promised_on", "約束日"),
    ("promised_yen", "約束額"),
    ("promised_periods", "約束対象期別"),
    ("payment_method", "納付方法"),
    ("transfer_notice", "口座振替案内"),
    ("follow_up_at", "再架電予定日時"),
    ("note", "対話概要"),
    ("status", "案件状態"),
    ("close_code", "終了区分"),
    ("revision", "訂正区分"),
    ("revision_reason", "訂正理由"),
    ("script_version", "スクリプト版"),
    ("qa_version", "Q&A版"),
    typed=frozenset({"note", "revision_reason"}),
)
"""架電先別結果: these stand behind the lent columns, which come back byte for byte (S4-13.1b)."""

MEISAI_CALL = _layout(
    "MEISAI_CALL",
    ("serial", "通番"),
    ("business_day", "業務日"),
    ("receivable", LENT_RECEIVABLE),
    ("key", LENT_KEY),
    ("direction", "方向"),
    ("started_at", "発信・着信時刻"),
    ("answered_at", "応答時刻"),
    ("ended_at", "終了時刻"),
    ("ring_seconds", "呼出秒"),
    ("talk_seconds", "通話秒"),
    ("wrap_up_seconds", "後処理秒"),
    ("band", "時間帯区分"),
    ("number_rank", "番号順位"),
    ("last4", "番号下4桁"),
    ("agent", "オペレーターID"),
    ("code", "結果コード"),
    ("contact_wide", "接触（広義）"),
    ("contact_person", "接触（本人）"),
    ("counts_attempt", "架電回数算入"),
    ("recorded", "録音有無"),
    ("paper", "紙起票"),
)

ESC_FRONT = _layout(
    "ESC",
    ("number", "エスカレーション番号"),
    ("mark", "区分"),
    ("urgent", "至急区分"),  # 至急 itself stands among the columns of 架電先別結果
)
ESC_BACK = _layout(
    "ESC",
    ("summary", "要旨"),
    ("wish", "相手の希望連絡先・時間帯"),
    ("told", "案内済みの内容"),
    ("measure", "センターの暫定措置"),
    ("phoned_at", "電話連絡済日時"),
    ("phoned_to", "電話連絡済相手"),
    ("reply_due_on", "回答期限"),
    ("answer_by", "【所管課記入】対応者"),
    ("answer_on", "【所管課記入】対応日"),
    ("answer", "【所管課記入】対応結果"),
    ("may_resume", "【所管課記入】再開可否"),
    ("answer_note", "【所管課記入】備考"),
    typed=frozenset({"summary", "wish", "told", "measure", "phoned_to"}),
)
"""The last five are left empty for the owning department, which sends the list back."""

REHEARSAL = Column("rehearsal", "訓練")
"""The last column of every file made in a rehearsal home, header and cells alike (decision 13)."""

# The daily report (業務日報): one CSV of several tables, each below a line with its title.
NIPPO_FILE = "NIPPO"
NIPPO_TITLE = "業務日報"
NIPPO_REHEARSAL = ("訓練", "訓練環境で作成した資料であり、実際の架電の記録ではない")
NIPPO_SAMPLE = ("見本", "架電結果分類表は見本")
TOTAL, NONE, NOT_MEASURED, NO_RECEIVABLE = "合計", "なし", "計測なし", "債権なし"
ZERO_DAY = "架電なし・折返し入電 0 件"
NO_CALLBACK = "折返し電話なし"
ACTIVITY = "架電 {calls} 件・折返し入電 {callbacks} 件"

HEAD: Mapping[str, str] = MappingProxyType(
    {
        "contract": "契約件名",
        "form": "様式",
        "business_day": "業務日",
        "day_kind": "曜日区分",
        "hours": "実施時間",
        "supervisors": "業務管理者",
        "staffing": "配置人数",
        "built_at": "作成日時",
        "revision": "版",
        "calls": "架電・折返し",
        "closed_day": "実施なし",
        "weekday": "平日",
        "weekend_or_holiday": "土日・休日",
    }
)

TABLE_1 = _layout(
    "表1 債権別",
    ("receivable", LENT_RECEIVABLE),
    ("name", "債権名"),
    ("lent", "対象者数"),
    ("called", "当日架電者数"),
    ("dials", "発信数"),
    ("attempts", "架電回数"),
    ("answered", "応答数"),
    ("contacts_wide", "接触者数（広義）"),
    ("contacts_person", "接触者数（本人）"),
    ("promises", "納付約束件数"),
    ("promised_yen", "納付約束額"),
    ("paid_claims", "納付済み申出"),
    ("transfer_told", "口座振替案内"),
    ("transfer_wanted", "口座振替希望"),
    ("stars", "★"),
    ("white_stars", "☆"),
    ("urgent", "至急"),
    ("complaints", "苦情"),
    ("bad_numbers", "番号不良"),
    ("contact_rate", "累計接触率"),
)
TABLE_2 = _layout(
    "表2 結果コード・時間帯別",
    ("receivable", LENT_RECEIVABLE),
    ("code", "結果コード"),
    ("label", "結果ラベル"),
    ("H1", "H1"),
    ("H2", "H2"),
    ("H3", "H3"),
    ("H4", "H4"),
    ("H5", "H5"),
    ("no_band", "時間帯外"),
    ("total", "計"),
)
TABLE_3 = _layout("表3 折返し入電", ("item", "項目"), ("count", "件数"))
TABLE_3_ITEMS: Mapping[str, str] = MappingProxyType(
    {
        "offered": "着信数",
        "answered": "応答数",
        "waited": "待機発生",
        "abandoned": "放棄",
        "lost": "呼損（話中）",
        "out_of_hours": "時間外メッセージ",
        "identity_passed": "本人確認済",
        "follow_ups_made": "再架電実施",
    }
)
TABLE_4 = _layout(
    "表4 折返し入電の対応結果",
    ("receivable", LENT_RECEIVABLE),
    ("code", "結果コード"),
    ("label", "結果ラベル"),
    ("count", "件数"),
)
TABLE_5 = _layout(
    "表5 オペレーター別",
    ("agent", "オペレーターID"),
    ("minutes", "従事時間（分）"),
    ("dials", "発信数"),
    ("attempts", "架電回数"),
    ("inbound", "折返し対応数"),
    ("contacts_person", "接触（本人）"),
    ("talk_seconds", "通話秒"),
    ("wrap_up_seconds", "後処理秒"),
)
FREE_TITLE = "特記事項"
FREE_ITEMS: Mapping[str, str] = MappingProxyType(
    {
        "incidents": "苦情・特異事案",
        "unanswered_questions": "スクリプト・Q&Aで答えられなかった質問",
        "system_faults": "システム障害（発生・復旧）",
        "recordings": "録音実施",
        "visitors": "来訪者・入室記録の有無",
        "media": "媒体授受",
        "briefing": "朝礼・終礼の伝達事項",
        "tomorrow": "翌日予定",
    }
)

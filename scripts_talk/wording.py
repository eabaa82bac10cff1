"""Which words may be spoken, and which words of a text are filled in.

The centre does nothing that is an exercise of public authority and decides nothing about a
receivable (S4-12.1j), always names itself with the contract's self-name (S4-11.2b), and says
nothing about a debt before the identity check is passed (S4-11.3a-1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit


class WordingRule(StrEnum):
    """Why a word may not be said."""

    PUBLIC_AUTHORITY = "public_authority"
    THREAT = "threat"
    DECISION = "decision"
    LIMITATION = "limitation"
    ACCOUNT_DATA = "account_data"
    NAMES_THE_DEBT = "names_the_debt"
    OF_THE_SCRIPT = "of_the_script"


@dataclass(frozen=True, slots=True)
class ForbiddenTerm:
    """A stem that may not occur in spoken text, and the rule behind it."""

    term: str
    rule: WordingRule


@dataclass(frozen=True, slots=True)
class WordingFault:
    """One forbidden stem found; ``position`` counts characters of the text given, from 0."""

    rule: WordingRule
    term: str
    position: int


_STEMS: dict[WordingRule, str] = {
    WordingRule.PUBLIC_AUTHORITY: (
        "差押 差し押 差しおさえ さしおさえ 強制執行 強制徴収 滞納処分 公権力 財産調査 財産を調 "
        "給料を調 給与を調 給与調査 預金を調 口座を調 捜索 公売 換価 立入調査"
    ),
    WordingRule.THREAT: (
        "法的措置 法的手段 訴訟 裁判 訴え 支払督促 罰則 罰金 逮捕 ブラックリスト 信用情報 保証人 "
        "職場に連絡 職場へ連絡 職場への連絡 勤務先に連絡 勤務先へ連絡 退園にな 退園となり 退会にな "
        "退所にな 退学にな 卒業でき 進級でき 受診でき 診療を断 手当を止 利用を止 取り立て 取立"
    ),
    WordingRule.DECISION: (
        "分割で大丈夫 分割でかまいません 分割で構いません 分割を認め 分納を認め 分割払いにいたし "
        "免除いたし 免除し 免除です 免除され 減額いたし 減額し 猶予いたし 猶予し 猶予され 支払いを待 "
        "納付を待 払わなくて 支払わなくて 納めなくて 延滞金は免除 延滞金はかかりません"
    ),
    WordingRule.LIMITATION: "時効",
    WordingRule.ACCOUNT_DATA: (
        "口座番号を教え 口座番号をお聞かせ 口座番号をお願い 暗証番号を教え 暗証番号をお聞かせ "
        "暗証番号をお願い カード番号を ATMで操作 ATMへ行"
    ),
}
FORBIDDEN_TERMS: tuple[ForbiddenTerm, ...] = tuple(
    ForbiddenTerm(stem, rule) for rule, stems in _STEMS.items() for stem in stems.split()
)
# Not to be said to anybody whose identity is not confirmed; the self-name holds none of them.
_DEBT_STEMS = (
    "未納 滞納 督促 催告 延滞 納期限 納付書 納付の確認 債権 債務 請求 借金 保育料 使用料 "
    "利用料 給食費 手数料 返還金 授業料 負担金 口座振替"
)
DEBT_TERMS: tuple[ForbiddenTerm, ...] = tuple(
    ForbiddenTerm(stem, WordingRule.NAMES_THE_DEBT) for stem in _DEBT_STEMS.split()
)


class Placeholder(StrEnum):
    """A value that is filled into spoken text; the words name fields of the facts."""

    KANA_NAME = "kana_name"
    AGENT_SURNAME = "agent_surname"
    SELF_NAME = "self_name"
    DEDICATED_NUMBER = "dedicated_number"
    CALLING_HOURS = "calling_hours"
    SUPERVISOR_SURNAME = "supervisor_surname"
    RECEIVABLE_NAME = "receivable_name"
    LEVY_YEAR = "levy_year"
    PERIODS = "periods"
    DATA_AS_OF = "data_as_of"
    TOTAL = "total"
    PROMISE_DATE = "promise_date"
    PROMISE_PERIODS = "promise_periods"
    PROMISE_AMOUNT = "promise_amount"


# How a script writes them: 〈氏名カナ〉.
PLACEHOLDER_NAMES: dict[str, Placeholder] = {
    "氏名カナ": Placeholder.KANA_NAME,
    "担当者の姓": Placeholder.AGENT_SURNAME,
    "センター名": Placeholder.SELF_NAME,
    "専用番号": Placeholder.DEDICATED_NUMBER,
    "受付時間": Placeholder.CALLING_HOURS,
    "責任者の姓": Placeholder.SUPERVISOR_SURNAME,
    "債権名": Placeholder.RECEIVABLE_NAME,
    "賦課年度": Placeholder.LEVY_YEAR,
    "対象期別": Placeholder.PERIODS,
    "基準日": Placeholder.DATA_AS_OF,
    "合計額": Placeholder.TOTAL,
    "約束日": Placeholder.PROMISE_DATE,
    "約束期別": Placeholder.PROMISE_PERIODS,
    "約束額": Placeholder.PROMISE_AMOUNT,
}
DETAIL_PLACEHOLDERS: frozenset[Placeholder] = frozenset(
    {
        Placeholder.RECEIVABLE_NAME,
        Placeholder.LEVY_YEAR,
        Placeholder.PERIODS,
        Placeholder.DATA_AS_OF,
        Placeholder.TOTAL,
        Placeholder.PROMISE_DATE,
        Placeholder.PROMISE_PERIODS,
        Placeholder.PROMISE_AMOUNT,
    }
)
UNCONFIRMED_MARK = "所管課確認"
HANDBOOK = "札幌市民便利帳"
CITY_DOMAIN = "city.sapporo.jp"
_PIECES = re.compile(r"〈([^〈〉]*)〉|([^〈]+|〈)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: either words as they stand, or the name inside of 〈…〉."""

    text: str
    is_placeholder: bool


def split_pieces(text: str) -> tuple[Piece, ...]:
    """Cut a text at its placeholders. A lone bracket counts as a placeholder nobody knows."""
    return tuple(_cut(text))


def _cut(text: str) -> Iterator[Piece]:
    for found in _PIECES.finditer(text):
        name, plain = found.groups()
        if name is not None:
            yield Piece(name, True)
        elif "〈" in plain or "〉" in plain:
            yield Piece(plain, True)
        else:
            yield Piece(plain, False)


def has_details(text: str) -> bool:
    """Does the text fill in anything that needs a passed identity check? (S4-11.3a-1)"""
    return any(
        piece.is_placeholder and PLACEHOLDER_NAMES.get(piece.text) in DETAIL_PLACEHOLDERS
        for piece in split_pieces(text)
    )


def unknown_placeholders(text: str) -> tuple[str, ...]:
    """The names inside of 〈…〉 that no fact answers, and texts with a lone bracket."""
    pieces = split_pieces(text)
    return tuple(p.text for p in pieces if p.is_placeholder and p.text not in PLACEHOLDER_NAMES)


def names_itself(text: str, self_name: str) -> bool:
    """Does the text say the contract's self-name, written out or as 〈センター名〉? (S4-11.2b)"""
    letters, _ = _plain_letters(text)
    wanted, _ = _plain_letters(self_name)
    return "〈センター名〉" in text or (wanted != "" and wanted in letters)


def check_wording(text: str, extra: Iterable[str] = ()) -> tuple[WordingFault, ...]:
    """Every forbidden stem in a text an agent would speak (S4-12.1j).

    ``extra`` are phrases of the script's own list. Width, letter case and spaces are ignored.
    Returns the faults in the order of their positions; none means the text may be spoken.
    """
    own = tuple(ForbiddenTerm(term, WordingRule.OF_THE_SCRIPT) for term in extra)
    return _find(text, FORBIDDEN_TERMS + own)


def check_before_identity(text: str) -> tuple[WordingFault, ...]:
    """Every word that would tell an unconfirmed speaker about a debt (S4-11.3a-1)."""
    return _find(text, DEBT_TERMS)


def is_permitted_source(source: str) -> bool:
    """May general guidance rest on this source: the handbook or a page of the city? (S4-11.2-2)"""
    if source.startswith(HANDBOOK):
        return True
    try:
        parts = urlsplit(source)
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    is_city = host == CITY_DOMAIN or host.endswith("." + CITY_DOMAIN)
    return parts.scheme == "https" and is_city and "@" not in parts.netloc and "\\" not in source


def _find(text: str, terms: tuple[ForbiddenTerm, ...]) -> tuple[WordingFault, ...]:
    letters, positions = _plain_letters(text)
    found: list[WordingFault] = []
    for entry in terms:
        wanted = _plain_term(entry.term)
        at = letters.find(wanted) if wanted else -1
        while at >= 0:
            found.append(WordingFault(entry.rule, entry.term, positions[at]))
            at = letters.find(wanted, at + 1)
    return tuple(sorted(found, key=lambda fault: (fault.position, fault.term)))


@lru_cache(maxsize=256)
def _plain_term(term: str) -> str:
    return _plain_letters(term)[0]


def _plain_letters(text: str) -> tuple[str, list[int]]:
    """The letters that count, and where each stood: one width, one case, no spaces or controls."""
    letters: list[str] = []
    positions: list[int] = []
    for position, cluster in _clusters(text):
        for letter in unicodedata.normalize("NFKC", cluster).casefold():
            if not _is_hidden(letter):
                letters.append(letter)
                positions.append(position)
    return "".join(letters), positions


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Each letter with the voicing marks after it: a half-width ﾌﾞ is two characters."""
    start, cluster = 0, ""
    for position, character in enumerate(text):
        if _is_hidden(character):
            continue
        if cluster and (character in "\uff9e\uff9f" or unicodedata.combining(character)):
            cluster += character
            continue
        if cluster:
            yield start, cluster
        start, cluster = position, character
    if cluster:
        yield start, cluster


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character)[0] in "ZC"

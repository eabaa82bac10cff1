"""Makes people that are visibly samples: every name begins with 見本. Rehearsal only.

Nobody here exists. Telephone numbers lie in blocks that are not given to subscribers
(090-0000-xxxx, 011-000-xxxx). The names are chosen to be hard: pairs whose second byte is a
backslash in CP932, letters only its extensions hold, half-width kana, the substitute 〓.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

FAMILY_NAMES = (
    ("見本", "ミホン"),
    ("見本髙﨑", "ミホンタカサキ"),
    ("見本表ソ能", "ミホンヒョウソノウ"),
    ("見本十和田", "ミホントワダ"),
    ("見本德永", "ミホントクナガ"),
    ("見本〓田", "ミホンゲタダ"),
    ("見本濵本", "ミホンハマモト"),
    ("見本ﾃｽﾄ", "ミホンテスト"),
)
FAMILY_WEIGHTS = (40, 10, 10, 10, 10, 1, 10, 5)
GIVEN_NAMES = (
    ("花子", "ハナコ"),
    ("太郎", "タロウ"),
    ("十和子", "トワコ"),
    ("能子", "ノウコ"),
    ("一", "ハジメ"),
    ("ソノ", "ソノ"),
    ("圭一郎", "ケイイチロウ"),
    ("﨑子", "サキコ"),
)
LONG_NAME = ("見本" + "ながいなまえ" * 6 + "太郎", "ミホン" + "ナガイナマエ" * 6 + "タロウ")
"""Forty characters, the longest name the sample layout permits."""

TOWNS = ("見本区見本条１丁目", "見本区十条ソ能町", "見本区ﾐﾎﾝ町２番", "見本区髙﨑通３丁目")
HOUSES = ("", "ﾐﾎﾝﾊｲﾂ１０１", "見本団地２－３０５", 'ﾐﾎﾝ"ｿﾉ"ﾋﾞﾙ, 5F')
CARE_NOTES = ("", "見本：ゆっくり話す", "見本：平日は１９時以降")


class Reach(StrEnum):
    """Whether, and how, a sample person can be reached by telephone."""

    REACHABLE = "reachable"
    NO_PHONE = "no_phone"
    WORKPLACE_ONLY = "workplace_only"
    UNUSABLE_PHONE = "unusable_phone"


@dataclass(frozen=True, slots=True)
class SamplePhone:
    """A number as a department might write it, and the code of its line (1, 2, 3 or 9)."""

    text: str
    line_code: str


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """One made-up person, before any debt."""

    ordinal: int
    name: str
    kana: str
    has_gaiji: bool
    born_on: date | None
    postal_code: str
    address: str
    address_detail: str
    phones: tuple[SamplePhone, ...]
    reach: Reach
    debtor_code: str
    care_code: str
    care_note: str
    child_kana: str


def sample_people(
    count: int, seed: int, *, with_unreachable: bool = True
) -> Iterator[SamplePerson]:
    """``count`` people, the same ones for the same seed.

    Of every forty about five cannot be called, from the eighth person on; none of them when
    ``with_unreachable`` is false.
    """
    chance = Random(seed)
    for ordinal in range(1, count + 1):
        reach = _reach(ordinal) if with_unreachable else Reach.REACHABLE
        yield _person(ordinal, reach, chance)


def _reach(ordinal: int) -> Reach:
    if ordinal % 20 == 8:
        return Reach.NO_PHONE
    if ordinal % 20 == 14:
        return Reach.WORKPLACE_ONLY
    return Reach.UNUSABLE_PHONE if ordinal % 40 == 27 else Reach.REACHABLE


def _person(ordinal: int, reach: Reach, chance: Random) -> SamplePerson:
    name, kana = _name(ordinal, chance)
    care_code = chance.choice(("", "", "", "", "01", "02", "03", "04"))
    return SamplePerson(
        ordinal=ordinal,
        name=name,
        kana=kana,
        has_gaiji="〓" in name,
        born_on=None if ordinal % 17 == 0 else _birthday(chance),
        postal_code=f"000{chance.randrange(10_000):04d}",
        address=f"札幌市{chance.choice(TOWNS)}{chance.randrange(1, 30)}番{chance.randrange(1, 20)}号",
        address_detail=chance.choice(HOUSES),
        phones=_phones(ordinal, reach, chance),
        reach=reach,
        debtor_code=chance.choice(("1", "1", "1", "1", "1", "2", "3")),
        care_code=care_code,
        care_note=chance.choice(CARE_NOTES) if care_code else "",
        child_kana=f"{kana.split('　')[0]}　{chance.choice(GIVEN_NAMES)[1]}",
    )


def _name(ordinal: int, chance: Random) -> tuple[str, str]:
    if ordinal % 50 == 11:
        return LONG_NAME
    # The first eight people carry all the family names, so that small samples are hard too.
    family = FAMILY_NAMES[ordinal - 1] if ordinal <= len(FAMILY_NAMES) else None
    family = family or chance.choices(FAMILY_NAMES, FAMILY_WEIGHTS)[0]
    given = chance.choice(GIVEN_NAMES)
    return f"{family[0]}　{given[0]}", f"{family[1]}　{given[1]}"


def _birthday(chance: Random) -> date:
    return date(1955, 1, 1) + timedelta(days=chance.randrange(365 * 45))


def _phones(ordinal: int, reach: Reach, chance: Random) -> tuple[SamplePhone, ...]:
    mobile = SamplePhone(_mobile(ordinal, chance.choice(("", "-"))), "2")
    landline = SamplePhone(f"011000{ordinal % 10_000:04d}", chance.choice(("1", "1", "9")))
    workplace = SamplePhone(f"011-000-{(ordinal + 5_000) % 10_000:04d}", "3")
    match reach:
        case Reach.NO_PHONE:
            return ()
        case Reach.WORKPLACE_ONLY:
            return (workplace,)
        case Reach.UNUSABLE_PHONE:
            return (SamplePhone(mobile.text[:-2], "2"),)
        case Reach.REACHABLE:
            more = chance.randrange(6)
            choices = ((mobile,), (landline,), (mobile, landline), (landline, mobile))
            return (*choices[ordinal % 4], workplace) if more == 0 else choices[ordinal % 4]


def _mobile(ordinal: int, hyphen: str) -> str:
    # Not 080: 0800 is the prefix of numbers that are free to call.
    block = ("090", "070", "060")[ordinal // 10_000 % 3]
    return hyphen.join((block, "0000", f"{ordinal % 10_000:04d}"))

"""Typed readings of a lent row, stage by stage."""

from __future__ import annotations

from datetime import date

import pytest

from campaigns.cases.encodings import Encoding
from campaigns.cases.groups import Group
from campaigns.intake.facts import (
    AccountTransfer,
    Care,
    DebtorKind,
    LineKind,
    call_facts,
    contact_view,
    debt_view,
    identity_view,
    phones_of,
)
from campaigns.intake.findings import LentRow
from campaigns.intake.layouts import KOYU, MEISAI, TAISHO, Layout
from tests.fixtures_lent import draft, expected_of

CP932 = Encoding.CP932


def lent_row(receivable: str = "A01", **cells: str) -> LentRow:
    delivery = draft(1, receivable=receivable)
    for column, value in cells.items():
        delivery.set("TAISHO", 0, column, value)
    report = delivery.check(expected_of(delivery.sent))
    assert not report.faults
    return (*report.accepted, *(one.row for one in report.excluded))[0]


def cells_of(layout: Layout, segments: tuple[bytes, ...], group: Group) -> dict[str, bytes]:
    """Only what the box of one group holds."""
    return {layout.names[at]: segments[at] for at in layout.positions_of(group)}


def test_the_first_stage_is_read_from_the_first_group_alone() -> None:
    row = lent_row(
        債務者氏名="見本髙﨑　能子",
        債務者氏名カナ="ミホンタカサキ　ノウコ",
        外字有無="1",
        電話番号1="０９０－００００－０００１",
        種別1="2",
        電話番号2="011-000-0002",
        種別2="",
        電話番号3="",
        種別3="",
        架電配慮区分="03",
        架電配慮メモ="見本：１９時以降",
    )
    view = contact_view(cells_of(TAISHO, row.taisho, Group.G1), CP932)
    assert (view.name, view.kana) == ("見本髙﨑　能子", "ミホンタカサキ　ノウコ")
    assert view.has_gaiji
    assert (view.care, view.care_note) == (Care.WEEKDAY_EVENINGS_ONLY, "見本：１９時以降")
    assert [(phone.digits, phone.line_kind, phone.rank) for phone in view.phones] == [
        ("09000000001", LineKind.MOBILE, 1),
        ("0110000002", LineKind.UNKNOWN, 2),
    ]


def test_the_second_stage_is_read_from_the_second_group_alone() -> None:
    row = lent_row(生年月日="1990-04-01", 債務者区分="2", 方書='ﾐﾎﾝ"ｿﾉ"ﾋﾞﾙ, 5F')
    assert row.koyu is not None
    koyu = cells_of(KOYU["A01"], row.koyu, Group.G2)
    view = identity_view(cells_of(TAISHO, row.taisho, Group.G2), koyu, CP932)
    assert view.born_on == date(1990, 4, 1)
    assert view.debtor_kind is DebtorKind.JOINTLY_LIABLE
    assert view.address_detail == 'ﾐﾎﾝ"ｿﾉ"ﾋﾞﾙ, 5F'
    assert view.key == "A01-0000001"
    assert [item.name for item in view.items] == ["児童氏名カナ", "施設名", "施設区分", "退園日"]


def test_a_person_without_birth_date_or_type_row_still_has_an_identity_view() -> None:
    row = lent_row(生年月日="")
    view = identity_view(cells_of(TAISHO, row.taisho, Group.G2), {}, CP932)
    assert (view.born_on, view.items) == (None, ())


@pytest.mark.parametrize("receivable", KOYU)
def test_the_third_stage_is_read_from_the_third_group_alone(receivable: str) -> None:
    row = lent_row(receivable, 口座振替状況="2", 口座振替勧奨対象="1", 延滞金案内区分="1")
    assert row.koyu is not None
    view = debt_view(
        cells_of(TAISHO, row.taisho, Group.G3),
        [cells_of(MEISAI, period, Group.G3) for period in row.meisai],
        cells_of(KOYU[receivable], row.koyu, Group.G3),
        CP932,
    )
    assert view.receivable == receivable
    assert view.total_yen == sum(period.unpaid_yen for period in view.periods) > 0
    assert view.oldest_due_on == min(period.due_on for period in view.periods)
    assert view.mentions_late_charge
    assert view.account_transfer is AccountTransfer.FAILED
    assert view.account_transfer_target
    assert view.levy_year == 2022
    assert view.data_as_of == date(2022, 9, 10)
    assert not [item for item in view.items if "氏名" in item.name]


@pytest.mark.parametrize(
    ("code", "care"), [("", None), *zip(("01", "02", "03", "04", "05", "06"), Care, strict=True)]
)
def test_selection_facts_carry_care_priority_and_oldest_due_date(
    code: str, care: Care | None
) -> None:
    row = lent_row(架電配慮区分=code, 優先順位="010")
    assert row.facts.care is care
    assert row.facts.priority == 10
    cells = dict(zip(TAISHO.names, row.taisho, strict=True))
    assert call_facts(cells, CP932, row.facts.phones) == row.facts


@pytest.mark.parametrize(
    ("texts", "dials_workplace", "digits", "unusable", "workplace"),
    [
        ([("09000000001", "2"), ("090-0000-0001", "2")], False, ["09000000001"], (), ()),
        ([("", ""), ("0110000001", "1")], False, ["0110000001"], (), ()),
        ([("0110000001", "3"), ("0110000002", "1")], False, ["0110000002"], (), (1,)),
        ([("0110000001", "3")], True, ["0110000001"], (), ()),
        ([("0110000001", "1"), ("011-000-0001", "3")], False, [], (), (1, 2)),
        ([("0110000001", "1"), ("011-000-0001", "3")], True, ["0110000001"], (), ()),
        ([("0120000000", "1"), ("110", "1"), ("見本", "2")], False, [], (1, 2, 3), ()),
        ([("　", "1"), ("-", "1")], False, [], (), ()),
    ],
)
def test_numbers_are_read_by_rank_each_once_and_workplaces_only_if_instructed(
    texts: list[tuple[str, str]],
    dials_workplace: bool,
    digits: list[str],
    unusable: tuple[int, ...],
    workplace: tuple[int, ...],
) -> None:
    padded = [*texts, ("", ""), ("", ""), ("", "")][:3]
    cells = {}
    for rank, (text, kind) in enumerate(padded, start=1):
        cells[f"電話番号{rank}"] = text.encode("cp932")
        cells[f"種別{rank}"] = kind.encode()
    reading = phones_of(cells, CP932, dials_workplace=dials_workplace)
    assert [phone.digits for phone in reading.phones] == digits
    assert reading.unusable_ranks == unusable
    assert reading.workplace_ranks == workplace


def test_no_view_shows_a_person_in_its_repr() -> None:
    row = lent_row(債務者氏名="見本髙﨑　能子", 電話番号1="09000000001", 生年月日="1990-04-01")
    cells = dict(zip(TAISHO.names, row.taisho, strict=True))
    periods = [dict(zip(MEISAI.names, period, strict=True)) for period in row.meisai]
    koyu = dict(zip(KOYU["A01"].names, row.koyu or (), strict=True))
    shown = "".join(
        map(
            repr,
            (
                row,
                row.facts,
                contact_view(cells, CP932),
                identity_view(cells, koyu, CP932),
                debt_view(cells, periods, koyu, CP932),
            ),
        )
    )
    for value in ("見本髙﨑", "ミホン", "09000000001", "A01-0000001", "1990"):
        assert value not in shown

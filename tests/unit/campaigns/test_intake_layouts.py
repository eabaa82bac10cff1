"""Layouts and file names of lent data."""

from __future__ import annotations

from datetime import date

import pytest

from campaigns.cases.encodings import Encoding
from campaigns.cases.groups import Group
from campaigns.intake.layouts import (
    KOYU,
    MEISAI,
    SAMPLE_LAYOUTS,
    TAISHO,
    DeliveryName,
    FileKind,
    NameUnusable,
    parse_name,
)

ALL = [TAISHO, MEISAI, *KOYU.values()]


def test_the_target_file_has_its_thirty_two_columns() -> None:
    assert len(TAISHO.columns) == 32
    assert TAISHO.names[:4] == ("債権コード", "整理番号", "債務者氏名", "債務者氏名カナ")
    assert TAISHO.names[9:15] == ("電話番号1", "種別1", "電話番号2", "種別2", "電話番号3", "種別3")
    assert TAISHO.names[-3:] == ("問合せ先課・係", "問合せ先電話", "データ基準日")


def test_there_is_a_type_file_for_each_of_the_eight_receivables() -> None:
    assert list(KOYU) == [f"A0{number}" for number in range(1, 9)]


@pytest.mark.parametrize("layout", ALL)
def test_every_layout_has_unique_headings_and_its_key_columns(layout) -> None:  # type: ignore[no-untyped-def]
    assert len(set(layout.names)) == len(layout.names)
    assert layout.names[:2] == ("債権コード", "整理番号")


@pytest.mark.parametrize("layout", ALL)
def test_every_lent_column_is_sealed_in_one_of_the_three_lent_groups(layout) -> None:  # type: ignore[no-untyped-def]
    places = [at for group in (Group.G1, Group.G2, Group.G3) for at in layout.positions_of(group)]
    assert sorted(places) == list(range(len(layout.columns)))


def test_what_the_first_stage_opens_holds_no_address_birth_date_or_amount() -> None:
    first = {TAISHO.names[at] for at in TAISHO.positions_of(Group.G1)}
    assert {"債務者氏名", "債務者氏名カナ", "電話番号1", "架電配慮区分"} <= first
    assert not first & {"整理番号", "生年月日", "郵便番号", "住所", "方書"}
    assert not first & {"未納額合計", "未納期別数", "最古納期限", "督促状発送日"}
    assert MEISAI.positions_of(Group.G1) == ()
    assert all(layout.positions_of(Group.G1) == () for layout in KOYU.values())


def test_what_identity_is_checked_by_lies_in_the_second_group() -> None:
    second = {TAISHO.names[at] for at in TAISHO.positions_of(Group.G2)}
    assert second == {"整理番号", "生年月日", "郵便番号", "住所", "方書", "債務者区分"}
    for layout in KOYU.values():
        for column in layout.columns:
            assert (column.group is Group.G2) or "氏名" not in column.name


def test_the_layouts_say_that_they_are_a_sample() -> None:
    assert SAMPLE_LAYOUTS.is_sample
    assert "見本" in SAMPLE_LAYOUTS.label


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "A01_202209_TAISHO_20220913_01.csv",
            DeliveryName("A01", date(2022, 9, 1), FileKind.TAISHO, date(2022, 9, 13), 1),
        ),
        (
            "A08_202305_KOYU_20230428_12.csv",
            DeliveryName("A08", date(2023, 5, 1), FileKind.KOYU, date(2023, 4, 28), 12),
        ),
        (
            "A01_202209_20220913_01_CTL.csv",
            DeliveryName("A01", date(2022, 9, 1), FileKind.CONTROL, date(2022, 9, 13), 1),
        ),
    ],
)
def test_a_file_name_says_receivable_month_kind_date_and_serial(
    text: str, name: DeliveryName
) -> None:
    assert parse_name(text) == name
    assert name.file_name == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "見本　花子.csv",
        "A01_202209_TAISHO_20220913_01.CSV",
        "A01_202213_TAISHO_20220913_01.csv",
        "A01_202209_TAISHO_20220931_01.csv",
        "A01_202209_TAISHO_20220913_1.csv",
        "A01_202209_SHUNO_20220913_01.csv",
        "A01_202209_20220913_01.csv",
        "A01_202209_TAISHO_20220913_01_CTL.csv",
        "A01_２０２２09_TAISHO_20220913_01.csv",
        "../A01_202209_TAISHO_20220913_01.csv",
        "A01_202209_TAISHO_20220913_01.csv\n",
    ],
)
def test_any_other_name_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(NameUnusable) as caught:
        parse_name(text)
    assert caught.value.details == {}


def test_the_encodings_are_those_of_the_control_file() -> None:
    assert [encoding.declared for encoding in Encoding] == ["CP932", "UTF-8-BOM"]
    assert [encoding.codec for encoding in Encoding] == ["cp932", "utf-8"]

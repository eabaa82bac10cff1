"""The generator of sample people and deliveries."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from campaigns.cases.encodings import Encoding
from campaigns.intake.findings import Expected
from campaigns.intake.layouts import CONTROL_HEADER, KOYU, MEISAI, TAISHO, parse_name
from campaigns.intake.validation import check_delivery
from dialer.phone import normalise
from webui.rehearsal import sample_delivery
from webui.rehearsal.sample_delivery import make_delivery
from webui.rehearsal.sample_people import LONG_NAME, Reach, sample_people

SEPTEMBER = date(2022, 9, 1)


def test_the_sender_writes_the_headings_the_layouts_expect() -> None:
    assert TAISHO.names == sample_delivery.TAISHO
    assert MEISAI.names == sample_delivery.MEISAI
    assert sample_delivery.CONTROL == CONTROL_HEADER
    assert {
        code: ("債権コード", "整理番号", *names) for code, names in sample_delivery.KOYU.items()
    } == {code: layout.names for code, layout in KOYU.items()}


@pytest.mark.parametrize("month", [7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("encoding", list(Encoding))
def test_a_sample_delivery_passes_the_check_in_every_month_of_the_contract(
    month: int, encoding: Encoding
) -> None:
    first = date(2022 if month >= 7 else 2023, month, 1)
    delivery = make_delivery("A04", first, 40, 3, encoding)
    report = check_delivery(delivery.files, Expected("A04", first, 2022))
    assert report.faults == ()
    assert (report.received, len(report.accepted), len(report.excluded)) == (40, 35, 5)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    one = make_delivery("A01", SEPTEMBER, 30, 5).files
    assert one == make_delivery("A01", SEPTEMBER, 30, 5).files
    assert one != make_delivery("A01", SEPTEMBER, 30, 6).files


def test_every_sample_person_is_visibly_one() -> None:
    for person in sample_people(200, 9):
        assert person.name.startswith("見本")
        assert person.kana.startswith("ミホン")
        assert person.child_kana.startswith("ミホン")
        assert len(person.name) <= 40
        assert "見本" in person.address


def test_even_a_small_sample_holds_the_hard_names() -> None:
    names = "".join(person.name for person in sample_people(12, 0))
    for hard in ("髙﨑", "表ソ能", "〓", "ﾃｽﾄ", LONG_NAME[0]):
        assert hard in names
    assert len(LONG_NAME[0]) == 40
    assert any(pair.endswith(b"\x5c") for pair in (char.encode("cp932") for char in names))


def test_sample_numbers_lie_where_no_subscriber_is_and_pass_the_number_rule() -> None:
    people = list(sample_people(20_000, 2))
    mobiles: set[str] = set()
    for person in people:
        if person.reach is not Reach.REACHABLE:
            continue
        for phone in person.phones:
            digits = normalise(phone.text)
            assert digits.startswith(("0900000", "0700000", "0600000", "011000"))
            if phone.line_code == "2":
                mobiles.add(digits)
    with_mobile = [
        person
        for person in people
        if person.reach is Reach.REACHABLE and "2" in {phone.line_code for phone in person.phones}
    ]
    assert len(mobiles) == len(with_mobile)


def test_people_who_cannot_be_reached_can_be_left_out() -> None:
    assert {person.reach for person in sample_people(60, 1)} == set(Reach)
    reaches = {person.reach for person in sample_people(60, 1, with_unreachable=False)}
    assert reaches == {Reach.REACHABLE}


def test_the_files_are_written_under_their_names_and_never_over_others(tmp_path: Path) -> None:
    delivery = make_delivery("A01", SEPTEMBER, 3, 1, serial=2, as_of=date(2022, 9, 6))
    paths = delivery.write_to(tmp_path)
    assert {path.name: path.read_bytes() for path in paths} == dict(delivery.files)
    names = [parse_name(path.name) for path in paths]
    assert {(name.serial, name.date) for name in names} == {(2, date(2022, 9, 9))}
    with pytest.raises(FileExistsError):
        delivery.write_to(tmp_path)
